"""Many companies in one call: Gymnasium's vector interface straight on the batched simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from sunward.buildout import render
from sunward.buildout.figures import Buildout
from sunward.buildout.gym_env import BuildoutEnv
from sunward.buildout.worlds import DEFAULT, RENDER_MODES, BuildoutWorlds, Observation
from sunward.faces import checks
from sunward.faces.vector_env import marked

Step = tuple[Observation, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]


class BuildoutVectorEnv(VectorEnv[Any, Any, np.ndarray]):
    """What a `SyncVectorEnv` of `BuildoutEnv` returns, to the bit, from one call.

    `gym.make_vec("sunward/Buildout-v0", n)` builds it. All three autoreset modes are native; in
    mode `DISABLED` worlds are reset by `options={"reset_mask": mask}`. World `i` plays seed
    `s + i`. Arguments are those of `BuildoutEnv`.
    """

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str | Path | Buildout = DEFAULT,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        self.autoreset_mode = checks.autoreset_mode(autoreset_mode)
        self.metadata = {**BuildoutEnv.metadata, "autoreset_mode": self.autoreset_mode}
        if render_mode is not None:
            checks.chosen("render_mode", render_mode, RENDER_MODES)
        self.render_mode = render_mode
        self.num_envs = checks.at_least_one("num_envs", num_envs)
        self.worlds = BuildoutWorlds(scenario, self.num_envs, **options)
        self.single_observation_space = self.worlds.observation_space
        self.single_action_space = self.worlds.action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._has_ended = np.zeros(num_envs, np.bool_)
        self._was_reset = False

    def reset(
        self,
        *,
        seed: int | list[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Observation, dict[str, Any]]:
        chosen = checks.reset_mask((options or {}).get("reset_mask"), self.num_envs)
        self.worlds.reset(seed, None if chosen.all() else np.flatnonzero(chosen))
        self._has_ended[chosen] = False
        self._was_reset = self._was_reset or bool(chosen.all())
        return self.worlds.observations(), marked(self.worlds.infos(), chosen)

    def step(self, actions: Any) -> Step:
        if not self._was_reset:
            raise ResetNeeded("reset() of all environments comes before the first step()")
        checks.shaped(actions, self.action_space.shape, "one row an environment")
        self._play(actions)
        simulator = self.worlds.simulator
        rewards, ended = simulator.rewards.copy(), simulator.terminated.copy()
        infos: dict[str, Any] = {}
        if self.autoreset_mode is not AutoresetMode.SAME_STEP:
            self._has_ended = ended
        elif ended.any():
            infos = self._final(ended)
            self.worlds.reset(None, np.flatnonzero(ended))
        infos |= marked(self.worlds.infos(), np.ones(self.num_envs, np.bool_))
        never = np.zeros(self.num_envs, np.bool_)
        return self.worlds.observations(), rewards, ended.copy(), never, infos

    def _play(self, actions: Any) -> None:
        """Takes a step; the step of a world that has ended is its reset, whatever its action."""
        ended = self._has_ended
        if ended.any():
            if self.autoreset_mode is AutoresetMode.DISABLED:
                raise ResetNeeded(
                    f"the episodes of environments {np.flatnonzero(ended).tolist()} are over: "
                    'call reset(options={"reset_mask": mask})'
                )
            actions = np.array(actions)
            actions[ended] = 0
        self.worlds.step(actions)
        if ended.any():
            self.worlds.reset(None, np.flatnonzero(ended))

    def _final(self, ended: np.ndarray) -> dict[str, Any]:
        """Returns what the worlds that have ended looked like before their reset."""
        observations = self.worlds.observations()
        final = np.full(self.num_envs, None, object)
        for env in np.flatnonzero(ended).tolist():
            final[env] = self.worlds.row(observations, env)
        return {
            "final_obs": final,
            "_final_obs": ended.copy(),
            "final_info": marked(self.worlds.infos(), ended),
            "_final_info": ended.copy(),
        }

    def action_masks(self) -> np.ndarray:
        """Returns which discrete choices make a difference, bool (num_envs, sum of choices)."""
        return self.worlds.masks()

    def render(self) -> tuple[Any, ...] | None:
        if self.render_mode is None:
            return None
        return tuple(render.text(self.worlds.simulator, env) for env in range(self.num_envs))

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        own = {"has_ended": self._has_ended.copy(), "was_reset": self._was_reset}
        return {"worlds": self.worlds.get_state(), **own}

    def set_state(self, state: dict[str, Any]) -> None:
        self.worlds.set_state(state["worlds"])
        self._has_ended = state["has_ended"].copy()
        self._was_reset = state["was_reset"]

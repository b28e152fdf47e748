"""Many worlds in one call, behind Gymnasium's vector interface, whatever they simulate."""

from __future__ import annotations

from typing import Any, Generic

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from sunward.faces import checks
from sunward.faces.one_agent import Observation, Played, row

Step = tuple[Observation, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]


class OneAgentVectorEnv(VectorEnv[Any, Any, np.ndarray], Generic[Played]):
    """What a `SyncVectorEnv` of `OneAgentEnv` returns, to the bit, from one call.

    All three autoreset modes are native; in mode `DISABLED` worlds are reset by
    `options={"reset_mask": mask}`. World `i` plays seed `s + i`.

    Args:
        worlds: the batch.
        single: metadata of one of its environments.
        autoreset_mode: a mode, or its value.
        render_mode: one of the metadata's, or None.
    """

    def __init__(
        self,
        worlds: Played,
        single: dict[str, Any],
        autoreset_mode: AutoresetMode | str,
        render_mode: str | None,
    ) -> None:
        self.autoreset_mode = checks.autoreset_mode(autoreset_mode)
        self.metadata = {**single, "autoreset_mode": self.autoreset_mode}
        if render_mode is not None:
            checks.chosen("render_mode", render_mode, single["render_modes"])
        self.render_mode = render_mode
        self.worlds = worlds
        self.num_envs = worlds.n_envs
        self.single_observation_space = worlds.observation_space
        self.single_action_space = worlds.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._everywhere = np.ones(self.num_envs, np.bool_)
        self._has_ended = np.zeros(self.num_envs, np.bool_)
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
        worlds = self.worlds
        rewards = worlds.rewards()
        terminated, truncated = worlds.terminated.copy(), worlds.truncated.copy()
        ended = terminated | truncated
        infos: dict[str, Any] = {}
        if self.autoreset_mode is not AutoresetMode.SAME_STEP:
            self._has_ended = ended
        elif ended.any():
            infos = self._final(ended)
            worlds.reset(None, np.flatnonzero(ended))
        infos |= marked(worlds.infos(), self._everywhere)
        return worlds.observations(), rewards, terminated, truncated, infos

    def _play(self, actions: Any) -> None:
        """Takes a step; the step of a world that has ended is its reset, whatever its action."""
        ended = self._has_ended
        if not ended.any():
            self.worlds.step(actions)
            return
        if self.autoreset_mode is AutoresetMode.DISABLED:
            raise ResetNeeded(
                f"the episodes of environments {np.flatnonzero(ended).tolist()} are over: "
                'call reset(options={"reset_mask": mask})'
            )
        actions = np.array(actions)
        actions[ended] = 0
        self.worlds.step(actions)
        self.worlds.reset(None, np.flatnonzero(ended))

    def _final(self, ended: np.ndarray) -> dict[str, Any]:
        """Returns what the worlds that have ended looked like before their reset."""
        observations = self.worlds.observations()
        final = np.full(self.num_envs, None, object)
        for env in np.flatnonzero(ended).tolist():
            final[env] = row(observations, env)
        return {
            "final_obs": final,
            "_final_obs": ended.copy(),
            "final_info": marked(self.worlds.infos(), ended),
            "_final_info": ended.copy(),
        }

    def action_masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, bool (num_envs, n_choices)."""
        return self.worlds.flat_masks()

    def render(self) -> tuple[Any, ...] | None:
        if self.render_mode is None:
            return None
        return tuple(self.worlds.frame(env, self.render_mode) for env in range(self.num_envs))

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        own = {"has_ended": self._has_ended.copy(), "was_reset": self._was_reset}
        return {"worlds": self.worlds.get_state(), **own}

    def set_state(self, state: dict[str, Any]) -> None:
        self.worlds.set_state(state["worlds"])
        self._has_ended = state["has_ended"].copy()
        self._was_reset = state["was_reset"]


def marked(infos: dict[str, np.ndarray], chosen: np.ndarray) -> dict[str, Any]:
    """Returns the infos with Gymnasium's `_key` masks; zero where an environment is not meant."""
    told: dict[str, Any] = {}
    everywhere = bool(chosen.all())
    for name, values in infos.items():
        told[name] = values if everywhere else _elsewhere_zero(values, chosen)
        told[f"_{name}"] = chosen.copy()
    return told


def _elsewhere_zero(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    rows = chosen.reshape(-1, *[1] * (values.ndim - 1))
    return np.where(rows, values, 0).astype(values.dtype, copy=False)

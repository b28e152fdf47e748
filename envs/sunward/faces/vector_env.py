"""Many worlds in one call: Gymnasium's vector interface straight on the batched simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from sunward.faces import checks, render, spaces
from sunward.faces.fleet import Fleet, Observation
from sunward.faces.gym_env import ConstellationEnv
from sunward.faces.worlds import build_simulator
from sunward.scenario.scenario import Scenario

Step = tuple[Observation, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]


class ConstellationVectorEnv(VectorEnv[Any, Any, np.ndarray]):
    """What a `SyncVectorEnv` of `ConstellationEnv` returns, to the bit, from one kernel call.

    `gym.make_vec("sunward/Constellation-v0", n)` builds it. All three autoreset modes are native;
    in mode `DISABLED` worlds are reset by `options={"reset_mask": mask}`. World `i` plays seed
    `s + i`. Arguments are those of `ConstellationEnv`, and `n_threads` for the kernel.
    """

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str | Path | Scenario = "walker-53-66-v0",
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        overrides: dict[str, Any] | None = None,
        action: str = "continuous",
        observation: str = "box",
        info: str = "cost",
        split: str = "train",
        continuing: bool = False,
        render_mode: str | None = None,
        n_threads: int = 1,
    ) -> None:
        self.autoreset_mode = checks.autoreset_mode(autoreset_mode)
        self.metadata = {**ConstellationEnv.metadata, "autoreset_mode": self.autoreset_mode}
        if render_mode is not None:
            checks.chosen("render_mode", render_mode, checks.RENDER_MODES)
        self.render_mode = render_mode
        self.num_envs = checks.at_least_one("num_envs", num_envs)
        self.fleet = Fleet(
            build_simulator(scenario, num_envs, overrides=overrides, n_threads=n_threads),
            action=action,
            observation=observation,
            info=info,
            split=split,
            continuing=continuing,
        )
        self.single_observation_space = self.fleet.observation_space
        self.single_action_space = self._single_action_space(action, self.fleet)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._has_ended = np.zeros(num_envs, np.bool_)
        self._was_reset = False

    @staticmethod
    def _single_action_space(action: str, fleet: Fleet) -> gym.Space[Any]:
        return spaces.fleet_actions(action, fleet.n_sats)

    def reset(
        self,
        *,
        seed: int | list[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Observation, dict[str, Any]]:
        chosen = checks.reset_mask((options or {}).get("reset_mask"), self.num_envs)
        self.fleet.reset(seed, None if chosen.all() else np.flatnonzero(chosen))
        self._has_ended[chosen] = False
        self._was_reset = self._was_reset or bool(chosen.all())
        return self.fleet.observations(), marked(self.fleet.infos(), chosen)

    def step(self, actions: Any) -> Step:
        if not self._was_reset:
            raise ResetNeeded("reset() of all environments comes before the first step()")
        checks.shaped(actions, self.action_space.shape, "one row an environment")
        ended = self._has_ended
        if ended.any():
            if self.autoreset_mode is AutoresetMode.DISABLED:
                raise ResetNeeded(
                    f"environments {np.flatnonzero(ended).tolist()} have reached their time limit: "
                    'call reset(options={"reset_mask": mask})'
                )
            # Their actions count for nothing: the step is their reset.
            actions = np.array(actions)
            actions[ended] = 0
        self.fleet.step(actions)
        infos: dict[str, Any] = {}
        if ended.any():
            self.fleet.reset(None, np.flatnonzero(ended))
        rewards = self.fleet.rewards()
        truncated = np.array(self.fleet.simulator.truncated, np.bool_)
        if self.autoreset_mode is not AutoresetMode.SAME_STEP:
            self._has_ended = truncated.copy()
        elif truncated.any():
            infos = self._final(truncated)
            self.fleet.reset(None, np.flatnonzero(truncated))
        infos |= marked(self.fleet.infos(), np.ones(self.num_envs, np.bool_))
        terminated = np.zeros(self.num_envs, np.bool_)
        return self.fleet.observations(), rewards, terminated, truncated, infos

    def _final(self, ended: np.ndarray) -> dict[str, Any]:
        """Returns what the worlds that have ended looked like before their reset."""
        observations = self.fleet.observations()
        final = np.full(self.num_envs, None, object)
        for env in np.flatnonzero(ended).tolist():
            final[env] = self.fleet.row(observations, env)
        info = marked(self.fleet.infos(), ended)
        return {
            "final_obs": final,
            "_final_obs": ended.copy(),
            "final_info": info,
            "_final_info": ended.copy(),
        }

    def action_masks(self) -> np.ndarray:
        """Returns which discrete actions count, bool (num_envs, n_sats * N_DISCRETE)."""
        return self.fleet.masks().reshape(self.num_envs, -1).copy()

    def render(self) -> tuple[Any, ...] | None:
        if self.render_mode is None:
            return None
        frame, simulator = render.frame, self.fleet.simulator
        return tuple(frame(simulator, env, self.render_mode) for env in range(self.num_envs))

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        own = {"has_ended": self._has_ended.copy(), "was_reset": self._was_reset}
        return {"worlds": self.fleet.get_state(), **own}

    def set_state(self, state: dict[str, Any]) -> None:
        self.fleet.set_state(state["worlds"])
        self._has_ended = state["has_ended"].copy()
        self._was_reset = state["was_reset"]


class SatelliteVectorEnv(ConstellationVectorEnv):
    """What a `SyncVectorEnv` of `SatelliteEnv` returns, to the bit, from one kernel call."""

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str | Path | Scenario = "single-dawn-dusk-v0",
        **options: Any,
    ) -> None:
        super().__init__(num_envs, scenario, **options)

    @staticmethod
    def _single_action_space(action: str, fleet: Fleet) -> gym.Space[Any]:
        checks.one_satellite(fleet.simulator.params)
        return spaces.satellite_actions(action)


def marked(infos: dict[str, np.ndarray], chosen: np.ndarray) -> dict[str, Any]:
    """Returns the infos with Gymnasium's `_key` masks; zero where an environment is not meant."""
    told: dict[str, Any] = {}
    for name, values in infos.items():
        told[name] = np.where(chosen.reshape(-1, *[1] * (values.ndim - 1)), values, 0).astype(
            values.dtype, copy=False
        )
        told[f"_{name}"] = chosen.copy()
    return told

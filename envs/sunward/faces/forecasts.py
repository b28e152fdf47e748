"""Partial observation: what a satellite foresees is hidden, what it measures stays."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import VectorEnv, VectorWrapper
from pettingzoo.utils.wrappers import BaseParallelWrapper

from sunward.core.observations import DIRECTIONS, INDEX, N_OBS

#: Features that need an almanac or a model of demand; a neighbour's expectation is one too.
FORECASTS = (
    "demand_expected",
    "time_to_eclipse",
    "time_to_sunrise",
    "eclipse_fraction",
    "interactive_expected",
    "demand_ahead",
    *(f"{direction}_demand_expected" for direction in DIRECTIONS),
)
_COLUMNS = [INDEX[name] for name in FORECASTS]


def without_forecasts(observation: Any) -> Any:
    """Returns a new observation with 0, the middle of its range, for every forecast.

    The table of features keeps its length, so that policies for both can be compared. Takes what
    any face returns: satellites in a row (..., n_sats * N_OBS), alone or beside a mask.
    """
    if isinstance(observation, dict):
        seen = {"observations": without_forecasts(observation["observations"])}
        return {**observation, **seen}
    hidden = np.array(observation)
    hidden.reshape(-1, N_OBS)[:, _COLUMNS] = 0.0
    return hidden


class WithoutForecasts(gym.ObservationWrapper[Any, Any, Any]):
    """Hides the forecasts of one world under one agent."""

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)

    def observation(self, observation: Any) -> Any:
        return without_forecasts(observation)


class VectorWithoutForecasts(VectorWrapper):
    """Hides the forecasts of many worlds, in the last observations of ended ones too.

    No `VectorObservationWrapper`: that refuses the autoreset mode `SAME_STEP`.
    """

    env: VectorEnv[Any, Any, Any]

    def reset(
        self, *, seed: Any = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        observations, infos = self.env.reset(seed=seed, options=options)
        return without_forecasts(observations), infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        observations, rewards, terminated, truncated, infos = self.env.step(actions)
        if "final_obs" in infos:
            last = infos["final_obs"].copy()
            for world in np.flatnonzero(infos["_final_obs"]):
                last[world] = without_forecasts(last[world])
            infos = {**infos, "final_obs": last}
        return without_forecasts(observations), rewards, terminated, truncated, infos


class ParallelWithoutForecasts(BaseParallelWrapper[str, Any, Any]):
    """Hides the forecasts from every agent, and from the central state."""

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        observations, infos = self.env.reset(seed=seed, options=options)
        return self._hidden(observations), infos

    def step(self, actions: dict[str, Any]) -> tuple[dict[str, Any], Any, Any, Any, Any]:
        observations, rewards, terminations, truncations, infos = self.env.step(actions)
        return self._hidden(observations), rewards, terminations, truncations, infos

    def state(self) -> np.ndarray:
        return without_forecasts(self.env.state())

    def _hidden(self, observations: dict[str, Any]) -> dict[str, Any]:
        return {agent: without_forecasts(seen) for agent, seen in observations.items()}

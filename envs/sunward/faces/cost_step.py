"""The constraint cost as a value of its own, by the convention of Safety-Gymnasium."""

from __future__ import annotations

from typing import Any, SupportsFloat

import gymnasium as gym
from gymnasium.vector import VectorEnv, VectorWrapper


class CostStep(gym.Wrapper[Any, Any, Any, Any]):
    """Makes `step` return observation, reward, cost, terminated, truncated and info.

    The cost is that of `info["cost"]`, which stays there: the share of the step above the throttle
    temperature, and one for each trip and each brown-out, as a mean over the satellites.
    """

    def step(  # pyright: ignore[reportIncompatibleMethodOverride] - the convention's own
        self, action: Any
    ) -> tuple[Any, SupportsFloat, float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = self.env.step(action)
        return observation, reward, info["cost"], terminated, truncated, info


class VectorCostStep(VectorWrapper):
    """`CostStep` of many worlds: the cost is float64 (num_envs,).

    Where a step ends an episode and starts the next (`SAME_STEP`), it is the ended one's.
    """

    env: VectorEnv[Any, Any, Any]

    def step(  # pyright: ignore[reportIncompatibleMethodOverride] - the convention's own
        self, actions: Any
    ) -> tuple[Any, Any, Any, Any, Any, dict[str, Any]]:
        observations, rewards, terminated, truncated, infos = self.env.step(actions)
        cost = infos["cost"].copy()
        if "final_info" in infos:
            ended = infos["_final_info"]
            cost[ended] = infos["final_info"]["cost"][ended]
        return observations, rewards, cost, terminated, truncated, infos

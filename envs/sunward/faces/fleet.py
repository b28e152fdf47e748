"""A batch of worlds as one agent a world sees it: flat observations, one reward, one info."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from sunward.core.actions import N_DISCRETE
from sunward.core.reward import REWARD_TERMS
from sunward.core.simulator import Simulator
from sunward.faces import checks, render, spaces
from sunward.faces.one_agent import Observation
from sunward.faces.worlds import Worlds


class Fleet(Worlds):
    """Every array that a method returns is new and has one row a world."""

    def __init__(
        self,
        simulator: Simulator,
        *,
        action: str = "continuous",
        observation: str = "box",
        info: str = "cost",
        split: str = "train",
        continuing: bool = False,
    ) -> None:
        super().__init__(simulator, action=action, split=split, continuing=continuing)
        checks.chosen("observation", observation, checks.OBSERVATION_KINDS)
        self.observes_mask = observation == "dict"
        self.tells_all = checks.chosen("info", info, checks.INFO_KINDS) == "full"
        self.observation_space = spaces.observations(observation, action, self.n_sats)
        self.action_space = self._actions(action)
        #: An episode of satellites is cut by its time limit; it never terminates.
        self.terminated = np.zeros(self.n_envs, np.bool_)

    def _actions(self, action: str) -> gym.Space[Any]:
        return spaces.fleet_actions(action, self.n_sats)

    @property
    def truncated(self) -> np.ndarray:
        """Which worlds have reached their time limit, bool (n_envs,)."""
        return self.simulator.truncated

    def observations(self) -> Observation:
        """Returns what all satellites of each world see, float32 (n_envs, n_sats * N_OBS)."""
        seen = self.simulator.observations.reshape(self.n_envs, -1).copy()
        if self.observes_mask:
            return {"observations": seen, "action_mask": self.flat_masks().astype(np.int8)}
        return seen

    def rewards(self) -> np.ndarray:
        """Returns the mean reward over the satellites of each world, float64 (n_envs,)."""
        return self._mean(self.simulator.rewards)

    def reward_terms(self) -> np.ndarray:
        """Returns the means of the reward's terms, float64 (n_envs, N_TERMS); their sum is it."""
        return self._mean(self.simulator.reward_terms)

    def flat_masks(self) -> np.ndarray:
        """Returns the masks of discrete actions, bool (n_envs, n_sats * N_DISCRETE)."""
        return self.masks().reshape(self.n_envs, self.n_sats * N_DISCRETE)

    def infos(self) -> dict[str, np.ndarray]:
        """Returns the constraint cost, the mask of discrete actions and, if asked for, all terms.

        Terms and cost are means over the satellites of a world, float64 (n_envs,), as the reward
        is; metrics are those of the episode so far.
        """
        infos = {"cost": self._mean(self.simulator.costs)}
        if self.is_discrete:
            infos["action_mask"] = self.flat_masks().astype(np.int8)
        if self.tells_all:
            terms = self.reward_terms()
            for index, term in enumerate(REWARD_TERMS):
                infos[f"reward_{term.name}"] = terms[:, index]
            for name, values in self.simulator.metrics().items():
                infos[f"metric_{name}"] = np.array(values, np.float64)
        return infos

    def frame(self, env: int, mode: str) -> Any:
        """Returns what a world looks like."""
        return render.frame(self.simulator, env, mode)

    def _mean(self, values: np.ndarray) -> np.ndarray:
        if self.n_sats == 1:
            return values[:, 0].astype(np.float64)
        # In float64 before the sum, and along a contiguous axis: with a cast inside the sum, NumPy
        # would cut it where its buffer ends, and a world's reward would depend on its batch.
        rows = np.ascontiguousarray(values.swapaxes(1, -1), np.float64)
        return np.add.reduce(rows, axis=-1) / self.n_sats


class LoneSatellite(Fleet):
    """A fleet of one, whose actions are those of a satellite."""

    def _actions(self, action: str) -> gym.Space[Any]:
        checks.one_satellite(self.simulator.params)
        return spaces.satellite_actions(action)

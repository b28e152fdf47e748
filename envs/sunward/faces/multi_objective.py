"""The reward as a vector of its named terms, by the convention of MO-Gymnasium."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box

from sunward.core.reward import N_TERMS, REWARD_TERMS
from sunward.faces.gym_env import ConstellationEnv, SatelliteEnv
from sunward.faces.one_agent import Observation

#: A term that is only ever paid is at least 0, one that is only ever charged at most 0.
_LOW = np.array([0.0 if term.sign > 0 else -np.inf for term in REWARD_TERMS], np.float32)
_HIGH = np.array([0.0 if term.sign < 0 else np.inf for term in REWARD_TERMS], np.float32)


class MultiObjectiveConstellationEnv(ConstellationEnv):
    """`ConstellationEnv` with a vector reward, `sunward/MultiObjectiveConstellation-v0`.

    The reward is a float32 vector of the terms in `sunward.core.reward.REWARD_TERMS`, each a mean
    over the satellites and multiplied by the scenario's weight, so that their sum is the scalar
    reward. `reward_space` and `reward_dim` are those that MO-Gymnasium's wrappers read.
    """

    reward_space = Box(_LOW, _HIGH, (N_TERMS,), np.float32)
    reward_dim = N_TERMS

    def step(  # pyright: ignore[reportIncompatibleMethodOverride] - the convention's own
        self, action: Any
    ) -> tuple[Observation, np.ndarray, bool, bool, dict[str, Any]]:
        observation, _, terminated, truncated, info = super().step(action)
        terms = self.worlds.reward_terms()[0].astype(np.float32)
        return observation, terms, terminated, truncated, info


class MultiObjectiveSatelliteEnv(  # pyright: ignore[reportIncompatibleMethodOverride] - as above
    MultiObjectiveConstellationEnv, SatelliteEnv
):
    """`SatelliteEnv` with a vector reward, `sunward/MultiObjectiveSatellite-v0`."""

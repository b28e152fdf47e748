"""A rule and a linear correction of its actions."""

from __future__ import annotations

import numpy as np

from sunward_agents.policies import Policy


class Correction:
    """Does what a rule does, plus a linear function of the observation, within the bounds.

    Args:
        rule: whose actions are corrected.
        weights: float32 (candidates, features + 1, numbers of an action), the last row constant;
            each candidate acts for its part of the rows, in order and of one size.
    """

    def __init__(self, rule: Policy, weights: np.ndarray) -> None:
        self._rule, self._weights = rule, weights.astype(np.float32)

    def reset(self, n_envs: int, seed: int) -> None:
        """Starts the rule anew."""
        self._rule.reset(n_envs, seed)

    def act(self, observations: np.ndarray) -> np.ndarray:
        """Returns actions float32 (n, numbers of an action) in [-1, 1]."""
        parts = observations.reshape(len(self._weights), -1, observations.shape[-1])
        change = parts @ self._weights[:, :-1] + self._weights[:, -1:]
        actions = np.clip(self._rule.act(observations), -1.0, 1.0)
        return np.clip(actions + change.reshape(actions.shape), -1.0, 1.0)

"""What the contests of all tasks have in common: batches of worlds, and rules tuned by search."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np

from sunward_agents.calibration.contest import Roles, Share
from sunward_agents.games import Tables
from sunward_agents.planners.lp_bound import Bound
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants, Found, Progress
from sunward_agents.tables import SCORE

Params = TypeVar("Params")


class BatchContest(ABC, Generic[Params]):
    """A `Contest` played by a batched simulator.

    Args:
        simulator: makes one from parameters and a number of worlds.
        play: plays a policy on a simulator, as `sunward_agents.evaluate.play`.
    """

    roles: Roles
    tables: Tables
    agents: int = 1

    def __init__(
        self,
        scenario_id: str,
        content_hash: str,
        params: Params,
        simulator: Callable[[Params, int], Any],
        play: Callable[..., dict[str, np.ndarray]],
    ) -> None:
        self.scenario_id, self.content_hash = scenario_id, content_hash
        self.params = params
        self._play = play
        # Planners play fewer worlds than rules: one simulator of either size is kept.
        self._simulator = lru_cache(2)(lambda n_worlds: simulator(params, n_worlds))

    def tuned(self, rule: str, candidates: int, progress: Share) -> Constants:
        """See `Contest.tuned`."""
        found = self._search(rule, candidates, lambda done, _: progress(done / candidates))
        return found.constants

    def rule(self, rule: str, constants: Constants) -> Policy:
        """See `Contest.rule`."""
        return self._rule(rule, constants) if constants else self.policy(rule)

    def values(
        self, policy: Policy, seeds: Sequence[int], split: str, progress: Share
    ) -> np.ndarray:
        """See `Contest.values`."""
        played = self._play(
            policy,
            self._simulator(len(seeds)),
            split=split,
            seeds=seeds,
            progress=lambda done, total: progress(done / total),
        )
        return played[SCORE]

    @abstractmethod
    def policy(self, name_or_path: str) -> Policy:
        """See `Contest.policy`."""

    @abstractmethod
    def bound(self, seed: int, split: str, block_steps: int, progress: Share) -> Bound:
        """See `Contest.bound`."""

    @abstractmethod
    def _search(self, rule: str, candidates: int, progress: Progress) -> Found:
        """Returns the constants of a rule that are worth most on training worlds."""

    @abstractmethod
    def _rule(self, rule: str, constants: Constants) -> Policy:
        """Returns a rule with these constants."""

"""The ladder of a scenario: policies on the same worlds, from idle to the bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sunward_agents.random_search import Constants
from sunward_agents.statistics import Estimate, mean_interval, ratio_interval

#: The part that a policy plays; exactly one is the floor, and one is plain.
Kind = Literal["floor", "blind", "plain", "rule", "planner", "trained"]


@dataclass(frozen=True)
class Rung:
    """What a policy reached."""

    name: str
    kind: Kind
    values: np.ndarray  # (n,) metric `value` of worlds 0 to n - 1
    constants: Constants | None = None  # of a tuned rule


@dataclass(frozen=True)
class Ladder:
    """All rungs of a scenario.

    Scores are 100 (value - floor) / (bound - floor), of the means over the worlds that were played;
    the floor is the idle policy.
    """

    scenario: str
    content_hash: str
    bounds: np.ndarray  # (n_worlds,) what no policy exceeds
    rungs: tuple[Rung, ...]

    def __getitem__(self, name: str) -> Rung:
        """Returns the rung of a policy."""
        return next(rung for rung in self.rungs if rung.name == name)

    def names(self, *kinds: Kind) -> list[str]:
        """Returns the policies of some kinds, in the order of the ladder."""
        return [rung.name for rung in self.rungs if rung.kind in kinds]

    @property
    def floor(self) -> str:
        """The policy that scores 0."""
        return self.names("floor")[0]

    @property
    def plain(self) -> str:
        """The first rule that anybody would write."""
        return self.names("plain")[0]

    def best_rule(self) -> str:
        """Returns the hand-written rule with the highest mean value."""
        return max(self.names("plain", "rule"), key=lambda name: self[name].values.mean())

    def value(self, name: str) -> Estimate:
        """Returns a policy's mean value."""
        return mean_interval(self[name].values)

    def score(self, name: str) -> Estimate:
        """Returns a policy's score."""
        return self.lead(name, self.floor)

    def lead(self, first: str, second: str) -> Estimate:
        """Returns by how many points of score `first` is ahead, in pairs on common worlds."""
        one, two, floor = (self[name].values for name in (first, second, self.floor))
        n = min(len(one), len(two))
        room = self.bounds[:n] - floor[:n]
        return ratio_interval(100.0 * (one[:n] - two[:n]), room)

    def over_bound(self) -> Sequence[str]:
        """Returns the policies that a world shows above its bound: there is none, or a bug."""
        return [
            rung.name
            for rung in self.rungs
            if (rung.values > self.bounds[: len(rung.values)] + 1.0e-6).any()
        ]

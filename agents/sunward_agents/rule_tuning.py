"""Tuning of the hand-written rules of any task on worlds of its train split.

A rule's constants are a frozen dataclass whose numbers tell in their metadata where they are looked
for; such a dataclass may hold others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import Field, dataclass, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np

from sunward_agents.policies import Policy
from sunward_agents.random_search import (
    FINAL_FACTOR,
    Constants,
    Found,
    Progress,
    Ranges,
    Value,
    search,
)
from sunward_agents.tables import SCORE

Params = TypeVar("Params")


def as_it_is(params: Any) -> float:
    """Returns 1: values of all scenarios are in one unit."""
    return 1.0


@dataclass(frozen=True)
class Tuner(Generic[Params]):
    """What a search needs to know of a task."""

    constants: Callable[[str], Any]  # that a rule has now, or None where it has none
    policy: Callable[[str, Constants, Params], Policy]  # a rule with constants, for a scenario
    simulator: Callable[[Params, int], Any]  # from parameters and a number of worlds
    play: Callable[..., dict[str, np.ndarray]]
    weight: Callable[[Params], float] = as_it_is  # of a scenario's values where several add up

    def tune(
        self,
        rule: str,
        scenarios: Sequence[Params],
        *,
        candidates: int = 200,
        n_worlds: int = 8,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Found:
        """Returns the constants of a rule that are worth most, added up over scenarios.

        Args:
            rule: by name; one without constants stays as it is.
            scenarios: parameters of each.
            candidates: sets of constants that are tried.
            n_worlds: training worlds of each; finalists meet on four times as many others.
            seed: of the search.
            progress: called after each candidate with how many were tried, and the best value.
        """
        constants = self.constants(rule)
        return search(
            self._worth(rule, scenarios, range(n_worlds)),
            self._worth(rule, scenarios, range(n_worlds, (1 + FINAL_FACTOR) * n_worlds)),
            in_use(constants),
            ranges(constants),
            candidates=0 if constants is None else candidates,
            seed=seed,
            progress=progress,
        )

    def _worth(self, rule: str, scenarios: Sequence[Params], seeds: range) -> Value:
        """Returns what constants are worth: the mean value over worlds, added up."""
        simulators = [self.simulator(params, len(seeds)) for params in scenarios]

        def worth(constants: Constants) -> float:
            total = 0.0
            for params, simulator in zip(scenarios, simulators, strict=True):
                policy = self.policy(rule, constants, params)
                values = self.play(policy, simulator, split="train", seeds=seeds)[SCORE]
                total += float(np.mean(values)) * self.weight(params)
            return total

        return worth


def in_use(constants: Any) -> Constants:
    """Returns the numbers that a rule has now, by name."""
    return {field.name: getattr(part, field.name) for part, field in _numbers(constants)}


def ranges(constants: Any) -> Ranges:
    """Returns where each number of a rule is looked for."""
    return {field.name: field.metadata["range"] for _, field in _numbers(constants)}


def filled(constants: Any, values: Constants) -> Any:
    """Returns constants with these numbers; nested ones have names of their own."""
    changes: dict[str, Any] = {}
    for field in fields(constants):
        value = getattr(constants, field.name)
        changes[field.name] = filled(value, values) if is_dataclass(value) else values[field.name]
    return replace(constants, **changes)


def _numbers(constants: Any) -> list[tuple[Any, Field[Any]]]:
    """Returns (constants, field) of every number, those of nested constants included."""
    found: list[tuple[Any, Field[Any]]] = []
    for field in () if constants is None else fields(constants):
        value = getattr(constants, field.name)
        found += _numbers(value) if is_dataclass(value) else [(constants, field)]
    return found

"""Tuning of the hand-written rules on worlds of the train split."""

from __future__ import annotations

from dataclasses import Field, fields, is_dataclass, replace
from typing import Any

import numpy as np

from sunward.core.params import Params
from sunward.core.simulator import Simulator
from sunward_agents import heuristics
from sunward_agents.evaluate import play
from sunward_agents.heuristics import Rule
from sunward_agents.policies import Policy
from sunward_agents.random_search import FINAL_FACTOR, Constants, Found, Progress, search

#: rule -> its class, with the constants in use as defaults.
ALONE: dict[str, type[Rule]] = {
    "thermostat": heuristics.Thermostat,
    "deadline_pacing": heuristics.DeadlinePacing,
    "energy_pacing": heuristics.EnergyPacing,
}
#: The same, of rules that hand work to neighbours.
SHARING: dict[str, type[Rule]] = {
    "load_balancing": heuristics.LoadBalancing,
    "energy_balancing": heuristics.EnergyBalancing,
}
TUNABLE = ALONE | SHARING


def rules_of(params: Params) -> tuple[str, ...]:
    """Returns the rules that differ in a scenario: a price alone says nothing.

    It takes neighbours, or a data centre on the ground.
    """
    is_answered = (params.neighbours >= 0).any() or params.service.ground_work > 0.0
    return tuple(TUNABLE if is_answered else ALONE)


def tune(
    rule: str,
    scenarios: list[Params],
    *,
    candidates: int = 200,
    n_worlds: int = 8,
    seed: int = 0,
    progress: Progress | None = None,
) -> Found:
    """Returns the constants of a rule that are worth most, added up over scenarios.

    Args:
        rule: a name of `TUNABLE`.
        n_worlds: training worlds of each scenario; finalists meet on four times as many others.
    """
    return search(
        _Score(rule, scenarios, n_worlds, 0),
        _Score(rule, scenarios, FINAL_FACTOR * n_worlds, n_worlds),
        constants_in_use(rule),
        ranges(rule),
        candidates=candidates,
        seed=seed,
        progress=progress,
    )


def tuned_policy(rule: str, constants: Constants) -> Policy:
    """Returns a rule with these constants."""
    kind: Any = TUNABLE[rule]
    return kind(_filled(kind().constants, constants))


def constants_in_use(rule: str) -> Constants:
    """Returns the constants that a rule has now, by name."""
    kind: Any = TUNABLE[rule]
    return {field.name: getattr(part, field.name) for part, field in _numbers(kind().constants)}


def ranges(rule: str) -> dict[str, tuple[float, float]]:
    """Returns where each constant of a rule is looked for."""
    kind: Any = TUNABLE[rule]
    return {field.name: field.metadata["range"] for _, field in _numbers(kind().constants)}


class _Score:
    """Mean value of a rule over training worlds, added up over scenarios."""

    def __init__(self, rule: str, scenarios: list[Params], n_worlds: int, first_seed: int) -> None:
        self._rule = rule
        self._simulators = [Simulator(params, n_worlds) for params in scenarios]
        self._seeds = range(first_seed, first_seed + n_worlds)

    def __call__(self, constants: Constants) -> float:
        policy = tuned_policy(self._rule, constants)
        played = (
            play(policy, simulator, split="train", seeds=self._seeds)
            for simulator in self._simulators
        )
        return float(sum(np.mean(metrics["value"]) for metrics in played))


def _numbers(constants: Any) -> list[tuple[Any, Field[Any]]]:
    """Returns (constants, field) of every number, those of nested constants included."""
    found: list[tuple[Any, Field[Any]]] = []
    for field in fields(constants):
        value = getattr(constants, field.name)
        found += _numbers(value) if is_dataclass(value) else [(constants, field)]
    return found


def _filled(constants: Any, values: Constants) -> Any:
    """Returns constants with these numbers; nested ones have names of their own."""
    changes: dict[str, Any] = {}
    for field in fields(constants):
        value = getattr(constants, field.name)
        changes[field.name] = _filled(value, values) if is_dataclass(value) else values[field.name]
    return replace(constants, **changes)

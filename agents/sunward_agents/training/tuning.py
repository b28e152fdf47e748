"""Tuning of the gang's rules on worlds of the train split."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import numpy as np

from sunward.training.params import TrainingParams
from sunward.training.simulator import GangSimulator
from sunward_agents.evaluate import play
from sunward_agents.policies import Policy
from sunward_agents.random_search import FINAL_FACTOR, Constants, Found, Progress, search
from sunward_agents.training.rules import Paced, PacedConstants, Thermostat, ThermostatConstants

#: rule -> its class and that of its constants, those in use being the defaults.
TUNABLE: dict[str, tuple[type, type]] = {
    "thermostat": (Thermostat, ThermostatConstants),
    "paced": (Paced, PacedConstants),
}


def tune(
    rule: str,
    scenarios: list[TrainingParams],
    *,
    candidates: int = 200,
    n_worlds: int = 8,
    seed: int = 0,
    progress: Progress | None = None,
) -> Found:
    """Returns the constants of a rule that are worth most, added up over scenarios.

    Args:
        rule: a name of `TUNABLE`.
        scenarios: parameters of each.
        candidates: sets of constants that are tried.
        n_worlds: training worlds of each scenario; finalists meet on four times as many others.
        seed: of the search.
        progress: called after each candidate with how many were tried, and the best value.
    """
    kind: Any = TUNABLE[rule][1]
    return search(
        _Score(rule, scenarios, n_worlds, 0),
        _Score(rule, scenarios, FINAL_FACTOR * n_worlds, n_worlds),
        asdict(kind()),
        {field.name: field.metadata["range"] for field in fields(kind)},
        candidates=candidates,
        seed=seed,
        progress=progress,
    )


def tuned_policy(rule: str, constants: Constants, params: TrainingParams) -> Policy:
    """Returns a rule with these constants for a scenario."""
    make_rule, make_constants = TUNABLE[rule]
    return make_rule(params, make_constants(**constants))


class _Score:
    """Mean value of a rule over training worlds, added up over scenarios."""

    def __init__(
        self, rule: str, scenarios: list[TrainingParams], n_worlds: int, first_seed: int
    ) -> None:
        self._rule = rule
        self._simulators = [GangSimulator(params, n_worlds) for params in scenarios]
        self._seeds = range(first_seed, first_seed + n_worlds)

    def __call__(self, constants: Constants) -> float:
        total = 0.0
        for simulator in self._simulators:
            policy = tuned_policy(self._rule, constants, simulator.params)
            played = play(policy, simulator, split="train", seeds=self._seeds)
            total += float(np.mean(played["value"]))
        return total

"""Tuning of the build-out's rules on worlds of the train split."""

from __future__ import annotations

from dataclasses import asdict, fields

import numpy as np

from sunward.buildout.params import Params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout.play import play
from sunward_agents.buildout.rules import Paced, PacedConstants, make_policy
from sunward_agents.policies import Policy
from sunward_agents.random_search import FINAL_FACTOR, Constants, Found, Progress, search

PACED = "paced"


def tune(
    rule: str,
    scenarios: list[Params],
    *,
    candidates: int = 200,
    n_worlds: int = 8,
    seed: int = 0,
    progress: Progress | None = None,
) -> Found:
    """Returns the constants of a rule that are worth most: values over the first cash, added up.

    Args:
        rule: a name of `rules.POLICIES`; those but `paced` have no constants, and stay as they are.
        n_worlds: training worlds of each scenario; finalists meet on four times as many others.
    """
    has_constants = rule == PACED
    return search(
        _Score(rule, scenarios, n_worlds, 0),
        _Score(rule, scenarios, FINAL_FACTOR * n_worlds, n_worlds),
        asdict(PacedConstants()) if has_constants else {},
        _ranges() if has_constants else {},
        candidates=candidates if has_constants else 0,
        seed=seed,
        progress=progress,
    )


def tuned_policy(rule: str, constants: Constants, params: Params) -> Policy:
    """Returns a rule with these constants, made for a scenario."""
    if rule == PACED:
        return Paced(params, PacedConstants(**constants))
    return make_policy(rule, params)


def _ranges() -> dict[str, tuple[float, float]]:
    """Returns where each constant of the paced rule is looked for."""
    return {field.name: field.metadata["range"] for field in fields(PacedConstants)}


class _Score:
    """Mean value of a rule over training worlds over the first cash, added up over scenarios."""

    def __init__(self, rule: str, scenarios: list[Params], n_worlds: int, first_seed: int) -> None:
        self._rule = rule
        self._simulators = [BuildoutSimulator(params, n_worlds) for params in scenarios]
        self._seeds = range(first_seed, first_seed + n_worlds)

    def __call__(self, constants: Constants) -> float:
        return sum(self._of(simulator, constants) for simulator in self._simulators)

    def _of(self, simulator: BuildoutSimulator, constants: Constants) -> float:
        policy = tuned_policy(self._rule, constants, simulator.params)
        values = play(policy, simulator, split="train", seeds=self._seeds)["value"]
        return float(np.mean(values)) * 1e9 / simulator.params.scenario.finance.cash_usd

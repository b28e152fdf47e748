"""A search for a correction, from the rule as it is to the best of the validations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from sunward_agents.atomic import write_text
from sunward_agents.calibration.contest import Contest
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants
from sunward_agents.refine.correction import Correction
from sunward_agents.refine.saved import save
from sunward_agents.refine.search import Pace, improved

CURVE = "curve.csv"
#: That play side by side: enough to keep a core busy, and 100 MB of a simulator.
MOST_AGENTS = 65_536


@dataclass(frozen=True)
class Search:
    """What is searched, and how long."""

    rule: str
    constants: Constants
    pace: Pace = field(default_factory=Pace)
    iterations: int = 100
    worlds: int = 64  # that every candidate of an iteration plays
    validation_worlds: int = 64
    validate_every: int = 10
    seed: int = 1

    def seeds(self, number: int) -> range:
        """Returns the training worlds of an iteration."""
        first = self.seed + number * self.worlds
        return range(first, first + self.worlds)


@dataclass(frozen=True)
class Progress:
    """What a correction is worth on validation worlds."""

    iteration: int
    value: float
    best: float


def refine(contest: Contest, search: Search, folder: Path) -> Iterator[Progress]:
    """Yields what each validation found; `folder` holds the best correction and the curve so far.

    Training worlds are seeds of the train split, new ones in each iteration.
    """
    rule = contest.rule(search.rule, search.constants)
    rng = np.random.default_rng(search.seed)
    weights = np.zeros((len(contest.tables.observations) + 1, len(contest.tables.actions)))
    found: list[Progress] = []
    for number in range(search.iterations + 1):
        if number > 0:
            worth = partial(_worths, contest, rule, search.seeds(number - 1))
            weights = improved(weights, worth, search.pace, rng)
        if number % search.validate_every == 0 or number == search.iterations:
            value = _validated(contest, rule, weights, search.validation_worlds)
            best = found[-1].best if found else float("-inf")
            if value > best:
                _keep(folder, contest, search, weights)
            found.append(Progress(number, value, max(value, best)))
            _write_curve(folder, found)
            yield found[-1]


def _worths(contest: Contest, rule: Policy, seeds: range, candidates: np.ndarray) -> np.ndarray:
    """Returns what each candidate is worth; all play the same worlds, many side by side."""
    n_groups = -(-len(candidates) * len(seeds) * contest.agents // MOST_AGENTS)
    values = [
        contest.values(Correction(rule, group), [*seeds] * len(group), "train", _silently)
        for group in np.array_split(candidates, min(n_groups, len(candidates)))
    ]
    return np.concatenate(values).reshape(len(candidates), -1).mean(axis=1)


def _validated(contest: Contest, rule: Policy, weights: np.ndarray, n_worlds: int) -> float:
    policy = Correction(rule, weights[None])
    return float(contest.values(policy, range(n_worlds), "validation", _silently).mean())


def _keep(folder: Path, contest: Contest, search: Search, weights: np.ndarray) -> None:
    save(
        folder,
        weights,
        scenario=contest.scenario_id,
        rule=search.rule,
        constants=search.constants,
        tables=contest.tables,
    )


def _write_curve(folder: Path, found: list[Progress]) -> None:
    lines = ["iteration,value", *(f"{one.iteration},{one.value:.6f}" for one in found)]
    write_text(folder / CURVE, "\n".join(lines) + "\n")


def _silently(share: float) -> None:
    """Tells nobody."""

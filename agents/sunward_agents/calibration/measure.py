"""Plays the ladder of a scenario; rules with constants tuned on its training worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from sunward.resources import config_dir
from sunward_agents.calibration.contest import Contest
from sunward_agents.calibration.earlier import NOTHING, Earlier
from sunward_agents.calibration.ladder import Kind, Ladder, Rung
from sunward_agents.planners.bound_file import find_bounds
from sunward_agents.policies import Planner, Policy

#: Worlds are those on which results are reported.
SPLIT = "test"
#: Bounds of ranked scenarios, made by `sunward bound SCENARIO --worlds 32 --json FILE`.
SHIPPED = config_dir() / "bounds"
#: Called with what is under way and the share of it that is done.
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Effort:
    """How much is played."""

    n_worlds: int = 32
    n_planned: int = 32  # worlds on which planners are played
    candidates: int = 200  # sets of constants that are tried for a rule
    block_steps: int = 1  # of bounds that are not shipped


def ladder_of(
    contest: Contest,
    effort: Effort,
    trained: tuple[str, ...],
    progress: Progress,
    earlier: Earlier = NOTHING,
) -> Ladder:
    """Returns the ladder of a scenario.

    Args:
        trained: folders of training runs, played as well.
        earlier: what is known of the same worlds: only the others are played.
    """
    trained_policies = {Path(path).name: contest.policy(path) for path in trained}
    bounds = bounds_of(contest, effort, progress)

    def played(name: str, policy: Policy, n_worlds: int) -> np.ndarray:
        known = earlier.values(name)[:n_worlds]
        label = partial(progress, f"playing {name}")
        if len(known) == n_worlds:
            return known
        # What a policy draws may hang on the batch; a planner decides for each world by itself.
        known = known if isinstance(policy, Planner) else known[:0]
        missing = range(len(known), n_worlds)
        return np.concatenate([known, contest.values(policy, missing, SPLIT, label)])

    def rung(name: str, kind: Kind, n_worlds: int = effort.n_worlds) -> Rung:
        return Rung(name, kind, played(name, contest.policy(name), n_worlds))

    def tuned(name: str, kind: Kind) -> Rung:
        constants = earlier.constants(name)
        if constants is None:
            label = partial(progress, f"tuning {name}")
            constants = contest.tuned(name, effort.candidates, label)
        policy = contest.rule(name, constants)
        return Rung(name, kind, played(name, policy, effort.n_worlds), constants)

    roles = contest.roles
    rungs = [rung(roles.floor, "floor")]
    rungs += [rung(name, "blind") for name in roles.blind]
    rungs += [tuned(roles.plain, "plain")]
    rungs += [tuned(name, "rule") for name in roles.rules]
    rungs += [rung(name, "planner", effort.n_planned) for name in roles.planners]
    rungs += [
        Rung(name, "trained", played(name, policy, effort.n_worlds))
        for name, policy in trained_policies.items()
    ]
    rungs += [
        Rung(rung.name, rung.kind, np.array(rung.values))
        for rung in earlier.trained()
        if rung.name not in trained_policies
    ]
    return Ladder(contest.scenario_id, contest.content_hash, bounds, tuple(rungs))


def bounds_of(
    contest: Contest, effort: Effort, progress: Progress, folder: Path = SHIPPED
) -> np.ndarray:
    """Returns the bounds of the worlds: those in the folder, and the others worked out."""
    shipped = find_bounds(folder, contest.content_hash)
    known = {} if shipped is None else shipped.of_worlds(SPLIT)
    missing = [seed for seed in range(effort.n_worlds) if seed not in known]
    for done, seed in enumerate(missing):

        def show(share: float, done: int = done) -> None:
            progress("bounding", (done + share) / len(missing))

        known[seed] = contest.bound(seed, SPLIT, effort.block_steps, show).value
    return np.array([known[seed] for seed in range(effort.n_worlds)])

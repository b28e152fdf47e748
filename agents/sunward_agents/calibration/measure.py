"""Plays the ladder of a scenario; rules with constants tuned on its training worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sunward.core.params import Params
from sunward.core.simulator import Simulator
from sunward.resources import config_dir
from sunward_agents.calibration.ladder import IDLE, Kind, Ladder, Rung
from sunward_agents.evaluate import play
from sunward_agents.planners.bound_file import find_bounds
from sunward_agents.planners.lp_bound import world_bound
from sunward_agents.policies import PLANNERS, Policy, load_policy
from sunward_agents.tables import SCORE
from sunward_agents.tuning import rules_of, tune, tuned_policy

#: Worlds are those on which results are reported.
SPLIT = "test"
#: Bounds of ranked scenarios, made by `sunward bound SCENARIO --worlds 32 --json FILE`.
SHIPPED = config_dir() / "bounds"
BLIND = ("random", "flat_out")
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
    params: Params, effort: Effort, trained: tuple[str, ...], progress: Progress
) -> Ladder:
    """Returns the ladder of a scenario.

    Args:
        trained: folders of training runs, played as well.
    """
    trained_policies = {Path(path).name: load_policy(path) for path in trained}
    bounds = bounds_of(params, effort, progress)
    simulator = Simulator(params, effort.n_worlds)

    def rung(name: str, kind: Kind, policy: Policy, on: Simulator = simulator) -> Rung:
        return Rung(name, kind, _values(name, policy, on, progress))

    rungs = [rung(IDLE, "floor", load_policy(IDLE))]
    rungs += [rung(name, "blind", load_policy(name)) for name in BLIND]
    rungs += [_tuned(name, params, effort, simulator, progress) for name in rules_of(params)]
    planned = Simulator(params, effort.n_planned)
    rungs += [rung(name, "planner", load_policy(name), planned) for name in PLANNERS]
    rungs += [rung(name, "trained", policy) for name, policy in trained_policies.items()]
    return Ladder(params.scenario_id, params.content_hash, bounds, tuple(rungs))


def bounds_of(
    params: Params, effort: Effort, progress: Progress, folder: Path = SHIPPED
) -> np.ndarray:
    """Returns the bounds of the worlds: those in the folder, and the others worked out."""
    shipped = find_bounds(folder, params.content_hash)
    known = {} if shipped is None else shipped.of_worlds(SPLIT)
    missing = [seed for seed in range(effort.n_worlds) if seed not in known]
    for done, seed in enumerate(missing):
        progress("bounding", done / len(missing))
        known[seed] = world_bound(params, seed, split=SPLIT, block_steps=effort.block_steps).value
    return np.array([known[seed] for seed in range(effort.n_worlds)])


def _tuned(
    name: str, params: Params, effort: Effort, simulator: Simulator, progress: Progress
) -> Rung:
    label, n = f"tuning {name}", effort.candidates
    found = tune(name, [params], candidates=n, progress=lambda done, _: progress(label, done / n))
    policy = tuned_policy(name, found.constants)
    return Rung(name, "rule", _values(name, policy, simulator, progress), found.constants)


def _values(name: str, policy: Policy, simulator: Simulator, progress: Progress) -> np.ndarray:
    played = play(
        policy,
        simulator,
        split=SPLIT,
        progress=lambda done, total: progress(f"playing {name}", done / total),
    )
    return played[SCORE]

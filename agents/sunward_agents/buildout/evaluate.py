"""Results of build-out policies: the same file format as the other tasks', and a table in pairs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
from rich.table import Table

from sunward.buildout.params import Params
from sunward_agents.buildout.play import make_simulator, play
from sunward_agents.buildout.rules import POLICIES
from sunward_agents.buildout.tables import tables_of
from sunward_agents.evaluate import Progress, episodes_of
from sunward_agents.policies import Entry, Policy, made_for, run_folder
from sunward_agents.results import Result, hardware, package_version
from sunward_agents.statistics import mean_interval, paired_difference
from sunward_agents.tables import SCORE, written

COLUMNS = ("power_gw", "launched_t", "cost_per_gpu_h", "terrestrial_per_gpu_h", "insolvent")


def _mpc(params: Params, *, foresees: bool = False) -> Policy:
    from sunward_agents.buildout.mpc import Mpc  # SciPy takes a moment

    return Mpc(params, foresees=foresees)


#: Policies that look into the simulator itself; they take half a minute a world.
PLANNERS: dict[str, Entry] = {
    "mpc": Entry(_mpc, "plans on a linear model, with forecasts from what has been seen"),
    "mpc_foresight": Entry(
        partial(_mpc, foresees=True), "the same, with launches, prices and demand foreseen exactly"
    ),
}


def load_policy(name_or_path: str, params: Params) -> Policy:
    """Returns the rule or planner of that name, or the trained policy in the folder of a run.

    Raises: UsageError naming the nearest known one.
    """
    named = POLICIES | PLANNERS
    folder = run_folder(name_or_path, named)
    if folder is None:
        return made_for(params, name_or_path, named, "build-out")
    from sunward_agents.refine.saved import is_refined, load

    if is_refined(folder):
        from sunward_agents.buildout.tuning import tuned_policy

        return load(folder, partial(tuned_policy, params=params), tables_of(params))
    from sunward_agents.buildout.trained import load_trained_policy  # torch takes a second

    return load_trained_policy(folder, params)


def evaluate(
    name_or_path: str, scenario: str, n_worlds: int, split: str, progress: Progress | None = None
) -> Result:
    """Plays a policy on seeds 0 to `n_worlds` - 1 of a split and returns its result."""
    started = time.perf_counter()
    simulator = make_simulator(scenario, n_worlds)
    policy = load_policy(name_or_path, simulator.params)
    metrics = play(policy, simulator, split=split, progress=progress)
    identity = simulator.params.scenario.id
    return Result(
        package_version=package_version(),
        policy=Path(name_or_path).name,
        suite=None,
        scenarios={identity: simulator.params.content_hash},
        episodes=list(episodes_of(identity, split, metrics)),
        hardware=hardware(),
        wall_time_s=round(time.perf_counter() - started, 3),
    )


def comparison(
    policies: Mapping[str, Policy], scenario: str, n_worlds: int, split: str = "test"
) -> Table:
    """Returns policies on the same worlds, best first, each paired with the next one below."""
    simulator = make_simulator(scenario, n_worlds)
    played = {name: play(policy, simulator, split=split) for name, policy in policies.items()}
    order = sorted(played, key=lambda name: -float(np.mean(played[name][SCORE])))
    table = Table(
        caption=f"{scenario}: {n_worlds} {split} worlds; BUSD, GW, t, USD/GPU-h; 95 % bootstrap "
        "intervals, leads in pairs over the next row"
    )
    table.add_column("policy", no_wrap=True)
    for title in (SCORE, "leads by", *COLUMNS):
        table.add_column(title, justify="right", no_wrap=True)
    for name, below in zip(order, [*order[1:], None], strict=True):
        score = played[name][SCORE]
        lead = "" if below is None else _lead(score, played[below][SCORE])
        means = [f"{float(np.mean(played[name][column])):.3g}" for column in COLUMNS]
        table.add_row(name, written(mean_interval(score), digits=2), lead, *means)
    return table


def _lead(score: np.ndarray, other: np.ndarray) -> str:
    return written(paired_difference(score, other), signed=True, digits=2)

"""Prints what policies achieve with a scenario's data centre on the ground, and without it.

    python scripts/ground_table.py constellation-ground-v0 --worlds 32

A Markdown table: value with 95 % bootstrap intervals, the difference in pairs on the same worlds,
and what became of the work in shares of the fleet's capacity.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import tyro

from sunward import Simulator, build_params, load_scenario
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import play
from sunward_agents.parsing import parse
from sunward_agents.policies import load_policy
from sunward_agents.progress import Bar
from sunward_agents.statistics import Estimate, mean_interval, paired_difference

SPLIT = "test"
POLICIES = ("idle", "random", "thermostat", "energy_pacing", "load_balancing", "energy_balancing")
HEADINGS = ("policy", "without", "with", "gain", "requests missed", "sent down", "batch sent down")
Metrics = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Arguments:
    """What to play, with the ground and without it."""

    scenario: tyro.conf.Positional[str]
    """Id or YAML file of a scenario with a block `ground`."""
    policies: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME...")] = POLICIES
    """Rules, planners or folders of runs."""
    worlds: int = 32
    """Test worlds of each."""
    json: bool = False
    """Print the rows as JSON."""


def main(args: list[str] | None = None) -> int:
    """Prints the table; returns the exit code."""
    try:
        arguments = parse(Arguments, sys.argv[1:] if args is None else args, prog="ground_table.py")
        rows = measured(arguments)
    except ValueError as mistake:
        sys.stderr.write(f"ground_table.py: {mistake}\n")
        return 2
    sys.stdout.write(json.dumps(rows, indent=1) + "\n" if arguments.json else markdown(rows))
    return 0


def measured(arguments: Arguments) -> list[dict[str, Any]]:
    """Returns one row a policy: estimates of values, and shares of work."""
    scenario = load_scenario(arguments.scenario)
    if scenario.ground is None:
        raise UsageError(f"{scenario.id} has no block ground: add one, or give another scenario")
    if not 1 <= arguments.worlds <= 10_000:
        raise UsageError(f"--worlds is {arguments.worlds}, must be from 1 to 10000")
    above, alone = (
        Simulator(build_params(one), arguments.worlds)
        for one in (scenario, scenario.model_copy(update={"ground": None}))
    )
    rows = []
    for name in arguments.policies:
        policy = load_policy(name)
        with Bar(name, 2.0) as bar:
            found, without = (
                play(policy, simulator, split=SPLIT, progress=bar.steps)
                for simulator in (above, alone)
            )
        rows.append(_row(name, found, without, _capacity(above)))
    return rows


def _capacity(simulator: Simulator) -> float:
    """Returns the work of a fleet over an episode at full clock, GPU-s."""
    return simulator.params.service.capacity_work * simulator.n_sats * simulator.episode_steps


def _row(name: str, found: Metrics, without: Metrics, capacity: float) -> dict[str, Any]:
    return {
        "policy": name.replace("_", " "),
        "without": mean_interval(without["value"]),
        "with": mean_interval(found["value"]),
        "gain": paired_difference(found["value"], without["value"]),
        "requests missed": float(found["interactive_missed"].mean() / capacity),
        "sent down": float(found["interactive_ground"].mean() / capacity),
        "batch sent down": float(found["deferrable_ground"].mean() / capacity),
    }


def markdown(rows: list[dict[str, Any]]) -> str:
    """Returns rows as a Markdown table."""
    lines = [HEADINGS, ["---"] + ["---:"] * (len(HEADINGS) - 1)]
    lines += [[_cell(row[heading]) for heading in HEADINGS] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: str | float | Estimate) -> str:
    match value:
        case Estimate(mean, low, high):
            return f"{mean:.3f} [{low:.3f}, {high:.3f}]"
        case float():
            return f"{value:.3f}"
    return str(value)


if __name__ == "__main__":
    sys.exit(main())

"""Prints where policies stand between the idle rule and the upper bound, and what limits are worth.

    sunward bound single-walker-v0 --worlds 8 --json bounds.json
    python scripts/bound_table.py bounds.json --policies idle random thermostat mpc
    python scripts/bound_table.py bounds.json --drop

The score is 100 (value - idle) / (bound - idle), of the means over the worlds of the file. With
`--drop` each limit of the linear model is left out in turn: what the bound gains is what it holds.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro

from sunward import Simulator, build_params, load_scenario
from sunward.core.params import Params
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import play
from sunward_agents.parsing import parse
from sunward_agents.planners.bound_file import BoundFile, read_bounds
from sunward_agents.planners.lp_bound import world_bound
from sunward_agents.planners.world import Relaxations
from sunward_agents.policies import RULES, load_policy


@dataclass(frozen=True)
class Arguments:
    """What to print of a file of bounds."""

    bounds: tyro.conf.Positional[Path]
    """File written by `sunward bound`."""
    policies: Annotated[tuple[str, ...], tyro.conf.arg(metavar="NAME...")] = RULES
    """Policies to play; the idle rule is always among them."""
    drop: bool = False
    """Leave out one limit of the model after another instead."""


def main(args: list[str] | None = None) -> int:
    """Prints the table; returns the exit code."""
    try:
        arguments = parse(Arguments, sys.argv[1:] if args is None else args, prog="bound_table.py")
        bounds = read_bounds(arguments.bounds)
        params = _params(bounds)
        rows = _dropped(bounds, params) if arguments.drop else _scores(arguments, bounds, params)
    except UsageError as mistake:
        sys.stderr.write(f"bound_table.py: {mistake}\n")
        return 2
    sys.stdout.write("".join(f"| {' | '.join(row)} |\n" for row in rows))
    return 0


def _params(bounds: BoundFile) -> Params:
    params = build_params(load_scenario(bounds.scenario))
    if params.content_hash != bounds.content_hash:
        raise UsageError(f"{bounds.scenario} has changed since it was bounded: bound it again")
    return params


def _scores(arguments: Arguments, bounds: BoundFile, params: Params) -> list[list[str]]:
    limit = np.array([world.bound for world in bounds.worlds])
    idle = _played("idle", bounds, params)
    rows = [["policy", "value", "score", "least", "most"], ["---"] + ["---:"] * 4]
    for name in dict.fromkeys(("idle", *arguments.policies)):
        value = _played(name, bounds, params)
        each = 100.0 * (value - idle) / (limit - idle)
        score = 100.0 * (value - idle).mean() / (limit - idle).mean()
        rows.append(
            [name, f"{value.mean():.4f}", *(f"{x:.1f}" for x in (score, each.min(), each.max()))]
        )
    rows.append(["bound", f"{limit.mean():.4f}", "100", "", ""])
    return rows


def _played(name: str, bounds: BoundFile, params: Params) -> np.ndarray:
    seeds = [world.seed for world in bounds.worlds]
    simulator = Simulator(params, len(seeds))
    return play(load_policy(name), simulator, split=bounds.worlds[0].split, seeds=seeds)["value"]


def _dropped(bounds: BoundFile, params: Params) -> list[list[str]]:
    limit = np.array([world.bound for world in bounds.worlds])
    rows = [["left out", "bound", "gain"], ["---", "---:", "---:"]]
    rows.append(["nothing", f"{limit.mean():.4f}", ""])
    for limit_of in fields(Relaxations):
        kept = Relaxations(**{limit_of.name: False})
        found = [
            world_bound(
                params,
                world.seed,
                split=world.split,
                block_steps=bounds.block_steps,
                relaxations=kept,
            ).value
            for world in bounds.worlds
        ]
        rows.append([limit_of.name, f"{np.mean(found):.4f}", f"{np.mean(found - limit):+.4f}"])
    return rows


if __name__ == "__main__":
    sys.exit(main())

"""`sunward bound`: what no policy can exceed in the worlds of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import tyro
from rich.table import Table

from sunward_agents.calibration.contest import load_contest
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import check_range
from sunward_agents.parsing import parse
from sunward_agents.planners.bound_file import BoundFile, WorldBound
from sunward_agents.progress import Bar
from sunward_agents.results import hardware, package_version


@dataclass(frozen=True)
class Arguments:
    """Bounds the value that any policy can reach in a world, even if it knows the future.

    A linear relaxation of the world is solved by HiGHS, and the bound is computed anew from the
    solver's dual variables, so that it holds whatever the solver did (docs/bound.md).

    Examples: `sunward bound single-walker-v0`, `sunward bound dawn-dusk-24-v0 --seed 3`,
    `sunward bound single-dawn-dusk-v0 --worlds 32 --json bounds.json`.
    """

    scenario: tyro.conf.Positional[str]
    """Id or YAML file of a scenario."""
    seed: int = 0
    """World to bound, or the first of several."""
    worlds: int = 1
    """Worlds to bound, one after another."""
    split: Literal["train", "validation", "test"] = "test"
    """Which worlds of the scenario."""
    block_steps: int = 1
    """Steps that the model sums up, 1 or 2: one is tighter, two takes a third of the time."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the bounds to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Bounds and reports; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    check_range("seed", arguments.seed, 0, 2**31 - 1)
    check_range("worlds", arguments.worlds, 1, 10_000)
    check_range("block-steps", arguments.block_steps, 1, 2)
    bounds = _bounds(arguments)
    if arguments.json is not None:
        write_json(arguments.json, bounds.model_dump(mode="json"))
    if arguments.json != "-":
        console().print(_table(bounds))
    return 0


def _bounds(arguments: Arguments) -> BoundFile:
    contest = load_contest(arguments.scenario)
    found = []
    with Bar(f"bounding {contest.scenario_id}", arguments.worlds) as bar:
        for world in range(arguments.worlds):
            bound = contest.bound(
                arguments.seed + world,
                arguments.split,
                arguments.block_steps,
                lambda share, world=world: bar.update(world + share),
            )
            bar.update(world + 1)
            found.append(
                WorldBound(
                    split=arguments.split,
                    seed=arguments.seed + world,
                    bound=bound.value,
                    wall_time_s=round(bound.wall_time_s, 1),
                )
            )
    return BoundFile(
        scenario=contest.scenario_id,
        content_hash=contest.content_hash,
        block_steps=arguments.block_steps,
        package_version=package_version(),
        hardware=hardware(),
        worlds=found,
    )


def _table(bounds: BoundFile) -> Table:
    table = Table()
    table.add_column("world")
    table.add_column(f"bound of {bounds.scenario}", justify="right", no_wrap=True)
    table.add_column("seconds", justify="right")
    for world in bounds.worlds:
        name = f"{world.split} {world.seed}"
        table.add_row(name, f"{world.bound:.6f}", f"{world.wall_time_s:.1f}")
    return table

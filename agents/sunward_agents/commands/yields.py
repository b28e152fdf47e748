"""`sunward yields`: the table of shell yields that the build-out is played with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from rich.table import Table

from sunward.buildout.load import load_buildout
from sunward_agents.atomic import write_text
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.yields import WARM_UP_H, Row, as_csv, measure


@dataclass(frozen=True)
class Arguments:
    """Measures what a satellite gives in each shell of a build-out scenario; about five minutes.

    Every shell, design and month of the year, new and at the end of the design life: one plane of
    24 satellites under the load-balancing rule, with more work than they can do.

    Examples: `sunward yields --out yields.csv`,
    `sunward yields --scenario my_buildout.yaml --worlds 4 --out mine.csv`.
    """

    out: Annotated[str | None, tyro.conf.arg(metavar="FILE")] = None
    """Write the table, as CSV, to this file."""
    scenario: str = "buildout-medium-v0"
    """Build-out scenario, by id or YAML file, whose shells and designs are measured."""
    worlds: int = 16
    """Worlds of each cell."""
    hours: int = 54
    """Hours of each world, of which the first six do not count."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the rows as JSON to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Measures and reports; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    if not 2 <= arguments.worlds <= 10_000:
        raise UsageError(f"--worlds is {arguments.worlds}, must be from 2 to 10000")
    if not WARM_UP_H < arguments.hours <= 24 * 30:
        raise UsageError(f"--hours is {arguments.hours}, must be from {WARM_UP_H + 1} to 720")
    buildout = load_buildout(arguments.scenario)
    with Bar("measuring", 1.0) as bar:
        rows = measure(
            buildout,
            arguments.worlds,
            arguments.hours,
            lambda done, total, name: bar.update(done / total, name),
        )
    if arguments.out is not None:
        try:
            write_text(Path(arguments.out), as_csv(rows))
        except OSError as error:
            raise UsageError(f"{arguments.out}: cannot be written ({error.strerror})") from error
    if arguments.json is not None:
        write_json(arguments.json, rows)
    if arguments.json != "-":
        console().print(_table(rows))
    return 0


def _table(rows: list[Row]) -> Table:
    """Returns the mean over the seasons, one row a shell, design and age."""
    table = Table(caption="means over the seasons, a satellite and month")
    titles = ("shell", "design", "age", "interactive GPU-h", "batch GPU-h", "wear", "upsets")
    for title in titles:
        table.add_column(title, justify="left" if title in ("shell", "design") else "right")
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["shell"], row["design"], row["age_months"]), []).append(row)
    for names, group in groups.items():
        means = [
            sum(row[name] for row in group) / len(group)
            for name in ("interactive_gpu_h", "batch_gpu_h", "wear", "upsets")
        ]
        table.add_row(
            *names, f"{means[0]:.0f}", f"{means[1]:.0f}", f"{means[2]:.2g}", f"{means[3]:.2g}"
        )
    return table

"""`sunward bench`: figures of speed beside the machine's name, and beside other environments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro
from rich.table import Table

from sunward_agents.bench import duel, explain, large, ours, sweep
from sunward_agents.bench.plot import draw
from sunward_agents.bench.report import Report, Rows
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar


@dataclass(frozen=True)
class Arguments:
    """Measures speed on this machine: what is promised, a sweep over fleets and worlds, and other
    people's environments by turns with ours; four minutes. Peers come with
    `pip install "sunward[bench]"`.

    Examples: `sunward bench`, `sunward bench --explain --json bench.json --plot bench.png`,
    `sunward bench --large`.
    """

    large: bool = False
    """Measure fleets of 10,000 and of a million satellites too: half a minute more, 2 GiB."""
    explain: bool = False
    """Tell the vectors of the compiled step, its operations and bytes, and its share of what the
    machine can do: a minute and a half more."""
    plot: Annotated[Path | None, tyro.conf.arg(metavar="OUT.png")] = None
    """Draw throughput against the size of the fleet."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the figures to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Measures and reports; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    if arguments.plot is not None and arguments.plot.suffix != ".png":
        raise UsageError(f"plot is {arguments.plot}, must end in .png: the picture is a PNG")
    report = _measured(_measurements(arguments))
    if arguments.json is not None:
        write_json(arguments.json, report.as_json())
    if arguments.plot is not None:
        draw(arguments.plot, report.points, report.machine["hardware"])
    if arguments.json != "-":
        _show(report)
    return 0


def _measurements(arguments: Arguments) -> list[Callable[[], Iterable[Any]]]:
    """Returns what to measure, in order."""
    return [
        *ours.measurements(),
        *sweep.measurements(),
        *duel.measurements(),
        *(large.measurements() if arguments.large else ()),
        *(explain.measurements() if arguments.explain else ()),
    ]


def _measured(steps: list[Callable[[], Iterable[Any]]]) -> Report:
    report = Report()
    with Bar("measuring", len(steps)) as bar:
        for done, measure in enumerate(steps):
            bar.update(done, getattr(measure, "__name__", ""))
            report.add(measure())
        bar.update(len(steps))
    return report


def _show(report: Report) -> None:
    out = console()
    for table in report.tables():
        out.print(_rich(table))
    for line in report.absent_lines():
        out.print(line, soft_wrap=True, markup=False)
    told = ", ".join(f"{name} {value}" for name, value in report.machine.items())
    out.print(told, soft_wrap=True)


def _rich(rows: Rows) -> Table:
    table = Table(title=rows.title, title_justify="left")
    for place, column in enumerate(rows.columns):
        table.add_column(column, justify="left" if place == 0 else "right")
    for row in rows.rows:
        table.add_row(*(word.replace("missed", "[red]missed[/red]") for word in row))
    return table

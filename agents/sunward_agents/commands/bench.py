"""`sunward bench`: figures of speed beside the machine's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro
from rich.table import Table

from sunward_agents.bench import Figure, machine, measurements
from sunward_agents.commands.output import console, write_json
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar


@dataclass(frozen=True)
class Arguments:
    """Measures the speed of simulator, faces and training on this machine; about two minutes.

    Examples: `sunward bench`, `sunward bench --large --json bench.json`.
    """

    large: bool = False
    """Measure fleets of 10,000 and of a million satellites too: half a minute more, 2 GiB."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the figures to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Measures and reports; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    figures: list[Figure] = []
    steps = measurements(with_large=arguments.large)
    with Bar("measuring", len(steps)) as bar:
        for index, measure in enumerate(steps):
            figures += measure()
            bar.update(index + 1, figures[-1].name)
    if arguments.json is not None:
        rows = [{**figure._asdict(), "holds": figure.holds} for figure in figures]
        write_json(arguments.json, {"machine": machine(), "figures": rows})
    if arguments.json != "-":
        console().print(_table(figures))
    return 0


def _table(figures: list[Figure]) -> Table:
    caption = ", ".join(f"{name} {value}" for name, value in machine().items())
    table = Table(caption=caption)
    table.add_column("what")
    table.add_column("figure", justify="right")
    table.add_column("unit")
    table.add_column("promised", justify="right")
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:.3g}", figure.unit, _promise(figure))
    return table


def _promise(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    sign = "<" if figure.better == "below" else ">="
    return f"{sign} {figure.limit:g} {'yes' if figure.holds else '[red]missed[/red]'}"

"""`sunward show`: every value of a scenario, in SI, and where the hardware's figures come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import tyro
from rich.table import Table

from sunward.buildout.load import is_buildout, load_buildout
from sunward.scenario import Scenario, content_hash, load_scenario, resolved
from sunward.scenario.figure import Section
from sunward.scenario.shell_table import ShellRow, shell_rows
from sunward.training.load import is_training, load_training
from sunward_agents.buildout.show import show_buildout
from sunward_agents.commands.output import present
from sunward_agents.parsing import parse
from sunward_agents.scenario_names import check_scenario
from sunward_agents.tables import figure_table
from sunward_agents.training.show import show_training


@dataclass(frozen=True)
class Arguments:
    """Shows a scenario as it is played: every value with its unit, hardware with its sources.

    Examples: `sunward show walker-53-66-v0`, `sunward show my_scenario.yaml --json -`,
    `sunward show buildout-medium-v0`, `sunward show training-hard-v0`.
    """

    scenario: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="SCENARIO")]
    """Id or YAML file of a scenario."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write JSON to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Prints the scenario; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    check_scenario(arguments.scenario)
    if is_buildout(arguments.scenario):
        return show_buildout(load_buildout(arguments.scenario), arguments.json)
    if is_training(arguments.scenario):
        return show_training(load_training(arguments.scenario), arguments.json)
    scenario = load_scenario(arguments.scenario)
    return present(description(scenario), scenario.description, _tables(scenario), arguments.json)


def description(scenario: Scenario) -> dict[str, Any]:
    """Returns id, hash, all values in SI, shells, and the hardware's figures as in their file."""
    return {
        "id": scenario.id,
        "content_hash": content_hash(scenario),
        "values": resolved(scenario),
        "shells": [row._asdict() for row in shell_rows(scenario)],
        "hardware": dict(figures(scenario)),
    }


def figures(scenario: Scenario) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields dotted name and figure (value, unit, source, date, confidence) of the hardware."""
    for part in type(scenario.hardware).model_fields:
        section = getattr(scenario.hardware, part)
        if isinstance(section, Section):
            yield from section.sourced(part)


def _tables(scenario: Scenario) -> Iterator[Table]:
    yield _shells(shell_rows(scenario))
    yield _values(scenario)
    yield figure_table(f"hardware {scenario.hardware.id}", figures(scenario))


def _shells(rows: list[ShellRow]) -> Table:
    table = Table(title="shells", title_justify="left", box=None)
    for title in ("shell", *ShellRow._fields):
        table.add_column(title, justify="left" if title == "pattern" else "right")
    # A file of element sets holds many satellites that climb or fall alone.
    shown = [(n, row) for n, row in enumerate(rows) if row.satellites > 9 or len(rows) < 20]
    for number, row in shown:
        table.add_row(str(number), *map(_cell, row))
    if len(shown) < len(rows):
        few = sum(row.satellites for row in rows) - sum(row.satellites for _, row in shown)
        table.add_row("", f"{len(rows) - len(shown)} more", str(few))
    return table


def _cell(value: str | float | None) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _values(scenario: Scenario) -> Table:
    table = Table(
        title="values; where there is a unit, it ends the name", title_justify="left", box=None
    )
    table.add_column("name", style="cyan", no_wrap=True)
    table.add_column("value", overflow="fold")
    for name, value in resolved(scenario).items():
        # Shells have a table of their own; so has the hardware.
        apart = name.startswith(("hardware.", "constellation.shells."))
        if not apart and name not in ("id", "description"):
            table.add_row(name, f"{value:g}" if isinstance(value, float) else str(value))
    return table

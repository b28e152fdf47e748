"""`sunward data`: public request traces, by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from rich.table import Table

from sunward.scenario.errors import suggestion
from sunward.workload.fetch import fetch
from sunward.workload.registry import DataUnavailable, list_traces
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar

ACTIONS = ("list", "fetch")


@dataclass(frozen=True)
class Arguments:
    """Lists registered public traces, or downloads one and checks its SHA-256.

    Examples: `sunward data list`, `sunward data fetch azure2023-conv --directory traces`.
    """

    action: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="ACTION")]
    """list or fetch."""
    name: Annotated[tyro.conf.Positional[str | None], tyro.conf.arg(metavar="NAME")] = None
    """Trace to fetch."""
    directory: Annotated[Path | None, tyro.conf.arg(metavar="DIR")] = None
    """Folder of the traces; $SUNWARD_DATA or the user cache if not given."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the list as JSON to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Lists or fetches; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    if arguments.action not in ACTIONS:
        raise UsageError(f"no action {arguments.action!r}: {suggestion(arguments.action, ACTIONS)}")
    if arguments.action == "fetch":
        return _fetch(arguments)
    return _list(arguments)


def _list(arguments: Arguments) -> int:
    rows = list_traces(arguments.directory)
    if arguments.json is not None:
        content = [{**row._asdict(), "cached": row.cached and str(row.cached)} for row in rows]
        write_json(arguments.json, content)
        return 0
    table = Table(box=None)
    for title in ("name", "what", "licence", "size", "here"):
        table.add_column(title, overflow="fold")
    for row in rows:
        size = f"{row.size_bytes / 1e6:.1f} MB" if row.size_bytes else "?"
        table.add_row(row.name, row.what, row.licence, size, str(row.cached or "-"))
    console().print(table)
    return 0


def _fetch(arguments: Arguments) -> int:
    if arguments.name is None:
        raise UsageError("data fetch needs the name of a trace: see sunward data list")
    try:
        with Bar(f"fetching {arguments.name}", 1.0) as bar:
            path = fetch(
                arguments.name,
                arguments.directory,
                progress=lambda done, told: bar.steps(done, max(done, told)),
            )
    except (DataUnavailable, ValueError) as error:
        raise UsageError(str(error)) from error
    console().print(f"{path}: play it with --workload {path}")
    return 0

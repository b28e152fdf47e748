"""`sunward data`: public request traces, by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from rich.table import Table

from sunward.scenario.errors import suggestion
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse

ACTIONS = ("list", "fetch")


@dataclass(frozen=True)
class Arguments:
    """Lists registered public traces, or downloads one and checks its SHA-256.

    Examples: `sunward data list`, `sunward data fetch azure2023-conv --directory traces`.
    """

    action: tyro.conf.Positional[str]
    """list or fetch."""
    name: tyro.conf.Positional[str | None] = None
    """Trace to fetch."""
    directory: Path = Path("data")
    """Folder to download to."""
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

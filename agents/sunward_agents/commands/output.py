"""Where commands write to: a console for people, plain JSON for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType

from sunward_agents.atomic import write_text
from sunward_agents.errors import UsageError

#: Wide enough for every table where the output is a file or a pipe.
PIPE_WIDTH = 160


def console() -> Console:
    """Returns a console on standard output; as wide as its terminal, or as a table needs."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)


def present(
    about: dict[str, Any], summary: str, tables: Iterable[RenderableType], json: str | None
) -> int:
    """Prints what a scenario is made of, or writes it as JSON; returns the exit code.

    Args:
        about: id, content hash and all else, as JSON has it.
        summary: what the scenario says of itself.
        tables: what follows the head; taken only where it is printed.
        json: file, "-" for standard output, or None to print for people.
    """
    if json is not None:
        write_json(json, about)
        return 0
    out = console()
    out.print(f"[bold]{about['id']}[/bold]  {summary}")
    out.print(f"content hash {about['content_hash']}")
    for table in tables:
        out.print(table)
    return 0


def write_json(target: str, content: Any) -> None:
    """Writes JSON to the file `target`, whole or not at all, or to standard output for "-"."""
    text = json.dumps(content, indent=1) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        write_text(Path(target), text)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror})") from error

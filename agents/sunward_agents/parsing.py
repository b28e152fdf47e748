"""Command-line arguments by tyro, with every mistake told in one line."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Sequence
from typing import TypeVar

import tyro

from sunward_agents.errors import UsageError

Arguments = TypeVar("Arguments")


def parse(kind: type[Arguments], args: Sequence[str], *, prog: str) -> Arguments:
    """Returns `args` parsed into the dataclass `kind`.

    Raises: UsageError with one line instead of tyro's box; SystemExit(0) after `--help`.
    """
    box = io.StringIO()
    try:
        with contextlib.redirect_stderr(box):
            return tyro.cli(kind, prog=prog, args=list(args))
    except SystemExit as end:
        if not end.code:
            raise
        raise UsageError(f"{_one_line(box.getvalue())}; see {prog} --help") from None


def _one_line(box: str) -> str:
    """Returns message and suggestion of tyro's error box, without title and frame.

    The frame is of box characters on a terminal that has them, of dashes and blanks elsewhere.
    """
    text = re.sub(r"\x1b\[[0-9;]*m", "", box)
    lines = [line.strip("│╰╯ ") for line in text.splitlines()[1:]]
    sections = [part.split() for part in re.split(r"─{4,}|-{8,}", "\n".join(lines))]
    message = " ".join(next(filter(None, sections), [])).rstrip(".")
    near = re.search(r"Perhaps you meant:\s*(--[\w-]+)", text.replace("│", ""))
    return f"{message}: did you mean {near[1]}?" if near else message

"""Passes that do the same for each of some rows, written out row by row.

A loop over a tuple of rows reads their addresses from memory. Written out, each is a constant,
without which LLVM neither vectorises nor keeps a row in a register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import indent
from typing import Any

from .compilation import inlined_kernel, prefer_full_width
from .lanes import lanes_in
from .width import LANES, VECTOR


def write_out(arguments: str, statements: Iterable[str]) -> Callable[..., None]:
    """Returns a pass that runs statements one after another.

    Args:
        arguments: Names, as in a `def`.
        statements: Lines of Python that may name the arguments, LANES, VECTOR and `lanes_in`.
    """
    body = indent("\n".join(["prefer_full_width()", *statements]), "    ")
    scope: dict[str, Any] = {
        "LANES": LANES,
        "VECTOR": VECTOR,
        "lanes_in": lanes_in,
        "prefer_full_width": prefer_full_width,
    }
    exec(f"def written_out({arguments}):\n{body}", scope)
    return inlined_kernel(scope["written_out"])


def for_each_row(arguments: str, statements: str, rows: Iterable[int]) -> Callable[..., None]:
    """Returns a pass that runs the same statements for each of some rows, one row after another.

    Args:
        arguments: Names, as in a `def`.
        statements: Lines in which {row} and {index} stand for the row's offset and its number.
        rows: Offsets of rows.
    """
    return write_out(arguments, _filled(statements, rows))


def for_each_lane(arguments: str, statement: str, rows: Iterable[int]) -> Callable[..., None]:
    """Returns a pass that runs a statement for each of some rows, lane by lane in one loop.

    Args:
        arguments: Names, as in a `def`; `vectors` is one of them.
        statement: A line in which {row} and {index} stand for the row's offset and its number.
        rows: Offsets of rows.
    """
    body = indent("\n".join(_filled(statement, rows)), "    ")
    return write_out(arguments, ["for lane in range(lanes_in(vectors)):", body])


def _filled(statements: str, rows: Iterable[int]) -> list[str]:
    return [statements.format(row=row, index=index) for index, row in enumerate(rows)]


def clearer(rows: Iterable[int]) -> Callable[[Any, int], None]:
    """Returns a pass (rows, vectors) that writes zeros to each of some rows of a block.

    Of a loop for one row LLVM would make a call, around which no vector keeps its register.
    """
    return for_each_lane("rows, vectors", "rows[{row} + lane] = 0", rows)

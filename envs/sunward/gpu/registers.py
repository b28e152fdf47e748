"""Moving a satellite's rows between memory and the registers of its thread.

A row can live in a register only if every access to it names it by a constant, so each move is
written out. What is never stored needs no memory at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sunward.gpu.passes import rows, written_out


def loader(names: Iterable[str], at: Mapping[str, int] | None = None) -> Callable[[Any, Any], None]:
    """Returns a device function (registers, column) that loads the named rows.

    Args:
        names: Quantities of `Rows`.
        at: Where in memory the rows of a quantity start, if not at its own place.
    """
    return _mover("registers[{row}] = column[{place}]", names, at or {})


def storer(names: Iterable[str], at: Mapping[str, int] | None = None) -> Callable[[Any, Any], None]:
    """Returns a device function (registers, column) that stores the named rows: see `loader`."""
    return _mover("column[{place}] = registers[{row}]", names, at or {})


def adder(entries: Mapping[int, int]) -> Callable[[Any, Any], None]:
    """Returns a device function (registers, sums) that adds rows to running sums.

    All sums are loaded before the first is stored: a thread would else wait for each in turn, as
    the compiler cannot know that they lie apart.

    Args:
        entries: Of each sum, the offset of the row that adds up to it.
    """
    loads = [f"sum_{entry} = sums[{entry}]" for entry in entries]
    stores = [f"sums[{entry}] = sum_{entry} + registers[{row}]" for entry, row in entries.items()]
    return written_out.write_out("registers, sums", [*loads, *stores])


def _mover(move: str, names: Iterable[str], at: Mapping[str, int]) -> Callable[[Any, Any], None]:
    moves = [
        move.format(row=row, place=at.get(name, own[0]) + row - own[0])
        for name in names
        for own in [rows.rows_of(name)]
        for row in own
    ]
    return written_out.write_out("registers, column", moves)

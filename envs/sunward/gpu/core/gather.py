"""How numbers come from neighbours: each thread loads those of its own satellite."""

from __future__ import annotations

from collections.abc import Callable

from .compilation import inlined_kernel


def gatherer(count: int) -> Callable[..., None]:
    """Returns a function to fetch from neighbours.

    Its arguments are (rows, here, vectors, pieces, block, side, row, into).

    It copies `count` rows from `row` on of a satellite's neighbour on one side to `here` from
    `into` on.

    Args of it:
        rows: (n_rows, n_slots).
        here: The satellite's own, in memory or in registers.
        vectors: One.
        pieces: (4, n_slots) int32, the slot of the neighbour on each side, or one's own.
        block: Slot of the satellite.
    """

    @inlined_kernel
    def gather(rows, here, vectors, pieces, block, side, row, into):
        other = pieces[side, block]
        for index in range(count):
            here[into + index] = rows[row + index, other]

    return gather

"""The books: running sums of every satellite in float64, whatever the width of the state."""

from __future__ import annotations

from collections.abc import Callable

from .rows import ROW
from .written_out import for_each_row

#: Metric and the row that adds up to it.
ENTRIES = (
    ("reward", ROW.reward),
    ("interactive_arrived", ROW.interactive_new),
    ("interactive_done", ROW.interactive_done),
    ("interactive_missed", ROW.interactive_missed),
    ("deferrable_arrived", ROW.deferrable_new),
    ("deferrable_done", ROW.deferrable_done),
    ("deferrable_missed", ROW.deferrable_missed),
    ("handed_over", ROW.sent),
    ("array_energy", ROW.array_j),
    ("curtailed_energy", ROW.curtailed_j),
    ("bus_energy", ROW.bus_j),
    ("compute_energy", ROW.compute_j),
    ("battery_loss", ROW.loss_j),
    ("unmet_energy", ROW.unmet_j),
    ("absorbed_heat", ROW.absorbed_j),
    ("radiated_heat", ROW.radiated_j),
    ("wear", ROW.wear),
    ("brownouts", ROW.brownout),
    ("trips", ROW.trip),
    ("upsets", ROW.upset),
    ("hot_time", ROW.hot_s),
    # Of worlds with a data centre on the ground alone; in the others they stay zero.
    ("interactive_ground", ROW.ground_interactive),
    ("deferrable_ground", ROW.ground_deferrable),
)
N_LEDGER = len(ENTRIES)
#: Where a new world books the queue it starts with.
INITIAL_QUEUE = [name for name, _ in ENTRIES].index("deferrable_arrived")
#: The first of the entries that only a data centre on the ground fills.
FIRST_OF_GROUND = [name for name, _ in ENTRIES].index("interactive_ground")


def _booker(first: int, last: int) -> Callable[..., None]:
    """Returns a pass (rows, vectors, ledger) that adds a step of a block to some sums."""
    return for_each_row(
        "rows, vectors, ledger",
        f"for lane in range(lanes_in(vectors)): ledger[({{index}} + {first}) * LANES + lane] += "
        "rows[{row} + lane]",
        [row for _, row in ENTRIES[first:last]],
    )


book_block, book_ground = _booker(0, FIRST_OF_GROUND), _booker(FIRST_OF_GROUND, N_LEDGER)

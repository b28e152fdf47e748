"""The books: running sums of every satellite in float64, whatever the width of the state."""

from __future__ import annotations

import numpy as np

from sunward.core.compilation import kernel, prefer_full_width
from sunward.core.rows import LANES, ROW

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
)
N_LEDGER = len(ENTRIES)
#: Where a new world books the queue it starts with.
INITIAL_QUEUE = [name for name, _ in ENTRIES].index("deferrable_arrived")
_ROWS = np.array([row for _, row in ENTRIES])


@kernel
def book_block(rows, ledger):
    """Adds the step of a block's satellites to their sums."""
    prefer_full_width()
    for entry in range(N_LEDGER):
        source = rows[_ROWS[entry] : _ROWS[entry] + LANES]
        total = ledger[entry * LANES : (entry + 1) * LANES]
        for lane in range(LANES):
            total[lane] += source[lane]

"""Which satellites of a block need a closer look in a sub-step: a list of lanes, not marks."""

from __future__ import annotations

import numpy as np

from .compilation import kernel
from .lanes import lanes_in
from .rows import ROW


@kernel
def list_changing(rows, vectors):
    """Turns the marks of lanes in which something changes into a list; returns its length."""
    any_changes = False
    for lane in range(lanes_in(vectors)):
        any_changes = any_changes | (rows[ROW.changing + lane] > 0)
    count = 0
    if any_changes:
        for lane in range(lanes_in(vectors)):
            changes = rows[ROW.changing + lane] > 0
            rows[ROW.changing + count] = lane
            count += changes
    return count


@kernel
def changing_lane(rows, index):
    """Returns the lane at a place of the list."""
    return np.uint32(rows[ROW.changing + index])

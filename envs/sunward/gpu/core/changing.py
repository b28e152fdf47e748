"""Whether a thread's satellite needs a closer look in a sub-step: a list of one lane or none.

The lane is known to be 0, so that rows keep constant addresses, which registers need.
"""

from __future__ import annotations

from .compilation import inlined_kernel
from .rows import ROW  # pyright: ignore[reportMissingImports]: see this package


@inlined_kernel
def list_changing(rows, vectors):
    """Returns 1 where something changes within the sub-step, else 0."""
    return 1 if rows[ROW.changing] > 0 else 0


@inlined_kernel
def changing_lane(rows, index):
    """Returns the one lane."""
    return 0

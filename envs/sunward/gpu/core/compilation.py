"""How passes are compiled for a GPU: as device functions of the kernels that call them."""

from __future__ import annotations

import warnings
from typing import Any

from sunward.gpu.target import config, jit

__all__ = ["config", "inlined_kernel", "kernel", "prefer_full_width"]

# A thread a world is few threads, and still less than copying worlds back and forth.
warnings.filterwarnings("ignore", message=".*Grid size", module="numba.*")

kernel: Any = jit(device=True)
#: Figures come as one long tuple: handed from function to function by value it would be copied.
inlined_kernel: Any = jit(device=True, forceinline=True)


@kernel
def prefer_full_width():
    """Says nothing: a thread has no vectors."""

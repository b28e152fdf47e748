"""Arrays that start on a cache line."""

from __future__ import annotations

import math

import numpy as np

#: Bytes of a cache line and of a 512-bit vector; a vector across two lines costs two accesses.
LINE = 64


def aligned_zeros(shape: int | tuple[int, ...], dtype: type | np.dtype) -> np.ndarray:
    """Returns zeros in an array whose first element starts a cache line."""
    size = math.prod(shape) if isinstance(shape, tuple) else shape
    n_bytes = size * np.dtype(dtype).itemsize
    memory = np.zeros(n_bytes + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + n_bytes].view(dtype).reshape(shape)


def aligned(values: np.ndarray) -> np.ndarray:
    """Returns a copy of an array that starts on a cache line."""
    copy = aligned_zeros(values.shape, values.dtype)
    copy[...] = values
    return copy

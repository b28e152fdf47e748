"""Numba's CUDA target: its package `numba-cuda` where installed, else what Numba ships."""

from typing import Any

from numba import cuda as _cuda
from numba.core import config as _config

#: Both write their decorators so that type checkers take a kernel for the function it was.
cuda: Any = _cuda
config: Any = _config


def jit(*, device: bool = False, **options: Any) -> Any:
    """Returns Numba's decorator; its simulator runs plain Python and takes no other options."""
    return cuda.jit(device=device, **({} if config.ENABLE_CUDASIM else options))

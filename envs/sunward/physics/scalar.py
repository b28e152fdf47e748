"""The decorator of every physics function: plain Python here, compiled where a kernel calls it."""

from __future__ import annotations

import types as python_types
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import numpy as np
from numba import types
from numba.extending import overload

from sunward.physics.options import LINKED

Function = TypeVar("Function", bound=Callable)

_INLINED = LINKED | {"forceinline": True}


def scalar(function: Function) -> Function:
    """Returns `function` unchanged, and teaches Numba to compile it in the width of its arguments.

    Called from Python it stays plain Python (debugger, coverage, `float` or `numpy.float32`).
    Called from a kernel with float32 arguments, its float literals and its module-level float
    constants are float32 too, as NumPy's promotion rules (NEP 50) make them in plain Python; so
    `function(np.float32(x))` in the interpreter and the compiled float32 code agree to the bit.
    """

    @overload(function, jit_options=_INLINED, strict=False)
    def compiled(*args):
        return in_single_precision(function) if is_single_precision(args) else function

    return function


def is_single_precision(argument_types: tuple) -> bool:
    """True if some argument is (or holds) a float32 and none is a float64."""
    leaves = list(_leaves(argument_types))
    return types.float32 in leaves and types.float64 not in leaves


def _leaves(argument_types):
    for kind in argument_types:
        if isinstance(kind, types.BaseTuple):
            yield from _leaves(kind)
        else:
            yield getattr(kind, "dtype", kind)


@cache
def in_single_precision(function: Callable) -> Callable:
    """Returns a twin of `function` whose float literals and float globals are float32."""
    code = function.__code__
    narrow = python_types.FunctionType(
        code.replace(co_consts=tuple(_narrow(value) for value in code.co_consts)),
        {
            name: _narrow(value) if name in code.co_names else value
            for name, value in function.__globals__.items()
        },
        function.__name__,
        function.__defaults__ and tuple(_narrow(value) for value in function.__defaults__),
        function.__closure__,
    )
    narrow.__module__ = function.__module__
    return narrow


def _narrow(value):
    return np.float32(value) if type(value) is float else value

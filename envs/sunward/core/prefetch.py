"""Asking for memory before it is needed, so that it comes while the processor computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from .compilation import config, kernel

LINE_BYTES = 64


def _touch(values, index) -> None:
    """Asks for the cache line of one number of a flat array; changes nothing."""


@intrinsic
def _touch_compiled(typing_context, values, index):
    def codegen(context, builder, signature, args):
        data = context.make_array(values)(context, builder, args[0]).data
        pointer = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, word, word, word])
        prefetch = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        # To be read, kept in all caches but the first, data.
        builder.call(prefetch, [pointer, word(0), word(2), word(1)])
        return context.get_dummy_value()

    return types.void(values, index), codegen


touch: Callable[[Any, int], None] = _touch if config.DISABLE_JIT else cast(Any, _touch_compiled)


@kernel
def prefetch_part(values, part, n_parts):
    """Asks for one of some equal parts of a flat array."""
    line = LINE_BYTES // values.itemsize
    size = values.shape[0] // n_parts
    for index in range(part * size, (part + 1) * size, line):
        touch(values, index)

"""How many lanes of a block a pass takes: those of whole vectors that hold satellites.

A block that is not full, as of a small fleet or the last of a chunk, costs no more than its part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from .compilation import config, kernel
from .width import LANES, VECTOR


@kernel
def vectors_of(count):
    """Returns how many vectors of a block hold `count` satellites from its first lane on, or all.

    Args:
        count: At least 0; may be more than a block holds.
    """
    return (min(LANES, count) + VECTOR - 1) // VECTOR


def _lanes_in(vectors: int) -> int:
    """Returns the lanes of some vectors."""
    return vectors * VECTOR


@intrinsic
def _lanes_in_compiled(typing_context, vectors):
    def codegen(context, builder, signature, args):
        # Whole vectors: else LLVM would write a loop for what is left. At least one of them, and at
        # most a block: else it would not see that a row ends before the next begins.
        number = args[0].type
        lanes = builder.mul(args[0], ir.Constant(number, VECTOR), flags=("nuw", "nsw"))
        for name, bound in (("umin", LANES), ("umax", VECTOR)):
            kind = ir.FunctionType(number, [number, number])
            clip = get_or_insert_function(builder.module, kind, f"llvm.{name}.i{number.width}")
            lanes = builder.call(clip, [lanes, ir.Constant(number, bound)])
        return lanes

    return types.intp(types.intp), codegen


lanes_in: Callable[[Any], int] = _lanes_in if config.DISABLE_JIT else cast(Any, _lanes_in_compiled)

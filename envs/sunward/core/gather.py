"""How numbers come from neighbours: by pieces of vectors.

A vector takes two to four masked loads in place of sixteen, and one aligned store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from .compilation import config, kernel
from .tiles import address_of
from .width import LANES, VECTOR
from .wiring import N_VECTORS


def _masked_load(module: ir.Module, vector: ir.VectorType) -> Any:
    """Returns LLVM's masked load: (pointer, alignment, mask, what the other lanes keep)."""
    pointer, mask = vector.as_pointer(), ir.VectorType(ir.IntType(1), VECTOR)
    kind = ir.FunctionType(vector, [pointer, ir.IntType(32), mask, vector])
    width = "f32" if vector.element == ir.FloatType() else "f64"
    return get_or_insert_function(module, kind, f"llvm.masked.load.v{VECTOR}{width}.p0")


def _gatherer(count: int) -> Any:
    """Returns the compiled function that `gatherer` describes."""

    @intrinsic
    def load(typing_context, values, here, pieces, first, last, row, target):
        def codegen(context, builder, signature, args):
            number = context.get_data_type(values.dtype)
            vector = ir.VectorType(number, VECTOR)
            size = ir.Constant(ir.IntType(32), context.get_abi_sizeof(number))
            data = context.make_array(values)(context, builder, args[0]).data
            own = context.make_array(here)(context, builder, args[1]).data
            table = context.make_array(pieces)(context, builder, args[2]).data
            masked_load = _masked_load(builder.module, vector)
            before = builder.block
            loop = builder.append_basic_block("piece")
            after = builder.append_basic_block("gathered")
            builder.branch(loop)
            builder.position_at_end(loop)
            index = builder.phi(args[3].type)
            index.add_incoming(args[3], before)
            so_far = [builder.phi(vector) for _ in range(count)]
            source = builder.sext(builder.load(builder.gep(table, [index])), args[5].type)
            bits = builder.load(builder.gep(table, [builder.add(index, index.type(1))]))
            mask = builder.bitcast(
                builder.trunc(bits, ir.IntType(VECTOR)), ir.VectorType(ir.IntType(1), VECTOR)
            )
            start = builder.add(source, args[5])
            loaded = []
            for number_of_row, earlier in enumerate(so_far):
                where = builder.add(start, start.type(number_of_row * LANES))
                taken = address_of(builder, data, where, vector)
                loaded.append(builder.call(masked_load, [taken, size, mask, earlier]))
                earlier.add_incoming(ir.Constant(vector, None), before)
                earlier.add_incoming(loaded[-1], loop)
            following = builder.add(index, index.type(2))
            index.add_incoming(following, loop)
            builder.cbranch(builder.icmp_signed("<", following, args[4]), loop, after)
            builder.position_at_end(after)
            for number_of_row, row_loaded in enumerate(loaded):
                where = builder.add(args[6], args[6].type(number_of_row * LANES))
                builder.store(
                    row_loaded, address_of(builder, own, where, vector), align=size.constant
                )
            return context.get_dummy_value()

        return types.void(values, here, pieces, first, last, row, target), codegen

    return load


def gatherer(count: int) -> Callable[..., None]:
    """Returns a function to fetch from neighbours.

    Its arguments are (rows, here, vectors, pieces, block, side, row, into).

    It copies `count` rows from `row` on of the neighbours on one side of a block to rows from
    `into` on of `here`, which is that block: for its first `vectors` vectors.
    """

    def load(values, here, pieces, first, last, row, target):
        for piece in range(first, last, 2):
            source, mask = pieces[piece], pieces[piece + 1]
            for lane in range(VECTOR):
                if mask >> lane & 1:
                    for index in range(0, count * LANES, LANES):
                        here[target + index + lane] = values[source + row + index + lane]

    load_vector = load if config.DISABLE_JIT else cast(Any, _gatherer(count))

    @kernel
    def gather(rows, here, vectors, pieces, block, side, row, into):
        first = (4 * block + side) * N_VECTORS
        for vector in range(vectors):
            load_vector(
                rows,
                here,
                pieces,
                np.int64(pieces[first + vector]),
                np.int64(pieces[first + vector + 1]),
                np.int64(row),
                np.int64(into + vector * VECTOR),
            )

    return gather

"""Who neighbours whom, and how numbers come from neighbours: by pieces of vectors.

Neighbours on one side of satellites that follow each other mostly follow each other too. A piece is
some lanes of a vector whose neighbours lie side by side: it is loaded as one, under a mask. So a
vector takes two to four loads in place of sixteen, and one aligned store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from sunward.core.compilation import config, kernel
from sunward.core.rows import BLOCK_FLOATS, LANES, VECTOR
from sunward.core.tiles import address_of

#: Vectors of a block.
N_VECTORS = LANES // VECTOR


def chunk_wiring(neighbours: np.ndarray, n_worlds: int) -> np.ndarray:
    """Returns who neighbours whom within a chunk: slots (n_lanes, 4), -1 where there is none.

    Lanes beyond the last satellite are padding and have no neighbours.

    Args:
        neighbours: Satellites (n_sats, 4) on each side, or -1.
        n_worlds: Worlds of the chunk, one after another.
    """
    n_sats = len(neighbours)
    n_lanes = -(-n_worlds * n_sats // LANES) * LANES
    wiring = np.full((n_lanes, 4), -1, np.int32)
    first = np.arange(n_worlds, dtype=np.int32)[:, None, None] * n_sats
    wired = np.where(neighbours >= 0, neighbours + first, -1)
    wiring[: n_worlds * n_sats] = wired.reshape(-1, 4)
    return wiring


def wired_pieces(wiring: np.ndarray) -> np.ndarray:
    """Returns the pieces of every block, side and vector, as one flat table of int32.

    First one entry for each (block, side, vector): where its pieces start in the table; the next
    entry is where they end. Then two numbers a piece: what to add to a row's offset to get where
    lane 0 of the vector would come from, and a mask of the lanes that come from there. A satellite
    without a neighbour is its own.

    Args:
        wiring: Slots (n_lanes, 4), -1 where there is none.
    """
    own = np.arange(len(wiring))
    sides = [_side_pieces(np.where(wired >= 0, wired, own)) for wired in wiring.T]
    vectors = np.concatenate(
        [_vector_numbers(first, side) for side, (first, _, _) in enumerate(sides)]
    )
    order = np.argsort(vectors, kind="stable")
    pieces = [np.concatenate([side[column] for side in sides])[order] for column in (1, 2)]
    bounds = np.searchsorted(vectors[order], np.arange(len(wiring) // VECTOR * 4 + 1))
    table = np.stack(pieces, axis=1).reshape(-1)
    return np.concatenate([len(bounds) + 2 * bounds, table]).astype(np.int32)


def _vector_numbers(lanes: np.ndarray, side: int) -> np.ndarray:
    """Returns the numbers in the table of the vectors that lanes are in."""
    return (lanes // LANES * 4 + side) * N_VECTORS + lanes % LANES // VECTOR


def _side_pieces(sources: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the lanes where pieces start, where lane 0 of their vector comes from, and masks."""
    own = np.arange(len(sources))
    breaks = (own % VECTOR == 0) | (sources % LANES == 0)
    breaks[1:] |= sources[1:] != sources[:-1] + 1
    first = np.flatnonzero(breaks)
    end = np.append(first[1:], len(sources))
    lane = first % VECTOR
    where = sources[first] // LANES * BLOCK_FLOATS + sources[first] % LANES - lane
    masks = (1 << (lane + end - first)) - (1 << lane)
    return first, where, masks


def has_neighbour(wiring: np.ndarray) -> np.ndarray:
    """Returns 1 where a satellite has a neighbour and 0 where not, (4, n_blocks, LANES)."""
    return (wiring.T >= 0).reshape(4, -1, LANES)


def _masked_load(module: ir.Module, vector: ir.VectorType) -> Any:
    """Returns LLVM's masked load: (pointer, alignment, mask, what the other lanes keep)."""
    pointer, mask = vector.as_pointer(), ir.VectorType(ir.IntType(1), VECTOR)
    kind = ir.FunctionType(vector, [pointer, ir.IntType(32), mask, vector])
    width = "f32" if vector.element == ir.FloatType() else "f64"
    return get_or_insert_function(module, kind, f"llvm.masked.load.v{VECTOR}{width}.p0")


def _gatherer(count: int) -> Any:
    """Returns the compiled function that `gatherer` describes."""

    @intrinsic
    def load(typing_context, values, pieces, first, last, row, target):
        def codegen(context, builder, signature, args):
            number = context.get_data_type(values.dtype)
            vector = ir.VectorType(number, VECTOR)
            size = ir.Constant(ir.IntType(32), context.get_abi_sizeof(number))
            data = context.make_array(values)(context, builder, args[0]).data
            table = context.make_array(pieces)(context, builder, args[1]).data
            masked_load = _masked_load(builder.module, vector)
            before = builder.block
            loop = builder.append_basic_block("piece")
            after = builder.append_basic_block("gathered")
            builder.branch(loop)
            builder.position_at_end(loop)
            index = builder.phi(args[2].type)
            index.add_incoming(args[2], before)
            so_far = [builder.phi(vector) for _ in range(count)]
            source = builder.sext(builder.load(builder.gep(table, [index])), args[4].type)
            bits = builder.load(builder.gep(table, [builder.add(index, index.type(1))]))
            mask = builder.bitcast(
                builder.trunc(bits, ir.IntType(VECTOR)), ir.VectorType(ir.IntType(1), VECTOR)
            )
            start = builder.add(source, args[4])
            loaded = []
            for number_of_row, earlier in enumerate(so_far):
                where = builder.add(start, start.type(number_of_row * LANES))
                taken = address_of(builder, data, where, vector)
                loaded.append(builder.call(masked_load, [taken, size, mask, earlier]))
                earlier.add_incoming(ir.Constant(vector, None), before)
                earlier.add_incoming(loaded[-1], loop)
            following = builder.add(index, index.type(2))
            index.add_incoming(following, loop)
            builder.cbranch(builder.icmp_signed("<", following, args[3]), loop, after)
            builder.position_at_end(after)
            for number_of_row, row_loaded in enumerate(loaded):
                where = builder.add(args[5], args[5].type(number_of_row * LANES))
                builder.store(
                    row_loaded, address_of(builder, data, where, vector), align=size.constant
                )
            return context.get_dummy_value()

        return types.void(values, pieces, first, last, row, target), codegen

    return load


def gatherer(count: int) -> Callable[..., None]:
    """Returns a function (rows, pieces, block, side, row, into) that fetches from neighbours.

    It copies `count` rows from `row` on of the neighbours on one side of a block to its rows from
    `into` on.
    """

    def load(values, pieces, first, last, row, target):
        for piece in range(first, last, 2):
            source, mask = pieces[piece], pieces[piece + 1]
            for lane in range(VECTOR):
                if mask >> lane & 1:
                    for index in range(0, count * LANES, LANES):
                        values[target + index + lane] = values[source + row + index + lane]

    load_vector = load if config.DISABLE_JIT else cast(Any, _gatherer(count))

    @kernel
    def gather(rows, pieces, block, side, row, into):
        target = block * BLOCK_FLOATS + into
        vectors = (4 * block + side) * N_VECTORS
        for vector in range(N_VECTORS):
            load_vector(
                rows,
                pieces,
                np.int64(pieces[vectors + vector]),
                np.int64(pieces[vectors + vector + 1]),
                np.int64(row),
                np.int64(target + vector * VECTOR),
            )

    return gather

"""Writing observations by whole vectors: what a step writes most of.

A tile of some rows by 16 lanes is transposed within registers, as Numba's own loops copy number by
number, each of them into another cache line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from .compilation import config
from .width import LANES

#: Lanes of one tile: a 512-bit vector of float32.
TILE = 16


def _interleaved(builder, first, second):
    """Returns both halves of the elements of two vectors, taken in turn."""
    index = ir.IntType(32)
    turns = [pick for lane in range(TILE) for pick in (lane, TILE + lane)]
    masks = (turns[:TILE], turns[TILE:])
    return [
        builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(index, TILE), mask))
        for mask in masks
    ]


def _transposed(builder, rows):
    """Returns the vectors that hold the tile lane by lane: each perfect shuffle does a factor 2."""
    half = len(rows) // 2
    for _ in range(len(rows).bit_length() - 1):
        rows = [
            part
            for first, second in zip(rows[:half], rows[half:], strict=True)
            for part in _interleaved(builder, first, second)
        ]
    return rows


def _piece(builder, vector, start, count):
    """Returns `count` elements of a vector, from `start`."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), count), list(range(start, start + count)))
    return builder.shuffle_vector(vector, vector, mask)


def address_of(builder, pointer, index, vector):
    """Returns the address of a vector within numbers, from the index of its first one."""
    return builder.bitcast(builder.gep(pointer, [index]), vector.as_pointer())


def _tile_writer(height: int, width: int) -> Any:
    """Returns the compiled copy of `height` rows to the first columns of rows `width` wide."""

    @intrinsic
    def write(typing_context, rows, source, target, where):
        def codegen(context, builder, signature, args):
            number = context.get_data_type(rows.dtype)
            size = context.get_abi_sizeof(number)
            taken = context.make_array(rows)(context, builder, args[0]).data
            given = context.make_array(target)(context, builder, args[2]).data
            lane_row, tile_row = ir.VectorType(number, TILE), ir.VectorType(number, height)
            loaded = [
                builder.load(
                    address_of(
                        builder, taken, builder.add(args[1], args[1].type(row * LANES)), lane_row
                    ),
                    align=size,
                )
                for row in range(height)
            ]
            flat = _transposed(builder, loaded)
            for lane in range(TILE):
                vector, start = divmod(lane * height, TILE)
                builder.store(
                    _piece(builder, flat[vector], start, height),
                    address_of(
                        builder,
                        given,
                        builder.add(args[3], args[3].type(lane * width)),
                        tile_row,
                    ),
                    align=size,
                )
            return context.get_dummy_value()

        return types.void(rows, source, target, where), codegen

    return write


def tile_writer(height: int, width: int) -> Callable[[Any, int, Any, int], None]:
    """Returns a function (rows, source, target, where) that transposes a tile of 16 lanes.

    It copies rows `source`, `source + LANES`, ... of a flat array, 16 lanes of each, to columns
    `where`, `where + 1`, ... of a flat target whose rows are `width` long: one row a lane.

    Args:
        height: Rows of the tile: 4, 8 or 16.
        width: Numbers in a row of the target.
    """

    def write(rows, source, target, where):
        for lane in range(TILE):
            for row in range(height):
                target[where + lane * width + row] = rows[source + row * LANES + lane]

    return write if config.DISABLE_JIT else cast(Any, _tile_writer(height, width))


def _vector_copier(count: int) -> Any:
    """Returns the compiled copy of `count` numbers within a flat array."""

    @intrinsic
    def copy(typing_context, values, source, target):
        def codegen(context, builder, signature, args):
            number = context.get_data_type(values.dtype)
            vector = ir.VectorType(number, count)
            size = context.get_abi_sizeof(number)
            data = context.make_array(values)(context, builder, args[0]).data
            taken = builder.load(address_of(builder, data, args[1], vector), align=size)
            builder.store(taken, address_of(builder, data, args[2], vector), align=size)
            return context.get_dummy_value()

        return types.void(values, source, target), codegen

    return copy


def vector_copier(count: int) -> Callable[[Any, int, int], None]:
    """Returns a function (values, source, target) that copies `count` numbers within an array."""

    def copy(values, source, target):
        values[target : target + count] = values[source : source + count]

    return copy if config.DISABLE_JIT else cast(Any, _vector_copier(count))

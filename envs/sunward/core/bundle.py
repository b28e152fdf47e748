"""All arrays of a simulator as one argument: a table of addresses, from which a kernel takes them.

Handing two dozen arrays to compiled code one by one takes longer than one satellite's sub-steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple, cast, get_type_hints

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from .compilation import config

#: Dimensions of an array, and its dtype: None is the width of the state.
State1 = Annotated[np.ndarray, (1, None)]
State2 = Annotated[np.ndarray, (2, None)]
State3 = Annotated[np.ndarray, (3, None)]
Float1 = Annotated[np.ndarray, (1, np.float64)]
Float2 = Annotated[np.ndarray, (2, np.float64)]
Long1 = Annotated[np.ndarray, (1, np.int64)]
Long2 = Annotated[np.ndarray, (2, np.int64)]
Int1 = Annotated[np.ndarray, (1, np.int32)]
Int2 = Annotated[np.ndarray, (2, np.int32)]
Flag1 = Annotated[np.ndarray, (1, np.bool_)]


class Arrays(NamedTuple):
    """What a simulator's kernels read and write, beside actions and working array."""

    arena: State1  # what all blocks keep, a stride apart
    ints: Int1  # integer rows of all blocks
    ledger: Float1  # books of all blocks
    worlds: Float2  # (n_envs, 4): date and start
    keys: Long2  # (n_envs, 2)
    steps: Long1  # (n_envs,): taken so far
    truncated: Flag1  # (n_envs,)
    knots: State3  # (n_envs, n_site_blocks, KNOT_FLOATS): slow modulation of demand
    observations: State1  # (n x N_OBS,), rows world by world
    rewards: State1  # (n,)
    costs: State1  # (n,)
    sites: State2  # (n_workers, n): blocks of demand sites; a worker draws a world's demand there
    wiring: Int2  # who neighbours whom in a chunk: slots (n_lanes, 4)
    pieces: Int1  # from `wired_pieces`
    deadline_share: State1  # (N_SLOTS,)
    trace: Float2  # (n_steps, 2): demand that is played back
    scaling: State2  # (2, N_OBS)
    hardware: State1  # figures of `Hardware`
    service: State1  # figures of `Service`
    weights: State1  # figures of `Weights`
    spread: Float1  # figures of `Spread`
    orbits: Float2  # from `orbit_table`
    epoch: Float1  # (4,): when and where worlds start
    layout: Long1  # from `layout_table`


_KINDS: dict[str, tuple[int, Any]] = {
    name: kind.__metadata__[0] for name, kind in get_type_hints(Arrays, include_extras=True).items()
}
#: Numbers of the table for each array: its address, and its shape.
_WIDTH = 1 + max(n_dimensions for n_dimensions, _ in _KINDS.values())


def _addresses(arrays: Arrays) -> np.ndarray:
    """Returns where arrays lie and their shapes, int64; whoever uses it keeps the arrays alive.

    Raises:
        TypeError: if an array has not the dtype, the dimensions and the order that kernels expect.
    """
    table = np.zeros((len(arrays), _WIDTH), np.int64)
    for row, (name, array) in zip(table, arrays._asdict().items(), strict=True):
        n_dimensions, dtype = _KINDS[name]
        expected = arrays.arena.dtype if dtype is None else np.dtype(dtype)
        if (array.ndim, array.dtype) != (n_dimensions, expected) or not array.flags.c_contiguous:
            raise TypeError(
                f"{name} has {array.ndim} dimensions of {array.dtype}, expected {n_dimensions} "
                f"of {expected} in C order"
            )
        row[0] = array.ctypes.data
        row[1 : 1 + array.ndim] = array.shape
    return table


def _array_type(name: str, width: types.Type) -> types.Array:
    n_dimensions, dtype = _KINDS[name]
    number = width if dtype is None else from_dtype(np.dtype(dtype))
    return types.Array(number, n_dimensions, "C")


def _array_at(context, builder, kind, row):
    """Returns the array that a row of the table describes; it does not own its memory."""
    array = make_array(kind)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    numbers = [
        builder.load(builder.gep(row, [ir.Constant(ir.IntType(32), index)]))
        for index in range(1 + kind.ndim)
    ]
    shape, strides = numbers[1:], [context.get_constant(types.intp, size)]
    for length in shape[:0:-1]:
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array,
        data=builder.inttoptr(numbers[0], array.data.type),
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=context.get_constant(types.intp, size),
        meminfo=None,
    )
    return array._getvalue()


@intrinsic
def _unpacked_compiled(typing_context, table, like):
    kinds = [_array_type(name, like.dtype) for name in Arrays._fields]
    result = types.NamedTuple(kinds, Arrays)

    def codegen(context, builder, signature, args):
        first = context.make_array(table)(context, builder, args[0]).data
        arrays = [
            _array_at(
                context,
                builder,
                kind,
                builder.gep(first, [ir.Constant(ir.IntType(32), index * _WIDTH)]),
            )
            for index, kind in enumerate(kinds)
        ]
        return context.make_tuple(builder, result, arrays)

    return result(table, like), codegen


def _unchanged(arrays: Any, like: Any = None) -> Any:
    """Returns arrays as they are: plain Python needs no table."""
    return arrays


#: Turns `Arrays` into what kernels are handed, and within a kernel back; `like` is an array in the
#: width of the state.
packed: Callable[[Arrays], Any] = _unchanged if config.DISABLE_JIT else _addresses
unpacked: Callable[[Any, Any], Arrays] = (
    _unchanged if config.DISABLE_JIT else cast(Any, _unpacked_compiled)
)

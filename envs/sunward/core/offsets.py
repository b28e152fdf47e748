"""Tables of offsets that compiled code reads as constants.

To Numba a NamedTuple is a value with as many members as it has fields, each of which it takes
apart at every mention. Naming one of a hundred rows then costs a hundred instructions before LLVM
sees any, which was half of the time to compile a step.
"""

from __future__ import annotations

from typing import Any, TypeVar

from llvmlite import ir
from numba import types
from numba.core.imputils import lower_constant
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
)

Table = TypeVar("Table", bound=type)


class OffsetsType(types.Dummy):
    """Numba's type of one table: its fields are literals."""

    def __init__(self, table: Any):
        self.table = table
        super().__init__(name=f"Offsets({type(table).__name__}, {tuple(table)})")


register_model(OffsetsType)(models.OpaqueModel)


@infer_getattr
class _OffsetsAttribute(AttributeTemplate):
    key = OffsetsType

    def generic_resolve(self, typ, attr):
        return types.intp if attr in typ.table._fields else None


@lower_getattr_generic(OffsetsType)
def _read_offset(context, builder, typ, value, attr):
    return ir.Constant(context.get_value_type(types.intp), getattr(typ.table, attr))


@lower_constant(OffsetsType)
def _constant_table(context, builder, kind, value):
    return context.get_dummy_value()


def offsets(table: Table) -> Table:
    """Makes Numba read the fields of a NamedTuple class of integers as constants."""
    typeof_impl.register(table)(lambda value, context: OffsetsType(value))
    return table

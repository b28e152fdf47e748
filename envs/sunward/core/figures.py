"""A scenario's figures as kernels see them: one pointer, read by name.

A NamedTuple of fifty numbers is passed by value from function to function, which took half of the
time to compile a step. Here the compiled code holds one address. Its loads are marked invariant,
so LLVM takes them out of the loops over lanes although those loops store to other arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model

from .compilation import config


class FiguresType(types.Type):
    """Numba's type of the figures of one NamedTuple class, all of one width."""

    def __init__(self, fields: tuple[str, ...], dtype: types.Type):
        self.fields = fields
        self.dtype = dtype
        super().__init__(name=f"Figures({dtype}, {', '.join(fields)})")


@register_model(FiguresType)
class _FiguresModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        figure = dmm.lookup(fe_type.dtype).get_data_type()
        super().__init__(dmm, fe_type, ir.PointerType(figure))


@infer_getattr
class _FiguresAttribute(AttributeTemplate):
    key = FiguresType

    def generic_resolve(self, typ, attr):
        return typ.dtype if attr in typ.fields else None


@lower_getattr_generic(FiguresType)
def _load_figure(context, builder, typ, value, attr):
    index = ir.Constant(ir.IntType(32), typ.fields.index(attr))
    figure = builder.load(builder.gep(value, [index]))
    figure.set_metadata("invariant.load", builder.module.add_metadata([]))
    return figure


@intrinsic
def _figures_compiled(typing_context, kind, values):
    result = FiguresType(tuple(kind.instance_class._fields), values.dtype)

    def codegen(context, builder, signature, args):
        return context.make_array(values)(context, builder, args[1]).data

    return result(kind, values), codegen


def _figures(kind: Any, values: Any) -> Any:
    """Returns the NamedTuple `kind` of the entries of an array."""
    return kind(*values)


figures: Callable[[Any, Any], Any] = (
    _figures if config.DISABLE_JIT else cast(Any, _figures_compiled)
)

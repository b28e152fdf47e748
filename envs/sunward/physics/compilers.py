"""Numba's compiler, cut to what an entry and the functions behind it need.

Numba optimises every function and makes machine code of it, so that Python could call it too, and
then optimises it once more within each caller. Of some two hundred functions Python calls two: the
entries. Any other stops here at its LLVM module. The entry links the modules of all that it needs,
each once, and is optimised as a whole.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from llvmlite import binding
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import NativeLowering

#: Passes that change nothing in our sources: they have no closures and no arithmetic of arrays.
LEFT_OUT = frozenset({"InlineClosureLikes", "NopythonRewrites"})

_DEFAULTS = {name: option.default for name, option in Flags.options.items()}


class QuickFlags(Flags):
    """Numba's flags, which it compares with those of earlier calls at each operator."""

    def values(self) -> dict[str, Any]:
        """Returns all options, without asking for each by its property."""
        return _DEFAULTS | self._values


class ShortCompiler(CompilerBase):
    """Numba's passes without those that are left out, and with others in place of some."""

    replaced: ClassVar[dict[type, type]] = {}

    def __init__(self, typingctx, targetctx, library, args, return_type, flags, locals):
        flags = QuickFlags(flags)
        super().__init__(typingctx, targetctx, library, args, return_type, flags, locals)

    def define_pipelines(self) -> list[PassManager]:
        """Returns the one list of passes."""
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager.passes = [
            (self.replaced.get(kind, kind), told)
            for kind, told in manager.passes
            if kind.__name__ not in LEFT_OUT
        ]
        manager.finalize()
        return [manager]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keeps Python's cyclic garbage collector off: nearly all that a compiler makes is alive.

    Two threads may overlap: the one that found it on turns it on again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class EntryLibrary(JITCodeLibrary):
    """An entry's machine code, optimised as Numba would but for two things.

    Loops over the vectors of a block stay loops: written out they take longer to compile and
    run no faster, as a processor overlaps their rounds by itself. Nor are rounds taken two or
    four at once, which would leave some over that are then run satellite by satellite.
    """

    def _optimize_final_module(self):
        codegen: Any = self._codegen
        cheap = codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, opt=0, cost="cheap"
        )
        for passes, builder in (cheap, _full_passes(codegen)):
            passes.run(self._final_module, builder)


def _full_passes(codegen: Any) -> tuple[Any, Any]:
    """Returns the passes of a full optimisation, and what made them."""
    options = binding.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    options.loop_unrolling = options.loop_interleaving = False
    builder = binding.create_pass_builder(codegen._tm, options)
    return builder.getModulePassManager(), builder


class UncountedLowering(NativeLowering):
    """Writes an LLVM module that counts no references.

    Our sources make no array, and those they are handed outlive the call. Numba would count two
    for every slice of one, by calls around which nothing stays in a vector register. A source that
    made an array would never free it; one that raises an error with what it found is refused.
    """

    def run_pass(self, state):
        """Returns True: the state has changed."""
        state.targetctx = state.targetctx.subtarget(enable_nrt=False)
        return super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class EntryLowering(UncountedLowering):
    """Writes an entry's LLVM module."""

    _name = "sunward_entry_lowering"

    def run_pass(self, state):
        """Returns True: the state has changed."""
        library = EntryLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        library.enable_object_caching()
        state["library"] = library
        return super().run_pass(state)


class EntryCompiler(ShortCompiler):
    """Compiles an entry, and with it all that it calls."""

    replaced: ClassVar[dict[type, type]] = {NativeLowering: EntryLowering}

    def compile_extra(self, func):
        """Returns what was compiled; it is not called where compiled code was found on disk."""
        with collector_paused():
            return super().compile_extra(func)


class LinkedLibrary(JITCodeLibrary):
    """A function's LLVM module, for an entry to link.

    Numba has simplified the function by itself: without that LLVM vectorises half of it.
    """

    def __init__(self, codegen, name):
        super().__init__(codegen, name)
        #: Libraries that an entry has to link besides; a dictionary, as a set has no order.
        self.needed = {}

    def add_linking_library(self, library):
        """Notes a library that the function needs."""
        library._ensure_finalized()
        self.needed[library] = None

    def finalize(self):
        """Does nothing: only the entry is linked, optimised and made machine code of."""


@register_pass(mutates_CFG=True, analysis_only=False)
class LinkedLowering(UncountedLowering):
    """Writes a function's LLVM module, and tells its callers what to link."""

    _name = "sunward_linked_lowering"

    def run_pass(self, state):
        """Returns True: the state has changed."""
        name = state.func_id.func_qualname
        library = LinkedLibrary(state.targetctx.codegen(), name)
        state["library"] = library
        state.flags.no_compile = True
        super().run_pass(state)
        # Numba knows what it compiled by the function that Python would call, which has to be a
        # built-in one. This one takes whatever it is called with, and raises what it says.
        key = f"{{{name} is compiled as part of an entry, Python cannot call it}}".format
        state.targetctx.insert_user_function(key, state.cr.fndesc, [library, *library.needed])
        state.cr = state.cr._replace(cfunc=key)
        return True


class LinkedCompiler(ShortCompiler):
    """Compiles a function that entries call."""

    replaced: ClassVar[dict[type, type]] = {NativeLowering: LinkedLowering}

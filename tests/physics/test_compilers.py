"""What only compiled code calls is linked by the entry, and made machine code of there alone."""

from __future__ import annotations

import gc
from typing import Any

import numba
import numpy as np
import pytest
from numba.core import errors
from numba.core.compiler import DefaultPassBuilder, Flags
from numba.core.registry import cpu_target

from sunward.physics import compilers, options
from sunward.physics.scalar import scalar


@scalar
def doubled(number):
    return 2.0 * number


@numba.njit(**options.LINKED)
def quadrupled(number):
    return doubled(doubled(number))


def octupled(number: Any) -> Any:
    return doubled(quadrupled(number))


def entry(function: Any = octupled, **more: Any) -> Any:
    return numba.njit(**(options.ENTRY | more))(function)


def has_machine_code(function: Any) -> bool:
    (compiled,) = function.overloads.values()
    return compiled.codegen._engine.is_symbol_defined(compiled.fndesc.llvm_func_name)


def targets() -> tuple[Any, Any]:
    return cpu_target.typing_context, cpu_target.target_context


def test_the_installed_numba_is_one_whose_inside_was_tried():
    assert options.ENTRY["pipeline_class"] is compilers.EntryCompiler, (
        f"numba {numba.__version__} is not among those tried: run the whole suite and "
        "`sunward bench` with options.TRIED raised, and leave it so where both are as before"
    )
    assert options.LINKED["pipeline_class"] is compilers.LinkedCompiler


@pytest.mark.parametrize("version", [(0, 60), options.TRIED[1], (1, 0)])
def test_another_numba_compiles_in_its_own_way(version):
    assert options.compiler("EntryCompiler", version) == {}


def test_every_pass_that_is_left_out_or_replaced_is_in_numbas_list():
    state = compilers.EntryCompiler(*targets(), None, (), None, Flags(), {}).state
    passes = {kind for kind, _ in DefaultPassBuilder.define_nopython_pipeline(state).passes}
    assert {kind.__name__ for kind in passes} >= compilers.LEFT_OUT
    assert passes >= set(compilers.LinkedCompiler.replaced)


def test_quick_flags_are_equal_to_numbas_and_have_the_same_hash():
    flags = Flags()
    flags.forceinline = True
    quick = compilers.QuickFlags(flags)
    assert quick == flags
    assert hash(quick) == hash(flags)
    quick.no_compile = True
    assert quick != flags


def test_an_entry_computes_with_what_it_links():
    assert entry()(3.0) == 24.0
    plain = numba.njit(**options.STRICT)(octupled)  # Numba's own compiler can link it too
    assert plain(3.0) == 24.0


def test_only_the_entry_has_machine_code():
    compiled = entry()
    compiled(3.0)
    assert has_machine_code(compiled)
    assert not has_machine_code(quadrupled)


def test_an_error_comes_out_of_a_linked_function():
    @numba.njit(**options.LINKED)
    def checked(number):
        if number < 0.0:
            raise ValueError("below zero")
        return number

    with pytest.raises(ValueError, match="below zero"):
        entry(lambda number: checked(number))(-1.0)


def test_an_error_that_tells_what_it_found_is_refused():
    @numba.njit(**options.LINKED)
    def checked(number):
        if number < 0.0:
            raise ValueError("below zero", number)
        return number

    with pytest.raises(errors.NumbaRuntimeError, match="NRT required but not enabled"):
        entry(lambda number: checked(number))(1.0)


def test_a_slice_is_handed_on_without_counting_its_references():
    @numba.njit(**options.LINKED)
    def first_of(values):
        return values[1:]

    @numba.njit(**options.ENTRY)
    def second(values):
        return first_of(values)[0]

    assert second(np.arange(3.0)) == 1.0
    (assembly,) = second.inspect_asm().values()
    assert "incref" not in assembly.lower()


def test_a_linked_function_called_from_python_is_a_clear_error():
    for _ in range(2):  # as it compiles, and from then on
        with pytest.raises(KeyError, match="quadrupled is compiled as part of an entry"):
            quadrupled(3.0)


def test_the_collector_rests_while_an_entry_compiles_and_is_left_as_it_was(monkeypatch):
    seen = []

    def spying(*args):
        seen.append(gc.isenabled())
        return lowered(*args)

    lowered = compilers.LinkedLowering.run_pass
    monkeypatch.setattr(compilers.LinkedLowering, "run_pass", spying)

    @scalar
    def tripled(number):
        return 3.0 * number

    assert gc.isenabled()
    assert entry(lambda number: tripled(number))(2.0) == 6.0
    assert seen == [False]
    assert gc.isenabled()
    with pytest.raises(errors.TypingError):
        entry(lambda number: number.no_such_figure)(2.0)
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with compilers.collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()

"""A person who waits for the compiler is told, once."""

from __future__ import annotations

from collections import defaultdict

from numba.core import event

from sunward.core.compilation import entry
from sunward.core.driver import reset_worlds, step_chunks
from sunward_agents import compiling


def compile_event(function: object) -> None:
    with event.trigger_event("numba:compile", data={"dispatcher": function}):
        pass


def test_the_first_entry_that_is_compiled_is_told_and_no_other(monkeypatch, capsys):
    monkeypatch.setattr(event, "_registered", defaultdict(list))  # no other test's listener
    compiling.tell_of_compiling.cache_clear()
    compiling.tell_of_compiling()
    compiling.tell_of_compiling()
    compile_event(entry(compile_event))  # a function that is none of the simulator's
    assert capsys.readouterr().err == ""
    compile_event(reset_worlds)
    compile_event(step_chunks)
    assert capsys.readouterr().err == (
        "compiling the simulator for this processor, once: about twenty seconds\n"
    )
    compiling.tell_of_compiling.cache_clear()

"""Tells a person at the terminal that the simulator is being compiled: some twenty seconds.

It happens once for each version and kind of processor: later processes read what was compiled.
"""

from __future__ import annotations

import sys
from functools import cache

from numba.core import event

_LINE = "compiling the simulator for this processor, once: about twenty seconds\n"
#: Where the entries of the simulator are; all else compiles in no time.
_SLOW = "sunward.core.driver"


class _Teller(event.Listener):
    """Writes one line to standard error as the first entry is compiled."""

    def __init__(self) -> None:
        self._has_told = False

    def on_start(self, event: event.Event) -> None:
        compiled = event.data["dispatcher"].py_func.__module__ if event.data else ""
        if compiled == _SLOW and not self._has_told:
            self._has_told = True
            sys.stderr.write(_LINE)

    def on_end(self, event: event.Event) -> None:
        """Says nothing: what comes next shows that it is over."""


@cache
def tell_of_compiling() -> None:
    """Tells of it from now on, once in this process."""
    event.register("numba:compile", _Teller())

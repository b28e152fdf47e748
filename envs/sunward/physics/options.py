"""The options of compiled functions, one table for entries and one for what they call."""

from __future__ import annotations

from typing import Any

import numba

#: Strict IEEE arithmetic: results equal the scalar functions bit for bit, whatever the vector
#: width, block, batch or thread count.
STRICT: Any = {"error_model": "numpy", "boundscheck": False, "nogil": True, "fastmath": False}

#: Versions of Numba whose inside `compilers` was tried with: from the first to before the second.
TRIED = ((0, 61), (0, 69))


def compiler(name: str, version: tuple[int, ...] = numba.version_info[:2]) -> dict[str, type]:
    """Returns the option that picks a class of `compilers`.

    With a version of Numba that was not tried it is empty: Numba compiles in its own way, to the
    same results in half a minute.
    """
    if not TRIED[0] <= version < TRIED[1]:
        return {}
    from sunward.physics import compilers

    return {"pipeline_class": getattr(compilers, name)}


#: A function that Python calls.
ENTRY: Any = STRICT | compiler("EntryCompiler")
#: A function that only compiled code calls: wrappers for Python and C would be made for nothing.
LINKED: Any = (
    STRICT | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True} | compiler("LinkedCompiler")
)

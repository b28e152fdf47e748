"""How kernels are compiled, and where compiled code is kept between runs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import numba
from numba.core import config as numba_config
from numba.extending import intrinsic

from sunward.physics.options import ENTRY, LINKED

#: Numba fills its settings in at run time, so their types are not known.
config: Any = numba_config

#: Compiles a pass, as part of the compiled entry that calls it; Python never calls it.
kernel: Any = numba.njit(**LINKED)
#: The same for passes that take the figures of a scenario: handing fifty numbers by value from
#: function to function took a fifth of a step.
inlined_kernel: Any = numba.njit(**(LINKED | {"forceinline": True}))


@cache
def cache_folder() -> Path:
    """Returns the folder of compiled code: one for each state of the sources.

    Numba's own cache does not notice an edit in a file that the compiled function calls.
    """
    sources = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted([*package.glob("physics/*.py"), *package.glob("core/*.py")]):
        sources.update(path.name.encode() + path.read_bytes())
    root = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    base = Path(root) if root else Path.home() / ".cache"
    return base / "sunward" / sources.hexdigest()[:16]


def entry(function: Callable) -> Callable:
    """Compiles a function that Python calls, and keeps the result for the next process."""
    if config.DISABLE_JIT:
        return function
    compiled = numba.njit(**ENTRY)(function)
    folder = cache_folder()
    if not _can_write(folder):
        # Every process compiles for itself: the places that Numba would turn to do not notice an
        # edit in a file that the function calls.
        return compiled
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        compiled.enable_caching()
    finally:
        config.CACHE_DIR = before
    return compiled


def _can_write(folder: Path) -> bool:
    """Returns whether files can be made in a folder, which is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _prefer_full_width() -> None:
    """Tells LLVM to use the machine's widest vectors; harmless where they are short."""


@intrinsic
def _prefer_full_width_compiled(typing_context):
    def codegen(context, builder, signature, args):
        attributes = builder.function.attributes
        # `add` of the subclass knows a fixed list of attributes; these two are not on it.
        set.add(attributes, '"prefer-vector-width"="512"')
        set.add(attributes, '"min-legal-vector-width"="512"')
        return context.get_dummy_value()

    return numba.types.void(), codegen


#: With NUMBA_DISABLE_JIT=1 every pass is plain Python: the oracle of the compiled ones.
prefer_full_width: Callable[[], None] = (
    _prefer_full_width if config.DISABLE_JIT else cast(Any, _prefer_full_width_compiled)
)

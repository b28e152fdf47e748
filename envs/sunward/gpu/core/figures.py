"""A scenario's figures as GPU threads see them: loads from one array, made when they are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .compilation import inlined_kernel


def reader(kind: Any) -> Callable[[Any], Any]:
    """Returns a device function that reads a NamedTuple of the class `kind` from an array."""
    entries = ", ".join(f"values[{index}]" for index in range(len(kind._fields)))
    scope: dict[str, Any] = {"kind": kind}
    exec(f"def read(values):\n    return kind({entries})", scope)
    return inlined_kernel(scope["read"])

"""The passes of the core as device functions, module by module."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def _module(name: str) -> Any:
    """Returns a module of `sunward.gpu.core`: most of them lie in another folder."""
    return import_module(f"sunward.gpu.core.{name}")


compilation = _module("compilation")
rows = _module("rows")
figures = _module("figures")
advance = _module("advance")
demand = _module("demand")
ground = _module("ground")
kernel = _module("kernel")
ledger = _module("ledger")
links = _module("links")
observe = _module("observe")
prepare = _module("prepare")
reset = _module("reset")
satellite = _module("satellite")
wiring = _module("wiring")
world = _module("world")
written_out = _module("written_out")

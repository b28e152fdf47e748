"""The pages on physics name what exists and show what the scripts print."""

import importlib
import re
from pathlib import Path

import pytest
from scripts import always_sunny

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "physics.md"

NAMES = sorted(set(re.findall(r"`([a-z_]+)\.([a-z_0-9]+)`", PAGE.read_text(encoding="utf-8"))))
MODULES = sorted(path.stem for path in (ROOT / "envs" / "sunward" / "physics").glob("*.py"))
#: What holds no equation: tools, constants, and elements as files give them.
TOOLS = {
    "__init__",
    "approximation",
    "compilers",
    "constants",
    "mean_elements",
    "options",
    "scalar",
}


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_every_function_that_the_page_names_exists(module, name):
    assert callable(getattr(importlib.import_module(f"sunward.physics.{module}"), name))


def test_the_page_names_something_of_every_module_of_physics():
    assert {module for module, _ in NAMES} == set(MODULES) - TOOLS


def test_the_tables_of_always_sunny_are_what_the_script_prints():
    page = always_sunny.PAGE.read_text(encoding="utf-8")
    assert page == always_sunny.with_tables(page), "run python scripts/always_sunny.py"

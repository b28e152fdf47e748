"""The page of the environment says what the code says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    path = ROOT / "scripts" / "document_buildout.py"
    spec = importlib.util.spec_from_file_location("document_buildout", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


def test_the_tables_of_the_page_are_those_of_the_code(script):
    text = script.PAGE.read_text(encoding="utf-8")
    assert script.filled(text, script.tables()) == text, "python scripts/document_buildout.py"


def test_the_page_has_the_headings_of_every_environment(script):
    text = script.PAGE.read_text(encoding="utf-8")
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "Description",
        "Action Space",
        "Observation Space",
        "Rewards",
        "Starting State",
        "Episode End",
        "Info",
        "Scenarios",
        "Variants",
        "Arguments",
        "Policies",
        "Left out",
        "Version History",
    ]
    assert script.PICTURE.exists()


def test_a_part_that_is_missing_is_told(script):
    with pytest.raises(ValueError, match="0 parts named nothing"):
        script.filled("", {"nothing": ""})

"""The pages that are written by hand around tables say what the code says."""

from __future__ import annotations

import pytest
from scripts import document_buildout, document_training
from scripts.environment_pages import HEADINGS

from sunward.training.load import list_trainings
from sunward_agents.training.rules import POLICIES

PAGES = pytest.mark.parametrize(
    "script", [document_buildout, document_training], ids=["buildout", "training"]
)


@PAGES
def test_the_tables_of_a_page_are_those_of_the_code(script):
    text = script.PAGE.read_text(encoding="utf-8")
    assert script.filled(text, script.tables()) == text, f"python {script.__file__}"


@PAGES
def test_a_page_has_the_headings_of_every_environment_and_two_of_its_own(script):
    text = script.PAGE.read_text(encoding="utf-8")
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == [*HEADINGS[:-1], "Policies", "Left out", HEADINGS[-1]]


def test_the_build_out_has_its_picture():
    assert document_buildout.PICTURE.exists()


def test_a_part_that_is_missing_is_told():
    with pytest.raises(ValueError, match="0 parts named nothing"):
        document_buildout.filled("", {"nothing": ""})


@pytest.mark.parametrize("scenario", list_trainings())
def test_the_page_of_gangs_tells_what_every_rule_achieves_on_every_scenario(scenario):
    text = document_training.PAGE.read_text(encoding="utf-8")
    assert scenario in document_training.NAMES
    for name in POLICIES:
        assert f"| `{scenario}` | `{name}` |" in text

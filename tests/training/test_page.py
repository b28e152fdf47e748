"""The page of the gangs says what the code says."""

from __future__ import annotations

import pytest
from scripts import document_training as script

from sunward.training.load import list_trainings
from sunward_agents.training.rules import POLICIES


def test_the_tables_of_the_page_are_those_of_the_code():
    text = script.PAGE.read_text(encoding="utf-8")
    assert script.filled(text, script.tables()) == text, "python scripts/document_training.py"


def test_the_page_has_the_headings_of_every_environment():
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


@pytest.mark.parametrize("scenario", list_trainings())
def test_the_page_tells_what_every_rule_achieves_on_every_scenario(scenario):
    text = script.PAGE.read_text(encoding="utf-8")
    assert scenario in script.NAMES
    for name in POLICIES:
        assert f"| `{scenario}` | `{name}` |" in text

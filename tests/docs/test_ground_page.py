"""The page on the ground shows what its command prints."""

from __future__ import annotations

import json

import pytest
from scripts import ground_table

from sunward.resources import config_dir

PAGE = config_dir().parent / "docs" / "ground.md"


def test_the_page_has_a_row_for_every_policy_of_the_command():
    text = PAGE.read_text(encoding="utf-8")
    assert f"| {' | '.join(ground_table.HEADINGS)} |" in text
    for name in ground_table.POLICIES:
        assert f"\n| {name.replace('_', ' ')} |" in text


def test_the_command_plays_the_same_worlds_with_the_ground_and_without(capsys):
    args = ["constellation-ground-v0", "--worlds", "2", "--policies", "idle", "energy_balancing"]
    assert ground_table.main([*args, "--json"]) == 0
    idle, balancing = json.loads(capsys.readouterr().out)
    assert idle["gain"] == [0.0, 0.0, 0.0]  # it asks nothing, so it sends nothing down
    assert balancing["sent down"] > 0.0
    assert balancing["gain"][0] == pytest.approx(balancing["with"][0] - balancing["without"][0])


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["walker-53-66-v0"], "walker-53-66-v0 has no block ground: add one"),
        (["constellation-ground-v0", "--worlds", "0"], "--worlds is 0, must be from 1 to 10000"),
    ],
)
def test_a_mistake_gets_one_line(capsys, args, line):
    assert ground_table.main(args) == 2
    told = capsys.readouterr().err
    assert line in told
    assert told.count("\n") == 1

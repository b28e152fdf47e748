"""The tables of calibration are what the commands wrote, on the scenarios as they are now."""

import json
from pathlib import Path

import pytest
from scripts import calibration_page

from sunward import build_params, load_scenario
from sunward.resources import config_dir
from sunward_agents.calibration.ablation import LEAST_SHIFT, REMOVALS
from sunward_agents.calibration.contest import load_contest
from sunward_agents.planners.bound_file import read_bounds

LADDERS = {found["scenario"]: found for found in calibration_page.ladders()}
BOUNDS = sorted((config_dir() / "bounds").glob("*.json"))
ABLATIONS = json.loads(calibration_page.ABLATIONS.read_text(encoding="utf-8"))["scenarios"]


def test_the_page_is_what_the_script_makes_of_the_files():
    page = calibration_page.PAGE.read_text(encoding="utf-8")
    assert page == calibration_page.with_tables(page), "run python scripts/calibration_page.py"


@pytest.mark.parametrize("scenario", LADDERS)
def test_a_table_is_of_the_scenario_as_it_is(scenario):
    contest = load_contest(scenario)
    assert LADDERS[scenario]["content_hash"] == contest.content_hash, "calibrate it again"


@pytest.mark.parametrize("scenario", LADDERS)
def test_every_level_meets_every_demand_on_32_worlds_with_a_trained_policy(scenario):
    found = LADDERS[scenario]
    assert [check["statement"] for check in found["checks"] if not check["passed"]] == []
    assert {len(policy["values"]) for policy in found["policies"]} == {32}
    assert "trained" in {policy["kind"] for policy in found["policies"]}


@pytest.mark.parametrize("path", BOUNDS, ids=lambda path: Path(path).stem)
def test_shipped_bounds_are_of_the_scenario_as_it_is_and_of_32_worlds(path):
    bounds = read_bounds(path)
    contest = load_contest(bounds.scenario)
    assert path.stem == bounds.scenario
    assert bounds.content_hash == contest.content_hash, "bound it again"
    assert sorted(bounds.of_worlds("test")) == list(range(32))


def test_every_table_stands_on_shipped_bounds():
    shipped = {path.stem: read_bounds(path).of_worlds("test") for path in BOUNDS}
    for scenario, found in LADDERS.items():
        assert found["bounds"] == [round(shipped[scenario][seed], 9) for seed in range(32)]


@pytest.mark.parametrize("resource", REMOVALS)
def test_each_resource_matters_in_one_scenario_at_least(resource):
    shifts = [found["shift_percent"][resource] for found in ABLATIONS]
    assert max(abs(shift["mean"]) for shift in shifts if shift is not None) > LEAST_SHIFT


@pytest.mark.parametrize("found", ABLATIONS, ids=lambda found: found["scenario"])
def test_an_ablation_is_of_the_scenario_as_it_is(found):
    params = build_params(load_scenario(found["scenario"]))
    assert found["content_hash"] == params.content_hash, "ablate it again"

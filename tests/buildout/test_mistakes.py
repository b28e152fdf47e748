"""Bad input gets one line with value, bound and fix."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sunward.buildout.gym_env import BuildoutEnv
from sunward.buildout.load import is_buildout, list_buildouts, load_buildout, sourced_figures
from sunward.buildout.params import build_params
from sunward.buildout.vector_env import BuildoutVectorEnv
from sunward.buildout.yields import HEADER
from sunward.resources import config_dir
from sunward.scenario.errors import ScenarioError
from sunward_agents.cli import main

TABLE = config_dir() / "buildout" / "yields-v0.csv"


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"finance.cahs": 1}, "finance.cahs is unknown: did you mean cash?"),
        ({"finance.cash": "2 km"}, "finance.cash has unit 'km', which does not measure money"),
        ({"finance.cash": 0}, "finance.cash is 0 BUSD, must be above 0 USD: raise it"),
        ({"months": 0}, "months is 0, must be at least 1: raise it"),
        ({"fleet.design_life": "9 yr"}, "design_life 108 above last_age 84: swap or change"),
        ({"launch.shortest_slip": "2 yr"}, "shortest_slip 24 above longest_slip 12"),
        ({"finance.interest_rate": 0.05}, "has discount_rate"),
        ({"launch.first_failure_fraction": 2}, "must be at most 0.99: lower it"),
        ({"shells": []}, "has no shells: name at least one"),
        (
            {"shells": [{"id": "x", "altitude_km": 3000, "ltan_h": 6}]},
            "altitude_km is 3000, must be at most",
        ),
        (
            {"shells": [{"id": "x", "altitude_km": 600, "ltan_h": 6, "inclination_deg": 30}]},
            "give exactly one of the two",
        ),
        (
            {"shells": [{"id": "x", "altitude_km": 600, "ltan_h": 6}] * 2},
            "has shells x twice: name each once",
        ),
    ],
)
def test_a_wrong_figure_is_told_in_one_line(overrides, message):
    with pytest.raises(ScenarioError) as refused:
        load_buildout("buildout-medium-v0", **overrides)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_scenario_base_or_table_gets_the_nearest_known_one(tmp_path):
    with pytest.raises(ScenarioError, match="did you mean buildout-"):
        load_buildout("buildout-mediun-v0")
    path = tmp_path / "mine.yaml"
    path.write_text("base: buildout-medum-v0\nid: mine-v0\n")
    with pytest.raises(ScenarioError, match="did you mean buildout-medium-v0"):
        load_buildout(path)
    path.write_text(f"base: {path}\nid: mine-v0\n")
    with pytest.raises(ScenarioError, match="leads back to itself"):
        load_buildout(path)
    with pytest.raises(ScenarioError, match="did you mean yields-v0"):
        build_params(load_buildout("buildout-medium-v0", yields="yields-v1"))


def test_a_mistake_in_a_list_is_told_with_its_own_line(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "base: buildout-medium-v0\nid: mine-v0\nshells:\n"
        "  - {id: dawn-650, altitude_km: 650, ltan: 6}\n"
    )
    with pytest.raises(ScenarioError) as refused:
        load_buildout(path)
    assert all(line.startswith("mine.yaml:4: ") for line in refused.value.problems)
    assert "shells.0.ltan is unknown: did you mean ltan_h?" in str(refused.value)


def test_a_design_or_shell_that_was_not_measured_is_told():
    shells = [{"id": "dawn-700", "altitude_km": 700, "ltan_h": 6}]
    scenario = load_buildout("buildout-medium-v0", shells=shells)
    with pytest.raises(ScenarioError, match="no new and aged rows of shell 'dawn-700'") as refused:
        build_params(scenario)
    assert "sunward yields" in str(refused.value)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text.replace("batch_gpu_h,", "batch,", 1), "has no column batch_gpu_h"),
        (lambda text: _with_cell(text, "interactive_gpu_h", "much"), r":2: .*expected a number"),
        (lambda text: _with_cell(text, "interactive_gpu_h", "-1"), ":2: has a number that is neg"),
        (lambda text: _with_cell(text, "upsets", "nan"), ":2: has a number that is negative or"),
        (lambda text: text.splitlines()[0], "has no new and aged rows"),
    ],
)
def test_a_spoilt_table_of_yields_is_told_in_one_line(tmp_path, spoil, message):
    path = tmp_path / "spoilt.csv"
    path.write_text(spoil(TABLE.read_text()))
    with pytest.raises(ScenarioError, match=message) as refused:
        build_params(load_buildout("buildout-medium-v0", yields=str(path)))
    assert "\n" not in str(refused.value)


def _with_cell(text: str, column: str, value: str) -> str:
    """Returns a table whose first row has another value."""
    lines = text.splitlines()
    cells = lines[1].split(",")
    cells[HEADER.index(column)] = value
    return "\n".join([lines[0], ",".join(cells), *lines[2:]])


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("action", "discreet", "did you mean discrete"),
        ("observation", "boxes", "did you mean box"),
        ("observation", "dict", "use action='discrete'"),
        ("info", "everything", "use one of cost, full"),
        ("split", "training", "did you mean train"),
        ("render_mode", "rgb_array", "ansi"),
        ("scenario", "buildout-eas-v0", "did you mean buildout-easy-v0"),
        ("overrides", {"month": 3}, "did you mean months"),
    ],
)
@pytest.mark.parametrize("make", [BuildoutEnv, BuildoutVectorEnv])
def test_a_misspelt_option_gets_the_nearest_known_one(make, option, value, hint):
    with pytest.raises(ValueError, match=hint) as refused:
        make(**{option: value})
    assert "\n" not in str(refused.value)


def test_actions_of_the_wrong_shape_or_value_are_refused_and_nothing_moves(short):
    env = BuildoutEnv(**short)
    first, _ = env.reset(seed=0)
    size = env.action_space.shape[0]
    with pytest.raises(ValueError, match=rf"shape \(4,\), expected \({size},\)"):
        env.step(np.zeros(4))
    bad = np.zeros(size, np.float32)
    bad[env.worlds.simulator.levers.index["debt"]] = np.nan
    with pytest.raises(ValueError, match="debt in environment 0 is nan, expected a finite"):
        env.step(bad)
    with pytest.raises(ValueError, match="expected numbers"):
        env.step(np.array(["a"] * size))
    np.testing.assert_array_equal(env.worlds.simulator.observations[0], first)
    discrete = BuildoutEnv(action="discrete", **short)
    discrete.reset(seed=0)
    with pytest.raises(ValueError, match="choice 0 in environment 0 is 13, must be from 0 to 12"):
        discrete.step(np.array([13, 0, 0, 0, 0]))
    with pytest.raises(ValueError, match="whole numbers"):
        discrete.step(np.zeros(5))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["show", "buildout-mediun-v0"], "no scenario 'buildout-mediun-v0'"),
        (["yields", "--worlds", "1"], "--worlds is 1, must be from 2 to 10000"),
        (["yields", "--hours", "3"], "--hours is 3, must be from 7 to 720"),
        (["yields", "--scenario", "buildout-x-v0"], "did you mean buildout-"),
        (
            ["evaluate", "--policy", "pacd", "--scenario", "buildout-easy-v0"],
            "no build-out policy 'pacd': did you mean paced?",
        ),
        (
            ["evaluate", "--policy", "hold", "--scenario", "buildout-easy-v0", "--worlds", "0"],
            "--worlds is 0",
        ),
        (
            ["evaluate", "--policy", "hold", "--scenario", "buildout-easy-v0", "--workload", "x"],
            "has none: drop it",
        ),
    ],
)
def test_a_command_tells_a_mistake_in_one_line_with_exit_code_2(capsys, args, message):
    assert main(args) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_private_scenario_gives_only_what_differs(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "base: buildout-medium-v0\nid: mine-v0\nfinance:\n  cash: {value: 20, unit: BUSD, "
        "date: 2026-11-22, confidence: assumption, source: a rich uncle}\n"
    )
    assert is_buildout(path)
    assert not is_buildout("walker-53-66-v0")
    scenario = load_buildout(path)
    assert scenario.finance.cash_usd == 20e9
    assert scenario.launch == load_buildout("buildout-medium-v0").launch


@pytest.mark.parametrize("name", list_buildouts())
def test_every_shipped_figure_has_unit_source_date_and_confidence(name):
    scenario = load_buildout(name)
    assert scenario.id == name
    figures = dict(sourced_figures(scenario))
    assert len(figures) > 60
    for figure in figures.values():
        assert figure["unit"]
        assert len(figure["source"]) >= 3
        assert figure["confidence"] in ("high", "medium", "low", "assumption")

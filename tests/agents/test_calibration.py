"""The calibration rule says no where it should, and its commands repeat and refuse."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sunward import build_params, load_scenario
from sunward.resources import config_dir
from sunward_agents.calibration.ablation import REMOVALS, Ablation, ablate, matters
from sunward_agents.calibration.contest import load_contest
from sunward_agents.calibration.earlier import read_earlier
from sunward_agents.calibration.ladder import Ladder, Rung
from sunward_agents.calibration.measure import Effort, bounds_of, ladder_of
from sunward_agents.calibration.report import as_json
from sunward_agents.calibration.rule import checks
from sunward_agents.cli import main
from sunward_agents.planners.bound_file import BoundFile, WorldBound

N_WORLDS = 5
EFFORT = Effort(n_worlds=2, n_planned=1, candidates=1)
#: Scores of a scenario that meets every demand.
GOOD = {
    "random": 20.0,
    "flat_out": 30.0,
    "thermostat": 60.0,
    "energy_pacing": 75.0,
    "mpc": 85.0,
    "mpc_foresight": 92.0,
}
KINDS = {
    "random": "blind",
    "flat_out": "blind",
    "thermostat": "plain",
    "mpc": "planner",
    "mpc_foresight": "planner",
}


def ladder(**scores: float) -> Ladder:
    """A ladder with these scores in every world: idle at 0, bounds at 1, and some spread."""
    idle = -np.linspace(0.0, 0.2, N_WORLDS)
    bounds = 1.0 + idle
    rungs = [Rung("idle", "floor", idle)]
    for name, score in (GOOD | scores).items():
        kind = KINDS.get(name, "trained" if name.startswith("run") else "rule")
        rungs.append(Rung(name, kind, idle + score / 100.0))
    return Ladder("made-up-v0", "0" * 64, bounds, tuple(rungs))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Half an hour of one satellite."""
    text = (config_dir() / "scenarios" / "single-walker-v0.yaml").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("scenario") / "tiny-v0.yaml"
    text = text.replace("id: single-walker-v0", "id: tiny-v0").replace("hours: 8", "hours: 0.5")
    path.write_text(text, encoding="utf-8")
    return str(path)


def failed(**scores: float) -> list[str]:
    return [check.statement for check in checks(ladder(**scores)) if not check.passed]


def test_a_score_is_a_share_of_the_way_from_idle_to_the_bound():
    made_up = ladder()
    assert made_up.score("energy_pacing").mean == pytest.approx(75.0)
    assert made_up.score("idle").mean == pytest.approx(0.0)
    assert made_up.lead("mpc", "thermostat").mean == pytest.approx(25.0)
    assert made_up.best_rule() == "energy_pacing"


def test_a_scenario_that_meets_every_demand_passes():
    assert failed() == []


@pytest.mark.parametrize(
    ("scores", "what"),
    [
        ({"random": 60.1}, ["random", "thermostat over random"]),
        ({"flat_out": 60.1, "thermostat": 66.0}, ["flat_out"]),
        ({"flat_out": 55.0, "thermostat": 54.0}, ["thermostat over flat_out"]),
        ({"thermostat": 67.1}, ["energy_pacing (best rule) over thermostat"]),
        ({"energy_pacing": 82.1, "mpc": 87.0}, ["energy_pacing (best rule)"]),
        ({"mpc": 78.9}, ["mpc over energy_pacing"]),
        ({"mpc_foresight": 89.9}, ["mpc_foresight"]),
        ({"run": 74.0}, ["run over energy_pacing"]),
    ],
)
def test_each_demand_fails_just_beyond_its_limit(scores, what):
    assert failed(**scores) == what


def test_a_trained_policy_passes_only_where_its_whole_interval_is_above_zero():
    spread = ladder()
    best = spread["energy_pacing"].values
    luck = Rung("run", "trained", best + np.array([0.5, -0.1, -0.1, -0.1, -0.1]))
    sure = Rung("run", "trained", best + 0.001)
    for rung, passes in ((luck, False), (sure, True)):
        tried = Ladder("x-v0", "", spread.bounds, (*spread.rungs, rung))
        assert {check.statement: check.passed for check in checks(tried)}[
            "run over energy_pacing"
        ] is passes


def test_planners_on_fewer_worlds_are_compared_on_those_worlds():
    whole = ladder()
    two = Rung("mpc", "planner", whole["mpc"].values[:2])
    others = [rung for rung in whole.rungs if rung.name != "mpc"]
    part = Ladder("x-v0", "", whole.bounds, (*others, two))
    assert part.lead("mpc", "energy_pacing").mean == pytest.approx(10.0)


def test_a_policy_above_the_bound_is_told():
    assert ladder(run=101.0).over_bound() == ["run"]
    assert ladder().over_bound() == []


def test_bounds_of_the_same_content_are_read_and_missing_ones_worked_out(tiny, tmp_path):
    contest = load_contest(tiny)
    known = WorldBound(split="test", seed=0, bound=9.0, wall_time_s=1.0)
    for name, content in (("own", contest.content_hash), ("other", "f" * 64)):
        file = BoundFile(
            scenario="tiny-v0",
            content_hash=content,
            block_steps=1,
            package_version="0",
            hardware="none",
            worlds=[known.model_copy(update={"bound": 9.0 if name == "own" else 5.0})],
        )
        (tmp_path / f"{name}.json").write_text(file.model_dump_json())
    found = bounds_of(contest, Effort(n_worlds=2), lambda label, share: None, tmp_path)
    assert found[0] == 9.0
    assert found[1] < 1.0


def test_a_ladder_has_every_rule_that_differs_and_repeats_to_the_bit(tiny):
    contest = load_contest(tiny)
    first, second = (ladder_of(contest, EFFORT, (), lambda label, share: None) for _ in range(2))
    assert first.names("plain", "rule") == ["thermostat", "deadline_pacing", "energy_pacing"]
    assert first.names("planner") == ["mpc", "mpc_foresight"]
    assert not first.over_bound()
    for one, two in zip(first.rungs, second.rungs, strict=True):
        np.testing.assert_array_equal(one.values, two.values)


def test_what_an_earlier_calibration_has_played_is_taken_over(tiny, tmp_path):
    """Made-up figures of it stand; planners play only the worlds that it lacks."""
    contest, path = load_contest(tiny), tmp_path / "earlier.json"
    whole = ladder_of(contest, EFFORT, (), lambda label, share: None)
    told = as_json(whole, checks(whole))
    by_name = {policy["name"]: policy for policy in told["policies"]}
    by_name["random"]["values"] = [-5.0, -6.0]
    by_name["mpc"]["values"] = [-7.0]
    told["policies"].append({"name": "run", "kind": "trained", "values": [-8.0, -9.0]})
    path.write_text(json.dumps(told), encoding="utf-8")
    labels = set()
    more = Effort(n_worlds=2, n_planned=2, candidates=1)
    earlier = read_earlier(path, contest)
    found = ladder_of(contest, more, (), lambda label, share: labels.add(label), earlier)
    assert labels == {"playing mpc", "playing mpc_foresight"}
    np.testing.assert_array_equal(found["random"].values, [-5.0, -6.0])
    assert found["mpc"].values[0] == -7.0
    assert found.names("trained") == ["run"]
    alone = contest.values(contest.policy("mpc"), [1], "test", lambda share: None)
    np.testing.assert_array_equal(found["mpc"].values[1:], alone)
    assert found["thermostat"].constants == whole["thermostat"].constants


def test_figures_of_another_scenario_are_not_taken_over(tiny, tmp_path, capsys):
    path = tmp_path / "earlier.json"
    path.write_text('{"scenario": "other-v0", "content_hash": "abc", "policies": []}')
    assert main(["calibrate", tiny, "--extend", str(path)]) == 2
    assert "holds figures of other-v0, content hash abc, not of tiny-v0" in capsys.readouterr().err


def test_the_command_prints_a_verdict_and_exits_with_1_where_the_rule_is_not_met(
    capsys, tiny, tmp_path
):
    path = tmp_path / "out.json"
    args = ["--worlds", "2", "--planner-worlds", "1", "--candidates", "0", "--json", str(path)]
    code = main(["calibrate", tiny, *args])
    out = capsys.readouterr().out
    told = json.loads(path.read_text())
    assert code == (0 if told["passed"] else 1)
    assert told["passed"] is all(check["passed"] for check in told["checks"])
    assert len(told["bounds"]) == 2
    assert "tiny-v0:" in out
    assert "energy_pacing" in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["calibrate", "single-walkr-v0"], "did you mean single-walker-v0?"),
        (["calibrate", "training-eazy-v0"], "did you mean training-easy-v0?"),
        (["calibrate", "single-walker-v0", "--worlds", "0"], "--worlds is 0, must be from 1"),
        (
            ["calibrate", "single-walker-v0", "--worlds", "4", "--planner-worlds", "5"],
            "--planner-worlds is 5, must be from 1 to 4",
        ),
        (["calibrate", "single-walker-v0", "--policy", "nowhere"], "neither a known name nor"),
        (
            ["calibrate", "single-walker-v0", "--policy", "thermostat"],
            "--policy thermostat is played anyway",
        ),
        (["calibrate", "single-walker-v0", "--policy", "a/x", "b/x"], "--policy x is given twice"),
        (["ablate", "single-walkr-v0"], "did you mean single-walker-v0?"),
        (["ablate", "single-walker-v0", "--rule", "termostat"], "did you mean thermostat?"),
    ],
)
def test_bad_input_is_told_in_one_line(capsys, tmp_path, monkeypatch, args, message):
    monkeypatch.chdir(tmp_path)
    assert main([*args, "--json", "out.json"]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_each_removal_takes_its_resource_away():
    ring, alone = load_scenario("dawn-dusk-24-v0"), load_scenario("single-walker-v0")
    assert REMOVALS["links"].overrides(alone) is None
    assert REMOVALS["eclipse"].overrides(alone) is None
    without = {
        name: build_params(load_scenario("dawn-dusk-24-v0", **removal.overrides(ring)))
        for name, removal in REMOVALS.items()
    }
    assert (without["links"].neighbours < 0).all()
    assert without["upsets"].service.upset_rate == 0.0
    assert without["heat"].hardware.emitting_area_m2 == 1000.0
    assert without["battery"].hardware.capacity_j == 400 * 3.6e6
    deadlines = without["deadlines"]
    assert deadlines.slot_steps * 12 >= deadlines.episode_steps
    assert deadlines.deadline_share[-1] == 1.0


def test_half_a_year_later_a_dawn_dusk_plane_is_in_light_all_day():
    from sunward_agents.planners.foresight import foresee

    scenario = load_scenario("single-dawn-dusk-v0")
    overrides = REMOVALS["eclipse"].overrides(scenario)
    now, later = (
        foresee(build_params(load_scenario("single-dawn-dusk-v0", **changes)), 0)[0].array_j
        for changes in ({}, overrides)
    )
    assert now.min() == 0.0
    assert later.min() > 0.9 * later.max()


def test_without_a_small_battery_the_rule_does_better(tiny):
    found = ablate(tiny, rule=None, n_worlds=3, candidates=0, progress=lambda label, share: None)
    assert found.rule == "energy_pacing"
    assert found.shift("links") is None
    battery = found.shift("battery")
    assert battery is not None
    assert battery.mean > 0.0


def test_a_resource_matters_where_it_moves_the_rule_in_one_scenario():
    idle, best = np.zeros(3), np.ones(3)
    still = Ablation("a-v0", "", "x", idle, best, {"heat": best + 0.01, "links": best - 0.06})
    moved = Ablation("b-v0", "", "x", idle, best, {"heat": best + 0.06})
    assert matters([still], "links")
    assert not matters([still], "heat")
    assert matters([still, moved], "heat")
    assert not matters([still, moved], "upsets")

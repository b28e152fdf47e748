"""What a user gets wrong becomes one line: value, bound, fix."""

from __future__ import annotations

import numpy as np
import pytest

from sunward import training_v0
from sunward.scenario.errors import ScenarioError
from sunward.training.build import build_training
from sunward.training.load import (
    content_hash,
    folder,
    is_training,
    list_trainings,
    load_training,
    sourced_figures,
)
from sunward.training.worlds import build_gangs
from sunward_agents.cli import main

EASY = folder() / "training-easy-v0.yaml"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"constellation.satellites": 17},
            "which 17 satellites do not fill: use 16 or 25",
        ),
        ({"constellation.satellites": 1}, "has satellites 1, a gang has 2 to 1024"),
        ({"formation.pitch_m": 1.0}, "pitch_m is 1.0, must be at least 10"),
        ({"gang.restrt": "2 min"}, "restrt"),
        ({"gang.restart": "2 kg"}, "kg"),
        ({"gang.state": "0 TB"}, "must be at least 8"),
        ({"jobs.whole_gpus": 8}, "whole_gpus is 8, must be at least smallest_gpus 256"),
        ({"reward.team_share": 2.0}, "team_share is 2.0, must be at most 1"),
        ({"episode.step_s": 7}, "step_s"),
    ],
)
def test_a_value_out_of_bounds_gets_one_line(changes, message):
    with pytest.raises(ScenarioError, match=message) as told:
        load_training("training-easy-v0", **changes)
    assert "\n" not in str(told.value)


def test_a_scenario_is_found_by_id_by_path_and_by_its_keys(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(EASY.read_text(encoding="utf-8"), encoding="utf-8")
    assert is_training("training-easy-v0")
    assert is_training(path)
    assert not is_training("walker-53-66-v0")
    assert not is_training("nowhere.yaml")
    assert content_hash(load_training(path)) == content_hash(load_training("training-easy-v0"))


def test_a_scenario_is_laid_over_its_base(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(f"base: {EASY.stem}\nid: own-v0\ndescription: own\njobs: {{whole_gpus: 512}}")
    assert is_training(path)
    easy = load_training(EASY.stem, **{"jobs.whole_gpus": 512, "id": "own-v0"})
    assert content_hash(load_training(path)) == content_hash(easy)
    path.write_text("base: training-esy-v0\nid: own-v0\ndescription: mine\n")
    with pytest.raises(ScenarioError, match="did you mean training-easy-v0"):
        load_training(path)


def test_an_unknown_scenario_gets_the_nearest_name():
    with pytest.raises(ScenarioError, match="did you mean training-easy-v0"):
        load_training("training-esy-v0")
    with pytest.raises(ScenarioError, match="no such file"):
        load_training("nowhere/own.yaml")


def test_an_unknown_profile_of_jobs_gets_the_nearest_name():
    with pytest.raises(ScenarioError, match="did you mean kalos-2023"):
        build_training(load_training("training-easy-v0", **{"jobs.profile": "kalos"}))


def test_the_hash_tells_what_decides_a_world_and_nothing_else():
    plain = content_hash(load_training("training-easy-v0"))
    words = load_training("training-easy-v0", description="other words")
    longer = load_training("training-easy-v0", **{"gang.restart": "6 min"})
    other_jobs = load_training("training-easy-v0", **{"jobs.profile": "philly-2017"})
    assert content_hash(words) == plain
    assert len({plain, content_hash(longer), content_hash(other_jobs)}) == 3


@pytest.mark.parametrize("name", list_trainings())
def test_every_figure_of_a_shipped_scenario_has_its_source(name):
    scenario = load_training(name)
    figures = dict(sourced_figures(scenario))
    assert {"gang.state", "gang.restart", "gang.regroup"} <= figures.keys()
    assert any(key.startswith("hardware.thermal.") for key in figures)
    assert figures["gang.state"]["unit"] == "TB"


def test_controls_of_another_shape_or_without_a_number_are_refused():
    worlds = build_gangs("training-easy-v0", 2)
    worlds.reset([(0, 0), (1, 0)])
    with pytest.raises(ValueError, match=r"shape \(2, 16, 4\), expected \(2, 16, 5\)"):
        worlds.step(np.zeros((2, 16, 4), np.float32))
    env = training_v0.parallel_env(scenario="training-easy-v0")
    env.reset(seed=0)
    actions = {agent: np.zeros(5, np.float32) for agent in env.agents}
    with pytest.raises(ValueError, match="join of satellite 3 in environment 0 is nan"):
        env.step({**actions, "sat_3": np.array([0, 0, 0, np.nan, 0], np.float32)})
    with pytest.raises(ValueError, match="no action for 'sat_15'"):
        env.step({agent: row for agent, row in actions.items() if agent != "sat_15"})
    with pytest.raises(ValueError, match="overrides need a scenario's name"):
        build_gangs(load_training("training-easy-v0"), 1, overrides={"gang.restart": "1 min"})
    with pytest.raises(ValueError, match="max_cycles is 0"):
        training_v0.parallel_env(scenario="training-easy-v0", max_cycles=0)


def test_a_choice_beyond_the_table_is_refused():
    env = training_v0.parallel_env(scenario="training-easy-v0", action="discrete")
    env.reset(seed=0)
    with pytest.raises(ValueError, match="action of satellite 0 in environment 0 is 16"):
        env.step(dict.fromkeys(env.agents, np.int64(16)))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--policy", "pacd", "--scenario", "training-easy-v0"], "did you mean paced"),
        (
            ["--policy", "paced", "--scenario", "training-easy-v0", "--worlds", "0"],
            "must be from 1",
        ),
        (
            ["--policy", "paced", "--scenario", "training-easy-v0", "--split", "private"],
            "training-easy-v0 has none",
        ),
        (
            ["--policy", "paced", "--scenario", "training-easy-v0", "--workload", "x.csv"],
            "training-easy-v0 has none: drop it",
        ),
    ],
)
def test_a_mistake_on_the_command_line_ends_with_two_and_one_line(capsys, args, message):
    assert main(["evaluate", *args]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1

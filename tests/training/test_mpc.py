"""The planner of a gang: what it knows pays, saves come in time, and a plan is carried out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.training.conftest import SMALL

from sunward.training.features import N_FEATURES
from sunward.training.worlds import build_gangs
from sunward_agents.evaluate import play
from sunward_agents.policies import Planner
from sunward_agents.training.crew import Crew
from sunward_agents.training.intervals import young_interval_s
from sunward_agents.training.mpc import LENGTHS, lengths_of
from sunward_agents.training.rules import PLANNERS, make_policy
from sunward_agents.training.saves import is_due, upsets_ahead

#: A short episode of few satellites, with upsets and two nights.
SHORT = {**SMALL, "episode.hours": 4.0, "hardware.faults.upset_rate": "300 1/yr"}


@pytest.fixture(scope="module")
def played() -> dict[str, dict[str, np.ndarray]]:
    worlds = build_gangs("training-easy-v0", 3, overrides=SHORT)
    names = ("thermostat", "paced", *PLANNERS)
    return {name: play(make_policy(name, worlds.params), worlds, split="test") for name in names}


def test_plans_are_worth_more_than_rules_and_foresight_more_than_forecasts(played):
    mean = {name: metrics["value"].mean() for name, metrics in played.items()}
    assert mean["mpc"] > max(mean["thermostat"], mean["paced"]) + 0.01
    assert mean["mpc_foresight"] > mean["mpc"] + 0.02


def test_who_knows_the_upsets_is_interrupted_by_none(played):
    assert played["mpc_foresight"]["upsets"].sum() >= 3.0
    assert played["mpc_foresight"]["interruptions"].sum() == 0.0
    assert played["mpc"]["interruptions"].sum() >= 1.0


def test_all_work_is_saved_in_the_end_but_for_the_last_step(played):
    for name in PLANNERS:
        kept = played[name]["progress_work"] - played[name]["lost_work"]
        last_step = 4 * 32 * 60.0
        assert (kept - played[name]["durable_work"] <= last_step).all(), name


def test_a_planner_decides_for_each_world_whatever_the_batch():
    both, alone = (build_gangs("training-easy-v0", n, overrides=SHORT) for n in (2, 1))
    actions = []
    for worlds, seeds in ((both, (7, 8)), (alone, (8,))):
        planner = make_policy("mpc", worlds.params)
        worlds.reset([(seed, 0) for seed in seeds], split="train")
        assert isinstance(planner, Planner)
        planner.reset(len(seeds), 0)
        planner.attach(worlds, list(seeds), "train")
        taken = []
        for _ in range(25):
            action = planner.act(worlds.observations.reshape(-1, N_FEATURES))
            worlds.step(action.reshape(len(seeds), 4, -1))
            taken.append(action[-4:])
        actions.append(np.array(taken))
    assert np.array_equal(*actions)
    assert np.ptp(actions[0]) > 0.0


@pytest.mark.parametrize(("checkpoint", "rate"), [(0.2, 0.004), (0.95, 0.0014)])
def test_at_a_steady_rate_a_gang_saves_at_young_s_interval(checkpoint, rate):
    """The second is a minute's save at calm flux: half an hour has to be looked at."""
    unsaved = np.arange(1, 80)
    due = [is_due(float(steps), np.full(40, rate), checkpoint) for steps in unsaved]
    interval = young_interval_s(checkpoint, 1.0 / rate)
    assert unsaved[due].min() == pytest.approx(float(interval), abs=1.0)


def test_a_gang_saves_before_the_upsets_and_not_after_them():
    coming, gone = np.r_[np.zeros(4), np.full(6, 0.1)], np.zeros(10)
    assert is_due(20.0, coming, 1.0)
    assert not is_due(20.0, gone, 1.0)


def test_at_the_mean_flux_upsets_are_as_many_as_their_rate_says():
    params = build_gangs("training-easy-v0", 1).params
    rate = params.gang.upset_rate * params.gang.accelerators * params.gang.step_s
    assert upsets_ahead(params, np.ones(1))[0] == pytest.approx(rate)
    assert upsets_ahead(params, np.zeros(1))[0] == pytest.approx(params.gang.upset_floor * rate)


def test_others_stand_in_for_those_who_cannot_be_members():
    crew = Crew(pace=0.6, busy=0.9, rank=np.array([2, 0, 3, 1]), count=2)
    everyone, nobody = np.ones(4, bool), np.zeros(4, bool)
    assert list(np.flatnonzero(crew.members(nobody, everyone))) == [0, 2]
    without = everyone.copy()
    without[2] = False
    assert list(np.flatnonzero(crew.members(nobody, without))) == [0, 3]
    stood_in = np.array([True, True, False, False])
    assert list(np.flatnonzero(crew.members(stood_in, without))) == [0, 1]
    assert not crew.members(nobody, nobody).any()


def test_a_satellite_with_fewer_accelerators_runs_them_faster():
    crew = Crew(pace=0.6, busy=0.9, rank=np.arange(2), count=2)
    clock, share = crew.levels(np.array([1.0, 0.8]))
    np.testing.assert_allclose(clock * share, 0.6)
    np.testing.assert_allclose(share, [0.9, 0.8])


@pytest.mark.parametrize("left", [1, 7, 120, 5000])
def test_plans_end_with_the_episode(left):
    lengths = lengths_of(left)
    assert lengths.sum() == min(left, LENGTHS.sum())
    assert (lengths > 0).all()

"""Evaluation: the same worlds for everyone, the same bits every time."""

import io
import pickle

import numpy as np
import pytest
import torch
from torch import nn

import sunward
from sunward.core.actions import N_ACTIONS
from sunward.core.observations import N_OBS
from sunward_agents.evaluate import evaluate, play, scenario_worlds, stages, suite_worlds
from sunward_agents.policies import POLICIES, PolicyError, load_policy
from sunward_agents.sb3.saved_policy import TrainedPolicy, load_trained_policy, save_actor
from sunward_agents.tables import by_score, leads, score_table

SCENARIO = "single-walker-v0"


@pytest.fixture(scope="module")
def simulator():
    return sunward.make_simulator(SCENARIO, 4)


def actor(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(N_OBS, 8), nn.Tanh(), nn.Linear(8, N_ACTIONS))


@pytest.mark.parametrize("name", POLICIES)
def test_playing_twice_gives_the_same_bits(simulator, name):
    first, second = (play(load_policy(name), simulator, split="test") for _ in range(2))
    assert all(np.array_equal(first[key], second[key]) for key in first)
    assert np.isfinite(first["value"]).all()


@pytest.mark.parametrize("name", ["random", "thermostat"])
def test_a_world_is_the_same_in_any_batch(simulator, name):
    four = play(load_policy(name), simulator, split="test")
    two = play(load_policy(name), sunward.make_simulator(SCENARIO, 2), split="test")
    assert all(np.array_equal(four[key][:2], two[key]) for key in four)


def test_every_policy_meets_the_same_demand(simulator):
    arrived = [
        play(load_policy(name), simulator, split="test")["interactive_arrived"]
        for name in ("idle", "flat_out", "thermostat")
    ]
    assert np.array_equal(arrived[0], arrived[1])
    assert np.array_equal(arrived[0], arrived[2])


def test_splits_hold_different_worlds(simulator):
    idle = load_policy("idle")
    arrived = {
        split: play(idle, simulator, split=split)["interactive_arrived"]
        for split in ("train", "validation", "test")
    }
    assert len(np.unique(np.concatenate(list(arrived.values())))) == 12


def test_a_result_names_what_was_played():
    ready = stages([scenario_worlds(SCENARIO, 2)])
    result = evaluate(load_policy("idle"), "idle", ready)
    again = evaluate(load_policy("idle"), "idle", ready)
    assert result.episodes == again.episodes
    assert [(one.scenario, one.split, one.seed) for one in result.episodes] == [
        (SCENARIO, "test", 0),
        (SCENARIO, "test", 1),
    ]
    assert len(result.scenarios[SCENARIO]) == 64


def test_progress_is_told_to_the_end():
    told = []
    ready = stages([scenario_worlds(SCENARIO, 1)]) * 2
    evaluate(load_policy("idle"), "idle", ready, progress=lambda *done: told.append(done))
    assert told[-1] == (len(told), len(told))


def test_a_suite_lists_its_worlds_in_order():
    worlds = suite_worlds("quick-v0")
    assert worlds[0].scenario.id == "single-walker-v0"
    assert all(part.n_worlds >= 1 for part in worlds)


def test_the_table_leads_with_the_best_and_pairs_the_differences():
    ready = stages([scenario_worlds(SCENARIO, 3)])
    results = {name: evaluate(load_policy(name), name, ready) for name in ("idle", "thermostat")}
    assert by_score(results) == ["thermostat", "idle"]
    difference = np.subtract(results["thermostat"].column("value"), results["idle"].column("value"))
    assert leads(results, "thermostat")["idle"].mean == pytest.approx(difference.mean())
    assert score_table(results, against="thermostat").row_count == 2


def test_a_trained_policy_acts_the_same_after_saving_and_loading(tmp_path, simulator):
    save_actor(tmp_path, actor(), scenario=SCENARIO, steps=7)
    loaded = load_policy(tmp_path)
    assert isinstance(loaded, TrainedPolicy)
    before = play(TrainedPolicy(actor()), simulator, split="test")
    after = play(loaded, simulator, split="test")
    assert all(np.array_equal(before[key], after[key]) for key in before)


def test_weights_that_are_not_those_described_are_refused(tmp_path):
    save_actor(tmp_path, actor(), scenario=SCENARIO, steps=7)
    (tmp_path / "policy.pt").write_bytes(b"other")
    with pytest.raises(PolicyError, match=r"policy\.pt: is not what policy\.json describes"):
        load_trained_policy(tmp_path)


class Harmful:
    """What a hostile file would hold: something that runs when it is unpickled."""

    was_run = False

    def __reduce__(self):
        return setattr, (Harmful, "was_run", True)


def test_a_pickle_among_the_weights_is_never_run(tmp_path):
    save_actor(tmp_path, actor(), scenario=SCENARIO, steps=7)
    description = tmp_path / "policy.json"
    buffer = io.BytesIO()
    torch.save({"0.weight": Harmful()}, buffer)
    (tmp_path / "policy.pt").write_bytes(buffer.getvalue())
    import hashlib
    import json

    fields = json.loads(description.read_text())
    fields["weights_sha256"] = hashlib.sha256(buffer.getvalue()).hexdigest()
    description.write_text(json.dumps(fields))
    with pytest.raises(PolicyError, match=r"policy\.pt: holds no plain tensors"):
        load_trained_policy(tmp_path)
    assert not Harmful.was_run
    pickle.loads(pickle.dumps(Harmful()))
    assert Harmful.was_run  # it would have been


def test_a_policy_for_other_observations_is_refused(tmp_path):
    save_actor(tmp_path, actor(), scenario=SCENARIO, steps=7)
    path = tmp_path / "policy.json"
    path.write_text(path.read_text().replace('"charge_fraction"', '"charge"'))
    with pytest.raises(PolicyError, match="other observations or actions"):
        load_trained_policy(tmp_path)


def test_a_folder_without_a_policy_is_refused(tmp_path):
    with pytest.raises(PolicyError, match="holds no trained policy"):
        load_policy(tmp_path)

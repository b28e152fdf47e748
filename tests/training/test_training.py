"""One slot a satellite for Stable-Baselines3, and a run from its first step to its tables."""

from __future__ import annotations

import numpy as np
import pytest

from sunward.training.controls import CONTROLS, N_CONTROLS
from sunward.training.features import FEATURES, N_FEATURES
from sunward.training.worlds import GangWorlds, build_gangs
from sunward_agents.cli import main
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import play
from sunward_agents.policies import PolicyError, load_policy
from sunward_agents.results import read_result
from sunward_agents.sb3.train import train
from sunward_agents.sb3.vec_env import SatelliteVecEnv
from sunward_agents.train_config import load_train_config
from sunward_agents.training.evaluate import load_policy as load_gang_policy
from sunward_agents.training.rules import POLICIES

SHORT = {"constellation.satellites": 4, "episode.hours": 0.2}


def slots(**options) -> SatelliteVecEnv:
    simulator = build_gangs("training-easy-v0", 2, overrides=SHORT)
    return SatelliteVecEnv(simulator, seed=1, worlds=GangWorlds, stagger=False, **options)


def test_slots_are_the_satellites_of_the_simulator():
    env, worlds = slots(), build_gangs("training-easy-v0", 2, overrides=SHORT)
    worlds.reset([(1, 0), (2, 0)])
    assert np.array_equal(env.reset(), worlds.observations.reshape(8, N_FEATURES))
    rng = np.random.default_rng(0)
    for _ in range(11):
        actions = rng.uniform(-1, 1, (8, N_CONTROLS)).astype(np.float32)
        seen, rewards, dones, _ = env.step(actions)
        worlds.step(actions.reshape(2, 4, -1))
        assert np.array_equal(seen, worlds.observations.reshape(8, -1))
        assert np.array_equal(rewards, worlds.rewards.reshape(-1))
        assert not dones.any()
    _, _, dones, infos = env.step(np.ones((8, N_CONTROLS), np.float32))
    assert dones.all()
    assert "goodput" in infos[0]["metrics"]
    assert infos[3]["terminal_observation"].shape == (N_FEATURES,)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gang") / "run"
    scenario = folder.parent / "small.yaml"
    from sunward.training.load import folder as shipped

    text = (shipped() / "training-easy-v0.yaml").read_text(encoding="utf-8")
    text = text.replace("satellites: 16", "satellites: 4").replace("hours: 12", "hours: 0.5")
    scenario.write_text(text, encoding="utf-8")
    tiny = {
        "scenario": str(scenario),
        "total_steps": 512,
        "n_worlds": 2,
        "n_steps": 16,
        "batch_size": 64,
        "net": (8, 8),
        "validation_worlds": 2,
        "validation_steps": 256,
        "checkpoint_steps": 256,
        "test_worlds": 2,
        "run_dir": str(folder),
    }
    assert train(load_train_config("training-ppo", **tiny)) == 0
    return folder, scenario


def test_a_run_ends_with_results_of_the_trained_policy_and_of_every_rule(run):
    folder, _ = run
    for name in ("trained", *POLICIES):
        result = read_result(folder / "results" / f"{name}.json")
        assert len(result.episodes) == 2
        assert "goodput" in result.episodes[0].metrics


def test_a_trained_gang_is_evaluated_again_to_the_same_bits(run, capsys):
    folder, scenario = run
    args = ["--policy", str(folder), "--scenario", str(scenario), "--worlds", "2"]
    assert main(["evaluate", *args]) == 0
    assert "goodput" in capsys.readouterr().out
    worlds = build_gangs(str(scenario), 2)
    policy = load_gang_policy(str(folder), worlds.params)
    value = play(policy, worlds, split="test")["value"]
    assert value.tolist() == read_result(folder / "results" / "trained.json").column("value")


def test_a_run_of_a_gang_is_resumed(run, capsys):
    folder, _ = run
    assert main(["train", "--resume", str(folder)]) == 0


def test_a_gang_s_policy_is_none_of_the_fleet_s(run):
    with pytest.raises(PolicyError, match="was trained on other observations"):
        load_policy(run[0])


def test_a_trace_cannot_be_played_to_a_gang(tmp_path):
    config = load_train_config("training-ppo", workload="trace.csv", run_dir=str(tmp_path / "run"))
    with pytest.raises(UsageError, match="training-easy-v0 has none: drop it"):
        train(config)


def test_show_and_list_tell_of_gangs(capsys):
    assert main(["show", "training-plane-24-v0"]) == 0
    shown = capsys.readouterr().out
    assert "checkpoint_s" in shown
    assert "gang.restart" in shown
    assert main(["show", "training-plane-24-v0", "--json", "-"]) == 0
    assert '"duration_p50_s"' in capsys.readouterr().out
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert "training-formation-81-v0" in listed
    assert "sunward.training_v0" in listed
    assert "leave_in_eclipse" in listed


def test_tables_have_no_name_twice():
    assert len({feature.name for feature in FEATURES}) == N_FEATURES
    assert len({action.name for action in CONTROLS}) == N_CONTROLS

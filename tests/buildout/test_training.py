"""PPO on the build-out learns, repeats itself and leaves a policy that evaluates."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sunward_agents.buildout.play import make_simulator, play
from sunward_agents.buildout.rules import make_policy
from sunward_agents.buildout.train import train
from sunward_agents.buildout.trained import load_trained_policy
from sunward_agents.buildout.vec_env import BuildoutVecEnv
from sunward_agents.cli import main
from sunward_agents.policies import PolicyError
from sunward_agents.train_config import load_train_config

TINY = {
    "total_steps": 16 * 90 * 6,
    "imitate_steps": 16 * 90 * 3,
    "n_worlds": 16,
    "n_steps": 90,
    "batch_size": 360,
    "validation_worlds": 2,
    "validation_steps": 3000,
    "test_worlds": 2,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "one"
    config = load_train_config("buildout-ppo", **TINY, run_dir=str(folder))
    assert train(config) == 0
    return folder


def test_a_run_leaves_a_policy_a_curve_and_its_configuration(run):
    description = json.loads((run / "policy.json").read_text())
    assert description["task"] == "sunward/Buildout-v0"
    curve = np.loadtxt(run / "curve.csv", delimiter=",", skiprows=1)
    assert curve[0, 0] < curve[-1, 0]
    simulator = make_simulator("buildout-easy-v0", 2)
    policy = load_trained_policy(run, simulator.params)
    value = play(policy, simulator, split="validation")["value"].mean()
    assert value == pytest.approx(curve[:, 1].max(), abs=1e-3)
    assert load_train_config(run / "config.yaml").n_worlds == 16


def test_the_same_seed_trains_the_same_policy(run, tmp_path):
    config = load_train_config("buildout-ppo", **TINY, run_dir=str(tmp_path / "two"))
    train(config)
    assert (tmp_path / "two" / "curve.csv").read_text() == (run / "curve.csv").read_text()


def test_a_trained_policy_is_evaluated_by_its_folder(run, capsys):
    args = ["--policy", str(run), "--scenario", "buildout-easy-v0", "--worlds", "2"]
    assert main(["evaluate", *args]) == 0
    assert "power_gw" in capsys.readouterr().out


def test_a_spoilt_folder_is_told_in_one_line(run, tmp_path, capsys):
    params = make_simulator("buildout-medium-v0", 1).params
    with pytest.raises(PolicyError, match="holds no trained policy"):
        load_trained_policy(tmp_path, params)
    for name in ("policy.json", "policy.pt"):
        (tmp_path / name).write_bytes((run / name).read_bytes())
    (tmp_path / "policy.pt").write_bytes(b"not these weights")
    with pytest.raises(PolicyError, match="is not what"):
        load_trained_policy(tmp_path, params)
    other = json.loads((run / "policy.json").read_text()) | {"actions": ["clock"]}
    (tmp_path / "policy.json").write_text(json.dumps(other))
    with pytest.raises(PolicyError, match="other observations or levers"):
        load_trained_policy(tmp_path, params)
    for args, message in (
        (["--run-dir", str(run)], "exists already"),
        (["--batch-size", "20000"], "batch_size is 20000, must be at most the 11520 months"),
        (["--workload", "x.csv"], "has none: drop it"),
    ):
        assert main(["train", "buildout-ppo", *args]) == 2
        told = capsys.readouterr()
        assert message in told.err
        assert told.err.count("\n") == 1


def test_a_slot_plays_what_the_simulator_plays_and_tells_how_episodes_end():
    simulator = make_simulator("buildout-medium-v0", 3)
    env = BuildoutVecEnv(simulator, seed=5, reward_scale=0.1)
    alone = make_simulator("buildout-medium-v0", 3)
    alone.reset([(5, 0), (6, 0), (7, 0)])
    np.testing.assert_array_equal(env.reset(), alone.observations)
    policy = make_policy("greedy", alone.params)
    total = np.zeros(3)
    for _ in range(alone.episode_steps):
        actions = policy.act(alone.observations)
        alone.step(actions)
        total += alone.rewards
        seen, rewards, dones, infos = env.step(actions)
        np.testing.assert_allclose(rewards, 0.1 * alone.rewards, rtol=1e-6, atol=1e-9)
        np.testing.assert_array_equal(dones, alone.terminated)
    assert dones.all()
    for slot, info in enumerate(infos):
        np.testing.assert_array_equal(info["terminal_observation"], alone.observations[slot])
        assert info["episode"]["r"] == pytest.approx(total[slot])
        assert info["episode"]["l"] == alone.episode_steps
    assert not np.array_equal(seen, alone.observations)
    assert [one["value"] for one in env.episode_metrics] == pytest.approx(total.tolist())
    alone.reset([(5, 1), (6, 1), (7, 1)])
    np.testing.assert_array_equal(seen, alone.observations)

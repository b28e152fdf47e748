"""Training: seeds repeat it, a killed run goes on exactly, Ctrl-C saves."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from sunward_agents.errors import UsageError
from sunward_agents.results import read_result
from sunward_agents.sb3.checkpoint import CheckpointError, load_checkpoint
from sunward_agents.sb3.train import INTERRUPTED, train
from sunward_agents.train_config import load_train_config

#: Four slots, rollouts of 32 satellite-steps, a net of 16 units.
TINY = {
    "scenario": "single-walker-v0",
    "n_worlds": 4,
    "n_steps": 8,
    "batch_size": 16,
    "n_epochs": 2,
    "net": (8, 8),
    "validation_worlds": 2,
    "test_worlds": 2,
    "seed": 3,
}


def config(folder, n_rollouts, **changes):
    steps = 32 * n_rollouts
    every = {"validation_steps": steps // 2, "checkpoint_steps": 64, "total_steps": steps}
    return load_train_config("single-ppo", **{**TINY, **every, "run_dir": str(folder), **changes})


def weights(folder):
    return torch.load(folder / "policy.pt", weights_only=True)


def assert_same_policy(one, other):
    first, second = weights(one), weights(other)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[key], second[key]) for key in first)


def scalars(folder):
    """Returns tag -> [(step, value)] of a TensorBoard folder, without what time decides."""
    events = EventAccumulator(str(folder / "tensorboard"), size_guidance={"scalars": 0})
    events.Reload()
    tags = [tag for tag in events.Tags()["scalars"] if not tag.startswith("time/")]
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in tags}


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    folder = tmp_path_factory.mktemp("straight") / "run"
    assert train(config(folder, 120)) == 0
    return folder


def test_two_runs_with_one_seed_give_the_same_curve(straight, tmp_path):
    assert train(config(tmp_path / "again", 120)) == 0
    assert_same_policy(straight, tmp_path / "again")
    assert scalars(straight) == scalars(tmp_path / "again")


def test_another_seed_gives_another_policy(straight, tmp_path):
    assert train(config(tmp_path / "other", 4, seed=4)) == 0
    first, second = weights(straight), weights(tmp_path / "other")
    assert not torch.equal(first["0.weight"], second["0.weight"])


def test_a_killed_run_goes_on_exactly(straight, tmp_path):
    folder = tmp_path / "run"
    process = start(config(folder, 120))
    wait_for(lambda: len(list(folder.glob("checkpoints/step_*.pt"))) >= 2, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (folder / "policy.pt").exists()
    assert not list(folder.glob("checkpoints/step_*3840.pt"))
    assert train(None, resume=folder) == 0
    assert_same_policy(straight, folder)
    assert scalars(straight) == scalars(folder)


def test_ctrl_c_saves_and_says_how_to_resume(straight, tmp_path):
    folder = tmp_path / "run"
    process = start(config(folder, 120, checkpoint_steps=10**6))
    wait_for(lambda: list(folder.glob("tensorboard/events*")), process)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert f"python train.py --resume {folder}" in output.replace("\n", " ")
    assert len(list(folder.glob("checkpoints/*"))) == 1
    assert train(None, resume=folder) == 0
    assert_same_policy(straight, folder)


def test_a_run_leaves_everything_that_it_promises(straight):
    logged = scalars(straight)
    for tag in (
        "rollout/ep_rew_mean",
        "train/value_loss",
        "train/approx_kl",
        "env/value",
        "env/brownouts",
        "env/trips",
        "env/wear",
        "env/interactive_missed",
        "reward/value_interactive",
        "eval/mean_reward",
        "eval/value",
    ):
        assert tag in logged, tag
    assert [step for step, _ in logged["eval/value"]] == [0, 1920, 3840]
    assert len(list(straight.glob("checkpoints/*"))) == 2
    assert (straight / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert (straight / "curve.csv").read_text().splitlines()[0] == "steps,value,reward"
    trained = read_result(straight / "results" / "trained.json")
    rule = read_result(straight / "results" / "thermostat.json")
    seeds = [episode.seed for episode in trained.episodes]
    assert seeds == [episode.seed for episode in rule.episodes] == [0, 1]
    assert not [path for path in straight.rglob("*") if path.name.endswith(".tmp")]


def test_a_finished_run_cannot_be_overwritten(straight):
    with pytest.raises(UsageError, match="exists already: give another --run-dir"):
        train(config(straight, 4))


def test_a_batch_larger_than_a_rollout_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="batch_size is 33, must be at most the 32"):
        train(config(tmp_path / "run", 4, batch_size=33))
    assert not (tmp_path / "run").exists()


def test_only_the_folder_of_a_run_can_be_resumed(straight, tmp_path):
    with pytest.raises(UsageError, match=r"is no folder of a run: it holds no config\.yaml"):
        train(None, resume=tmp_path)
    newest = tmp_path / "step_000000000064.pt"
    newest.write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_checkpoint(tmp_path)


def test_a_run_whose_scenario_has_changed_is_not_resumed(straight, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(straight, folder)
    settings = folder / "config.yaml"
    settings.write_text(settings.read_text().replace("single-walker-v0", "single-dawn-dusk-v0"))
    with pytest.raises(UsageError, match="single-dawn-dusk-v0 has changed since"):
        train(None, resume=folder)


def test_a_checkpoint_holds_what_it_was_given_to_the_last_bit(straight):
    content = load_checkpoint(straight / "checkpoints")
    assert content["history"]["curve"][-1]["steps"] == 3840
    state = content["model"]["environment"]["worlds"]["simulator"]
    assert isinstance(state["_observation_rows"], np.ndarray)
    assert state["_observation_rows"].dtype == np.float32


def start(chosen):
    """Starts the run in a process of its own, from the configuration that it would write."""
    options = [
        word
        for key, value in chosen.model_dump().items()
        if value not in (None, {})
        for word in (f"--{key.replace('_', '-')}", *map(str, np.atleast_1d(value)))
    ]
    program = "import sys; from sunward_agents.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", program, "train", "single-ppo", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def wait_for(condition, process, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end
        time.sleep(0.005)

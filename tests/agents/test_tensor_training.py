"""Training in tensors: a run leaves what any run leaves, and goes on exactly where it stopped."""

import shutil

import pytest
import torch
from tests.agents.test_training import assert_same_policy, config, scalars

from sunward_agents.cli import main
from sunward_agents.results import read_result
from sunward_agents.sb3 import train as training
from sunward_agents.sb3.learner import ADVANTAGES, ENVIRONMENT, FORWARD, UPDATE
from sunward_agents.sb3.run import resumed_run
from sunward_agents.sb3.tensor_learner import TensorPPO


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tensors") / "run"
    assert training.train(config(folder, 120, engine="tensor")) == 0
    return folder


def test_a_run_leaves_everything_that_a_run_through_numpy_leaves(straight, tmp_path):
    assert training.train(config(tmp_path / "run", 4)) == 0
    assert names_of(straight) == names_of(tmp_path / "run")
    lines = (straight / "curve.csv").read_text().splitlines()
    assert lines[0] == "steps,value,reward"
    assert [int(line.split(",")[0]) for line in lines[1:]] == [0, 1920, 3840]
    assert len(read_result(straight / "results" / "trained.json").episodes) == 2
    logged = scalars(straight)
    assert {"env/value", "reward/wear", "train/explained_variance", "eval/value"} <= set(logged)
    assert sorted(logged) == sorted(logged | scalars(tmp_path / "run"))


def names_of(folder):
    """Returns what a run's folder holds, whatever the times and steps in the names."""
    return {path.name.partition(".tfevents")[0].partition("step_")[0] for path in folder.rglob("*")}


def test_a_run_goes_on_exactly_from_its_checkpoint(straight, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(straight, folder)
    (folder / "policy.pt").unlink()
    last = max(folder.glob("checkpoints/step_*.pt"))
    last.unlink()
    assert training.train(None, resume=folder) == 0
    assert_same_policy(straight, folder)
    assert scalars(straight) == scalars(folder)


def test_the_learner_of_a_resumed_run_is_the_one_that_was_chosen(straight):
    assert isinstance(resumed_run(straight).model, TensorPPO)


def test_the_profile_tells_the_parts(tmp_path, capsys):
    sizes = ["--n-worlds", "4", "--n-steps", "8", "--batch-size", "32", "--total-steps", "64"]
    worlds = ["--validation-worlds", "1", "--test-worlds", "2", "--run-dir", str(tmp_path / "run")]
    assert main(["train", "single-ppo", "--engine", "tensor", *sizes, *worlds, "--profile"]) == 0
    out = capsys.readouterr().out
    for part in (ENVIRONMENT, FORWARD, ADVANTAGES, UPDATE):
        assert part in out


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ["training-ppo", "--engine", "tensor"],
            "engine is tensor, which plays fleets and not training-easy-v0: use --engine local",
        ),
        (
            ["buildout-ppo", "--engine", "tensor"],
            "engine is tensor, which plays fleets and not buildout-easy-v0: use --engine local",
        ),
        (
            ["walker-ppo", "--device", "cuda"],
            "device is cuda, and torch finds no CUDA device: use --device cpu",
        ),
    ],
)
def test_what_cannot_be_trained_is_told_in_one_line(options, line, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    folder = tmp_path / "run"
    assert main(["train", *options, "--run-dir", str(folder)]) == 2
    assert capsys.readouterr().err == f"sunward train: {line}\n"
    assert not folder.exists()

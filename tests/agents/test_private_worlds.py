"""Private worlds: other than all public ones, secret before the salt is told, checkable after."""

import hashlib
import json

import numpy as np
import pytest

import sunward
from sunward_agents.cli import main
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import play
from sunward_agents.policies import load_policy
from sunward_agents.private_worlds import commitment, namespace

SCENARIO = "single-walker-v0"
ONE, TWO = ({"SUNWARD_PRIVATE_SALT": letter * 32} for letter in "ab")


def test_public_splits_keep_their_names_and_need_no_salt():
    assert [namespace(split, {}) for split in ("train", "validation", "test")] == [
        "train",
        "validation",
        "test",
    ]


def test_two_salts_draw_two_sets_of_worlds_and_one_salt_always_the_same():
    assert namespace("private", ONE) == namespace("private", ONE)
    assert namespace("private", ONE) != namespace("private", TWO)


def test_private_worlds_are_none_of_the_public_ones(monkeypatch):
    simulator = sunward.make_simulator(SCENARIO, 4)
    monkeypatch.setenv("SUNWARD_PRIVATE_SALT", "c" * 32)
    arrived = [
        play(load_policy("idle"), simulator, split=split)["interactive_arrived"]
        for split in ("train", "validation", "test", "private")
    ]
    assert len(np.unique(np.concatenate(arrived))) == 16


def test_the_commitment_is_checked_by_whoever_is_told_the_salt():
    salt = ONE["SUNWARD_PRIVATE_SALT"]
    text = b"sunward private commitment\0" + salt.encode()
    assert commitment(ONE) == hashlib.sha256(text).hexdigest()
    assert commitment(ONE) not in namespace("private", ONE)


def test_a_file_may_hold_the_salt(tmp_path):
    path = tmp_path / "salt"
    path.write_text("a" * 32 + "\n")
    assert commitment({"SUNWARD_PRIVATE_SALT_FILE": str(path)}) == commitment(ONE)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "split private needs a secret salt: set SUNWARD_PRIVATE_SALT"),
        ({"SUNWARD_PRIVATE_SALT": "short"}, "has 5 characters, must have at least 32"),
        ({"SUNWARD_PRIVATE_SALT_FILE": "/no/such"}, "SUNWARD_PRIVATE_SALT_FILE .*cannot be read"),
    ],
)
def test_a_missing_or_weak_salt_is_told_in_one_line(environment, message):
    with pytest.raises(UsageError, match=message) as refused:
        namespace("private", environment)
    assert "\n" not in str(refused.value)
    assert environment.get("SUNWARD_PRIVATE_SALT", "no salt") not in str(refused.value)


def test_a_result_holds_the_commitment_and_never_the_salt(monkeypatch, capsys):
    monkeypatch.setenv("SUNWARD_PRIVATE_SALT", ONE["SUNWARD_PRIVATE_SALT"])
    args = ["evaluate", "--policy", "idle", "--scenario", SCENARIO, "--worlds", "1"]
    assert main([*args, "--split", "private", "--json", "-"]) == 0
    text = capsys.readouterr().out
    result = json.loads(text)
    assert result["private_commitment"] == commitment(ONE)
    assert result["episodes"][0]["split"] == "private"
    assert ONE["SUNWARD_PRIVATE_SALT"] not in text
    assert namespace("private", ONE) not in text
    assert main([*args, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["private_commitment"] is None


def test_without_a_salt_the_command_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.delenv("SUNWARD_PRIVATE_SALT", raising=False)
    args = ["evaluate", "--policy", "idle", "--scenario", SCENARIO, "--worlds", "1"]
    assert main([*args, "--split", "private"]) == 2
    assert "set SUNWARD_PRIVATE_SALT" in capsys.readouterr().err

"""The command line: exit codes, and every mistake in one line without a traceback."""

import json
import subprocess
import sys

import pytest

from sunward.scenario import list_scenarios
from sunward_agents.cli import COMMANDS, main
from sunward_agents.policies import POLICIES
from sunward_agents.results import Result


def run(capsys, *args):
    code = main(args)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["evaluat"], "no command 'evaluat': did you mean evaluate?"),
        (["show", "walker-53-6"], "no scenario 'walker-53-6': did you mean walker-53-66-v0?"),
        (["show", "no/such.yaml"], "no/such.yaml: no such file"),
        (["show"], "SCENARIO"),
        (["list", "--jason", "x"], "did you mean --json?"),
        (["evaluate", "--policy", "idle"], "give one of --suite and --scenario"),
        (
            ["evaluate", "--policy", "idel", "--suite", "quick-v0"],
            "policy 'idel' is neither a known name nor a folder: did you mean idle?",
        ),
        (["evaluate", "--policy", "idle", "--suite", "quik-v0"], "did you mean quick-v0?"),
        (
            ["evaluate", "--policy", "idle", "--scenario", "single-walker-v0", "--worlds", "0"],
            "--worlds is 0, must be from 1 to 10000",
        ),
        (
            ["evaluate", "--policy", "idle", "--scenario", "single-walker-v0", "--workload", "x"],
            "--workload is 'x', which is no file",
        ),
        (
            ["evaluate", "--policy", "idle", "--suite", "quick-v0", "--worlds", "2"],
            "a suite fixes worlds",
        ),
        (["evaluate", "--policy", "idle", "--suite", "quick-v0", "--threads", "999"], "--threads"),
        (["train", "--gama", "0.9"], "did you mean --gamma?"),
        (["train", "--gamma", "2"], "gamma is 2.0, must be at most 1: lower it"),
        (["train", "--gamma", "much"], "--gamma: could not convert"),
        (["train", "walker-pp"], "did you mean walker-ppo?"),
        (["train", "--engine", "ray"], "use --engine local"),
        (["train", "--resume", "nowhere"], "nowhere: is no folder of a run"),
        (["train", "--resume", "nowhere", "--gamma", "0.5"], "drop gamma"),
        (["train", "--workload", "no.csv"], "no.csv"),
        (["data", "fech"], "no action 'fech': did you mean fetch?"),
        (["data", "fetch", "azur"], "azur"),
    ],
)
def test_bad_input_is_told_in_one_line_with_exit_code_2(
    capsys, tmp_path, monkeypatch, args, message
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *args)
    assert code == 2
    assert message in err
    assert err.count("\n") == 1
    assert out == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(capsys, command):
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert "xample" in out
    assert f"sunward {command}" in out or "python train.py" in out


def test_help_names_every_command(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert all(command in out for command in COMMANDS)
    assert run(capsys)[1] == out


def test_list_names_everything(capsys):
    code, out, _ = run(capsys, "list", "--json", "-")
    lists = json.loads(out)
    assert code == 0
    assert list(lists["scenarios"]) == list_scenarios()
    assert list(lists["policies"]) == list(POLICIES)
    assert all(name in run(capsys, "list")[1] for kind in lists.values() for name in kind)


def test_show_gives_units_and_sources(capsys):
    code, out, _ = run(capsys, "show", "walker-53-66-v0", "--json", "-")
    shown = json.loads(out)
    capacity = shown["hardware"]["battery.capacity"]
    assert code == 0
    assert (capacity["value"], capacity["unit"]) == (20, "kWh")
    assert capacity["source"]
    assert shown["values"]["hardware.battery.capacity_j"] == pytest.approx(7.2e7)
    assert shown["values"]["constellation.altitude_km"] == 550
    assert "kWh" in run(capsys, "show", "walker-53-66-v0")[1]


def test_evaluate_writes_a_result_and_repeats_it_to_the_bit(capsys, tmp_path):
    results = []
    for name in ("one.json", "two.json"):
        path = tmp_path / name
        code, out, _ = run(
            capsys,
            *("evaluate", "--policy", "thermostat", "--scenario", "single-walker-v0"),
            *("--worlds", "2", "--json", str(path)),
        )
        assert code == 0
        assert "thermostat" in out
        results.append(Result.model_validate_json(path.read_text()))
    assert results[0].episodes == results[1].episodes
    assert len(results[0].episodes) == 2


def test_a_result_that_cannot_be_written_is_told_in_one_line(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run(capsys, "list", "--json", str(tmp_path / "file" / "out.json"))
    assert code == 2
    assert "cannot be written" in err
    assert err.count("\n") == 1


def test_help_needs_no_torch():
    program = (
        "import sys; from sunward_agents.cli import main; code = main(['evaluate', '--help']); "
        "sys.exit(code or 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0

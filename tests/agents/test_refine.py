"""A rule and what a search finds to correct in it."""

import json
import subprocess
import sys

import numpy as np
import pytest

import sunward
from sunward_agents.calibration.contest import load_contest
from sunward_agents.cli import main
from sunward_agents.errors import UsageError
from sunward_agents.policies import PolicyError, load_policy
from sunward_agents.refine.correction import Correction
from sunward_agents.refine.run import Search, refine
from sunward_agents.refine.saved import FILE
from sunward_agents.refine.search import Pace, improved

TINY = [
    *("--candidates", "1", "--iterations", "2", "--worlds", "2", "--directions", "2"),
    *("--validation-worlds", "2", "--test-worlds", "2"),
]
#: A scenario of each task; the rule that is refined is the last of its ladder.
SCENARIOS = ("satellite-easy-v0", "training-easy-v0", "buildout-easy-v0")


@pytest.fixture(scope="module", params=SCENARIOS)
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "refined"
    assert main(["refine", request.param, *TINY, "--run-dir", str(folder)]) == 0
    return request.param, folder


def test_the_search_climbs_to_the_best_weights():
    best = np.array([[0.3, -0.2], [0.1, 0.0]])

    def worth(candidates):
        return -((candidates - best) ** 2).sum(axis=(1, 2))

    weights, rng = np.zeros((2, 2)), np.random.default_rng(0)
    for _ in range(200):
        weights = improved(weights, worth, Pace(directions=8, noise=0.05, step=0.01), rng)
    assert np.abs(weights - best).max() < 0.03


def test_where_nothing_makes_a_difference_weights_stay():
    weights = np.ones((2, 2))
    rng = np.random.default_rng(0)
    stays = improved(weights, lambda candidates: np.zeros(32), Pace(), rng)
    assert np.array_equal(stays, weights)


def test_no_correction_is_the_rule_and_candidates_act_for_their_own_rows():
    simulator = sunward.make_simulator("satellite-easy-v0", 6)
    simulator.reset([(seed, 0) for seed in range(6)])
    seen = simulator.observations.reshape(6, -1)
    rule = load_policy("energy_pacing")
    wanted = rule.act(seen)
    shape = (seen.shape[1] + 1, wanted.shape[1])
    assert np.array_equal(Correction(rule, np.zeros((1, *shape))).act(seen), np.clip(wanted, -1, 1))
    weights = 0.1 * np.random.default_rng(0).standard_normal((3, *shape))
    together = Correction(rule, weights).act(seen)
    for place, own in enumerate(weights):
        rows = slice(2 * place, 2 * place + 2)
        alone = Correction(rule, own[None]).act(seen[rows])
        np.testing.assert_allclose(together[rows], alone, atol=1e-6)
    assert np.abs(together).max() <= 1.0
    assert not np.array_equal(together, wanted)


def test_a_few_steps_make_a_company_worth_more(tmp_path):
    contest = load_contest("buildout-easy-v0")
    constants = contest.tuned("paced", 0, lambda share: None)
    search = Search("paced", constants, iterations=4, worlds=16, validation_worlds=16)
    found = list(refine(contest, search, tmp_path))
    assert [one.iteration for one in found] == [0, 4]
    assert found[-1].best > found[0].value + 0.3
    refined = contest.policy(str(tmp_path))
    values = contest.values(refined, range(16), "validation", lambda share: None)
    assert values.mean() == pytest.approx(found[-1].best, abs=1e-3)


def test_a_run_leaves_a_policy_that_evaluates_and_calibrates(run, tmp_path, capsys):
    scenario, folder = run
    curve = np.loadtxt(folder / "curve.csv", delimiter=",", skiprows=1)
    assert curve[:, 0].tolist() == [0.0, 2.0]
    contest = load_contest(scenario)
    policy = contest.policy(str(folder))
    values = contest.values(policy, range(2), "test", lambda share: None)
    out = tmp_path / "result.json"
    args = ["--policy", str(folder), "--scenario", scenario, "--worlds", "2", "--json", str(out)]
    assert main(["evaluate", *args]) == 0
    result = json.loads(out.read_text())
    assert [one["metrics"]["value"] for one in result["episodes"]] == pytest.approx(values.tolist())
    capsys.readouterr()


def test_the_same_seed_finds_the_same_correction(run, tmp_path):
    scenario, folder = run
    assert main(["refine", scenario, *TINY, "--run-dir", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / FILE).read_text() == (folder / FILE).read_text()


def test_what_is_found_does_not_hang_on_how_many_play_side_by_side(run, tmp_path, monkeypatch):
    scenario, folder = run
    monkeypatch.setattr("sunward_agents.refine.run.MOST_AGENTS", 3)
    assert main(["refine", scenario, *TINY, "--run-dir", str(tmp_path / "apart")]) == 0
    assert (tmp_path / "apart" / FILE).read_text() == (folder / FILE).read_text()


def spoilt(run, tmp_path, **changes):
    scenario, folder = run
    content = json.loads((folder / FILE).read_text()) | changes
    (tmp_path / FILE).write_text(json.dumps(content))
    return load_contest(scenario), str(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"actions": ["clock"]}, "other observations or actions"),
        ({"weights": [[0.0]]}, "weights are not"),
        ({"rule": "no_rule"}, "no .*'no_rule'"),
        ({"constants": {"speed": 1.0}}, "with such constants"),
        ({"weights": "none"}, "weights"),
        ({"weights": [[float("nan")]]}, "weights.0.0: Input should be"),
        ({"weights": [[1e30]]}, "weights.0.0: Input should be less than or equal to 1000000"),
        ({"constants": {"speed": float("inf")}}, "constants.speed: Input should be a finite"),
        ({"command": "rm"}, "command"),
    ],
)
def test_a_spoilt_file_is_told_in_one_line(run, tmp_path, changes, message):
    contest, folder = spoilt(run, tmp_path, **changes)
    with pytest.raises(UsageError, match=message) as told:
        contest.policy(folder)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--rule", "energy_pacin"], "no such rule: did you mean energy_pacing"),
        (["--step", "0"], "--step is 0.0, must be above 0 and at most 1"),
        (["--worlds", "0"], "--worlds is 0, must be from 1"),
        (["--constants", "nowhere.json"], "nowhere.json: No such file"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_leaves_nothing(args, message, tmp_path, capsys):
    folder = tmp_path / "run"
    assert main(["refine", "satellite-easy-v0", *args, "--run-dir", str(folder)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "run"
    for command in (["refine", "satellite-easy-v0", *TINY], ["train"], ["train", "buildout-ppo"]):
        assert main([*command, "--run-dir", str(folder)]) == 2
        told = capsys.readouterr().err.splitlines()
        assert told[-1].endswith("cannot be made (Not a directory): give another --run-dir")


def test_a_rule_without_constants_is_refused_in_one_line(tmp_path, capsys):
    args = ["refine", "training-easy-v0", "--rule", "daly", "--run-dir", str(tmp_path / "run")]
    assert main(args) == 2
    assert "--rule daly: has no constants: refine paced" in capsys.readouterr().err


def test_a_file_without_the_rule_is_refused_in_one_line(tmp_path, capsys):
    path = tmp_path / "figures.json"
    content_hash = load_contest("satellite-easy-v0").content_hash
    path.write_text(json.dumps({"content_hash": content_hash}))
    args = ["--constants", str(path), "--run-dir", str(tmp_path / "run")]
    assert main(["refine", "satellite-easy-v0", *args]) == 2
    assert "tells no constants of energy_pacing: drop it" in capsys.readouterr().err


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_torch_is_needed(scenario, tmp_path):
    args = ["refine", scenario, *TINY, "--run-dir", str(tmp_path / "run")]
    code = f"import sys; from sunward_agents.cli import main; code = main({args}); "
    code += "sys.exit(code or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_a_folder_of_another_task_is_refused(run):
    scenario, folder = run
    other = "training-easy-v0" if scenario != "training-easy-v0" else "satellite-easy-v0"
    with pytest.raises(PolicyError, match="other observations or actions"):
        load_contest(other).policy(str(folder))

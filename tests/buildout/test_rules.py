"""Policies of the build-out: the ladder that the game must have, and how they are played."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sunward.buildout.load import list_buildouts
from sunward_agents.buildout.play import make_simulator, play
from sunward_agents.buildout.rules import POLICIES, Paced, PacedConstants, View, make_policy
from sunward_agents.cli import main
from sunward_agents.results import Result
from sunward_agents.statistics import paired_difference

N_WORLDS = 32


@pytest.fixture(scope="module", params=list_buildouts())
def values(request) -> dict[str, np.ndarray]:
    """Value of every policy on the same 32 test worlds of a scenario."""
    simulator = make_simulator(request.param, N_WORLDS)
    return {
        name: play(make_policy(name, simulator.params), simulator, split="test")["value"]
        for name in POLICIES
    }


@pytest.mark.parametrize("pair", [("random", "hold"), ("random", "greedy"), ("greedy", "paced")])
def test_the_ladder_has_intervals_above_zero(values, pair):
    below, above = pair
    assert paired_difference(values[above], values[below]).is_above_zero


def test_spending_all_at_once_on_the_best_return_loses_to_pacing_in_every_world(values):
    assert (values["paced"] > values["all_at_once"]).all()
    assert values["all_at_once"].mean() < 0.0


def test_no_simple_policy_comes_near_the_tuned_rule(values):
    others = [values[name].mean() for name in POLICIES if name != "paced"]
    assert max(others) < 0.6 * values["paced"].mean()


def test_the_score_is_the_same_again_and_whatever_the_batch():
    policy = {}
    for n in (3, 6):
        simulator = make_simulator("buildout-hard-v0", n)
        policy[n] = play(make_policy("paced", simulator.params), simulator, split="validation")
    for name, metric in policy[3].items():
        np.testing.assert_array_equal(metric, policy[6][name][:3])


def test_random_actions_do_not_depend_on_the_batch(params):
    few, many = (make_policy("random", params) for _ in range(2))
    few.reset(2, 0)
    many.reset(5, 0)
    np.testing.assert_array_equal(few.act(np.zeros((2, 1))), many.act(np.zeros((5, 1)))[:2])


def test_the_metrics_of_an_insolvent_company_are_those_of_its_last_month(params):
    simulator = make_simulator("buildout-medium-v0", 4)
    reckless = Paced(
        params, PacedConstants(hurdle=-1.0, width=0.01, spending=1.0, debt=1.0, cover=1000.0)
    )
    metrics = play(reckless, simulator, split="train")
    broke = metrics["insolvent"] > 0.0
    assert (metrics["cash"][broke] < 0.0).all()
    assert all(np.isfinite(one).all() for one in metrics.values())


def test_a_view_writes_what_the_levers_read_and_reads_what_the_features_show(params):
    view = View(params)
    rng = np.random.default_rng(0)
    manifest, orders = rng.random((3, *view.shape)), rng.random((3, view.shape[1]))
    actions = view.actions(0.7, manifest, orders, 0.2, 50.0)
    decided = view.levers.decisions(actions)
    assert decided.lift_used == pytest.approx(0.7, abs=1e-6)
    whole = manifest.sum(axis=(1, 2), keepdims=True)
    assert decided.manifest == pytest.approx(manifest / whole, abs=1e-6)
    assert decided.orders == pytest.approx(orders, abs=1e-6)
    assert decided.debt == pytest.approx(0.2, abs=1e-6)
    assert decided.retire_age_months == pytest.approx(50.0, abs=1e-4)
    seen = rng.uniform(-1, 1, (3, len(view.features))).astype(np.float32)
    one = view.features.in_units(seen, "return_dusk-650_suncatcher")
    assert view.returns(seen)[:, 2, 1] == pytest.approx(one)
    assert view.in_store(seen)[:, 0] == pytest.approx(view.features.in_units(seen, "store_ai1"))


def test_evaluate_writes_a_result_and_repeats_it_to_the_bit(capsys, tmp_path):
    results = []
    for name in ("one.json", "two.json"):
        path = tmp_path / name
        args = ["--policy", "greedy", "--scenario", "buildout-hard-v0", "--worlds", "3"]
        assert main(["evaluate", *args, "--json", str(path)]) == 0
        assert "power_gw" in capsys.readouterr().out
        results.append(Result.model_validate_json(path.read_text()))
    assert results[0].episodes == results[1].episodes
    assert len(results[0].episodes) == 3
    assert set(results[0].scenarios) == {"buildout-hard-v0"}


def test_show_and_list_tell_of_the_build_out(capsys):
    assert main(["show", "buildout-easy-v0", "--json", "-"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["figures"]["ai1.dry_mass"]["unit"] == "t"
    assert len(shown["pairs"]) == 12
    assert main(["show", "buildout-easy-v0"]) == 0
    assert "arXiv 2511.19468" in capsys.readouterr().out
    assert main(["list", "--json", "-"]) == 0
    lists = json.loads(capsys.readouterr().out)
    assert list(lists["build-out scenarios"]) == list_buildouts()
    assert list(lists["build-out policies"]) == list(POLICIES)
    assert "sunward/Buildout-v0" in lists["tasks"]

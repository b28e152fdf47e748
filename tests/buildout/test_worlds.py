"""A seed decides a world, and nothing else does."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from tests.buildout.conftest import random_actions, started

from sunward.buildout.load import load_buildout
from sunward.buildout.outlook import draw_outlook, normals, uniforms
from sunward.buildout.params import build_params
from sunward.buildout.simulator import BuildoutSimulator
from sunward.core.random import philox


@pytest.mark.parametrize("n", [2, 3, 17])
def test_a_world_does_not_depend_on_its_batch(params, n):
    alone, batch = started(params, n=1, first_seed=n - 1), started(params, n=n)
    rng = np.random.default_rng(0)
    for _ in range(params.months):
        actions = 0.6 * random_actions(batch, rng) - 0.3
        batch.step(actions)
        alone.step(actions[-1:])
        np.testing.assert_array_equal(alone.observations[0], batch.observations[-1])
        np.testing.assert_array_equal(alone.terms[0], batch.terms[-1])
        assert alone.terminated[0] == batch.terminated[-1]
    for name, values in alone.metrics().items():
        assert values[0] == batch.metrics()[name][-1], name


def test_the_launcher_and_the_markets_go_their_way_whatever_the_company_does(params):
    idle, busy = started(params), started(params)
    before = copy.deepcopy(busy.outlook)
    rng = np.random.default_rng(2)
    for _ in range(50):
        busy.step(random_actions(busy, rng))
    for kept, drawn, other in zip(busy.outlook, before, idle.outlook, strict=True):
        np.testing.assert_array_equal(kept, drawn)
        np.testing.assert_array_equal(kept, other)


def test_splits_seeds_and_episodes_are_worlds_of_their_own(params):
    drawn = []
    for split, seed, episode in [("train", 0, 0), ("test", 0, 0), ("train", 1, 0), ("train", 0, 1)]:
        simulator = BuildoutSimulator(params, 1)
        simulator.reset([(seed, episode)], split=split)
        drawn.append(simulator.outlook.price_usd_per_gpu_h.ravel())
    for one in range(4):
        for other in range(one):
            assert not np.array_equal(drawn[one], drawn[other])


def test_worlds_that_start_anew_leave_the_others_as_they_are(params):
    simulator, whole = started(params), started(params)
    rng = np.random.default_rng(4)
    for step in range(20):
        actions = 0.5 * random_actions(whole, rng)
        simulator.step(actions)
        whole.step(actions)
        if step == 9:
            simulator.reset([(2, 1)], envs=[2])
    others = [0, 1, 3]
    np.testing.assert_array_equal(simulator.observations[others], whole.observations[others])
    assert not np.array_equal(simulator.observations[2], whole.observations[2])
    assert simulator.company.month.tolist() == [20, 20, 10, 20]


def test_a_state_taken_up_goes_on_as_if_nothing_had_happened(params):
    first, second = started(params), BuildoutSimulator(params, 4)
    rng = np.random.default_rng(5)
    for _ in range(30):
        first.step(0.5 * random_actions(first, rng))
    second.set_state(pickle.loads(pickle.dumps(first.get_state())))
    for _ in range(30):
        actions = 0.5 * random_actions(first, rng)
        first.step(actions)
        second.step(actions)
        np.testing.assert_array_equal(first.observations, second.observations)
        np.testing.assert_array_equal(first.rewards, second.rewards)
    with pytest.raises(ValueError, match="another scenario or number of worlds"):
        BuildoutSimulator(params, 3).set_state(first.get_state())


def test_draws_are_those_of_the_counter_based_generator(params):
    keys = np.array([[12345, 678], [9, 10]], np.uint64)
    drawn = uniforms(keys, 3, 17)
    words = philox(*(np.uint64(one) for one in (2, 17, 0, 0, 9, 10)))
    np.testing.assert_array_equal(drawn[2, 1], [(int(word) + 0.5) / 2.0**32 for word in words])
    assert (drawn > 0.0).all()
    assert (drawn < 1.0).all()


def test_swings_have_the_spread_and_the_memory_of_the_scenario(params):
    keys = np.stack([np.arange(3000), np.ones(3000)], axis=1).astype(np.uint64)
    outlook = draw_outlook(params, keys)
    market, progress = params.scenario.market, params.scenario.progress
    price = np.log(outlook.price_usd_per_gpu_h * outlook.performance**0.8)
    late = price[60:] - np.log(progress.first_price_usd_per_gpu_h)
    assert late.std() == pytest.approx(progress.price_swing_std_fraction, rel=0.05)
    assert late.mean() == pytest.approx(0.0, abs=0.02)
    lag = round(progress.price_swing_memory_months)
    together = np.corrcoef(price[60], price[60 + lag])[0, 1]
    assert together == pytest.approx(np.exp(-1.0), abs=0.06)
    assert market.swing_std_fraction > 0.0
    one, two = np.moveaxis(normals(uniforms(keys, 20, 5)), 1, 0)
    assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.02


def test_troubles_last_and_are_never_caught_up(params):
    keys = np.stack([np.arange(400), np.full(400, 7)], axis=1).astype(np.uint64)
    outlook = draw_outlook(params, keys)
    launch = params.scenario.launch
    assert (outlook.lift_kg[outlook.is_grounded] == 0.0).all()
    assert (np.diff(outlook.delay_months, axis=0) == outlook.is_slipping[:-1]).all()
    still = outlook.flights_per_month[1:] == outlook.flights_per_month[:-1]
    assert still[outlook.is_slipping[:-1]].all()
    failed = np.diff(outlook.failed_flights, axis=0) > 0
    assert outlook.is_grounded[1:][failed].all()
    runs = _runs(outlook.is_grounded)
    assert runs.min() >= launch.shortest_grounding_months
    assert runs.max() <= launch.longest_grounding_months
    rate = len(_runs(outlook.is_slipping)) / (~outlook.is_slipping).sum()
    assert rate == pytest.approx(launch.slip_rate_per_month, rel=0.15)


def _runs(flags: np.ndarray) -> np.ndarray:
    """Returns the lengths of the runs of True down each column, but those cut by an end."""
    lengths = []
    for column in flags.T:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], column.astype(int), [0]])))
        for start, end in edges.reshape(-1, 2).tolist():
            if start > 0 and end < len(column):
                lengths.append(end - start)
    return np.array(lengths)


def test_a_scenario_of_other_figures_is_another_world_with_another_hash():
    one = build_params(load_buildout("buildout-medium-v0"))
    other = build_params(load_buildout("buildout-medium-v0", **{"finance.cash": "7 BUSD"}))
    told = load_buildout("buildout-medium-v0", description="the same in other words")
    assert one.content_hash != other.content_hash
    assert one.content_hash == build_params(told).content_hash

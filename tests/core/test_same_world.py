"""A world depends on scenario, split, seed and episode alone."""

import copy
import pickle

import numpy as np
import pytest
from tests.core.worlds import run, small_params

from sunward import Simulator
from sunward.core.actions import N_ACTIONS
from sunward.core.driver import PHASES
from sunward.core.part import CACHED_BLOCKS
from sunward.core.rows import KEPT_FLOATS, KEPT_START
from sunward.core.width import LANES

PARAMS = small_params()
SEEDS = [(seed, 0) for seed in range(150)]


def started(n_envs, **options):
    """Returns a reset simulator of the small scenario."""
    simulator = Simulator(PARAMS, n_envs, **options)
    simulator.reset(SEEDS[:n_envs])
    return simulator


def test_batch_size_changes_no_bit():
    alone, together = run(started(3), 20), run(started(150), 20)
    assert np.array_equal(alone.observations, together.observations[:3])
    assert np.array_equal(alone.rewards, together.rewards[:3])
    for name, values in alone.metrics().items():
        assert np.array_equal(values, together.metrics()[name][:3]), name


def test_thread_count_changes_no_bit(monkeypatch):
    monkeypatch.setattr("sunward.core.simulator.SERIAL_SATELLITES", 0)
    one, three = run(started(150), 20), run(started(150, n_threads=3), 20)
    assert len(three._works) == 3  # each thread has its own
    assert np.array_equal(one.observations, three.observations)
    for row in range(KEPT_START, KEPT_START + KEPT_FLOATS, LANES):
        assert np.array_equal(one.row(row), three.row(row)), row // LANES


@pytest.mark.parametrize(("team_share", "n_threads"), [(0.0, 3), (0.5, 3), (0.0, 30)])
def test_threads_that_share_the_blocks_of_a_world_change_no_bit(monkeypatch, team_share, n_threads):
    params = small_params(**{"reward.team_share": team_share, "constellation.satellites": 300})
    one = Simulator(params, 2)
    monkeypatch.setattr("sunward.core.simulator.SHARED_SATELLITES", 100)
    three = Simulator(params, 2, n_threads=n_threads)
    for simulator in (one, three):
        simulator.reset(SEEDS[:2])
        run(simulator, 20)
    assert np.array_equal(one.step_count, three.step_count)
    assert np.array_equal(one.observations, three.observations)
    assert np.array_equal(one.rewards, three.rewards)
    for name, values in one.metrics().items():
        assert np.array_equal(values, three.metrics()[name]), name


def test_a_world_larger_than_the_cache_is_the_same_in_parts_and_beside_others(monkeypatch):
    params = small_params(**{"constellation.satellites": 2400})
    assert params.n_sats > CACHED_BLOCKS * LANES
    alone, beside = Simulator(params, 1), Simulator(params, 2)
    monkeypatch.setattr("sunward.core.simulator.SHARED_SATELLITES", 100)
    in_parts = Simulator(params, 1, n_threads=2)
    for simulator in (alone, beside, in_parts):
        simulator.reset(SEEDS[: simulator.n_envs])
        run(simulator, 12)
    for other in (beside, in_parts):
        assert np.array_equal(alone.observations[0], other.observations[0])
        assert np.array_equal(alone.rewards[0], other.rewards[0])
        for name, values in alone.metrics().items():
            assert values[0] == other.metrics()[name][0], name


def test_a_step_in_phases_is_a_step():
    whole, in_phases = run(started(40), 5), run(started(40), 5)
    actions = np.full((40, whole.n_sats, N_ACTIONS), 0.3, np.float32)
    whole.step(actions)
    taken = list(in_phases.step_in_phases(actions))
    assert taken == [*range(len(PHASES) + 1)] * (len(taken) // (len(PHASES) + 1))
    assert np.array_equal(whole.observations, in_phases.observations)
    assert np.array_equal(whole.rewards, in_phases.rewards)


def test_a_reset_of_some_worlds_leaves_the_others_alone():
    partly, whole = run(started(6), 5), run(started(6), 5)
    partly.reset([(99, 0)], envs=[2])
    others = [0, 1, 3, 4, 5]
    assert np.array_equal(partly.observations[others], whole.observations[others])
    assert not np.array_equal(partly.observations[2], whole.observations[2])
    run(partly, 5), run(whole, 5)
    assert np.array_equal(partly.observations[others], whole.observations[others])


def test_episodes_and_splits_are_worlds_of_their_own():
    simulator = Simulator(PARAMS, 3)
    simulator.reset([(5, 0), (5, 1), (5, 0)])
    assert np.array_equal(simulator.observations[0], simulator.observations[2])
    assert not np.array_equal(simulator.observations[0], simulator.observations[1])
    test = Simulator(PARAMS, 1)
    test.reset([(5, 0)], split="test")
    assert not np.array_equal(simulator.observations[0], test.observations[0])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_a_copy_goes_on_exactly(copied):
    simulator = run(started(4), 7)
    twin = copied(simulator)
    assert np.array_equal(run(simulator, 7).observations, run(twin, 7).observations)


def test_a_state_put_back_goes_on_exactly():
    simulator = run(started(4), 7)
    state = simulator.get_state()
    first = run(simulator, 7).observations.copy()
    simulator.set_state(state)
    assert np.array_equal(run(simulator, 7).observations, first)


def test_a_state_of_another_batch_is_refused():
    with pytest.raises(ValueError, match="another scenario or number of worlds"):
        started(4).set_state(started(40).get_state())


def test_actions_of_the_wrong_shape_are_refused():
    with pytest.raises(ValueError, match=r"actions have shape \(1, 30, 4\), expected \(1, 30, 5\)"):
        started(1).step(np.zeros((1, 30, 4), np.float32))


def test_a_state_that_lacks_an_array_is_refused():
    simulator = started(2)
    state = simulator.get_state()
    del state["_cost_rows"]
    with pytest.raises(ValueError, match="state has no _cost_rows"):
        simulator.set_state(state)

"""Worlds of several variants side by side are the worlds of each variant alone."""

import numpy as np
import pytest
from tests.core.worlds import GROUND, random_actions, small_params

from sunward import Simulator
from sunward.core.varied import VariedSimulator

LOADS = (0.2, 0.5, 0.8)
N_WORLDS = 4  # the first variant plays two, the others one each


def variants():
    """Returns variants of the load; the second has a data centre on the ground."""
    return [
        small_params(**{"demand.interactive_load": load}, **ground)
        for load, ground in zip(LOADS, ({}, GROUND, {}), strict=True)
    ]


def played(simulator, n_steps=5):
    simulator.reset([(seed, 0) for seed in range(simulator.n_envs)])
    for step in range(n_steps):
        simulator.step(random_actions(simulator, step))
    return simulator


def test_each_world_is_that_of_its_variant_alone():
    together = played(VariedSimulator(variants(), N_WORLDS))
    actions = [random_actions(together, step) for step in range(5)]
    for variant, worlds in zip(variants(), ((0, 1), (2,), (3,)), strict=True):
        alone = Simulator(variant, len(worlds))
        alone.reset([(world, 0) for world in worlds])
        for step in range(5):
            alone.step(actions[step][list(worlds)])
        chosen = list(worlds)
        assert np.array_equal(together.observations[chosen], alone.observations)
        assert np.array_equal(together.rewards[chosen], alone.rewards)
        assert np.array_equal(together.reward_terms[chosen], alone.reward_terms)
        assert np.array_equal(together.costs[chosen], alone.costs)
        assert np.array_equal(together.discrete_masks()[chosen], alone.discrete_masks())
        for name, values in alone.metrics().items():
            assert np.array_equal(together.metrics()[name][chosen], values), name


def test_variants_differ():
    first, _, _, last = played(VariedSimulator(variants(), N_WORLDS)).metrics()[
        "interactive_arrived"
    ]
    assert last > 2 * first


def test_worlds_start_anew_one_by_one_and_in_any_order():
    simulator = played(VariedSimulator(variants(), N_WORLDS))
    before = simulator.observations.copy()
    simulator.reset([(3, 0), (1, 0)], envs=[3, 1])
    fresh = VariedSimulator(variants(), N_WORLDS)
    fresh.reset([(seed, 0) for seed in range(N_WORLDS)])
    assert simulator.step_count.tolist() == [5, 0, 5, 0]
    assert np.array_equal(simulator.observations[[1, 3]], fresh.observations[[1, 3]])
    assert np.array_equal(simulator.observations[[0, 2]], before[[0, 2]])


def test_a_kept_state_goes_on_exactly():
    simulator = played(VariedSimulator(variants(), N_WORLDS))
    kept = simulator.get_state()
    simulator.step(random_actions(simulator, 9))
    expected = simulator.observations.copy()
    other = VariedSimulator(variants(), N_WORLDS)
    other.set_state(kept)
    other.step(random_actions(other, 9))
    assert np.array_equal(other.observations, expected)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"constellation.planes": 2, "constellation.satellites": 20}, "20 satellites, expected 30"),
        ({"episode.hours": 1}, "60 steps an episode, expected"),
    ],
)
def test_variants_of_another_size_are_refused(overrides, message):
    with pytest.raises(ValueError, match=message):
        VariedSimulator([small_params(), small_params(**overrides)], 2)


def test_more_variants_than_worlds_are_refused():
    with pytest.raises(ValueError, match="3 variants for 2 worlds, expected 1 to 2"):
        VariedSimulator(variants(), 2)

"""A seed decides everything, and nothing else decides anything."""

from __future__ import annotations

import random

import gymnasium as gym
import numpy as np
import pytest

from sunward import constellation_v0
from sunward.faces.seeding import SeedStreams, spread_seed


def episode(env: gym.Env, seed: int | None) -> np.ndarray:
    """Returns what is seen in an episode of fixed actions."""
    rows = [env.reset(seed=seed)[0]]
    truncated = False
    while not truncated:
        observation, _, _, truncated, _ = env.step(np.full(5, 0.3, np.float32))
        rows.append(observation)
    return np.stack(rows)


def test_every_later_reset_after_a_seed_is_determined(single):
    first, second = (gym.make("sunward/Satellite-v0", **single).unwrapped for _ in range(2))
    runs = [[episode(env, seed) for seed in (31, None, None)] for env in (first, second)]
    for one, other in zip(*runs, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(runs[0][0], runs[0][1])
    assert not np.array_equal(runs[0][1], runs[0][2])


def test_a_seed_starts_its_stream_again(single):
    env = gym.make("sunward/Satellite-v0", **single).unwrapped
    before = [episode(env, 31), episode(env, None)]
    after = [episode(env, 31), episode(env, None)]
    np.testing.assert_array_equal(before, after)


def test_without_a_seed_worlds_differ_and_tell_the_seed_they_drew(single):
    first, second = (gym.make("sunward/Satellite-v0", **single).unwrapped for _ in range(2))
    one, other = episode(first, None), episode(second, None)
    assert not np.array_equal(one, other)
    np.testing.assert_array_equal(episode(second, first.np_random_seed), one)


def test_global_generators_change_nothing_and_are_left_alone(single, fleet):
    env = gym.make("sunward/Satellite-v0", **single).unwrapped
    parallel = constellation_v0.parallel_env(**fleet)
    np.random.seed(1)  # noqa: NPY002 - the generator that must not matter
    random.seed(1)
    one, rows = episode(env, 12), parallel.reset(seed=12)[0]
    np.random.seed(2)  # noqa: NPY002
    random.seed(2)
    states = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    np.testing.assert_array_equal(episode(env, 12), one)
    for agent, row in parallel.reset(seed=12)[0].items():
        np.testing.assert_array_equal(row, rows[agent])
    gym.make("sunward/Satellite-v0", **single).unwrapped.reset()
    np.testing.assert_array_equal(states[0], np.random.get_state()[1])  # noqa: NPY002
    assert states[1] == random.getstate()


def test_splits_are_different_worlds(single):
    worlds = [
        gym.make("sunward/Satellite-v0", split=split, **single).unwrapped.reset(seed=0)[0]
        for split in ("train", "validation", "test")
    ]
    assert not any(np.array_equal(worlds[k], worlds[k - 1]) for k in range(3))


@pytest.mark.parametrize("seed", [-1, 1.5, float("nan"), "3", [1]])
def test_a_seed_that_is_no_whole_number_is_refused_in_one_line(single, seed):
    env = gym.make("sunward/Satellite-v0", **single).unwrapped
    with pytest.raises(ValueError, match="seed") as refused:
        env.reset(seed=seed)
    assert "\n" not in str(refused.value)


def test_a_refused_seed_leaves_the_stream_as_it_was(single):
    env, other = (gym.make("sunward/Satellite-v0", **single).unwrapped for _ in range(2))
    env.reset(seed=1)
    other.reset(seed=1)
    with pytest.raises(ValueError, match="at least 0"):
        env.reset(seed=-4)
    np.testing.assert_array_equal(env.reset()[0], other.reset()[0])


def test_numbers_of_numpy_and_of_any_size_are_seeds():
    assert spread_seed(np.int64(5), 3) == [5, 6, 7]
    assert spread_seed([3, None, 2**80], 3) == [3, None, 2**80]
    with pytest.raises(ValueError, match="2 entries, expected 3"):
        spread_seed([1, 2], 3)


def test_each_world_of_a_batch_has_a_stream_of_its_own():
    streams = SeedStreams(3)
    assert streams.advance(range(3), [4, 5, 6]) == [(4, 0), (5, 0), (6, 0)]
    assert streams.advance([1], [None]) == [(5, 1)]
    assert streams.advance(range(3), [None, None, 9]) == [(4, 1), (5, 2), (9, 0)]

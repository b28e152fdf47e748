"""One world, whoever looks at it: the same numbers to the bit behind every face and batch size."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

from sunward import constellation_v0
from sunward.core.actions import N_ACTIONS
from sunward_agents.sb3.vec_env import SatelliteVecEnv

N_SATS, N_STEPS = 6, 12


def actions_of(kind: str, n_worlds: int) -> np.ndarray:
    """Returns actions (N_STEPS, n_worlds, N_SATS, ...), some of them beyond the bounds."""
    rng = np.random.default_rng(11)
    if kind == "discrete":
        return rng.integers(0, 36, (N_STEPS, n_worlds, N_SATS))
    shape = (N_STEPS, n_worlds, N_SATS, N_ACTIONS)
    return rng.uniform(-1.2, 1.2, shape).astype(np.float32)


@pytest.mark.parametrize("kind", ["continuous", "discrete"])
def test_pettingzoo_gymnasium_vector_and_stable_baselines_play_one_world(fleet, kind):
    n_worlds, seed = 3, 40
    actions = actions_of(kind, n_worlds)
    parallel = [constellation_v0.parallel_env(action=kind, **fleet) for _ in range(n_worlds)]
    central = gym.make("sunward/Constellation-v0", action=kind, **fleet).unwrapped
    vector = gym.make_vec("sunward/Constellation-v0", n_worlds, action=kind, **fleet)
    slots = SatelliteVecEnv(n_worlds=n_worlds, seed=seed, action=kind, stagger=False, **fleet)

    rows = [world.reset(seed=seed + k)[0] for k, world in enumerate(parallel)]
    seen = np.stack([list(row.values()) for row in rows])
    np.testing.assert_array_equal(central.reset(seed=seed)[0], seen[0].ravel())
    np.testing.assert_array_equal(vector.reset(seed=seed)[0], seen.reshape(n_worlds, -1))
    np.testing.assert_array_equal(slots.reset(), seen.reshape(n_worlds * N_SATS, -1))
    for step in range(N_STEPS):
        now = actions[step]
        told = [
            world.step(dict(zip(world.agents, now[k], strict=True)))
            for k, world in enumerate(parallel)
        ]
        seen = np.stack([list(one[0].values()) for one in told])
        rewards = np.array([list(one[1].values()) for one in told])
        flat = now.reshape(n_worlds, -1)
        observation, reward, _, truncated, _ = central.step(flat[0])
        observations, means, _, truncations, _ = vector.step(flat)
        by_row = now.reshape(n_worlds * N_SATS, *now.shape[2:])
        by_slot, slot_rewards, dones, infos = slots.step(by_row)
        np.testing.assert_array_equal(observation, seen[0].ravel())
        np.testing.assert_array_equal(observations, seen.reshape(n_worlds, -1))
        np.testing.assert_array_equal(slot_rewards, rewards.ravel())
        assert reward == means[0]
        np.testing.assert_allclose(means, rewards.mean(axis=1), rtol=1e-12, atol=1e-15)
        is_last = step == N_STEPS - 1
        assert truncated is is_last
        assert truncations.all() == truncations.any() == dones.all() == dones.any() == is_last
        if is_last:
            by_slot = np.stack([info["terminal_observation"] for info in infos])
        np.testing.assert_array_equal(by_slot, seen.reshape(n_worlds * N_SATS, -1))


@pytest.mark.parametrize("n_worlds", [1, 2, 17])
def test_a_world_does_not_depend_on_its_batch(fleet, n_worlds):
    alone = gym.make_vec("sunward/Constellation-v0", 1, info="full", **fleet)
    batch = gym.make_vec("sunward/Constellation-v0", n_worlds, info="full", **fleet)
    last = n_worlds - 1
    alone.reset(seed=[70 + last])
    batch.reset(seed=70)
    actions = actions_of("continuous", n_worlds).reshape(N_STEPS, n_worlds, -1)
    for step in range(N_STEPS):
        one, many = alone.step(actions[step, last:]), batch.step(actions[step])
        np.testing.assert_array_equal(one[0][0], many[0][last])
        assert one[1][0] == many[1][last]
        for name, values in one[4].items():
            assert values[0] == many[4][name][last], name


def test_the_full_fleet_is_rewarded_the_same_in_every_batch():
    options = {"scenario": "walker-53-66-v0", "overrides": {"episode.hours": 0.1}, "info": "full"}
    alone = gym.make("sunward/Constellation-v0", **options).unwrapped
    batch = gym.make_vec("sunward/Constellation-v0", 5, **options)
    alone.reset(seed=4)
    batch.reset(seed=2)
    rng = np.random.default_rng(0)
    for _ in range(5):
        actions = rng.uniform(-1, 1, (5, 66 * N_ACTIONS)).astype(np.float32)
        one, many = alone.step(actions[2]), batch.step(actions)
        np.testing.assert_array_equal(one[0], many[0][2])
        assert one[1] == many[1][2]
        assert one[4] == {name: many[4][name][2] for name in one[4]}

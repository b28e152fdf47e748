"""The Stable-Baselines3 face: a slot for each satellite."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from sb3_contrib.common.maskable.utils import get_action_masks, is_masking_supported
from stable_baselines3 import PPO
from stable_baselines3.common.evaluation import evaluate_policy

from sunward.core.metrics import METRICS
from sunward_agents.sb3.vec_env import SatelliteVecEnv

N_STEPS = 12


def actions_for(env: SatelliteVecEnv, step: int) -> np.ndarray:
    rng = np.random.default_rng(step)
    return rng.uniform(-1, 1, (env.num_envs, 5)).astype(np.float32)


def test_satellites_of_a_world_end_together_with_all_that_a_learner_needs(fleet):
    env = SatelliteVecEnv(n_worlds=2, seed=1, stagger=False, **fleet)
    env.reset()
    total, before = np.zeros(env.num_envs), np.zeros(0)
    for step in range(N_STEPS):
        observations, rewards, dones, infos = env.step(actions_for(env, step))
        assert rewards.dtype == np.float32
        total += rewards
    assert dones.all()
    for slot, info in enumerate(infos):
        assert info["TimeLimit.truncated"] is True
        assert info["episode"]["r"] == pytest.approx(total[slot], rel=1e-6)
        assert info["episode"]["l"] == N_STEPS
        assert not np.array_equal(info["terminal_observation"], observations[slot])
        assert ("metrics" in info) == (slot % 6 == 0)
    assert len(env.episode_metrics) == 2
    assert env.episode_metrics[0].keys() == {metric.name for metric in METRICS}
    fresh = SatelliteVecEnv(n_worlds=2, seed=1, stagger=False, **fleet)
    fresh.reset()
    before = fresh.reset()
    np.testing.assert_array_equal(observations, before)  # the second episodes of the same seeds


def test_staggered_worlds_end_one_after_another(fleet):
    env = SatelliteVecEnv(n_worlds=4, seed=1, **fleet)
    env.reset()
    ends, total = [], np.zeros(env.num_envs)
    for step in range(2 * N_STEPS):
        _, rewards, dones, infos = env.step(actions_for(env, step))
        total += rewards
        for slot in np.flatnonzero(dones).tolist():
            if "episode" in infos[slot]:
                assert infos[slot]["episode"]["r"] == pytest.approx(total[slot], rel=1e-6)
        total[dones] = 0.0
        by_world = dones.reshape(4, 6)
        assert (by_world.all(axis=1) == by_world.any(axis=1)).all()
        for world in np.flatnonzero(by_world[:, 0]).tolist():
            ends.append((step + 1, world))
            is_whole = step + 1 > 3 * (world + 1)
            assert ("episode" in infos[6 * world]) == (is_whole or world == 3)
    assert ends == [(3, 0), (6, 1), (9, 2), (12, 3), (15, 0), (18, 1), (21, 2), (24, 3)]
    assert len(env.episode_metrics) == 5


def test_more_worlds_than_steps_can_be_staggered(single):
    env = SatelliteVecEnv(n_worlds=30, seed=1, **single)
    env.reset()
    _, _, dones, _ = env.step(np.zeros((30, 5), np.float32))
    assert dones.any()
    assert not dones.all()


def test_what_a_step_returned_survives_the_next_step(fleet):
    env = SatelliteVecEnv(n_worlds=2, seed=1, **fleet)
    last, starts = env.reset(), np.ones(env.num_envs, bool)
    for step in range(15):
        kept, kept_starts = last.copy(), starts.copy()
        observations, _, dones, _ = env.step(actions_for(env, step))
        np.testing.assert_array_equal(last, kept)
        np.testing.assert_array_equal(starts, kept_starts)
        last, starts = observations, dones


def test_a_seed_restarts_and_a_plain_reset_goes_on(fleet):
    env = SatelliteVecEnv(n_worlds=2, seed=1, **fleet)
    first, second = env.reset().copy(), env.reset().copy()
    assert not np.array_equal(first, second)
    assert env.seed(1) == [1] * 6 + [2] * 6
    np.testing.assert_array_equal(env.reset(), first)
    np.testing.assert_array_equal(env.reset(), second)


def test_a_kept_state_goes_on_exactly_in_a_new_object(fleet):
    env = SatelliteVecEnv(n_worlds=3, seed=1, **fleet)
    env.reset()
    for step in range(10):
        observations, _, dones, _ = env.step(actions_for(env, step))
    state = pickle.loads(pickle.dumps(env.get_state()))
    other = SatelliteVecEnv(n_worlds=3, seed=99, **fleet)
    again, again_dones = other.set_state(state)
    np.testing.assert_array_equal(again, observations)
    np.testing.assert_array_equal(again_dones, dones)
    assert list(other.episode_metrics) == list(env.episode_metrics)
    for step in range(10, 30):
        told, retold = env.step(actions_for(env, step)), other.step(actions_for(env, step))
        for one, other_one in zip(told[:3], retold[:3], strict=True):
            np.testing.assert_array_equal(one, other_one)
        for info, other_info in zip(told[3], retold[3], strict=True):
            assert info.keys() == other_info.keys()
            if "episode" in info:
                assert info["episode"]["r"] == other_info["episode"]["r"]


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_it_can_be_copied_in_the_middle(fleet, duplicate):
    env = SatelliteVecEnv(n_worlds=2, seed=1, **fleet)
    env.reset()
    env.step(actions_for(env, 0))
    twin = duplicate(env)
    for step in range(20):
        one, other = env.step(actions_for(env, step)), twin.step(actions_for(env, step))
        np.testing.assert_array_equal(one[0], other[0])


def test_masks_are_offered_as_the_maskable_learner_asks_for_them(fleet):
    env = SatelliteVecEnv(n_worlds=2, seed=1, action="discrete", **fleet)
    env.reset()
    assert is_masking_supported(env)
    masks = get_action_masks(env)
    assert masks.shape == (12, 36)
    assert masks.dtype == np.bool_
    assert masks.any(axis=1).all()


@pytest.mark.parametrize("action", ["continuous", "discrete"])
def test_stable_baselines_learns_and_evaluates_on_it(fleet, action):
    env = SatelliteVecEnv(n_worlds=2, seed=1, action=action, **fleet)
    model = PPO("MlpPolicy", env, n_steps=16, batch_size=64, n_epochs=1, seed=3, device="cpu")
    model.learn(2 * 16 * env.num_envs)
    assert len(model.ep_info_buffer) > 0
    test_worlds = SatelliteVecEnv(
        n_worlds=2, seed=1, split="test", action=action, stagger=False, **fleet
    )
    returns, lengths = evaluate_policy(
        model, test_worlds, n_eval_episodes=12, return_episode_rewards=True
    )
    assert np.isfinite(returns).all()
    assert lengths == [N_STEPS] * 12


def test_a_world_of_another_split_is_another_world(fleet):
    one, other = (
        SatelliteVecEnv(n_worlds=1, seed=1, split=split, **fleet).reset()
        for split in ("train", "test")
    )
    assert not np.array_equal(one, other)

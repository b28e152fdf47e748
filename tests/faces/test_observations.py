"""What agents are told: inside its space, of one shape, and theirs to keep."""

from __future__ import annotations

import copy

import gymnasium as gym
import numpy as np
import pytest

from sunward import constellation_v0
from sunward.core.metrics import METRICS
from sunward.core.reward import REWARD_TERMS


@pytest.mark.parametrize("action", ["continuous", "discrete"])
@pytest.mark.parametrize("scenario", ["single-dawn-dusk-v0", "single-walker-v0"])
def test_a_satellite_stays_inside_its_space_for_a_whole_day_of_random_actions(action, scenario):
    env = gym.make("sunward/Satellite-v0", scenario=scenario, action=action).unwrapped
    env.action_space.seed(1)
    observation, _ = env.reset(seed=1)
    assert env.observation_space.contains(observation)
    truncated = False
    while not truncated:
        observation, reward, _, truncated, _ = env.step(env.action_space.sample())
        assert env.observation_space.contains(observation)
        assert np.isfinite(reward)


@pytest.mark.parametrize(("action", "observation"), [("continuous", "box"), ("discrete", "dict")])
def test_every_agent_and_the_state_stay_inside_their_spaces(fleet, action, observation):
    fleet["overrides"]["episode.hours"] = 4
    env = constellation_v0.parallel_env(action=action, observation=observation, **fleet)
    for agent in env.possible_agents:
        env.action_space(agent).seed(2)
    observations, _ = env.reset(seed=2)
    while env.agents:
        for agent, seen in observations.items():
            assert env.observation_space(agent).contains(seen)
        assert env.state_space.contains(env.state())
        actions = {agent: env.action_space(agent).sample() for agent in env.agents}
        observations, *_ = env.step(actions)


def test_the_central_observation_is_that_of_all_agents_in_a_row(fleet):
    env = constellation_v0.parallel_env(**fleet)
    observations, _ = env.reset(seed=3)
    np.testing.assert_array_equal(env.state(), np.concatenate(list(observations.values())))


@pytest.mark.parametrize("info", ["cost", "full"])
def test_an_info_has_the_same_keys_on_reset_and_on_every_step(single, info):
    env = gym.make("sunward/Satellite-v0", info=info, action="discrete", **single).unwrapped
    _, first = env.reset(seed=4)
    truncated = False
    while not truncated:
        _, _, _, truncated, told = env.step(0)
        assert told.keys() == first.keys()
        assert {name: np.shape(value) for name, value in told.items()} == {
            name: np.shape(value) for name, value in first.items()
        }
        assert all(isinstance(told[name], float | np.ndarray) for name in told)


def test_the_full_info_tells_terms_that_add_up_to_the_reward_and_all_metrics(single):
    env = gym.make("sunward/Satellite-v0", info="full", **single).unwrapped
    env.reset(seed=5)
    for _ in range(10):
        _, reward, _, _, info = env.step(env.action_space.sample())
        terms = [info[f"reward_{term.name}"] for term in REWARD_TERMS]
        assert reward == pytest.approx(sum(terms), rel=1e-5, abs=1e-6)
    assert {f"metric_{metric.name}" for metric in METRICS} <= info.keys()


def test_a_short_info_costs_nothing_but_the_constraint(single):
    _, info = gym.make("sunward/Satellite-v0", **single).unwrapped.reset(seed=0)
    assert info == {"cost": 0.0}


def test_a_new_episode_starts_with_clean_books(single):
    env = gym.make("sunward/Satellite-v0", info="full", **single).unwrapped
    env.reset(seed=5)
    for _ in range(12):
        env.step(np.ones(5, np.float32))
    _, info = env.reset()
    assert info["cost"] == 0.0
    assert not any(info[f"reward_{term.name}"] for term in REWARD_TERMS)
    assert not any(info[f"metric_{name}"] for name in ("value", "reward", "compute_energy", "wear"))


def test_what_was_returned_does_not_change_later(fleet):
    env = constellation_v0.parallel_env(action="discrete", observation="dict", **fleet)
    kept = env.reset(seed=6)
    as_it_was = copy.deepcopy(kept)
    state, state_as_it_was = env.state(), env.state().copy()
    for _ in range(3):
        env.step(dict.fromkeys(env.agents, 7))
    for agent, told in as_it_was[0].items():
        np.testing.assert_array_equal(kept[0][agent]["observations"], told["observations"])
        np.testing.assert_array_equal(kept[0][agent]["action_mask"], told["action_mask"])
        np.testing.assert_array_equal(
            kept[1][agent]["action_mask"], as_it_was[1][agent]["action_mask"]
        )
    np.testing.assert_array_equal(state, state_as_it_was)


def test_the_mask_is_the_same_in_the_info_the_observation_and_the_method(fleet):
    env = gym.make(
        "sunward/Constellation-v0", action="discrete", observation="dict", **fleet
    ).unwrapped
    observation, info = env.reset(seed=7)
    np.testing.assert_array_equal(observation["action_mask"], info["action_mask"])
    np.testing.assert_array_equal(observation["action_mask"].astype(bool), env.action_masks())
    assert info["action_mask"].reshape(6, -1).any(axis=1).all()


def test_flags_and_rewards_are_plain_python(fleet):
    env = constellation_v0.parallel_env(**fleet)
    env.reset(seed=8)
    _, rewards, terminations, truncations, _ = env.step(
        {agent: np.zeros(5, np.float32) for agent in env.agents}
    )
    assert all(type(reward) is float for reward in rewards.values())
    assert all(type(flag) is bool for flag in (terminations | truncations).values())


def test_no_agent_leaves_before_the_common_time_limit(fleet):
    env = constellation_v0.parallel_env(**fleet)
    env.reset(seed=9)
    for step in range(12):
        assert env.agents == env.possible_agents
        *_, terminations, truncations, _ = env.step(
            {agent: np.ones(5, np.float32) for agent in env.agents}
        )
        assert not any(terminations.values())
        assert all(truncations.values()) == any(truncations.values()) == (step == 11)
    assert env.agents == []
    assert env.step({}) == ({}, {}, {}, {}, {})

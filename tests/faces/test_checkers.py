"""The checkers of Gymnasium, PettingZoo and Stable-Baselines3, for every kind of action."""

from __future__ import annotations

import types
import warnings

import gymnasium as gym
import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, max_cycles_test, parallel_api_test, parallel_seed_test
from pettingzoo.test import render_test as pettingzoo_render_test
from pettingzoo.test.seed_test import seed_test
from pettingzoo.test.state_test import state_test
from stable_baselines3.common.env_checker import check_env as check_env_by_sb3

KINDS = [("continuous", "box"), ("discrete", "box"), ("discrete", "dict")]


@pytest.mark.parametrize(("action", "observation"), KINDS)
@pytest.mark.parametrize("info", ["cost", "full"])
def test_gymnasium_accepts_the_single_satellite(single, action, observation, info):
    env = gym.make(
        "sunward/Satellite-v0", action=action, observation=observation, info=info, **single
    )
    check_env(env.unwrapped)


@pytest.mark.parametrize(("action", "observation"), KINDS)
def test_gymnasium_accepts_the_fleet_under_central_control(fleet, action, observation):
    env = gym.make("sunward/Constellation-v0", action=action, observation=observation, **fleet)
    check_env(env.unwrapped)


@pytest.mark.parametrize(("action", "observation"), KINDS)
def test_stable_baselines_accepts_both_ids(single, fleet, action, observation):
    options = {"action": action, "observation": observation}
    check_env_by_sb3(gym.make("sunward/Satellite-v0", **single, **options).unwrapped)
    check_env_by_sb3(gym.make("sunward/Constellation-v0", **fleet, **options).unwrapped)


@pytest.mark.parametrize(("action", "observation"), KINDS)
@pytest.mark.parametrize("info", ["cost", "full"])
def test_pettingzoo_accepts_agents_that_act_at_once(game, action, observation, info):
    module, small = game
    options = {"action": action, "observation": observation, "info": info, **small}
    parallel_api_test(module.parallel_env(**options), num_cycles=30)
    parallel_seed_test(lambda: module.parallel_env(**options), num_cycles=30)


@pytest.mark.parametrize(("action", "observation"), KINDS)
@pytest.mark.parametrize("maker", ["env", "raw_env"])
def test_pettingzoo_accepts_agents_that_act_in_turn(game, action, observation, maker):
    module, small = game
    make, options = getattr(module, maker), {"action": action, "observation": observation, **small}
    with warnings.catch_warnings():
        # The checker knows its own games only: any other dictionary is "not a NumPy array", and
        # any other space than Box "probably should be" one.
        warnings.filterwarnings("ignore", "Observation is not a NumPy array")
        warnings.filterwarnings("ignore", "Observation space for each agent probably")
        api_test(make(**options), num_cycles=20)
    seed_test(lambda: make(**options), num_cycles=20)


@pytest.mark.parametrize("action", ["continuous", "discrete"])
def test_an_episode_lasts_the_number_of_cycles_asked_for(game, action):
    module, small = game
    makers = types.SimpleNamespace(
        parallel_env=lambda **kw: module.parallel_env(action=action, **small, **kw),
        env=lambda **kw: module.env(action=action, **small, **kw),
    )
    max_cycles_test(makers)


def test_pettingzoo_accepts_the_central_state(game):
    module, small = game
    state_test(module.env(**small), module.parallel_env(**small))


def test_pettingzoo_accepts_what_is_rendered(game):
    module, small = game
    pettingzoo_render_test(lambda **kw: module.env(**small, **kw))

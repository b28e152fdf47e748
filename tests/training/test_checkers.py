"""The checkers of PettingZoo, for every kind of action, and what they do not look at."""

from __future__ import annotations

import copy
import pickle
import types
import warnings

import numpy as np
import pettingzoo
import pytest
from pettingzoo.test import api_test, max_cycles_test, parallel_api_test, parallel_seed_test
from pettingzoo.test import render_test as pettingzoo_render_test
from pettingzoo.test.seed_test import seed_test
from pettingzoo.test.state_test import state_test
from tests.faces.test_state import flat

from sunward import training_v0

KINDS = [("continuous", "box"), ("discrete", "box"), ("discrete", "dict")]


@pytest.mark.parametrize(("action", "observation"), KINDS)
@pytest.mark.parametrize("info", ["cost", "full"])
def test_pettingzoo_accepts_agents_that_act_at_once(gang, action, observation, info):
    options = {"action": action, "observation": observation, "info": info, **gang}
    parallel_api_test(training_v0.parallel_env(**options), num_cycles=30)
    parallel_seed_test(lambda: training_v0.parallel_env(**options), num_cycles=30)


@pytest.mark.parametrize(("action", "observation"), KINDS)
@pytest.mark.parametrize("make", [training_v0.env, training_v0.raw_env])
def test_pettingzoo_accepts_agents_that_act_in_turn(gang, action, observation, make):
    options = {"action": action, "observation": observation, **gang}
    with warnings.catch_warnings():
        # The checker knows its own games only (as in tests/faces/test_checkers.py).
        warnings.filterwarnings("ignore", "Observation is not a NumPy array")
        warnings.filterwarnings("ignore", "Observation space for each agent probably")
        api_test(make(**options), num_cycles=20)
    seed_test(lambda: make(**options), num_cycles=20)


@pytest.mark.parametrize("action", ["continuous", "discrete"])
def test_an_episode_lasts_the_number_of_cycles_asked_for(gang, action):
    module = types.SimpleNamespace(
        parallel_env=lambda **kw: training_v0.parallel_env(action=action, **gang, **kw),
        env=lambda **kw: training_v0.env(action=action, **gang, **kw),
    )
    max_cycles_test(module)


def test_pettingzoo_accepts_the_central_state(gang):
    state_test(training_v0.env(**gang), training_v0.parallel_env(**gang))


def test_pettingzoo_accepts_what_is_rendered(gang):
    pettingzoo_render_test(lambda **kw: training_v0.env(**gang, **kw))


def test_importing_sunward_registers_the_gang_where_pettingzoo_has_a_registry():
    has_registry = hasattr(pettingzoo, "register")  # from 1.27
    for kind in ("parallel_registry", "aec_registry"):
        assert ("sunward/Training-v0" in getattr(pettingzoo, kind, {})) == has_registry


@pytest.mark.parametrize("scenario", ["training-easy-v0", "training-hard-v0"])
def test_observations_stay_in_their_space_over_a_whole_episode_of_random_play(scenario):
    env = training_v0.parallel_env(scenario=scenario)
    observations, _ = env.reset(seed=3)
    while env.agents:
        for agent, seen in observations.items():
            assert env.observation_space(agent).contains(seen)
        actions = {agent: env.action_space(agent).sample() for agent in env.agents}
        observations, *_ = env.step(actions)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copied_gang_goes_on_as_the_original(gang, duplicate):
    env = training_v0.parallel_env(info="full", **gang)
    env.reset(seed=1)
    steady = {agent: np.full(5, 0.6, np.float32) for agent in env.agents}
    for _ in range(5):
        env.step(steady)
    twin = duplicate(env)
    while env.agents:
        assert flat(env.step(steady)) == flat(twin.step(steady))
    assert flat(env.reset()) == flat(twin.reset())


def test_a_kept_state_is_taken_up_exactly_by_another_object(gang):
    env, other = (training_v0.parallel_env(info="full", **gang) for _ in range(2))
    env.reset(seed=1)
    actions = [
        {agent: np.full(5, value, np.float32) for agent in env.agents} for value in (0.9, -0.8, 0.7)
    ]
    env.step(actions[0])
    state = pickle.loads(pickle.dumps(env.get_state()))
    expected = [flat(env.step(action)) for action in actions]
    other.set_state(state)
    assert [flat(other.step(action)) for action in actions] == expected

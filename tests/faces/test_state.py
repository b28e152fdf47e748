"""A world can be kept, copied and taken up again, exactly where it was."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded

from sunward import constellation_v0, training_v0


def by_pickle(env: Any) -> Any:
    return pickle.loads(pickle.dumps(env))


COPIES = [copy.deepcopy, by_pickle]


def flat(told: tuple) -> list[Any]:
    """Returns all numbers of a returned step in one list."""
    numbers: list[Any] = []
    for part in told:
        if isinstance(part, dict):
            numbers += flat(tuple(part.values()))
        else:
            numbers += np.ravel(part).tolist()
    return numbers


@pytest.mark.parametrize("duplicate", COPIES)
def test_a_copied_satellite_goes_on_as_the_original(single, duplicate):
    env = gym.make("sunward/Satellite-v0", info="full", **single).unwrapped
    env.reset(seed=1)
    env.action_space.seed(0)
    for _ in range(5):
        env.step(env.action_space.sample())
    twin = duplicate(env)
    for _ in range(7):
        action = env.action_space.sample()
        assert flat(env.step(action)) == flat(twin.step(action))
    assert flat(env.reset()) == flat(twin.reset())


@pytest.mark.parametrize("duplicate", COPIES)
def test_a_copied_fleet_goes_on_as_the_original(game, duplicate):
    module, small = game
    env = module.parallel_env(info="full", **small)
    env.reset(seed=1)
    steady = {agent: np.full(5, 0.4, np.float32) for agent in env.agents}
    for _ in range(5):
        env.step(steady)
    twin = duplicate(env)
    while env.agents:
        assert flat(env.step(steady)) == flat(twin.step(steady))
    assert twin.agents == []
    assert flat(env.reset()) == flat(twin.reset())


@pytest.mark.parametrize("duplicate", COPIES)
def test_a_copied_vector_environment_goes_on_as_the_original(single, duplicate):
    env = gym.make_vec("sunward/Satellite-v0", 3, **single)
    env.reset(seed=1)
    env.action_space.seed(0)
    for _ in range(12):  # the worlds have ended and wait for their reset
        env.step(env.action_space.sample())
    twin = duplicate(env)
    for _ in range(5):
        actions = env.action_space.sample()
        assert flat(env.step(actions)) == flat(twin.step(actions))


def test_agents_that_act_in_turn_can_be_copied(fleet):
    env = constellation_v0.env(**fleet)
    env.reset(seed=1)
    twin = by_pickle(env)
    for _ in range(20):
        assert env.agent_selection == twin.agent_selection
        assert flat(env.last()) == flat(twin.last())
        env.step(np.full(5, 0.1, np.float32))
        twin.step(np.full(5, 0.1, np.float32))


def test_a_kept_state_knows_that_its_episode_has_ended(single):
    env, other = (gym.make("sunward/Satellite-v0", **single).unwrapped for _ in range(2))
    env.reset(seed=1)
    for _ in range(12):
        env.step(np.zeros(5, np.float32))
    other.set_state(env.get_state())
    with pytest.raises(ResetNeeded, match="episode is over"):
        other.step(np.zeros(5, np.float32))


@pytest.mark.parametrize("name", ["fleet", "gang", "single", "vector"])
def test_a_kept_state_is_taken_up_exactly_even_by_another_object(single, fleet, gang, name):
    make, action = {
        "fleet": (lambda: constellation_v0.parallel_env(info="full", **fleet), None),
        "gang": (lambda: training_v0.parallel_env(info="full", **gang), None),
        "single": (lambda: gym.make("sunward/Satellite-v0", **single).unwrapped, (5,)),
        "vector": (lambda: gym.make_vec("sunward/Satellite-v0", 2, **single), (2, 5)),
    }[name]
    env, other = make(), make()
    env.reset(seed=1)

    def act(world: Any, value: float) -> list[Any]:
        if action is None:
            agents = world.agents
            return flat(world.step({agent: np.full(5, value, np.float32) for agent in agents}))
        return flat(world.step(np.full(action, value, np.float32)))

    for _ in range(4):
        act(env, 0.2)
    state = pickle.loads(pickle.dumps(env.get_state()))
    expected = [act(env, value) for value in (0.9, -0.8, 0.1)]
    other.set_state(state)
    assert [act(other, value) for value in (0.9, -0.8, 0.1)] == expected
    env.set_state(state)
    assert [act(env, value) for value in (0.9, -0.8, 0.1)] == expected

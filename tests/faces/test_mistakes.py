"""Bad input gets one line with value, bound and fix."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded

from sunward import constellation_v0
from sunward.faces.gym_env import ConstellationEnv, SatelliteEnv
from sunward.faces.vector_env import SatelliteVectorEnv
from sunward_agents.sb3.vec_env import SatelliteVecEnv


def one_line(refused: pytest.ExceptionInfo[BaseException]) -> bool:
    return "\n" not in str(refused.value) and "\n" not in repr(refused.value)


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("action", "discreet", "did you mean discrete"),
        ("observation", "boxes", "did you mean box"),
        ("info", "everything", "use one of cost, full"),
        ("split", "training", "did you mean train"),
        ("render_mode", "rgb", "ansi"),
        ("scenario", "single-dawn-dust-v0", "did you mean single-dawn-dusk-v0"),
        ("overrides", {"episode.hour": 1}, "did you mean hours"),
    ],
)
@pytest.mark.parametrize("make", [SatelliteEnv, SatelliteVectorEnv, constellation_v0.parallel_env])
def test_a_misspelt_option_gets_the_nearest_known_one(single, make, option, value, hint):
    with pytest.raises(ValueError, match=hint) as refused:
        make(**(single | {option: value}))
    assert one_line(refused)


def test_a_mask_is_refused_where_actions_are_continuous(single):
    with pytest.raises(ValueError, match="use action='discrete'"):
        SatelliteEnv(observation="dict", **single)


def test_a_fleet_is_refused_where_one_satellite_is_meant(fleet):
    with pytest.raises(ValueError, match="has 6 satellites, sunward/Satellite-v0 takes 1"):
        SatelliteEnv(**fleet)


@pytest.mark.parametrize("number", [0, -2, 1.5, None])
def test_a_batch_has_at_least_one_world(single, number):
    with pytest.raises(ValueError, match="at least 1"):
        SatelliteVectorEnv(number, **single)
    with pytest.raises(ValueError, match="at least 1"):
        SatelliteVecEnv(n_worlds=number, **single)


def test_an_episode_has_at_least_one_step(fleet):
    with pytest.raises(ValueError, match="max_cycles is 0, must be at least 1"):
        constellation_v0.parallel_env(max_cycles=0, **fleet)


def test_actions_of_the_wrong_shape_are_refused(single, fleet):
    env = SatelliteEnv(**single)
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"shape \(4,\), expected \(5,\)"):
        env.step(np.zeros(4, np.float32))
    vector = SatelliteVectorEnv(3, **single)
    vector.reset(seed=0)
    with pytest.raises(ValueError, match=r"shape \(2, 5\), expected \(3, 5\): one row an environ"):
        vector.step(np.zeros((2, 5), np.float32))
    slots = SatelliteVecEnv(n_worlds=2, **fleet)
    slots.reset()
    with pytest.raises(ValueError, match=r"\(6, 5\), expected \(12, 5\): one row a satellite"):
        slots.step(np.zeros((6, 5), np.float32))
    parallel = constellation_v0.parallel_env(**fleet)
    parallel.reset(seed=0)
    actions = {agent: np.zeros(5, np.float32) for agent in parallel.agents}
    with pytest.raises(ValueError, match=r"action of sat_2 has shape \(3,\), expected \(5,\)"):
        parallel.step(actions | {"sat_2": np.zeros(3)})


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_action_that_is_no_finite_number_is_refused_and_nothing_moves(fleet, value):
    env = constellation_v0.parallel_env(**fleet)
    env.reset(seed=0)
    before = env.state()
    actions = {agent: np.zeros(5, np.float32) for agent in env.agents}
    actions["sat_3"][2] = value
    with pytest.raises(ValueError, match="coolant_flow of satellite 3 in environment 0") as refused:
        env.step(actions)
    assert one_line(refused)
    np.testing.assert_array_equal(env.state(), before)


def test_a_huge_action_is_clipped_and_no_mistake(single):
    one, other = SatelliteEnv(**single), SatelliteEnv(**single)
    for env in (one, other):
        env.reset(seed=0)
    huge, full = (np.full(5, value, np.float32) for value in (1e30, 1.0))
    np.testing.assert_array_equal(one.step(huge)[0], other.step(full)[0])


@pytest.mark.parametrize("action", [36, -1])
def test_a_discrete_action_beyond_the_table_is_refused(single, action):
    env = SatelliteEnv(action="discrete", **single)
    env.reset(seed=0)
    with pytest.raises(ValueError, match=f"is {action}, must be from 0 to 35"):
        env.step(action)
    with pytest.raises(ValueError, match="whole numbers below 36"):
        env.step(1.0)


def test_words_are_no_actions(single):
    env = SatelliteEnv(**single)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="expected numbers"):
        env.step(np.array(["a", "b", "c", "d", "e"]))


def test_unknown_and_missing_agents_are_told(fleet):
    env = constellation_v0.parallel_env(**fleet)
    with pytest.raises(ValueError, match="no agent 'sat_99': they are sat_0 to sat_5"):
        env.observation_space("sat_99")
    env.reset(seed=0)
    actions = {agent: np.zeros(5, np.float32) for agent in env.agents}
    with pytest.raises(ValueError, match="no agent 'sat_6'"):
        env.step(actions | {"sat_6": np.zeros(5, np.float32)})
    del actions["sat_4"]
    with pytest.raises(ValueError, match="no action for 'sat_4'"):
        env.step(actions)


def test_a_step_before_the_reset_or_after_the_end_asks_for_a_reset(single, fleet):
    env, vector = SatelliteEnv(**single), SatelliteVectorEnv(2, **single)
    parallel = constellation_v0.parallel_env(**fleet)
    for world, action in (
        (env, np.zeros(5)),
        (ConstellationEnv(**fleet), np.zeros(30)),
        (vector, np.zeros((2, 5))),
        (parallel, {}),
    ):
        with pytest.raises(ResetNeeded):
            world.step(action)
    env.reset(seed=0)
    for _ in range(12):
        env.step(np.zeros(5, np.float32))
    with pytest.raises(ResetNeeded, match="episode is over"):
        env.step(np.zeros(5, np.float32))


@pytest.mark.parametrize(
    "mask", [[True, False], np.array([1, 0]), np.array([True]), np.zeros(2, bool)]
)
def test_a_reset_mask_must_be_booleans_and_mean_something(single, mask):
    env = gym.make_vec("sunward/Satellite-v0", 2, autoreset_mode="Disabled", **single)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="reset_mask"):
        env.reset(options={"reset_mask": mask})


def test_an_unknown_autoreset_mode_gets_the_nearest(single):
    with pytest.raises(ValueError, match="did you mean NextStep"):
        gym.make_vec("sunward/Satellite-v0", 2, autoreset_mode="NextSteps", **single)

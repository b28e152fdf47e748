"""The build-out behind Gymnasium's interfaces: checkers, modes, masks, spaces."""

from __future__ import annotations

import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from stable_baselines3.common.env_checker import check_env as check_env_by_sb3
from tests.buildout.conftest import MONTHS
from tests.faces.test_vector import same

from sunward.buildout.books import METRICS, TERMS

NAME = "sunward/Buildout-v0"
KINDS = [("continuous", "box"), ("discrete", "box"), ("discrete", "dict")]
N = 4


@pytest.mark.parametrize(("action", "observation"), KINDS)
@pytest.mark.parametrize("info", ["cost", "full"])
def test_gymnasium_and_stable_baselines_accept_it(short, action, observation, info):
    options = {"action": action, "observation": observation, "info": info, **short}
    check_env(gym.make(NAME, **options).unwrapped)
    check_env_by_sb3(gym.make(NAME, **options).unwrapped)


@pytest.mark.parametrize("scenario", ["buildout-easy-v0", "buildout-medium-v0", "buildout-hard-v0"])
@pytest.mark.parametrize("action", ["continuous", "discrete"])
def test_random_play_stays_inside_its_space_to_the_end(scenario, action):
    env = gym.make(NAME, scenario=scenario, action=action, info="full").unwrapped
    env.action_space.seed(1)
    observation, first = env.reset(seed=1)
    assert env.observation_space.contains(observation)
    terminated = False
    while not terminated:
        observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
        assert env.observation_space.contains(observation)
        assert np.isfinite(reward)
        assert not truncated
        assert info.keys() == first.keys()
        assert all(np.isfinite(value).all() for value in info.values())
    with pytest.raises(ResetNeeded, match="over"):
        env.step(env.action_space.sample())


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize(("action", "observation"), KINDS)
def test_the_native_vector_equals_a_loop(short, mode, action, observation):
    options = {"action": action, "observation": observation, "info": "full", **short}
    native = gym.make_vec(NAME, N, autoreset_mode=mode, **options)
    loop = gym.make_vec(
        NAME, N, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **options
    )
    assert type(native.unwrapped).__name__ == "BuildoutVectorEnv"
    assert isinstance(loop, SyncVectorEnv)
    assert native.metadata["autoreset_mode"] is mode
    assert native.observation_space == loop.observation_space
    same(native.reset(seed=5), loop.reset(seed=5))
    loop.action_space.seed(0)
    for _ in range(2 * MONTHS + 6):
        actions = loop.action_space.sample()
        same(native.step(actions), loop.step(actions))


def test_worlds_that_are_reset_by_hand_equal_a_loop(short):
    mode = AutoresetMode.DISABLED
    native = gym.make_vec(NAME, N, autoreset_mode=mode, **short)
    loop = gym.make_vec(
        NAME, N, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **short
    )
    same(native.reset(seed=[9, 8, 7, 6]), loop.reset(seed=[9, 8, 7, 6]))
    loop.action_space.seed(0)
    for step in range(2 * MONTHS):
        actions = loop.action_space.sample()
        told = native.step(actions)
        same(told, loop.step(actions))
        mask = told[2].copy()
        mask[2] |= step == 5
        if mask.any():
            native_reset = native.reset(options={"reset_mask": mask})
            same(native_reset, loop.reset(options={"reset_mask": mask.copy()}))


def test_a_world_past_its_end_waits_for_its_reset(short):
    env = gym.make_vec(NAME, 2, autoreset_mode="Disabled", **short)
    env.reset(seed=0)
    for _ in range(MONTHS):
        env.step(np.full(env.action_space.shape, -1.0, np.float32))
    with pytest.raises(ResetNeeded, match="reset_mask"):
        env.step(env.action_space.sample())


def test_an_insolvent_company_ends_its_episode_and_the_others_go_on():
    # Those who order everything on credit fail at different times; the one who holds never does.
    env = gym.make_vec(NAME, 3, autoreset_mode="SameStep", info="full")
    env.reset(seed=0)
    actions = np.ones(env.action_space.shape, np.float32)
    actions[:, 0] = -1.0
    actions[0] = -1.0
    ended_at: dict[int, int] = {}
    for month in range(100):
        _, _, terminated, _, info = env.step(actions)
        for world in np.flatnonzero(terminated).tolist():
            ended_at.setdefault(world, month)
            assert info["final_info"]["cost"][world] == 1.0
            assert info["final_info"]["metric_insolvent"][world] == 1.0
            assert info["cost"][world] == 0.0
    assert set(ended_at) == {1, 2}


def test_full_info_tells_terms_that_add_up_and_all_metrics(short):
    env = gym.make(NAME, info="full", **short).unwrapped
    env.reset(seed=3)
    for _ in range(MONTHS):
        _, reward, _, _, info = env.step(env.action_space.sample())
        assert reward == pytest.approx(sum(info[f"reward_{term.name}"] for term in TERMS))
    assert {f"metric_{metric.name}" for metric in METRICS} <= info.keys()
    _, info = env.reset()
    assert not any(value for name, value in info.items() if name != "metric_cash")


def test_the_mask_is_the_same_everywhere_and_a_masked_choice_does_nothing(short):
    env = gym.make(NAME, action="discrete", observation="dict", **short).unwrapped
    observation, info = env.reset(seed=7)
    choices = env.worlds.simulator.levers.choices
    np.testing.assert_array_equal(observation["action_mask"], info["action_mask"])
    np.testing.assert_array_equal(observation["action_mask"].astype(bool), env.action_masks())
    pairs, hold = np.split(env.action_masks()[: choices[0]], [choices[0] - 1])
    assert not pairs.any()
    assert hold.all()
    # Nothing is in store: to fly any pair is to hold.
    other = gym.make(NAME, action="discrete", observation="dict", **short).unwrapped
    other.reset(seed=7)
    quiet = [0] * (len(choices) - 1)
    seen = env.step(np.array([choices[0] - 1, *quiet]))[0]
    same(seen, other.step(np.array([0, *quiet]))[0])


def test_a_choice_is_the_levers_it_stands_for(short):
    discrete = gym.make(NAME, action="discrete", **short).unwrapped
    continuous = gym.make(NAME, **short).unwrapped
    discrete.reset(seed=2)
    continuous.reset(seed=2)
    levers = continuous.worlds.simulator.levers
    choice = np.array([3, 2, 1, 1, 2])
    action = np.full(len(levers), -1.0, np.float32)
    for name, level in (
        ("lift_used", 1.0),
        (levers.names[1 + 3], 1.0),
        ("order_ai1", 1.0),
        ("order_suncatcher", 0.0),
        ("debt", 0.0),
        ("retire_age", 1.0),
    ):
        action[levers.index[name]] = level
    for _ in range(MONTHS - 1):
        one, other = discrete.step(choice), continuous.step(action)
        np.testing.assert_array_equal(one[0], other[0])
        assert one[1] == other[1]


def test_every_later_reset_after_a_seed_is_determined(short):
    runs = []
    for _ in range(2):
        env = gym.make(NAME, **short).unwrapped
        runs.append([env.reset(seed=31)[0], *(env.reset()[0] for _ in range(2))])
        runs[-1].append(env.step(np.zeros(env.action_space.shape, np.float32))[0])
    for one, other in zip(*runs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_every_call_returns_arrays_of_its_own(short):
    env = gym.make_vec(NAME, 2, info="full", **short)
    kept = [env.reset(seed=1)[0]]
    for _ in range(3):
        observations, rewards, terminated, truncated, info = env.step(env.action_space.sample())
        kept += [observations, rewards, terminated, truncated, *info.values()]
    for index, one in enumerate(kept):
        assert not any(np.shares_memory(one, other) for other in kept[index + 1 :])


def test_a_state_of_the_face_is_taken_up_exactly(short):
    one, other = (gym.make_vec(NAME, 3, **short).unwrapped for _ in range(2))
    one.reset(seed=4)
    other.reset(seed=5)
    rng = np.random.default_rng(0)
    actions = rng.uniform(-1, 1, (2 * MONTHS, *one.action_space.shape)).astype(np.float32)
    for row in actions[:MONTHS]:
        one.step(row)
    other.set_state(one.get_state())
    for row in actions[MONTHS:]:
        same(one.step(row), other.step(row))


def test_the_panel_tells_month_value_launcher_and_shells(short):
    env = gym.make(NAME, render_mode="ansi", **short).unwrapped
    env.reset(seed=1)
    env.step(env.action_space.sample())
    panel = env.render()
    assert "buildout-medium-v0  month 1 of 24" in panel
    assert all(shell in panel for shell in env.worlds.simulator.params.shells)
    assert max(map(len, panel.splitlines())) <= 100
    assert gym.make(NAME, **short).unwrapped.render() is None


def test_an_import_brings_no_build_out_and_gymnasium_finds_it_by_name():
    code = (
        "import sys, gymnasium as gym, sunward\n"
        "print([name for name in sys.modules if 'buildout' in name])\n"
        "env = gym.make('sunward:sunward/Buildout-v0')\n"
        "print(env.spec.id, env.observation_space.contains(env.reset(seed=1)[0]))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["[]", "sunward/Buildout-v0 True"]

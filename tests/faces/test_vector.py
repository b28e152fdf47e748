"""The native vector environment returns what a loop over single ones does, in every mode."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import batch_space

N = 4
CASES = [
    ("sunward/Satellite-v0", {"action": "continuous"}),
    ("sunward/Satellite-v0", {"action": "discrete", "observation": "dict", "info": "full"}),
    ("sunward/Constellation-v0", {"action": "continuous", "info": "full"}),
    ("sunward/Constellation-v0", {"action": "discrete"}),
]


def same(native: Any, loop: Any) -> None:
    """Asserts that two returned structures hold the same types, shapes and numbers."""
    assert type(native) is type(loop)
    if isinstance(loop, dict):
        assert native.keys() == loop.keys()
        for key in loop:
            same(native[key], loop[key])
    elif isinstance(loop, np.ndarray) and loop.dtype == object:
        for one, other in zip(native, loop, strict=True):
            same(one, other)
    elif isinstance(loop, np.ndarray):
        assert native.dtype == loop.dtype
        np.testing.assert_array_equal(native, loop)
    elif isinstance(loop, tuple):
        for one, other in zip(native, loop, strict=True):
            same(one, other)
    else:
        assert native == loop


def both(name: str, options: dict[str, Any], mode: AutoresetMode) -> tuple[Any, SyncVectorEnv]:
    native = gym.make_vec(name, N, autoreset_mode=mode, **options)
    loop = gym.make_vec(
        name, N, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **options
    )
    assert isinstance(loop, SyncVectorEnv)
    assert native.metadata["autoreset_mode"] is mode
    assert native.observation_space == loop.observation_space
    assert native.action_space == loop.action_space
    return native, loop


def options_of(name: str, single: dict, fleet: dict, more: dict) -> dict[str, Any]:
    return (single if "Satellite" in name else fleet) | more


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize(("name", "more"), CASES)
def test_worlds_that_start_anew_by_themselves_equal_a_loop(single, fleet, name, more, mode):
    native, loop = both(name, options_of(name, single, fleet, more), mode)
    same(native.reset(seed=5), loop.reset(seed=5))
    loop.action_space.seed(0)
    for _ in range(30):
        actions = loop.action_space.sample()
        same(native.step(actions), loop.step(actions))


@pytest.mark.parametrize(("name", "more"), CASES)
def test_worlds_that_are_reset_by_hand_equal_a_loop(single, fleet, name, more):
    native, loop = both(name, options_of(name, single, fleet, more), AutoresetMode.DISABLED)
    same(native.reset(seed=[9, 8, 7, 6]), loop.reset(seed=[9, 8, 7, 6]))
    loop.action_space.seed(0)
    # World 2 starts anew in the middle of its episode, so that worlds end at different steps.
    for step in range(30):
        actions = loop.action_space.sample()
        told = native.step(actions)
        same(told, loop.step(actions))
        mask = told[3].copy()
        mask[2] |= step == 5
        if mask.any():
            seed = [None, None, 77, None] if step == 5 else None
            same(
                native.reset(seed=seed, options={"reset_mask": mask}),
                loop.reset(seed=seed, options={"reset_mask": mask.copy()}),
            )


def test_a_world_past_its_end_waits_for_its_reset(single):
    env = gym.make_vec("sunward/Satellite-v0", 2, autoreset_mode="Disabled", **single)
    env.reset(seed=0)
    for _ in range(12):
        env.step(env.action_space.sample())
    with pytest.raises(ResetNeeded, match="reset_mask"):
        env.step(env.action_space.sample())


def test_the_action_of_a_world_that_is_being_reset_counts_for_nothing(single):
    one, other = (gym.make_vec("sunward/Satellite-v0", 2, **single) for _ in range(2))
    for env in (one, other):
        env.reset(seed=3)
        for _ in range(12):
            env.step(np.zeros((2, 5), np.float32))
    same(one.step(np.full((2, 5), np.nan, np.float32)), other.step(np.ones((2, 5), np.float32)))


def test_every_call_returns_arrays_of_its_own(single):
    env = gym.make_vec("sunward/Satellite-v0", 2, info="full", action="discrete", **single)
    kept = [env.reset(seed=1)[0]]
    infos = []
    for _ in range(3):
        observations, rewards, terminated, truncated, info = env.step(np.array([0, 1]))
        kept += [observations, rewards, terminated, truncated]
        infos.append(info)
    kept += [values for info in infos for values in info.values()]
    for index, one in enumerate(kept):
        assert not any(np.shares_memory(one, other) for other in kept[index + 1 :])


def test_make_vec_takes_the_native_class(single):
    env = gym.make_vec("sunward/Satellite-v0", 3, **single)
    assert type(env.unwrapped).__name__ == "SatelliteVectorEnv"
    assert env.single_action_space.shape == (5,)
    assert env.observation_space == batch_space(env.single_observation_space, 3)
    assert env.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP

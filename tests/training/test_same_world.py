"""A gang's world depends on scenario, split, seed and episode alone."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from tests.training.conftest import SMALL, STORMY

from sunward import training_v0
from sunward.core.compilation import config
from sunward.training.build import build_training
from sunward.training.controls import N_CONTROLS
from sunward.training.gang import STREAM_JOBS
from sunward.training.load import load_training
from sunward.training.simulator import GangSimulator

CHANGES = {**SMALL, **STORMY, "episode.hours": 3.0}


@pytest.fixture(scope="module")
def params():
    return build_training(load_training("training-easy-v0", **CHANGES))


def played(params, seeds, n_threads=1, steps=180):
    """Returns rewards, observations and metrics under controls that a world's seed decides."""
    worlds = GangSimulator(params, len(seeds), n_threads=n_threads)
    worlds.reset([(seed, 0) for seed in seeds])
    streams = [np.random.default_rng(seed) for seed in seeds]
    rewards, seen = [], []
    for _ in range(steps):
        rows = [rng.uniform(-1, 1, (worlds.n_sats, N_CONTROLS)) for rng in streams]
        worlds.step(np.array(rows, np.float32))
        rewards.append(worlds.rewards.copy())
        seen.append(worlds.observations.copy())
    return np.array(rewards), np.array(seen), worlds.metrics()


def test_a_world_is_the_same_to_the_bit_in_any_batch_and_with_any_number_of_threads(params):
    seeds = list(range(200, 340))  # more than a chunk holds
    rewards, seen, metrics = played(params, seeds)
    assert (metrics["interruptions"] > 0).any()
    for chosen in ([200], [339, 250, 201]):
        columns = [seeds.index(seed) for seed in chosen]
        other_rewards, other_seen, other_metrics = played(params, chosen)
        assert np.array_equal(other_rewards, rewards[:, columns])
        assert np.array_equal(other_seen, seen[:, columns])
        for name, values in other_metrics.items():
            assert np.array_equal(values, metrics[name][columns]), name
    threaded = played(params, seeds, n_threads=2)
    assert np.array_equal(threaded[0], rewards)


def test_the_parallel_face_plays_the_world_of_the_simulator(params):
    env = training_v0.parallel_env(scenario="training-easy-v0", overrides=CHANGES)
    worlds = GangSimulator(params, 1)
    worlds.reset([(11, 0)])
    observations, _ = env.reset(seed=11)
    rng = np.random.default_rng(0)
    for _ in range(40):
        rows = rng.uniform(-1, 1, (4, N_CONTROLS)).astype(np.float32)
        worlds.step(rows[None])
        observations, rewards, *_ = env.step(dict(zip(env.agents, rows, strict=True)))
        assert list(rewards.values()) == worlds.rewards[0].tolist()
        assert np.array_equal(np.stack(list(observations.values())), worlds.observations[0])


def test_worlds_that_are_started_anew_leave_the_others_as_they_were(params):
    both, alone = GangSimulator(params, 2), GangSimulator(params, 1)
    both.reset([(1, 0), (2, 0)])
    alone.reset([(2, 0)])
    full = np.ones((2, 4, N_CONTROLS), np.float32)
    for step in range(60):
        if step == 30:
            both.reset([(5, 3)], envs=[0])
        both.step(full)
        alone.step(full[:1])
        assert np.array_equal(both.observations[1], alone.observations[0])
        assert np.array_equal(both.rewards[1], alone.rewards[0])


def test_a_pickled_simulator_goes_on_as_the_original(params):
    worlds = GangSimulator(params, 3)
    worlds.reset([(seed, 0) for seed in range(3)])
    full = np.ones((3, 4, N_CONTROLS), np.float32)
    for _ in range(20):
        worlds.step(full)
    twin = pickle.loads(pickle.dumps(worlds))
    for _ in range(20):
        worlds.step(full)
        twin.step(full)
        assert np.array_equal(twin.observations, worlds.observations)
    for name, values in worlds.metrics().items():
        assert np.array_equal(values, twin.metrics()[name]), name


def test_jobs_do_not_depend_on_what_the_gang_does(params):
    """The tenth job is the same, however long the nine before it took."""
    worlds = GangSimulator(params, 2)
    worlds.reset([(4, 0), (4, 0)])
    slow = np.ones((2, 4, N_CONTROLS), np.float32)
    slow[1, :, 0] = -1.0
    found: list[dict[int, tuple[float, float]]] = [{}, {}]
    for _ in range(180):
        worlds.step(slow)
        for env in range(2):
            job = (worlds.gang("size")[env], worlds.gang("work")[env])
            found[env][int(worlds.gang("job")[env])] = job
    common = found[0].keys() & found[1].keys()
    assert len(found[0]) > 1 or len(common) > 0
    assert all(found[0][number] == found[1][number] for number in common)


def test_the_stream_of_jobs_is_nobody_else_s():
    from sunward.buildout import outlook
    from sunward.core import random

    taken = [
        getattr(module, name)
        for module in (random, outlook)
        for name in dir(module)
        if name.startswith("STREAM_")
    ]
    assert STREAM_JOBS not in taken


def test_compiled_code_is_in_use():
    assert not config.DISABLE_JIT

"""Rollouts in tensors: those of the NumPy loop to the bit, advantages and minibatches included."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from stable_baselines3.common.logger import Logger
from stable_baselines3.common.type_aliases import RolloutBufferSamples

import sunward
from sunward.core.actions import N_ACTIONS
from sunward.core.observations import N_OBS
from sunward_agents.errors import UsageError
from sunward_agents.sb3.episode_ends import EpisodeEnds
from sunward_agents.sb3.learner import FleetPPO
from sunward_agents.sb3.tensor_buffer import TensorRolloutBuffer
from sunward_agents.sb3.tensor_env import N_PHASES, TensorVecEnv
from sunward_agents.sb3.tensor_fleet import HostFleet, make_fleet
from sunward_agents.sb3.tensor_learner import TensorPPO
from sunward_agents.sb3.vec_env import SatelliteVecEnv

N_WORLDS, N_STEPS = 4, 10
#: Twelve steps of a minute: every rollout holds worlds that end, cut and uncut.
EPISODE = {"episode.hours": 0.2}
OPTIONS = {
    "n_steps": N_STEPS,
    "n_epochs": 1,
    "learning_rate": 1e-3,
    "reward_scale": 0.1,
    "policy_kwargs": {"net_arch": [8, 8]},
    "seed": 3,
    "device": "cpu",
}


def simulator(n_worlds=N_WORLDS):
    return sunward.make_simulator("dawn-dusk-24-v0", n_worlds, **EPISODE)


def begun(kind, env):
    """Returns a learner whose minibatch is its whole rollout, at its start."""
    learner = kind(env, batch_size=env.num_envs * N_STEPS, **OPTIONS)
    learner.begin(10**6)
    learner.set_logger(Logger(folder=None, output_formats=[]))
    return learner


@pytest.fixture
def by_numpy():
    return begun(FleetPPO, SatelliteVecEnv(simulator(), seed=3))


@pytest.fixture
def by_tensors():
    return begun(TensorPPO, TensorVecEnv(HostFleet(simulator()), seed=3))


def collect(learner):
    """Collects a rollout with noise that is the same for every learner."""
    torch.manual_seed(7)
    learner.collect()


def test_a_rollout_is_the_same_to_the_bit(by_numpy, by_tensors):
    names = {"old_values": "values", "old_log_prob": "log_probs", "starts": "episode_starts"}
    for _ in range(3):
        collect(by_numpy)
        collect(by_tensors)
        rows = by_tensors.rollout_buffer.rows
        assert rows["starts"][1:].any()
        for name, tensor in rows.items():
            expected = getattr(by_numpy.rollout_buffer, names.get(name, name))
            np.testing.assert_array_equal(tensor.numpy(), expected, name)
        np.testing.assert_allclose(by_tensors.reward_terms, by_numpy.reward_terms, rtol=1e-12)
    assert by_tensors.num_timesteps == by_numpy.num_timesteps == 3 * N_STEPS * N_WORLDS * 24
    assert by_tensors.worlds.episode_metrics == by_numpy.worlds.episode_metrics
    assert len(by_tensors.worlds.episode_metrics) > N_WORLDS


def test_an_update_with_the_whole_rollout_as_minibatch_is_the_same(by_numpy, by_tensors):
    for learner in (by_numpy, by_tensors):
        torch.manual_seed(7)
        learner.iterate()
    pairs = zip(by_numpy.policy.parameters(), by_tensors.policy.parameters(), strict=True)
    for expected, found in pairs:
        torch.testing.assert_close(found, expected, rtol=0.0, atol=2e-5)
    logged = by_tensors.logger.name_to_value
    assert logged["train/explained_variance"] == pytest.approx(
        by_numpy.logger.name_to_value["train/explained_variance"], abs=1e-5
    )
    assert logged["reward/wear"] == pytest.approx(by_numpy.logger.name_to_value["reward/wear"])


def test_observations_and_rewards_are_the_memory_of_the_simulator():
    worlds = simulator()
    fleet = HostFleet(worlds)
    worlds.reset([(seed, 0) for seed in range(N_WORLDS)])
    fleet.step(torch.full((N_WORLDS * 24, N_ACTIONS), 0.3))
    assert fleet.observations.data_ptr() == worlds.observations.ctypes.data
    assert fleet.rewards.data_ptr() == worlds.rewards.ctypes.data
    assert np.array_equal(fleet.observations.numpy().ravel(), worlds.observations.ravel())


def test_minibatches_hold_every_row_once():
    buffer = filled_buffer(n_steps=3, n_slots=5)
    parts = list(buffer.get(4))
    assert [len(part.observations) for part in parts] == [4, 4, 4, 3]
    place = torch.cat([part.old_values for part in parts]).long()
    for name in RolloutBufferSamples._fields:
        together = torch.cat([getattr(part, name) for part in parts])
        assert torch.equal(together, buffer.rows[name].flatten(0, 1)[place]), name
    assert place.tolist() != list(range(15))
    assert sorted(place.tolist()) == list(range(15))


def filled_buffer(n_steps, n_slots):
    """Returns a full rollout whose value of a row is the row's place."""
    env = TensorVecEnv(HostFleet(simulator(1)), seed=0)
    spaces = env.observation_space, env.action_space
    buffer = TensorRolloutBuffer(n_steps, *spaces, device="cpu", n_envs=n_slots)
    for step in range(n_steps):
        values = torch.arange(n_slots).float() + step * n_slots
        buffer.open_step(torch.rand(n_slots, N_OBS), np.zeros(n_slots, bool))
        buffer.close_step(
            torch.rand(n_slots, N_ACTIONS), torch.rand(n_slots), values, torch.rand(n_slots)
        )
    buffer.compute_returns_and_advantage(torch.zeros(n_slots, 1), torch.zeros(n_slots).bool())
    return buffer


def test_many_worlds_end_in_a_few_groups():
    n_worlds, episode_steps = 1000, 1440
    ends = EpisodeEnds(n_worlds, episode_steps, N_PHASES)
    ends.begin()
    steps, sizes = np.unique(ends.limits, return_counts=True)
    assert len(steps) == N_PHASES
    assert steps[-1] == episode_steps
    assert set(np.diff(steps)) == {episode_steps // N_PHASES}
    assert sizes.max() - sizes.min() <= 1
    uncut = ends.renew(np.array([0, n_worlds - 1]))
    assert uncut.tolist() == [False, True]
    assert ends.limits[0] == episode_steps


def test_a_step_before_the_first_reset_is_told():
    env = TensorVecEnv(HostFleet(simulator(1)), seed=0)
    with pytest.raises(RuntimeError, match=r"reset\(\) comes before the first step\(\)"):
        env.step(torch.zeros(24, N_ACTIONS))


def test_a_gpu_that_numba_does_not_find_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr("sunward.gpu.simulator.cuda.is_available", lambda: False)
    with pytest.raises(UsageError) as caught:
        make_fleet(simulator(1).params, 1, "cuda")
    assert str(caught.value) == (
        "device is cuda, and Numba finds no CUDA GPU: install a driver and "
        "`pip install 'sunward[gpu]'`, or use --device cpu"
    )


def test_a_gpu_plays_the_rollout_of_the_processor_but_for_rounding():
    program = Path(__file__).with_name("simulated_gpu.py")
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    printed = subprocess.run(
        [sys.executable, program], env=environment, check=True, capture_output=True, text=True
    )
    found = json.loads(printed.stdout)
    assert found["ended"] == 2
    assert found["worst"].pop("starts") == 0.0
    assert max(found["worst"].values()) < 1e-5, found
    assert found["resumed"] == 0.0

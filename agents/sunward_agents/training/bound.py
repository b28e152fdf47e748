"""What no policy of a gang can exceed in a world: the lesser of two bounds on durable work.

1. **Jobs.** They come in a fixed order. Each begins with a restart, and then gets done no faster
   than all its places at full clock.
2. **Energy.** Common work is at most the sum of what the members do: each member as much as the
   slowest. What a satellite does is bounded by the energy E that its array can give and its battery
   holds at the start. In the time tau that its accelerators have power, the bus is fed; the rest,
   E - bus tau, is spent at the rate g that the best clocks reach (`operating_points`), with
   leakage at its least. tau g(E / tau - bus) is concave in tau and, g being made of straight lines,
   largest at one of its corners or for the whole episode.

Wear, brown-outs, trips, upsets, checkpoints, heat and the differences between members are left
out: they only lower the value. Durable work is part of all work, so both hold for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sunward.core.random import world_key
from sunward.core.rows import ROW
from sunward.training.books import N_SUMS
from sunward.training.build import TRAINING_PREFILL_SHARE
from sunward.training.gang import GANG, begin_gangs
from sunward.training.params import TrainingParams
from sunward.training.simulator import GangSimulator
from sunward_agents.evaluate import play
from sunward_agents.planners.operating_points import operating_points
from sunward_agents.training.rules import Idle


def value_bounds(
    simulator: GangSimulator, *, split: str, seeds: Sequence[int] | None = None
) -> np.ndarray:
    """Returns the greatest value of each world, (n_envs,); the simulator is played to its end."""
    params = simulator.params
    chosen = range(simulator.n_envs) if seeds is None else seeds
    simulator.reset([(seed, 0) for seed in chosen], split=split)
    stored_j = simulator.row(ROW.charge_j).astype(np.float64)
    leak_share = simulator.row(ROW.leak_factor).astype(np.float64) * params.hardware.leak_fraction
    keys = np.array([world_key(split, seed, 0) for seed in chosen])
    by_jobs = job_bound_gpu_s(params, keys)
    play(Idle(params), simulator, split=split, seeds=seeds)
    energy_j = simulator.satellite_sums("array_energy") + stored_j
    by_energy = energy_bound_gpu_s(params, energy_j, leak_share).sum(axis=1)
    most = simulator.n_sats * simulator.episode_steps * params.gang.capacity_work
    return params.gang.value_progress * np.minimum(by_jobs, by_energy) / most


def job_bound_gpu_s(params: TrainingParams, keys: np.ndarray) -> np.ndarray:
    """Returns the GPU-s that jobs allow in an episode, (n_envs,), at full clock with all places.

    Args:
        params: The scenario.
        keys: Philox keys of the worlds, (n_envs, 2).
    """
    n_envs = len(keys)
    left_s = np.full(n_envs, params.episode_steps * params.gang.step_s)
    states, sums = np.zeros((n_envs, len(GANG))), np.zeros((n_envs, N_SUMS))
    total = np.zeros(n_envs)
    everyone, number = np.ones(n_envs, np.bool_), 0
    while (left_s > 0.0).any():
        begin_gangs(states, sums, keys, everyone, number, params.gang, *params.jobs)
        left_s = np.maximum(left_s - params.gang.restart_s, 0.0)
        rate = states[:, GANG.size] * params.gang.accelerators
        done = np.minimum(states[:, GANG.work], rate * left_s)
        total += done
        left_s -= done / rate
        number += 1
    return total


def energy_bound_gpu_s(
    params: TrainingParams, energy_j: np.ndarray, leak_share: np.ndarray
) -> np.ndarray:
    """Returns the GPU-s that each satellite can do with its energy in an episode, (n_envs, n_sats).

    Args:
        params: The scenario.
        energy_j: What its array can give and its battery holds at the start.
        leak_share: Share of its power that is leakage at the reference temperature.
    """
    hw, gang = params.hardware, params.gang
    points = operating_points(hw, TRAINING_PREFILL_SHARE)
    powers, rates = np.append(0.0, points.power), np.append(0.0, points.rate)
    peak_w = hw.peak_power_w * (1.0 - leak_share)
    whole_s = np.full_like(energy_j, params.episode_steps * gang.step_s)
    most = np.zeros_like(energy_j)
    for tried_s in [whole_s, *(energy_j / (peak_w * power + hw.bus_power_w) for power in powers)]:
        time_s = np.minimum(tried_s, whole_s)
        mean_w = np.maximum(energy_j / time_s - hw.bus_power_w, 0.0)
        rate = np.interp(mean_w / peak_w, powers, rates)
        most = np.maximum(most, time_s * rate * gang.accelerators)
    return most

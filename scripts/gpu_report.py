"""Prints how a GPU does: agreement with the processor over a day, speed by kernel, speed of PPO.

python scripts/gpu_report.py --json docs/gpu.json
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import numpy as np
from numba import cuda

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import N_ACTIONS
from sunward.core.observations import OBSERVATIONS
from sunward.gpu import GpuSimulator
from sunward_agents.train_config import TrainConfig, load_train_config

SCENARIO = "walker-53-66-v0"
#: Worlds of it whose speed is measured: the last are a million satellites.
WORLDS = (16, 128, 1_024, 4_096, 15_152)
#: What PPO is measured with: `python train.py configs/train/walker-gpu-ppo.yaml`, and the same with
#: as many worlds as fill a GPU.
TRAINING = "walker-gpu-ppo"
WIDE = {"n_worlds": 4_096, "batch_size": 270_336}


def main() -> int:
    """Runs the checks that the arguments name and prints them; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=4, help="for the agreement")
    parser.add_argument("--json", help="where to write the figures")
    arguments = parser.parse_args()
    if not cuda.is_available():
        sys.stderr.write("gpu_report.py: no CUDA GPU was found: run it where there is one\n")
        return 2
    report = {
        "device": str(cuda.get_current_device().name),
        "agreement": agreement(arguments.worlds),
        "speed": [
            *(speed(SCENARIO, n_worlds) for n_worlds in WORLDS),
            speed("million-v0", 1),
        ],
        "ppo": [ppo(load_train_config(TRAINING, **wide)) for wide in ({}, WIDE)],
    }
    print(json.dumps(report, indent=2))
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
    return 0


def agreement(n_envs: int) -> dict[str, Any]:
    """Returns how far worlds on the GPU are from those on the processor, over an episode."""
    params = build_params(load_scenario(SCENARIO, **{"episode.hours": 24}))
    on_gpu, on_cpu = GpuSimulator(params, n_envs), Simulator(params, n_envs)
    seeds = [(seed, 0) for seed in range(n_envs)]
    on_gpu.reset(seeds)
    on_cpu.reset(seeds)
    worst = np.abs(on_gpu.observations() - on_cpu.observations).max(axis=(0, 1))
    typical = []
    rng = np.random.default_rng(0)
    for _ in range(params.episode_steps):
        actions = rng.uniform(-1, 1, (n_envs, params.n_sats, N_ACTIONS)).astype(np.float32)
        on_gpu.step(actions)
        on_cpu.step(actions)
        apart = np.abs(on_gpu.observations() - on_cpu.observations)
        worst = np.maximum(worst, apart.max(axis=(0, 1)))
        typical.append(np.quantile(apart, 0.999))
    order = np.argsort(-worst)[:8]
    values = on_gpu.metrics(), on_cpu.metrics()
    return {
        "steps": params.episode_steps,
        "worst": {OBSERVATIONS[index].name: float(worst[index]) for index in order},
        "999 of 1000 within": float(max(typical)),
        "metrics, relative": {
            name: float(np.max(np.abs(values[0][name] - values[1][name])))
            / max(1e-30, float(np.max(np.abs(values[1][name]))))
            for name in ("value", "reward", "compute_energy", "deferrable_done", "radiated_heat")
        },
    }


def speed(scenario: str, n_envs: int, n_steps: int = 200) -> dict[str, Any]:
    """Returns satellite-steps a second with actions on the GPU, and milliseconds by kernel."""
    params = build_params(load_scenario(scenario))
    simulator = GpuSimulator(params, n_envs)
    simulator.reset([(seed, 0) for seed in range(n_envs)])
    n_satellites = n_envs * params.n_sats
    actions = np.random.default_rng(0).uniform(-1, 1, (n_satellites, N_ACTIONS))
    simulator.actions.copy_to_device(actions.astype(np.float32))
    for _ in range(5):
        simulator.step(simulator.actions)
    cuda.synchronize()
    started = time.perf_counter()
    for _ in range(n_steps):
        simulator.step(simulator.actions)
    cuda.synchronize()
    elapsed = time.perf_counter() - started
    return {
        "scenario": scenario,
        "worlds": n_envs,
        "satellites": n_satellites,
        "ms_a_step": 1e3 * elapsed / n_steps,
        "satellite_steps_per_s": n_satellites * n_steps / elapsed,
        "ms_by_kernel": simulator.kernel_times(),
    }


def ppo(config: TrainConfig, n_iterations: int = 3) -> dict[str, Any]:
    """Returns satellite-steps a second of rollouts and updates together, and where time goes.

    The shares are of as many iterations more, in which the clock waits for the GPU.
    """
    from sunward_agents.sb3.run import unlogged_learner  # torch and SB3 take three seconds

    model = unlogged_learner(config)
    model.iterate()
    cuda.synchronize()
    started = time.perf_counter()
    for _ in range(n_iterations):
        model.iterate()
    cuda.synchronize()
    elapsed = time.perf_counter() - started
    model.clock.clear()
    model.time_exactly()
    for _ in range(n_iterations):
        model.iterate()
    slots = model.worlds.num_envs
    return {
        "satellites": slots,
        "steps_a_rollout": config.n_steps,
        "minibatch": config.batch_size,
        "epochs": config.n_epochs,
        "hidden_layers": list(config.net),
        "s_an_iteration": elapsed / n_iterations,
        "satellite_steps_per_s": slots * config.n_steps * n_iterations / elapsed,
        "shares": model.clock.shares(),
    }


if __name__ == "__main__":
    sys.exit(main())

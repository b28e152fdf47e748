"""Prints how a GPU does: agreement with the processor over a day, and speed by kernel.

python scripts/gpu_report.py --satellites 1000000 --json gpu.json
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import numpy as np
from numba import cuda

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import N_ACTIONS
from sunward.core.observations import OBSERVATIONS
from sunward.gpu import GpuSimulator

SCENARIO = "walker-53-66-v0"


def main() -> None:
    """Runs the checks that the arguments name and prints them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--satellites", type=int, default=1_000_000, help="for the speed")
    parser.add_argument("--worlds", type=int, default=4, help="for the agreement")
    parser.add_argument("--json", help="where to write the figures")
    arguments = parser.parse_args()
    report = {
        "device": str(cuda.get_current_device().name),
        "agreement": agreement(arguments.worlds),
        "fleets": speed(SCENARIO, arguments.satellites // 66),
        "million": speed("million-v0", 1),
    }
    print(json.dumps(report, indent=2))
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)


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


def speed(scenario: str, n_envs: int, n_steps: int = 50) -> dict[str, Any]:
    """Returns satellite-steps a second with actions on the GPU, and milliseconds by kernel."""
    params = build_params(load_scenario(scenario))
    simulator = GpuSimulator(params, n_envs)
    simulator.reset([(seed, 0) for seed in range(n_envs)])
    n_satellites = n_envs * params.n_sats
    actions = np.random.default_rng(0).uniform(-1, 1, (n_envs, params.n_sats, N_ACTIONS))
    on_device = cuda.to_device(actions.astype(np.float32))
    for _ in range(5):
        simulator.step(on_device)
    cuda.synchronize()
    started = time.perf_counter()
    for _ in range(n_steps):
        simulator.step(on_device)
    submitted = time.perf_counter() - started
    cuda.synchronize()
    elapsed = time.perf_counter() - started
    return {
        "satellites": n_satellites,
        "ms_a_step": 1e3 * elapsed / n_steps,
        "ms_to_submit": 1e3 * submitted / n_steps,
        "satellite_steps_per_s": n_satellites * n_steps / elapsed,
        "ms_by_kernel": simulator.kernel_times(on_device),
    }


if __name__ == "__main__":
    main()

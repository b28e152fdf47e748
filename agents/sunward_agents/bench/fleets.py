"""Fleets of any size to step, some steps into their episode, with random actions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import sunward
from sunward.core.actions import N_ACTIONS
from sunward.core.simulator import Simulator

SCENARIO = "walker-53-66-v0"
LONE = "single-walker-v0"
#: Satellites of a Walker fleet -> its planes.
PLANES = {8: 2, 16: 4, 64: 8, 66: 6, 264: 12, 1056: 24, 8192: 64}
#: Batches of random actions that take turns, so that none is played twice in a row.
N_BATCHES = 8


def options(n_sats: int) -> dict[str, object]:
    """Returns scenario and overrides of a fleet of `PLANES`, or of a single satellite."""
    if n_sats == 1:
        return {"scenario": LONE, "overrides": {}}
    overrides = {"constellation.satellites": n_sats, "constellation.planes": PLANES[n_sats]}
    return {"scenario": SCENARIO, "overrides": overrides}


def random_actions(*shape: int) -> np.ndarray:
    """Returns N_BATCHES batches of random actions, float32 (N_BATCHES, *shape, N_ACTIONS)."""
    draws = np.random.default_rng(0).uniform(-1.0, 1.0, (N_BATCHES, *shape, N_ACTIONS))
    return draws.astype(np.float32)


def fleet(n_sats: int, n_worlds: int, n_threads: int = 1) -> Simulator:
    """Returns worlds of a fleet at their start."""
    chosen = options(n_sats)
    overrides: dict = chosen["overrides"]  # pyright: ignore[reportAssignmentType]
    simulator = sunward.make_simulator(
        str(chosen["scenario"]), n_worlds, n_threads=n_threads, **overrides
    )
    simulator.reset([(seed, 0) for seed in range(n_worlds)])
    return simulator


def stepper(simulator: Simulator, *, looks: bool = False) -> Callable[[], object]:
    """Returns a call that takes one step of random actions; `looks` reads every observation."""
    batches = random_actions(simulator.n_envs, simulator.n_sats)
    turn = 0

    def step() -> None:
        nonlocal turn
        simulator.step(batches[turn])
        turn = (turn + 1) % N_BATCHES
        if looks:
            simulator.observations.sum()

    return step

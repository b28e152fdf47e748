"""Where the time of a step goes: each of its phases timed by itself, beside its operations."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import NamedTuple

import numpy as np

from sunward.core.driver import PHASES
from sunward.core.simulator import Simulator
from sunward_agents.bench.fleets import random_actions

N_STEPS = 400
#: What is done in each phase; of `advance` a part is done in each of the sub-steps.
DONE = {
    "decide": "state loaded, actions decoded, arrivals queued",
    "offer": "what links could carry",
    "carry": "what they carry, by balance of queues and prices",
    "advance": "sub-steps of load, light, power and heat; then queues, wear, upsets, failures",
    "pay": "credits and rewards",
    "prepare": "books; Sun, orbit and eclipse ahead; demand drawn, and entered from 64 sites",
    "find links": "which lasers see each other",
    "observe": "own observation written, state stored",
    "look round": "neighbours' observations written",
}


class Stage(NamedTuple):
    """A phase of a step: nanoseconds and float operations a satellite-step."""

    name: str
    time_ns: float
    flops: float


def stages(simulator: Simulator, flops: Mapping[str, float]) -> list[Stage]:
    """Returns the phases of a step of one thread, in order: medians, less what calling costs."""
    batches = random_actions(simulator.n_envs, simulator.n_sats)
    steps = [_phase_times_s(simulator, batches[step % len(batches)]) for step in range(N_STEPS)]
    *times_s, calling_s = np.median(steps[N_STEPS // 10 :], axis=0)
    n_satellites = simulator.n_envs * simulator.n_sats
    return [
        Stage(name, 1e9 * (time_s - calling_s) / n_satellites, flops[name])
        for name, time_s in zip(PHASES, times_s, strict=True)
    ]


def _phase_times_s(simulator: Simulator, actions: np.ndarray) -> np.ndarray:
    """Returns the seconds of each phase, and last those of a call without one."""
    times_s = np.zeros(len(PHASES) + 1)
    phases = simulator.step_in_phases(actions)
    before = perf_counter()
    for phase in phases:
        now = perf_counter()
        times_s[phase] += now - before
        before = perf_counter()
    return times_s

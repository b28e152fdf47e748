"""What no policy can change: light, demand, links and faults of one world, step by step.

Demand is a pure function of world, site and step; orbit, light and heat from outside follow the
date; upsets, failures and outages follow the world's random words. None of them depends on an
action, so one run of the idle rule reads them all exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sunward.core.actions import N_ACTIONS
from sunward.core.params import N_SLOTS, Params
from sunward.core.rows import ROW
from sunward.core.simulator import Simulator
from sunward.core.width import LANES

#: Rows that hold for the step to come, and are read before it.
_AHEAD = {
    "interactive": ROW.interactive_new,
    "deferrable": ROW.deferrable_new,
    "absorbed_w": ROW.absorbed_w,
    "available": ROW.available,
    "pump_health": ROW.pump_health,
    "proton_flux": ROW.proton_flux,
}
#: What a step brings, and the metric that it adds to.
_SUMS = {"upsets": "upsets"}


@dataclass(frozen=True)
class Foresight:
    """One world from some step on; arrays of shape (n_steps, n_sats) unless told otherwise."""

    params: Params
    first_step: int
    interactive: np.ndarray  # GPU-s that enter
    deferrable: np.ndarray
    array_j: np.ndarray  # electrical energy that the array can give
    absorbed_w: np.ndarray  # heat that the radiator takes up from outside
    available: np.ndarray  # share of accelerators that work
    pump_health: np.ndarray
    proton_flux: np.ndarray  # over its mean on the reference orbit
    upsets: np.ndarray  # 1 where an accelerator is hit
    links: np.ndarray  # (n_steps, n_sats, 4) 1 where the laser works
    hardware: dict[str, np.ndarray]  # the satellites' own figures, each (n_sats,)

    @property
    def n_steps(self) -> int:
        """Steps that are foreseen."""
        return len(self.interactive)

    @property
    def n_sats(self) -> int:
        """Satellites of the world."""
        return self.interactive.shape[1]

    def since(self, step: int) -> Foresight:
        """Returns what is foreseen from a step of the episode on."""
        begin = step - self.first_step
        return replace(
            self, first_step=step, **{name: getattr(self, name)[begin:] for name in _PER_STEP}
        )

    def until(self, n_steps: int) -> Foresight:
        """Returns what is foreseen of the first `n_steps` steps."""
        return replace(self, **{name: getattr(self, name)[:n_steps] for name in _PER_STEP})


_PER_STEP = (*_AHEAD, *_SUMS, "array_j", "links")


@dataclass(frozen=True)
class State:
    """Where a world stands at the start of a step; arrays of shape (n_sats,)."""

    step: int
    charge_j: np.ndarray
    chip_k: np.ndarray
    loop_k: np.ndarray
    radiator_k: np.ndarray
    queue: np.ndarray  # (n_sats, N_SLOTS) GPU-s by deadline slot
    interactive_in: np.ndarray  # GPU-s on their way from neighbours
    safe_steps: np.ndarray


def read_state(simulator: Simulator, env: int = 0) -> State:
    """Returns where one world of a simulator stands."""

    def seen(row: int) -> np.ndarray:
        return simulator.row(row)[env].astype(float)

    return State(
        step=int(simulator.step_count[env]),
        charge_j=seen(ROW.charge_j),
        chip_k=seen(ROW.chip_k),
        loop_k=seen(ROW.loop_k),
        radiator_k=seen(ROW.radiator_k),
        queue=np.stack([seen(ROW.queue + slot * LANES) for slot in range(N_SLOTS)], axis=-1),
        interactive_in=seen(ROW.interactive_in),
        safe_steps=seen(ROW.safe_steps),
    )


def foresee(
    params: Params, seed: int, *, split: str = "test", episode: int = 0
) -> tuple[Foresight, State]:
    """Returns what will happen in a world whatever is done, and how it starts."""
    simulator = Simulator(params, 1)
    simulator.reset([(seed, episode)], split=split)
    start = read_state(simulator)
    return watch(simulator, params.episode_steps), start


def watch(simulator: Simulator, n_steps: int, env: int = 0) -> Foresight:
    """Returns what `n_steps` idle steps of a simulator show; leaves it at their end."""
    idle = np.full((simulator.n_envs, simulator.n_sats, N_ACTIONS), -1.0, np.float32)
    first_step = int(simulator.step_count[env])
    hardware = {
        name: simulator.row(getattr(ROW, name))[env].astype(float)
        for name in ("array_factor", "radiator_factor", "leak_factor", "battery_capacity_j")
    }
    seen: dict[str, list[np.ndarray]] = {name: [] for name in _PER_STEP}
    for _ in range(n_steps):
        for name, row in _AHEAD.items():
            seen[name].append(simulator.row(row)[env])
        seen["links"].append(
            np.stack([simulator.row(ROW.link + side * LANES)[env] for side in range(4)], axis=-1)
        )
        before = {name: simulator.satellite_sums(metric)[env] for name, metric in _SUMS.items()}
        simulator.step(idle)
        for name, metric in _SUMS.items():
            seen[name].append(simulator.satellite_sums(metric)[env] - before[name])
        seen["array_j"].append(simulator.row(ROW.array_j)[env])
    arrays = {name: np.array(steps, float) for name, steps in seen.items()}
    return Foresight(params=simulator.params, first_step=first_step, hardware=hardware, **arrays)


def without_chance(params: Params) -> Params:
    """Returns the scenario with every site's demand at its expectation and no fault: a forecast.

    The same seed gives the same orbits, hardware and start, as each draws from a stream of its own.
    """
    still = np.zeros_like(params.sites.fast_interactive)
    sites = replace(
        params.sites,
        fast_interactive=still,
        fast_deferrable=still,
        slow_interactive=still,
        slow_deferrable=still,
    )
    service = params.service._replace(
        outage_probability=0.0,
        upset_rate=0.0,
        failure_probability=0.0,
        pump_failure_probability=0.0,
    )
    return replace(params, sites=sites, service=service)

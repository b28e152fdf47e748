"""The same week in `Simulator`, and the moments of half light by its orbit and limb formulas."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from scripts.basilisk_week.cases import (
    LOADS,
    N_STEPS,
    SCENARIO,
    START_C,
    STEP_S,
    Case,
    Satellite,
    Week,
    satellite,
)

from sunward.core.actions import INDEX, N_ACTIONS
from sunward.core.orbit_step import EARTH_INFRARED_W_M2
from sunward.core.params import Params
from sunward.core.reset import ORBIT, orbit_table
from sunward.core.rows import ROW
from sunward.core.simulator import Simulator
from sunward.physics.constants import EARTH_RADIUS_M, SECONDS_PER_DAY, ZERO_CELSIUS_K
from sunward.physics.eclipse import limb_sines
from sunward.physics.orbit import (
    argument_rate_rad_s,
    node_rate_rad_s,
    orbit_position,
)
from sunward.physics.sun import sun_direction_and_distance
from sunward.physics.view import vertical_plate_view_factor
from sunward.scenario.build import build_params
from sunward.scenario.load import load_scenario

SEEDS = [(0, 0)] * len(LOADS)


def params_of(case: Case, changes: Mapping[str, Any] | None = None) -> Params:
    """Returns the scenario of a case, its start moved to where Basilisk starts.

    A scenario draws the time of day, the argument of latitude and the warmth of the parts; both
    programs must begin alike, so what this world draws is taken off beforehand.
    """
    params = build_params(load_scenario(SCENARIO, **case.overrides, **(changes or {})))
    late_days = started(params).days()[0] - case.days
    params = dataclasses.replace(params, epoch_days=params.epoch_days - late_days)
    world = started(params)
    start_k = float(world.row(ROW.chip_k)[0, 0])
    return dataclasses.replace(
        params,
        orbits=dataclasses.replace(
            params.orbits,
            node_rad=params.orbits.node_rad + case.node_rad - phase(world, "node"),
            argument_rad=params.orbits.argument_rad + case.argument_rad - phase(world, "argument"),
        ),
        spread=params.spread._replace(
            temperature_k=params.spread.temperature_k + START_C + ZERO_CELSIUS_K - start_k
        ),
    )


def started(params: Params) -> Simulator:
    """Returns a simulator at the start of its worlds."""
    simulator = Simulator(params, len(SEEDS), dtype=np.float64)
    simulator.reset(SEEDS)
    return simulator


def phase(simulator: Simulator, name: str) -> float:
    """Returns the right ascension of the node, or the argument of latitude, in rad."""
    return float(simulator._phase(name)[0, 0])


def limb_radius_m(params: Params) -> float:
    """Returns the distance from the Earth's centre that `Simulator` sees the limb from in m."""
    return EARTH_RADIUS_M / float(orbit_table(params.orbits)[0, ORBIT.sin_limb])


def satellite_of(params: Params) -> Satellite:
    """Returns what Basilisk is told of the satellite."""
    sin_limb, _ = limb_sines(limb_radius_m(params))
    return satellite(
        params.hardware,
        params.spread.charge_low,
        vertical_plate_view_factor(sin_limb),
        EARTH_INFRARED_W_M2,
    )


def fly(case: Case, params: Params, dtype: type, n_steps: int = N_STEPS) -> Week:
    """Returns the week of `Simulator`: one world a load, the same in all else."""
    simulator = Simulator(params, len(SEEDS), dtype=dtype)
    simulator.reset(SEEDS)
    actions = fixed_actions(params)
    stored_j, node_k, booked_j = [charge(simulator)], [radiator(simulator)], [0.0]
    for _ in range(n_steps):
        simulator.step(actions)
        booked_j.append(simulator.satellite_sums("array_energy")[0, 0])
        stored_j.append(charge(simulator))
        node_k.append(radiator(simulator))
    array_j = np.diff(booked_j)
    light = array_j / (full_sun_w(case, params, n_steps) * STEP_S)
    return Week(light, array_j, np.array(stored_j), np.array(node_k))


def charge(simulator: Simulator) -> np.ndarray:
    """Returns the stored energy of each load's world in J, (2,)."""
    return simulator.row(ROW.charge_j)[:, 0].astype(np.float64)


def radiator(simulator: Simulator) -> np.ndarray:
    """Returns the radiator's temperature of each load's world in K, (2,)."""
    return simulator.row(ROW.radiator_k)[:, 0].astype(np.float64)


def full_sun_w(case: Case, params: Params, n_steps: int) -> np.ndarray:
    """Returns the array's power in full light at every step in W: that at 1 AU over distance^2."""
    distances = [sun_direction_and_distance(days_at(case, STEP_S * k))[3] for k in range(n_steps)]
    return params.hardware.nominal_array_w / np.array(distances) ** 2


def fixed_actions(params: Params) -> np.ndarray:
    """Returns actions that hold clock and coolant at full and the loads' shares of accelerators."""
    actions = np.ones((len(LOADS), 1, N_ACTIONS), np.float32)
    lowest = params.hardware.min_active_share
    for row, share in enumerate(LOADS.values()):
        actions[row, 0, INDEX["active_share"]] = 2.0 * (share - lowest) / (1.0 - lowest) - 1.0
    return actions


def days_at(case: Case, time_s: float) -> float:
    """Returns the date in days since J2000 at a time after the start."""
    return case.days + time_s / SECONDS_PER_DAY


def sun_height_rad(case: Case, time_s: float, radius_m: float) -> float:
    """Returns the angle of the Sun's middle above the Earth's limb in rad, as a step has it.

    Args:
        case: The orbit.
        time_s: Since the start.
        radius_m: Distance from the Earth's centre that the limb is seen from.
    """
    cos_inclination = math.cos(case.inclination_rad)
    node_rad = case.node_rad + time_s * node_rate_rad_s(case.radius_m, cos_inclination)
    argument_rad = case.argument_rad + time_s * argument_rate_rad_s(case.radius_m, cos_inclination)
    place = orbit_position(
        math.sin(argument_rad),
        math.cos(argument_rad),
        math.sin(node_rad),
        math.cos(node_rad),
        math.sin(case.inclination_rad),
        cos_inclination,
    )
    *sun, _ = sun_direction_and_distance(days_at(case, time_s))
    sin_limb, _ = limb_sines(radius_m)
    cos_sun = sum(a * b for a, b in zip(place, sun, strict=True))
    return math.pi - math.asin(sin_limb) - math.acos(cos_sun)


def half_light(case: Case, radius_m: float, n_steps: int = N_STEPS) -> tuple[np.ndarray, ...]:
    """Returns (entries, exits) in s since the start: when half of the Sun's disc is covered."""
    heights = [sun_height_rad(case, STEP_S * step, radius_m) for step in range(n_steps + 1)]
    entry_s, exit_s = [], []
    for step, (before, after) in enumerate(pairwise(heights)):
        if (before < 0.0) != (after < 0.0):
            time_s = bisected(case, radius_m, STEP_S * step, STEP_S * (step + 1), before)
            (exit_s if before < 0.0 else entry_s).append(time_s)
    return np.array(entry_s), np.array(exit_s)


def bisected(case: Case, radius_m: float, low_s: float, high_s: float, at_low: float) -> float:
    """Returns when the Sun's middle stands at the limb between two times, to a millisecond."""
    while high_s - low_s > 1e-3:
        middle_s = 0.5 * (low_s + high_s)
        if (sun_height_rad(case, middle_s, radius_m) < 0.0) == (at_low < 0.0):
            low_s = middle_s
        else:
            high_s = middle_s
    return 0.5 * (low_s + high_s)

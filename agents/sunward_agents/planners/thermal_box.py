"""Temperatures that no policy leaves, and what follows for a linear model of the heat.

The three nodes of a satellite (chips c, loop l, radiator r; flow conductance phi G, phi between
the pump's least and full flow) start at or above the coldest sky they ever see. Then:

- **Floor.** At the temperature at which the radiator radiates just what it absorbs at least, the
  coldest of the three nodes is not cooled: heat only flows to it. So none falls below `low_k`.
- **Chips.** Whoever is above the trip temperature at the start of a sub-step is off in it. So the
  chips rise at most, from a temperature T up to the trip temperature, by the power that the
  throttle grants at T over their heat capacity, and the loop, fed by them, stays below that; or
  up to where a radiator settles that sheds nothing but what comes from outside.
- **Radiator.** With chips and loop at their highest and full flow it settles at `radiator_high_k`.

Heat flows from chips to loop to radiator except where a radiator colder than the sky is warmed
from outside: then it stays below `sky_high_k`, and is warmer than the loop by at most
sky_high_k - low_k.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from sunward.core.params import Hardware, Service
from sunward.physics.thermal import (
    equilibrium_temperature_k,
    leakage_factor,
    radiated_power_w,
    throttle_factor,
)
from sunward_agents.planners.operating_points import power_fraction

#: Runge-Kutta steps of 15 s are within 0.02 K of the exact solution of the network; every corner
#: of the box is moved out by ten times that.
MARGIN_K = 0.2


@dataclass(frozen=True)
class ThermalBox:
    """Bounds of the three temperatures, the same for all satellites of a world."""

    low_k: float
    chip_high_k: float  # chips and loop
    radiator_high_k: float
    sky_high_k: float  # what a radiator without work settles at, at most
    leak_low: float  # leakage factor at `low_k`, and at `chip_high_k`
    leak_high: float


def thermal_box(
    hardware: Hardware,
    service: Service,
    *,
    radiator_factors: np.ndarray,
    leak_factors: np.ndarray,
    absorbed_w: np.ndarray,
    start_k: np.ndarray,
) -> ThermalBox:
    """Returns the box of a world.

    Args:
        radiator_factors, leak_factors: of its satellites, (n_sats,).
        absorbed_w: of its radiators, (n_steps, n_sats).
        start_k: of any node of any satellite at the start.
    """
    best, worst = radiator_factors.max(), radiator_factors.min()
    leak = float(leak_factors.max()) * hardware.leak_fraction
    low_k = min(settled_k(float(absorbed_w.min()), best, hardware), float(start_k.min())) - MARGIN_K
    sky_high_k = settled_k(float(absorbed_w.max()), worst, hardware) + MARGIN_K
    # A radiator too worn to shed what the sky gives it warms its chips, tripped or not.
    chip_high_k = highest_chip_k(leak, hardware, service)
    chip_high_k = max(chip_high_k, float(start_k.max()), sky_high_k) + MARGIN_K
    radiator_high_k = hottest_radiator_k(
        chip_high_k, float(absorbed_w.max()), float(worst), hardware
    )
    return ThermalBox(
        low_k,
        chip_high_k,
        max(radiator_high_k, float(start_k.max())) + MARGIN_K,
        max(sky_high_k, low_k),
        leakage_factor(low_k, leak, hardware.leak_reference_k, hardware.leak_scale_k),
        leakage_factor(chip_high_k, leak, hardware.leak_reference_k, hardware.leak_scale_k),
    )


def settled_k(absorbed_w: float, factor: float, hardware: Hardware) -> float:
    """Returns the temperature of a radiator that gets nothing but what comes from outside."""
    emissivity = factor * hardware.emissivity
    return equilibrium_temperature_k(absorbed_w, 0.0, hardware.emitting_area_m2, emissivity)


@lru_cache(64)  # of the hardware alone, and a planner asks at every plan
def highest_chip_k(leak_fraction: float, hardware: Hardware, service: Service) -> float:
    """Returns the temperature that chips reach at most in a sub-step they begin below the trip.

    First with leakage at its limit, then with that of the bound found before, which holds it too.
    """
    highest_k = float("inf")
    for _ in range(4):
        leak = leakage_factor(
            min(highest_k, 1.0e3), leak_fraction, hardware.leak_reference_k, hardware.leak_scale_k
        )
        highest_k = _highest_chip_k(leak, hardware, service)
    return highest_k


def _highest_chip_k(leak: float, hardware: Hardware, service: Service) -> float:
    rise_k = leak * hardware.peak_power_w * service.substep_s / hardware.chip_capacity_j_k
    starts = np.linspace(hardware.throttle_start_k, hardware.trip_k, 2001)
    # A start between two of these grants at most the power of the lower one.
    return max(
        above + rise_k * power_fraction(granted_clock(below, hardware), hardware)
        for below, above in pairwise(starts)
    )


def granted_clock(chip_k: float, hardware: Hardware) -> float:
    """Returns the highest clock at a chip temperature."""
    throttle = throttle_factor(chip_k, hardware.throttle_start_k, hardware.throttle_end_k)
    return hardware.min_clock + (1.0 - hardware.min_clock) * throttle


def hottest_radiator_k(
    loop_k: float, absorbed_w: float, factor: float, hardware: Hardware
) -> float:
    """Returns where a radiator settles behind a loop of this temperature, at full flow."""
    low, high = 0.0, loop_k
    for _ in range(60):
        middle = 0.5 * (low + high)
        gained_w = hardware.flow_conductance_w_k * (loop_k - middle) + absorbed_w
        is_below = gained_w > radiated(middle, factor, hardware)
        low, high = (middle, high) if is_below else (low, middle)
    return high


def radiated(temperature_k: float, factor: float, hardware: Hardware) -> float:
    """Returns the emission of a radiator in W."""
    emissivity = factor * hardware.emissivity
    return radiated_power_w(temperature_k, 0.0, hardware.emitting_area_m2, emissivity)

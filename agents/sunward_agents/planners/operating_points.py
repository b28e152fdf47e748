"""Work against power of the accelerators, over-estimated by straight lines.

Let o be the share of all accelerators that works at full fill, c their clock. In a sub-step they
take o e(c) of the peak power (leakage at its reference) with e(c) = idle + (1 - idle) f V^2, and do
o r(c) of the capacity, r the rate of the class. Whatever the fill and the share of power served:

1. **Fill.** An accelerator filled to f < 1 takes idle + (1 - idle) b(f) v, b(f) >= f: no less than
   the share f of it, filled, and does the same work. So work and power of any sub-step are those
   of some o <= active share x available x fill x served share at full fill, with power to spare.
2. **Mix.** Interactive and deferrable fills add up to at most 1, so o splits into o_i + o_d.
3. **Clock.** All (e(c), r(c)) lie under the polygon drawn here, and so does, by convexity, every
   average over accelerators, sub-steps and steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from sunward.core.params import Hardware
from sunward.physics.compute import accelerator_power_w, dynamic_power_fraction, work_rate

#: Clocks on which the curve is drawn. Between two of them (1e-4 apart) it rises above its chord by
#: at most h^2 / 8 |r''| < 1e-8; `LIFT` covers that and the rounding of float32 kernels.
N_CLOCKS = 7001
LIFT = 1.0e-6


@dataclass(frozen=True)
class OperatingPoints:
    """Corners of the polygon above one class's curve, least power first, each (n_points,)."""

    power: np.ndarray  # of all accelerators over their peak power
    rate: np.ndarray  # of the work done over capacity
    throttle_slope: float  # rate lost at least for each kelvin above the throttle's start


def power_fraction(clock: float, hardware: Hardware) -> float:
    """Returns the power of full accelerators at a clock over their peak power."""
    dynamic = dynamic_power_fraction(clock, hardware.knee_clock, hardware.knee_voltage)
    return accelerator_power_w(1.0, hardware.idle_fraction, 1.0, dynamic, 1.0)


@cache
def operating_points(
    hardware: Hardware, prefill_share: float, n_points: int = 7
) -> OperatingPoints:
    """Returns the corners of an outer polygon of a class's work against power."""
    clock = np.linspace(hardware.min_clock, 1.0, N_CLOCKS)
    power = np.array([power_fraction(level, hardware) for level in clock])
    rate = np.array([work_rate(level, prefill_share) for level in clock])
    best = int(np.argmax(rate / power))
    touched = np.unique(np.linspace(best, N_CLOCKS - 1, n_points).round().astype(int))
    # Below the best clock, fewer accelerators at that clock do more: a ray from the origin.
    ray = (float((rate / power).max()) + LIFT, 0.0)
    lines = [ray, *(_tangent(power, rate, index) for index in touched[1:])]
    corners = [_crossing(first, second) for first, second in pairwise(lines)]
    corners.append((power[-1], lines[-1][0] * power[-1] + lines[-1][1]))
    corner = np.array(corners)
    return OperatingPoints(corner[:, 0], corner[:, 1], _throttle_slope(clock, rate, hardware))


def _throttle_slope(clock: np.ndarray, rate: np.ndarray, hardware: Hardware) -> float:
    """Returns k such that the rate is at most 1 - k tau for tau kelvins of throttling.

    The clock falls linearly to its least, and stays there up to the trip.
    """
    ramp_k = hardware.throttle_end_k - hardware.throttle_start_k
    tau = (1.0 - clock[:-1]) / (1.0 - hardware.min_clock) * ramp_k
    at_trip = (1.0 - rate[0]) / (hardware.trip_k - hardware.throttle_start_k)
    return min(float(((1.0 - rate[:-1]) / tau).min()), at_trip)


def _tangent(power: np.ndarray, rate: np.ndarray, index: int) -> tuple[float, float]:
    """Returns (slope, height at zero power) of a line above all points, close to one of them."""
    low, high = max(index - 1, 0), min(index + 1, len(power) - 1)
    slope = (rate[high] - rate[low]) / (power[high] - power[low])
    return slope, float((rate - slope * power).max()) + LIFT


def _crossing(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Returns where two lines meet."""
    power = (second[1] - first[1]) / (first[0] - second[0])
    return power, first[0] * power + first[1]

"""Formulas of the build-out: launchers, factories, markets, ageing, money.

Pure functions of numbers or arrays that broadcast. All are crude on purpose: one formula for each
effect that makes waiting, pacing or choosing pay, with no claim to forecast. Orbits and drag come
from `sunward.physics`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sunward.physics.drag import (
    circular_speed_m_s,
    decay_rate_m_s,
    propellant_kg,
    tracking_drag_share,
    upkeep_m_s_per_year,
)
from sunward.physics.orbit import orbit_normal
from sunward.physics.sun import node_from_local_time_rad, sun_direction_and_distance

Numbers = Any  # a float, or an array that broadcasts with the others

MONTHS_PER_YEAR = 12.0
DAYS_PER_YEAR = 365.25
METRES_PER_STEP = 1000.0
#: Below, a dead satellite falls within days.
LOWEST_ALTITUDE_M = 200e3
#: Moderate geomagnetic activity.
AP = 12.0
#: A satellite that tumbles shows the air about half of what it shows it face-on.
TUMBLING_SHARE = 0.5
#: An array flown edge-on still has its edge, its bus and its pointing errors.
EDGE_SHARE = 0.03


def flights_per_month(first: Numbers, full: Numbers, growth: Numbers, months: Numbers) -> Numbers:
    """Returns the cadence after months of undisturbed progress: logistic from `first` to `full`.

    References: Verhulst, Correspondance mathematique et physique 10 (1838) 113.
    """
    return full / (1.0 + (full / first - 1.0) * np.exp(-growth * months))


def learnt(
    first: Numbers, lowest: Numbers, made: Numbers, past: Numbers, learning: Numbers
) -> Numbers:
    """Returns a cost that falls with experience: what is above `lowest` by `learning` a doubling.

    Args:
        first: Cost before the first.
        lowest: Where it ends.
        made: Units so far.
        past: Units of experience that count as made before the first, above 0.
        learning: Fall of the part above `lowest` at each doubling, 0 to 1.

    References: Wright, Factors affecting the cost of airplanes, J. Aeronautical Sciences 3 (1936).
    """
    exponent = np.log2(1.0 - learning)
    return lowest + (first - lowest) * (1.0 + made / past) ** exponent


def failure_fraction(first: float, lowest: float, flights: float, scale: float) -> float:
    """Returns the share of flights that fail, after so many flights."""
    return lowest + (first - lowest) * math.exp(-flights / scale)


def first_failure(uniform: float, fraction: float) -> float:
    """Returns which flight from now is the first to fail, from 1: geometric in `fraction`."""
    if fraction <= 0.0:
        return math.inf
    return math.floor(math.log(uniform) / math.log1p(-fraction)) + 1.0


def market_price_share(supply: Numbers, demand: Numbers) -> Numbers:
    """Returns the price that a market pays over that of an empty one: D / (Q + D).

    Revenue Q D / (Q + D) grows with supply for ever, ever more slowly, towards the demand.
    """
    return demand / (supply + demand)


def marginal_price_share(supply: Numbers, demand: Numbers) -> Numbers:
    """Returns what one more unit brings in, over the price of an empty market: (D / (Q + D))^2.

    The derivative of revenue: the price of what is sold already falls as well.
    """
    share = market_price_share(supply, demand)
    return share * share


def accelerators_left(
    age_months: Numbers, failure_per_month: Numbers, dose_gy: Numbers, half_dose_gy: Numbers
) -> Numbers:
    """Returns the share of accelerators that still work: single failures, and wear by dose.

    The law of dose is an assumption: little at a third of the half dose, little left at thrice it.
    """
    return np.exp(-failure_per_month * age_months) / (1.0 + (dose_gy / half_dose_gy) ** 3)


def loss_rate_per_month(
    age_months: Numbers, early: Numbers, design_life_months: Numbers, wear_out_months: Numbers
) -> Numbers:
    """Returns the share of satellites that die in a month.

    Steady through the design life, then e times as many for every `wear_out_months` more.
    """
    over = np.maximum(age_months - design_life_months, 0.0)
    return 1.0 - np.exp(-early * np.exp(over / wear_out_months))


def worth_left(age_months: Numbers, life_months: Numbers) -> Numbers:
    """Returns a satellite's worth over that of a new one: straight line to nothing at its life."""
    return np.maximum(1.0 - age_months / life_months, 0.0)


def discount(rate_per_month: Numbers, months: Numbers) -> Numbers:
    """Returns what a dollar after some months is worth in the first month."""
    return np.exp(-rate_per_month * months)


def dose_ratio(upsets: float, mean_upsets: float, floor_fraction: float) -> float:
    """Returns the dose over that of the orbit of the mean rate, from the upsets measured.

    Cosmic rays (the floor) upset everywhere but hardly dose; what is above follows the protons.
    """
    return max(upsets / mean_upsets - floor_fraction, 0.0) / (1.0 - floor_fraction)


def sun_synchronous_drag_share(inclination_rad: float, ltan_h: float) -> float:
    """Returns the yearly mean of drag area over an array's area, on an orbit of one local time."""
    shares = []
    for month in range(12):
        days = DAYS_PER_YEAR * month / 12.0
        node = node_from_local_time_rad(days, ltan_h)
        shares.append(_drag_share(days, node, inclination_rad))
    return _mean(shares)


def drifting_drag_share(inclination_rad: float) -> float:
    """Returns the same for an orbit whose node drifts through all angles to the Sun."""
    shares = [
        _drag_share(DAYS_PER_YEAR * month / 12.0, math.tau * node / 12.0, inclination_rad)
        for month in range(12)
        for node in range(12)
    ]
    return _mean(shares)


def _drag_share(days: float, node_rad: float, inclination_rad: float) -> float:
    x, y, z, _ = sun_direction_and_distance(days)
    a, b, c = orbit_normal(
        math.sin(node_rad), math.cos(node_rad), math.sin(inclination_rad), math.cos(inclination_rad)
    )
    return tracking_drag_share(min(abs(a * x + b * y + c * z), 1.0))


def _mean(shares: list[float]) -> float:
    return max(sum(shares) / len(shares), EDGE_SHARE)


def life_speed_change_m_s(
    altitude_m: float, insertion_m: float, drag_area_m2_kg: float, f107: float, years: float
) -> float:
    """Returns the change of speed of a whole life: up, stay, and down again, by low thrust.

    Args:
        altitude_m, insertion_m: Of the shell, and where the launcher lets go.
        drag_area_m2_kg: Mean over a year, drag coefficient included.
        f107: Solar activity, mean over the life.
        years: In orbit.

    References: Edelbaum, ARS Journal 31 (1961) 1079: between circles of one plane the change of
    speed of a low-thrust transfer is the difference of the circular speeds.
    """
    spiral = abs(circular_speed_m_s(insertion_m) - circular_speed_m_s(altitude_m))
    return 2.0 * spiral + years * upkeep_m_s_per_year(altitude_m, drag_area_m2_kg, f107, AP)


def launch_mass_kg(dry_mass_kg: float, speed_change_m_s: float, specific_impulse_s: float) -> float:
    """Returns the mass at launch: dry, and the propellant of a whole life."""
    return dry_mass_kg + propellant_kg(dry_mass_kg, speed_change_m_s, specific_impulse_s)


def natural_decay_months(altitude_m: float, face_drag_area_m2_kg: float, f107: float) -> float:
    """Returns how long a dead, tumbling satellite stays up, at a steady solar activity."""
    area, seconds, height_m = TUMBLING_SHARE * face_drag_area_m2_kg, 0.0, altitude_m
    while height_m > LOWEST_ALTITUDE_M:
        step_m = min(METRES_PER_STEP, height_m - LOWEST_ALTITUDE_M)
        seconds += step_m / -decay_rate_m_s(height_m, area, f107, AP)
        height_m -= step_m
    return seconds / (DAYS_PER_YEAR / 12.0 * 86400.0)

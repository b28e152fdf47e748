"""Constants of the reference tables, and how a table looks before it is written."""

from __future__ import annotations

from typing import Any

MU_KM3_S2 = 398600.4418
EARTH_RADIUS_KM = 6378.1363
J2 = 1.08262668e-3
AU_KM = 149597870.7
SUN_RADIUS_KM = 695000.0
STEFAN_BOLTZMANN = 5.670374419e-8
SOLAR_CONSTANT_W_M2 = 1361.0
SECONDS_PER_DAY = 86400.0
#: One turn of the node in a tropical year, deg/day.
SUN_SYNCHRONOUS_DEG_PER_DAY = 0.98564736

#: Rows of a table: column -> value, all with the same columns.
Rows = list[dict[str, Any]]


def period_s(radius_km: float) -> float:
    """Returns the Keplerian period of a circular orbit in s."""
    return 2.0 * 3.141592653589793 * (radius_km**3 / MU_KM3_S2) ** 0.5


def rounded(decimals: int, **values: float) -> dict[str, float]:
    """Returns the values rounded, as plain floats."""
    return {name: round(float(value), decimals) for name, value in values.items()}

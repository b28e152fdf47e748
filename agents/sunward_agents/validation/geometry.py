"""Circular orbits from a row's degrees and kilometres, and angles between directions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sunward.physics import orbit
from sunward.physics.constants import EARTH_RADIUS_M
from sunward_agents.validation.tables import Row

JD_J2000 = 2451545.0
#: Altitude and inclination as the tables may have them.
ALTITUDE_KM = (100.0, 60e3)
INCLINATION_DEG = (0.0, 180.0)

Vector = tuple[float, float, float]


def xyz(row: Row, prefix: str, suffix: str = "") -> Vector:
    """Returns the columns prefix + x, y, z + suffix of a row."""
    return row[f"{prefix}x{suffix}"], row[f"{prefix}y{suffix}"], row[f"{prefix}z{suffix}"]


def radius_m(row: Row) -> float:
    """Returns the orbit's radius in m."""
    return EARTH_RADIUS_M + row["altitude_km"] * 1e3


def position(argument_rad: float, node_rad: float, inclination_rad: float) -> Vector:
    """Returns the unit vector to a satellite from its angles in rad."""
    return orbit.orbit_position(
        math.sin(argument_rad),
        math.cos(argument_rad),
        math.sin(node_rad),
        math.cos(node_rad),
        math.sin(inclination_rad),
        math.cos(inclination_rad),
    )


def normal(node_rad: float, inclination_rad: float) -> Vector:
    """Returns the unit vector of the orbit's angular momentum from its angles in rad."""
    return orbit.orbit_normal(
        math.sin(node_rad), math.cos(node_rad), math.sin(inclination_rad), math.cos(inclination_rad)
    )


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """Returns the dot product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def angle_deg(a: Sequence[float], b: Sequence[float]) -> float:
    """Returns the angle between two vectors in degrees, exact for small ones too."""
    cross = math.hypot(
        a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    )
    return math.degrees(math.atan2(cross, dot(a, b)))


def turn_apart_deg(a_deg: float, b_deg: float) -> float:
    """Returns how far two angles are apart in degrees, 0 to 180, whatever whole turns they hold."""
    return abs(math.remainder(a_deg - b_deg, 360.0))

"""Circular orbits by mean elements: J2 rates, Sun-synchronous inclination, position, Walker."""

import math

from sunward.physics.constants import (
    EARTH_RADIUS_M,
    J2,
    MU_M3_S2,
    SECONDS_PER_DAY,
    TROPICAL_YEAR_DAYS,
    TWO_PI,
)
from sunward.physics.scalar import scalar


@scalar
def mean_motion_rad_s(semi_major_axis_m: float) -> float:
    """Returns the Keplerian mean motion in rad/s.

    Args:
        semi_major_axis_m: Mean semi-major axis in m, above 6.4e6.
    """
    return math.sqrt(MU_M3_S2 / (semi_major_axis_m * semi_major_axis_m * semi_major_axis_m))


@scalar
def oblateness_ratio(semi_major_axis_m: float) -> float:
    """Returns J2 (R_E / a)^2, the small parameter of every J2 rate."""
    ratio = EARTH_RADIUS_M / semi_major_axis_m
    return J2 * ratio * ratio


@scalar
def node_rate_rad_s(semi_major_axis_m: float, cos_inclination: float) -> float:
    """Returns the drift of the ascending node in rad/s, to first order in J2 (positive eastward).

    References: Vallado, Fundamentals of Astrodynamics and Applications (2013), eq. 9-37, e = 0.
    """
    mean_motion = mean_motion_rad_s(semi_major_axis_m)
    return -1.5 * mean_motion * oblateness_ratio(semi_major_axis_m) * cos_inclination


@scalar
def node_rate_second_order_rad_s(semi_major_axis_m: float, cos_inclination: float) -> float:
    """Returns the drift of the ascending node in rad/s, to second order in J2.

    The elements are Brouwer's mean elements.

    References: Brouwer, Solution of the problem of artificial satellite theory without drag,
    Astronomical Journal 64 (1959) 378, secular part of h with eta = 1.
    """
    gamma = 0.5 * oblateness_ratio(semi_major_axis_m)
    cos_squared = cos_inclination * cos_inclination
    second_order = gamma * gamma * (6.0 - 28.5 * cos_squared)
    mean_motion = mean_motion_rad_s(semi_major_axis_m)
    return mean_motion * cos_inclination * (second_order - 3.0 * gamma)


@scalar
def argument_rate_rad_s(semi_major_axis_m: float, cos_inclination: float) -> float:
    """Returns the rate of the argument of latitude in rad/s: mean motion plus its J2 part.

    References: Vallado (2013), eqs. 9-39 and 9-41 (perigee and mean anomaly, added), e = 0.
    """
    turning = 1.5 * oblateness_ratio(semi_major_axis_m)
    turning = turning * (4.0 * cos_inclination * cos_inclination - 1.0)
    return mean_motion_rad_s(semi_major_axis_m) * (1.0 + turning)


@scalar
def sun_synchronous_inclination_rad(semi_major_axis_m: float) -> float:
    """Returns the inclination in rad whose node follows the mean Sun (first order in J2).

    Args:
        semi_major_axis_m: Mean semi-major axis in m, below 12.35e6 (no such orbit beyond).

    References: Vallado (2013), eq. 11-12.
    """
    rate = TWO_PI / (TROPICAL_YEAR_DAYS * SECONDS_PER_DAY)
    return math.acos(rate / node_rate_rad_s(semi_major_axis_m, 1.0))


@scalar
def orbit_position(
    sin_u: float,
    cos_u: float,
    sin_raan: float,
    cos_raan: float,
    sin_inclination: float,
    cos_inclination: float,
) -> tuple[float, float, float]:
    """Returns (x, y, z), the unit vector from the Earth's centre to the satellite.

    The frame is the one the node's right ascension is counted in.

    Args:
        sin_u, cos_u: Of the argument of latitude.
        sin_raan, cos_raan: Of the right ascension of the ascending node.
        sin_inclination, cos_inclination: Of the inclination.
    """
    across = sin_u * cos_inclination
    x = cos_raan * cos_u - sin_raan * across
    y = sin_raan * cos_u + cos_raan * across
    z = sin_u * sin_inclination
    return x, y, z


@scalar
def orbit_normal(
    sin_raan: float, cos_raan: float, sin_inclination: float, cos_inclination: float
) -> tuple[float, float, float]:
    """Returns (x, y, z), the unit vector of the orbit's angular momentum."""
    return sin_inclination * sin_raan, -sin_inclination * cos_raan, cos_inclination


@scalar
def walker_angles(
    index: int, n_satellites: int, n_planes: int, phasing: int, node_spread_rad: float
) -> tuple[float, float]:
    """Returns (node, argument of latitude) in rad of one satellite of a Walker pattern.

    Satellites are numbered plane by plane. Neighbouring planes are shifted by F 2 pi / T.

    Args:
        index: Number of the satellite, 0 to n_satellites - 1.
        n_satellites, n_planes, phasing: T, P and F of Walker's i:T/P/F.
        node_spread_rad: Angle the nodes are spread over: 2 pi for a delta, pi for a star pattern.

    References: Walker, Satellite constellations, J. British Interplanetary Society 37 (1984) 559.
    """
    per_plane = n_satellites // n_planes
    plane = index // per_plane
    slot = index - plane * per_plane
    node_rad = node_spread_rad * plane / n_planes
    argument_rad = TWO_PI * (slot / per_plane + phasing * plane / n_satellites)
    return node_rad, argument_rad

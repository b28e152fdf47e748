"""Clusters that fly in formation: bounded relative orbits and their ranges (not for the kernel).

In the orbit's plane every bounded motion about the centre is the same ellipse, twice as long along
the track as it is high. Seen in (x, y / 2) it is a circle, and all circles turn at the same rate:
a lattice of satellites in these coordinates turns as a whole, once an orbit, and keeps its order.
In space each range then swings between its lattice distance and twice that, twice an orbit. So a
lattice of 9 x 9 with a pitch of 100 m is the cluster of 81 satellites of Suncatcher: neighbours
at 100 to 200 m, all within about 1 km.

Linear in the offsets, as Clohessy and Wiltshire's equations (`sunward.physics.relative`): metres
wrong after two orbits at 1 km.

References: Clohessy and Wiltshire, J. Aerospace Sciences 27 (1960) 653; Google, Towards a future
space-based AI infrastructure (Suncatcher), arXiv 2511.19468, section on the cluster.
"""

import math
from typing import NamedTuple

from sunward.physics.constants import EARTH_RADIUS_M, J2, MU_M3_S2, SECONDS_PER_DAY
from sunward.physics.scalar import scalar

SECONDS_PER_YEAR = 365.25 * SECONDS_PER_DAY


class Offset(NamedTuple):
    """Place and motion relative to the centre: outward, along the track, along the orbit normal."""

    x_m: float
    y_m: float
    z_m: float
    vx_m_s: float
    vy_m_s: float
    vz_m_s: float


@scalar
def bounded_speed_m_s(x_m: float, mean_motion_rad_s: float) -> float:
    """Returns the speed along the track in m/s of a bounded relative orbit: -2 n x.

    Args:
        x_m: Offset outward in m.
        mean_motion_rad_s: Of the centre's orbit n in rad/s.
    """
    return -2.0 * mean_motion_rad_s * x_m


@scalar
def along_track_drift_m(x_m: float, vy_m_s: float, mean_motion_rad_s: float) -> float:
    """Returns how far a satellite drifts along the track in one orbit in m, 0 if it is bounded.

    Args:
        x_m, vy_m_s: Offset outward in m and rate along the track in m/s at one time.
        mean_motion_rad_s: Of the centre's orbit in rad/s.
    """
    return -6.0 * math.pi * (2.0 * x_m + vy_m_s / mean_motion_rad_s)


@scalar
def lattice_place_m(index: int, n_side: int, pitch_m: float) -> tuple[float, float]:
    """Returns (a, b) of a satellite in a square lattice about the centre in m.

    Args:
        index: 0 to n_side^2 - 1, row by row.
        n_side: Satellites on a side.
        pitch_m: Distance of neighbours in the lattice in m: the smallest they have in space.
    """
    middle = 0.5 * (n_side - 1)
    return (index // n_side - middle) * pitch_m, (index % n_side - middle) * pitch_m


@scalar
def formation_offset(
    a_m: float,
    b_m: float,
    mean_motion_rad_s: float,
    time_s: float,
    cross_m: float = 0.0,
    cross_phase_rad: float = 0.0,
) -> Offset:
    """Returns the `Offset` of a satellite on its bounded relative orbit.

    (x, y / 2) is (a, b) turned back by n t.

    Args:
        a_m, b_m: Its place in the lattice in m.
        mean_motion_rad_s: Of the centre's orbit n in rad/s.
        time_s: Since the lattice stood upright in s.
        cross_m: Amplitude across the plane in m.
        cross_phase_rad: Phase of that swing in rad.
    """
    n = mean_motion_rad_s
    sine, cosine = math.sin(n * time_s), math.cos(n * time_s)
    x_m = a_m * cosine + b_m * sine
    half_y_m = b_m * cosine - a_m * sine
    swing = n * time_s + cross_phase_rad
    return Offset(
        x_m=x_m,
        y_m=2.0 * half_y_m,
        z_m=cross_m * math.sin(swing),
        vx_m_s=n * half_y_m,
        vy_m_s=bounded_speed_m_s(x_m, n),
        vz_m_s=n * cross_m * math.cos(swing),
    )


@scalar
def offset_range_m(one: Offset, other: Offset) -> float:
    """Returns the distance of two satellites of a cluster in m."""
    dx, dy, dz = one.x_m - other.x_m, one.y_m - other.y_m, one.z_m - other.z_m
    return math.sqrt(dx * dx + dy * dy + dz * dz)


@scalar
def neighbour_range_m(lattice_m: float, angle_rad: float) -> float:
    """Returns the range of two satellites in the plane in m: l sqrt(1 + 3 sin^2 angle).

    From l, when one stands above the other, to 2 l, when one flies behind the other.

    Args:
        lattice_m: Their distance in the lattice l in m.
        angle_rad: Of the line between them in (x, y / 2) from the vertical in rad; it grows by 2 pi
            an orbit.
    """
    sine = math.sin(angle_rad)
    return lattice_m * math.sqrt(1.0 + 3.0 * sine * sine)


@scalar
def plane_upkeep_m_s_per_year(radius_m: float, cos_inclination: float, cross_m: float) -> float:
    """Returns the change of speed a year that holds a swing across the plane against J2 in m/s.

    A swing from a difference of inclination d_i = z / a: the node of the tilted orbit drifts away
    at 1.5 n J2 (R / a)^2 sin(i) d_i, and turning the plane back costs v sin(i) for each radian. An
    order of magnitude: 47 m/s a year for 1 km at 650 km. Swings from a difference of node, and
    formations within the plane, do not drift to first order; their upkeep is the difference of
    drag (`sunward.physics.drag`) and of the thrusters that make it good.

    Args:
        radius_m: Of the centre's orbit in m.
        cos_inclination: Cosine of its inclination.
        cross_m: Amplitude of the swing across the plane in m.

    References: Alfriend et al., Spacecraft formation flying (2010), on node drift.
    """
    sin_squared = 1.0 - cos_inclination * cos_inclination
    mean_motion_rad_s = math.sqrt(MU_M3_S2 / radius_m) / radius_m
    flattening = J2 * (EARTH_RADIUS_M / radius_m) ** 2
    drift_rad_s = 1.5 * mean_motion_rad_s * flattening * abs(cross_m) / radius_m
    return mean_motion_rad_s * radius_m * sin_squared * drift_rad_s * SECONDS_PER_YEAR

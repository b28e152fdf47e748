"""Laser links between satellites: range, line of sight, delay."""

from typing import NamedTuple

from sunward.physics.approximation import clamp, maximum, square_root
from sunward.physics.constants import EARTH_RADIUS_M, LIGHT_SPEED_M_S
from sunward.physics.scalar import scalar


class Sight(NamedTuple):
    """The straight line between two satellites."""

    range_m: float
    #: Lowest height of the line above the Earth's sphere in m; negative through the Earth.
    minimum_altitude_m: float


@scalar
def line_of_sight(
    x1: float,
    y1: float,
    z1: float,
    radius1_m: float,
    x2: float,
    y2: float,
    z2: float,
    radius2_m: float,
) -> Sight:
    """Returns the `Sight` from one satellite to another.

    In float32 the range is good to 2 m.

    Args:
        x1, y1, z1, x2, y2, z2: Unit vectors from the Earth's centre in one frame.
        radius1_m, radius2_m: Distances from the Earth's centre in m.
    """
    ax, ay, az = x1 * radius1_m, y1 * radius1_m, z1 * radius1_m
    dx, dy, dz = x2 * radius2_m - ax, y2 * radius2_m - ay, z2 * radius2_m - az
    range_squared = dx * dx + dy * dy + dz * dz
    towards = -(ax * dx + ay * dy + az * dz)
    # Where the line passes nearest to the Earth's centre, as a share of its length; one metre
    # keeps two satellites in one place from dividing by zero.
    share = clamp(towards / maximum(range_squared, 1.0), 0.0, 1.0)
    px, py, pz = ax + share * dx, ay + share * dy, az + share * dz
    nearest_m = square_root(px * px + py * py + pz * pz)
    return Sight(square_root(range_squared), nearest_m - EARTH_RADIUS_M)


@scalar
def is_link_up(
    range_m: float, minimum_altitude_m: float, greatest_range_m: float, clearance_m: float
) -> bool:
    """Returns True where two satellites see each other above the air and within reach.

    Args:
        range_m, minimum_altitude_m: From `line_of_sight`.
        greatest_range_m: Reach of the terminal in m (5.4e6).
        clearance_m: Least height of the line above the Earth in m (1e5).

    References: reach and acquisition as Starlink reports them (5,400 km); grazing 100 km.
    """
    return (minimum_altitude_m > clearance_m) & (range_m < greatest_range_m)


@scalar
def light_delay_s(range_m: float) -> float:
    """Returns the time light takes over a range in s."""
    return range_m / LIGHT_SPEED_M_S

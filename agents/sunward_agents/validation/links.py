"""Walker patterns, ranges and lines of sight against Orekit and Basilisk (isl_walker.csv)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sunward.physics import link, orbit
from sunward.physics.constants import TWO_PI
from sunward_agents.validation.check import Check, Errors, each_row
from sunward_agents.validation.geometry import (
    ALTITUDE_KM,
    INCLINATION_DEG,
    position,
    radius_m,
    xyz,
)
from sunward_agents.validation.tables import Row, Spec, number, word

#: What the nodes of a pattern are spread over.
SPREAD_RAD = {"delta": TWO_PI, "star": math.pi}
#: A line of sight clears the Earth by this height, and no range is too long.
CLEARANCE_M, ANY_RANGE_M = 100e3, 1e12

#: The type that numbers are narrowed to.
Width = Callable[[float], Any]

ISL_WALKER = Spec(
    "isl_walker.csv",
    (
        word("pattern", *SPREAD_RAD),
        number("T", 1.0, 1e6),
        number("P", 1.0, 1e6),
        number("F", 0.0, 1e6),
        number("altitude_km", *ALTITUDE_KM),
        number("inc_deg", *INCLINATION_DEG),
        number("raan0_deg"),
        number("u0_deg"),
        number("t_s"),
        number("i", 0.0, 1e6),
        number("j", 0.0, 1e6),
        number("xi_km"),
        number("yi_km"),
        number("zi_km"),
        number("range_km", 0.0),
        number("min_alt_of_segment_km"),
        number("los_basilisk", 0.0, 1.0),
    ),
)


def direction(row: Row, index: str) -> tuple[float, float, float]:
    """Returns the unit vector to the satellite that the column `index` names."""
    node, argument = orbit.walker_angles(
        int(row[index]), int(row["T"]), int(row["P"]), int(row["F"]), SPREAD_RAD[row["pattern"]]
    )
    node += math.radians(row["raan0_deg"])
    argument += math.radians(row["u0_deg"]) + orbit.mean_motion_rad_s(radius_m(row)) * row["t_s"]
    return position(argument, node, math.radians(row["inc_deg"]))


def end(row: Row, index: str, width: Width) -> tuple[Any, Any, Any, Any]:
    """Returns unit vector and radius in m of one end of a link, in a width of numbers."""
    x, y, z = direction(row, index)
    return width(x), width(y), width(z), width(radius_m(row))


def sight(row: Row, width: Width = float) -> link.Sight:
    """Returns what lies between the row's two satellites, computed in a width of numbers."""
    return link.line_of_sight(*end(row, "i", width), *end(row, "j", width))


def position_error_km(row: Row) -> float:
    """Returns how far the first satellite is from the table's place in km."""
    ours = [value * radius_m(row) / 1e3 for value in direction(row, "i")]
    return math.dist(ours, xyz(row, "", "i_km"))


def range_error_km(row: Row) -> float:
    """Returns the error of the range in km."""
    return abs(sight(row).range_m / 1e3 - row["range_km"])


def altitude_error_km(row: Row) -> float:
    """Returns the error of the lowest height of the line between the satellites in km."""
    return abs(sight(row).minimum_altitude_m / 1e3 - row["min_alt_of_segment_km"])


def sees_wrongly(width: Width) -> Errors:
    """Returns 1 for each row whose line of sight we call otherwise, else 0."""

    def error(row: Row) -> float:
        seen = sight(row, width)
        is_up = link.is_link_up(seen.range_m, seen.minimum_altitude_m, ANY_RANGE_M, CLEARANCE_M)
        return float(bool(is_up) != bool(row["los_basilisk"]))

    return each_row(error)


CHECKS = (
    Check(ISL_WALKER, "position", "km", 1e-3, each_row(position_error_km)),
    Check(ISL_WALKER, "range", "km", 1e-3, each_row(range_error_km)),
    Check(
        ISL_WALKER,
        "lowest height of the line",
        "km",
        1e-3,
        each_row(altitude_error_km),
        is_own=True,
    ),
    Check(ISL_WALKER, "line of sight", "rows", 0.0, sees_wrongly(float), statistic="count"),
    Check(
        ISL_WALKER,
        "line of sight in single precision",
        "rows",
        0.0,
        sees_wrongly(np.float32),
        statistic="count",
        is_own=True,
    ),
)

"""Relative motion against differences of Kepler orbits (relative_motion.csv)."""

from __future__ import annotations

import math

from sunward.physics.relative import clohessy_wiltshire
from sunward_agents.validation.check import Check, Errors, each_row
from sunward_agents.validation.geometry import xyz
from sunward_agents.validation.tables import Row, Spec, number, numbers

#: README: the linear model is held to the first limit up to here, to the second up to there.
SMALL_M, WIDE_M = 301.0, 1001.0

RELATIVE_MOTION = Spec(
    "relative_motion.csv",
    (
        number("n_rad_s", 1e-6, 1.0),
        *numbers("x0_m", "y0_m", "z0_m", "vx0", "vy0", "vz0"),
        *numbers("t_s", "x_m", "y_m", "z_m"),
    ),
)


def is_bounded(row: Row) -> bool:
    """True where the two orbits have one period, to the linear model: vy = -2 n x."""
    return abs(row["vy0"] + 2.0 * row["n_rad_s"] * row["x0_m"]) < 1e-9


def places(*, is_small: bool) -> Errors:
    """Returns the errors of the place in m: of small bounded orbits, or of all others."""

    def error(row: Row) -> float | None:
        offset_m = math.hypot(*xyz(row, "", "0_m"))
        if offset_m > WIDE_M or (offset_m <= SMALL_M and is_bounded(row)) != is_small:
            return None
        start = *xyz(row, "", "0_m"), *xyz(row, "v", "0")
        after = clohessy_wiltshire(*start, row["n_rad_s"], row["t_s"])
        return math.dist(after[:3], xyz(row, "", "_m"))

    return each_row(error)


CHECKS = (
    Check(RELATIVE_MOTION, "bounded, up to 300 m", "m", 0.4, places(is_small=True)),
    Check(RELATIVE_MOTION, "others, up to 1 km", "m", 6.0, places(is_small=False)),
)

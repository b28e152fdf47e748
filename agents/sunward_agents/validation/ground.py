"""Passes over ground stations against Skyfield and SGP4 (ground_access.csv).

The satellite flies a circle with the table's secular rates; we look for its passes ourselves,
starting near the table's highest point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from sunward.physics import ground, sun
from sunward.physics.constants import SECONDS_PER_DAY
from sunward_agents.validation.check import Check
from sunward_agents.validation.geometry import ALTITUDE_KM, INCLINATION_DEG, position, radius_m
from sunward_agents.validation.tables import Row, Spec, Table, days_utc, number

DEG_PER_DAY_RAD_S = math.radians(1.0) / SECONDS_PER_DAY
#: README: rise and set are held to their limit where the pass climbs higher above the mask.
LEAST_CLIMB_DEG = 3.0
#: How far from the table's highest point ours is looked for, and how finely crossings are.
SEARCH_S, STEP_S, FOUND_S = 60.0, 60.0, 1e-4
#: No pass of a low orbit lasts longer than this on either side of its highest point.
LONGEST_HALF_S = 3600.0

GROUND_ACCESS = Spec(
    "ground_access.csv",
    (
        number("altitude_km", *ALTITUDE_KM),
        number("inc_deg", *INCLINATION_DEG),
        number("raan_teme_deg"),
        number("u0_deg"),
        days_utc("epoch_utc"),
        number("nodedot_deg_per_day"),
        number("argdot_plus_mdot_deg_per_day", 1.0),
        number("lat_deg", -90.0, 90.0),
        number("lon_deg", -360.0, 360.0),
        number("height_km", -1.0, 10.0),
        number("mask_deg", 0.0, 90.0),
        number("rise_s"),
        number("culminate_s"),
        number("set_s"),
        number("max_elev_deg", 0.0, 90.0),
    ),
)


class Pass:
    """A row's satellite on a circle with the row's rates, seen from the row's station."""

    def __init__(self, row: Row) -> None:
        self.days = row["epoch_utc"]
        self.mask_deg = row["mask_deg"]
        self.radius_m = radius_m(row)
        self.tilt = math.radians(row["inc_deg"])
        self.node = math.radians(row["raan_teme_deg"])
        self.node_rate = row["nodedot_deg_per_day"] * DEG_PER_DAY_RAD_S
        self.argument = math.radians(row["u0_deg"])
        self.argument_rate = row["argdot_plus_mdot_deg_per_day"] * DEG_PER_DAY_RAD_S
        self.place = math.radians(row["lat_deg"]), math.radians(row["lon_deg"])
        self.station = ground.station_position_m(*self.place, row["height_km"] * 1e3)
        self.top_s = self._top_s(row["culminate_s"] - SEARCH_S, row["culminate_s"] + SEARCH_S)

    def elevation_deg(self, time_s: float) -> float:
        """Returns the satellite's elevation in degrees."""
        argument = self.argument + self.argument_rate * time_s
        point = position(argument, self.node + self.node_rate * time_s, self.tilt)
        angle = sun.greenwich_sidereal_angle_rad(self.days + time_s / SECONDS_PER_DAY)
        x, y, z = (value * self.radius_m for value in ground.earth_fixed(*point, angle))
        return math.degrees(ground.elevation_and_range(*self.place, *self.station, x, y, z)[0])

    def _top_s(self, low_s: float, high_s: float) -> float:
        while high_s - low_s > FOUND_S:
            third = (high_s - low_s) / 3.0
            left_s, right_s = low_s + third, high_s - third
            is_left = self.elevation_deg(left_s) > self.elevation_deg(right_s)
            low_s, high_s = (low_s, right_s) if is_left else (left_s, high_s)
        return low_s

    def crossing_s(self, direction: float) -> float:
        """Returns when the satellite crosses the mask before (-1) or after (+1) the highest point.

        NaN, which fails, where it never stands above the mask or never leaves it.
        """
        inside_s = outside_s = self.top_s
        if self.elevation_deg(inside_s) <= self.mask_deg:
            return math.nan
        while self.elevation_deg(outside_s) > self.mask_deg:
            inside_s, outside_s = outside_s, outside_s + direction * STEP_S
            if abs(outside_s - self.top_s) > LONGEST_HALF_S:
                return math.nan
        while abs(inside_s - outside_s) > FOUND_S:
            middle_s = 0.5 * (inside_s + outside_s)
            is_inside = self.elevation_deg(middle_s) > self.mask_deg
            inside_s, outside_s = (middle_s, outside_s) if is_inside else (inside_s, middle_s)
        return inside_s


def passes(table: Table) -> list[tuple[Row, Pass]]:
    """Returns each row with its pass."""
    found = []
    for row in table.rows:
        with table.blame(row):
            found.append((row, Pass(row)))
    return found


def crossings(column: str, direction: float) -> Callable[[Table], Iterator[float]]:
    """Returns the errors of rise or set in s, for passes that climb well above the mask."""

    def errors(table: Table) -> Iterator[float]:
        for row, over in table.once(passes):
            if row["max_elev_deg"] - row["mask_deg"] > LEAST_CLIMB_DEG:
                yield abs(over.crossing_s(direction) - row[column])

    return errors


def elevations(table: Table) -> Iterator[float]:
    """Yields the errors of the highest elevation in degrees."""
    for row, over in table.once(passes):
        yield abs(over.elevation_deg(over.top_s) - row["max_elev_deg"])


CHECKS = (
    Check(GROUND_ACCESS, "rise", "s", 6.0, crossings("rise_s", -1.0)),
    Check(GROUND_ACCESS, "set", "s", 6.0, crossings("set_s", 1.0)),
    Check(GROUND_ACCESS, "highest elevation", "deg", 0.5, elevations),
)

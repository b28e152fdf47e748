"""The proton belt against AP8: statistics along orbits and a map (saa_proton_flux, saa_flux_map).

The map's altitudes count from a sphere of 6,371.2 km, to which its column of McIlwain's L leads
back; the orbits' from the equatorial radius. Both are in AP8's own field, a drift east of ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from sunward.physics import belt, orbit
from sunward.physics.constants import EARTH_RADIUS_M, EARTH_ROTATION_RAD_S, SECONDS_PER_DAY
from sunward_agents.validation.check import Check, Errors, each_row
from sunward_agents.validation.geometry import ALTITUDE_KM, INCLINATION_DEG, radius_m
from sunward_agents.validation.tables import Row, Spec, Table, number, word

MAP_SPHERE_M = 6371.2e3
#: Below this the map's values hang on the steep edge of the belt.
MAP_FLOOR_CM2_S = 100.0
#: README: AP8 itself is good to about a factor of two.
FACTOR_OF_TWO = math.log(2.0)
ACTIVITY = {"min": 0.0, "max": 1.0}

SAA_ORBITS = Spec(
    "saa_proton_flux.csv",
    (
        number("altitude_km", *ALTITUDE_KM),
        number("inc_deg", *INCLINATION_DEG),
        word("solar", *ACTIVITY),
        number("days", 0.1, 30.0),
        number("step_s", 1.0, 600.0),
        number("time_share_flux30_gt_10", 0.0, 1.0),
        number("crossings_per_day", 0.0, 1e3),
        number("mean_flux30", 0.0),
    ),
)
SAA_MAP = Spec(
    "saa_flux_map.csv",
    (
        number("altitude_km", *ALTITUDE_KM),
        number("geocentric_lat_deg", -90.0, 90.0),
        number("lon_deg", -360.0, 360.0),
        number("flux30_per_cm2_s", 0.0),
    ),
)


class Passes(NamedTuple):
    """Statistics of the flux along an orbit."""

    time_share: float
    crossings_per_day: float
    mean_flux: float
    fluence_share_inside: float


def fluxes(row: Row) -> list[float]:
    """Returns our flux along the row's orbit, from its node over Greenwich's meridian."""
    radius, activity = radius_m(row), ACTIVITY[row["solar"]]
    tilt = math.radians(row["inc_deg"])
    sine, cosine = math.sin(tilt), math.cos(tilt)
    rate = orbit.argument_rate_rad_s(radius, cosine)
    turning = orbit.node_rate_rad_s(radius, cosine) - EARTH_ROTATION_RAD_S
    found = []
    for step in range(int(row["days"] * SECONDS_PER_DAY / row["step_s"])):
        time_s = step * row["step_s"]
        place = orbit.orbit_position(
            math.sin(rate * time_s),
            math.cos(rate * time_s),
            math.sin(turning * time_s),
            math.cos(turning * time_s),
            sine,
            cosine,
        )
        found.append(belt.proton_flux(*place, radius - EARTH_RADIUS_M, activity))
    return found


def passes(row: Row) -> Passes:
    """Returns the statistics of our flux along the row's orbit."""
    flux = fluxes(row)
    inside = [value > belt.EDGE_FLUX_CM2_S for value in flux]
    entries = sum(now and not before for before, now in pairwise(inside))
    fluence = sum(flux)
    return Passes(
        time_share=sum(inside) / len(flux),
        crossings_per_day=entries / row["days"],
        mean_flux=fluence / len(flux),
        fluence_share_inside=sum(v for v in flux if v > belt.EDGE_FLUX_CM2_S) / fluence,
    )


def all_passes(table: Table) -> list[Passes]:
    """Returns the statistics of all rows; `Table.once` keeps them for the other checks."""
    found = []
    for row in table.rows:
        with table.blame(row):
            found.append(passes(row))
    return found


def over_rows(error: Callable[[Row, Passes], float | None]) -> Errors:
    """Returns the errors of all rows from their statistics; None: a row does not count."""

    def errors(table: Table) -> list[float]:
        pairs = zip(table.rows, table.once(all_passes), strict=True)
        found = [error(row, ours) for row, ours in pairs]
        return [value for value in found if value is not None]

    return errors


def relative(column: str, ours: Callable[[Passes], float]) -> Errors:
    """Returns our relative errors in a column; rows of zero do not count."""
    return over_rows(
        lambda row, found: abs(ours(found) / row[column] - 1.0) if row[column] > 0.0 else None
    )


def outside_share(row: Row, ours: Passes) -> float:
    """Returns the share of our fluence outside the anomaly's edge."""
    return 1.0 - ours.fluence_share_inside


def map_error(row: Row) -> float | None:
    """Returns |ln(ours over theirs)| at a place of the map."""
    if row["flux30_per_cm2_s"] < MAP_FLOOR_CM2_S:
        return None
    latitude = math.radians(row["geocentric_lat_deg"])
    longitude = math.radians(row["lon_deg"]) - belt.WESTWARD_DRIFT_RAD
    x = math.cos(latitude) * math.cos(longitude)
    y = math.cos(latitude) * math.sin(longitude)
    altitude_m = MAP_SPHERE_M + 1e3 * row["altitude_km"] - EARTH_RADIUS_M
    ours = belt.proton_flux(x, y, math.sin(latitude), altitude_m, ACTIVITY["min"])
    return abs(math.log(ours / row["flux30_per_cm2_s"]))


CHECKS = (
    Check(
        SAA_ORBITS,
        "time in the anomaly",
        "",
        0.25,
        relative("time_share_flux30_gt_10", lambda found: found.time_share),
    ),
    Check(
        SAA_ORBITS,
        "crossings a day",
        "",
        0.20,
        relative("crossings_per_day", lambda found: found.crossings_per_day),
    ),
    Check(SAA_ORBITS, "fluence outside it", "", 0.10, over_rows(outside_share)),
    Check(
        SAA_ORBITS,
        "mean flux",
        "",
        0.30,
        relative("mean_flux30", lambda found: found.mean_flux),
        is_own=True,
    ),
    Check(
        SAA_MAP,
        "flux above 100, ln of the ratio",
        "",
        FACTOR_OF_TWO,
        each_row(map_error),
        statistic="mean",
        is_own=True,
    ),
)

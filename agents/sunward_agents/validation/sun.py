"""The Sun's direction and distance against an ephemeris (sun_direction.csv)."""

from __future__ import annotations

from sunward.physics import sun
from sunward_agents.validation.check import Check, each_row
from sunward_agents.validation.geometry import JD_J2000, angle_deg, xyz
from sunward_agents.validation.tables import Row, Spec, number, numbers

SUN_DIRECTION = Spec(
    "sun_direction.csv",
    (
        number("jd_tt", 2415020.0, 2488070.0),
        *numbers("sun_app_mod_x", "sun_app_mod_y", "sun_app_mod_z", low=-1.001, high=1.001),
        *numbers("sun_app_gcrf_x", "sun_app_gcrf_y", "sun_app_gcrf_z", low=-1.001, high=1.001),
        number("dist_au", 0.9, 1.1),
    ),
)


def direction_error_deg(row: Row) -> float:
    """Returns how far our Sun is from the apparent one, both of date, in degrees."""
    direction = sun.sun_direction_and_distance(row["jd_tt"] - JD_J2000)[:3]
    return angle_deg(direction, xyz(row, "sun_app_mod_"))


def distance_error_au(row: Row) -> float:
    """Returns the error of our distance to the Sun in AU."""
    return abs(sun.sun_direction_and_distance(row["jd_tt"] - JD_J2000)[3] - row["dist_au"])


def precession_error_deg(row: Row) -> float:
    """Returns how far their direction of date, turned by us to J2000, is from theirs there."""
    turned = sun.date_to_j2000(*xyz(row, "sun_app_mod_"), row["jd_tt"] - JD_J2000)
    return angle_deg(turned, xyz(row, "sun_app_gcrf_"))


CHECKS = (
    Check(SUN_DIRECTION, "direction of date", "deg", 0.012, each_row(direction_error_deg)),
    Check(SUN_DIRECTION, "distance", "AU", 1e-4, each_row(distance_error_au)),
    # The precession leaves out nutation's frame bias: 0.1 arcsec.
    Check(
        SUN_DIRECTION,
        "precession to J2000",
        "deg",
        1e-4,
        each_row(precession_error_deg),
        is_own=True,
    ),
)

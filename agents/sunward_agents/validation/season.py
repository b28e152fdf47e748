"""Eclipses through the seasons against brahe (eclipse_season.csv), by the kernel's own light."""

from __future__ import annotations

import math

from sunward.physics import eclipse, sun
from sunward.physics.constants import TWO_PI
from sunward_agents.validation.check import Check, each_row
from sunward_agents.validation.eclipse import sun_in_j2000
from sunward_agents.validation.geometry import (
    ALTITUDE_KM,
    INCLINATION_DEG,
    JD_J2000,
    dot,
    normal,
    radius_m,
)
from sunward_agents.validation.tables import Row, Spec, number

#: Points of the mean over one orbit: a degree apart, the penumbra is spread over several rows.
N_POINTS = 360

ECLIPSE_SEASON = Spec(
    "eclipse_season.csv",
    (
        number("altitude_km", *ALTITUDE_KM),
        number("inc_deg", *INCLINATION_DEG),
        number("jd_utc", 2415020.0, 2488070.0),
        number("raan_deg"),
        number("beta_deg", -90.0, 90.0),
        number("period_s", 1.0),
        number("sun_dist_au", 0.9, 1.1),
        number("eclipse_frac_conical", 0.0, 1.0),
        number("eclipse_min", 0.0),
    ),
)


def sin_beta(row: Row) -> float:
    """Returns the sine of the Sun's elevation over the row's plane, by our own Sun."""
    plane = normal(math.radians(row["raan_deg"]), math.radians(row["inc_deg"]))
    return dot(plane, sun_in_j2000(row["jd_utc"] - JD_J2000))


def distance_au(row: Row) -> float:
    """Returns our distance to the Sun in AU."""
    return sun.sun_direction_and_distance(row["jd_utc"] - JD_J2000)[3]


def mean_shadow(radius: float, sine: float, distance: float, n_points: int = N_POINTS) -> float:
    """Returns the mean of 1 - illumination over one orbit, as the kernel computes light.

    Args:
        radius: Of the orbit in m.
        sine: Of the Sun's elevation over the plane.
        distance: To the Sun in AU.
        n_points: Points spread evenly over the orbit, the first half a step from noon.
    """
    sin_limb, cos_limb = eclipse.limb_sines(radius)
    cos_beta = math.sqrt(1.0 - sine * sine)
    sun_radius = eclipse.sun_angular_radius_rad(distance)
    # Both halves of the orbit are alike: one is enough.
    dark = 0.0
    for point in range(n_points // 2):
        cosine = cos_beta * math.cos(TWO_PI * (point + 0.5) / n_points)
        dark += 1.0 - eclipse.limb_illumination(cosine, cos_limb, sin_limb, sun_radius)
    return dark / (n_points // 2)


def beta_error_deg(row: Row) -> float:
    """Returns the error of the Sun's elevation over the plane in degrees."""
    return abs(math.degrees(math.asin(sin_beta(row))) - row["beta_deg"])


def fraction_error(row: Row) -> float:
    """Returns the error of the share of the orbit in shadow."""
    share = mean_shadow(radius_m(row), sin_beta(row), distance_au(row))
    return abs(share - row["eclipse_frac_conical"])


def distance_error_au(row: Row) -> float:
    """Returns the error of our distance to the Sun in AU."""
    return abs(distance_au(row) - row["sun_dist_au"])


CHECKS = (
    Check(ECLIPSE_SEASON, "elevation of the Sun", "deg", 0.02, each_row(beta_error_deg)),
    Check(ECLIPSE_SEASON, "share of the orbit in shadow", "", 0.002, each_row(fraction_error)),
    Check(
        ECLIPSE_SEASON, "distance of the Sun", "AU", 1e-4, each_row(distance_error_au), is_own=True
    ),
)

"""Drift of the node and Sun-synchronous inclination (j2_raan_drift.csv, sso_inclination.csv)."""

from __future__ import annotations

import math
from collections.abc import Callable

from sunward.physics import orbit
from sunward.physics.constants import SECONDS_PER_DAY, TWO_PI
from sunward_agents.validation.check import Check, Errors, each_row
from sunward_agents.validation.geometry import INCLINATION_DEG
from sunward_agents.validation.tables import Row, Spec, number

DEGREES_PER_DAY = math.degrees(1.0) * SECONDS_PER_DAY
#: No Sun-synchronous orbit is wider.
WIDEST_SSO_KM = 12350.0

NODE_DRIFT = Spec(
    "j2_raan_drift.csv",
    (
        number("a_mean_km", 6400.0, 100e3),
        number("inc_mean_deg", *INCLINATION_DEG),
        number("raan_rate_numeric_deg_per_day"),
        number("raan_rate_first_order_at_mean_elements", is_optional=True),
    ),
)
SSO_INCLINATION = Spec(
    "sso_inclination.csv",
    (
        number("a_mean_km", 6400.0, WIDEST_SSO_KM),
        number("period_kepler_s", 1.0),
        number("sso_inc_brahe_deg", *INCLINATION_DEG, is_optional=True),
        number("sso_inc_sgp4_deg", *INCLINATION_DEG, is_optional=True),
    ),
)


def drift(rate_rad_s: Callable[[float, float], float], column: str) -> Errors:
    """Returns the errors of one of our formulas against a column in deg/day."""

    def error(row: Row) -> float:
        cosine = math.cos(math.radians(row["inc_mean_deg"]))
        return abs(rate_rad_s(row["a_mean_km"] * 1e3, cosine) * DEGREES_PER_DAY - row[column])

    return each_row(error)


def inclination(column: str) -> Errors:
    """Returns the errors of our Sun-synchronous inclination against a column in degrees."""

    def error(row: Row) -> float:
        ours = orbit.sun_synchronous_inclination_rad(row["a_mean_km"] * 1e3)
        return abs(math.degrees(ours) - row[column])

    return each_row(error)


def period_error_s(row: Row) -> float:
    """Returns the error of the Keplerian period in s."""
    return abs(TWO_PI / orbit.mean_motion_rad_s(row["a_mean_km"] * 1e3) - row["period_kepler_s"])


NUMERIC = "raan_rate_numeric_deg_per_day"
FORMULA = "raan_rate_first_order_at_mean_elements"

CHECKS = (
    Check(
        NODE_DRIFT,
        "node drift, first order",
        "deg/day",
        0.018,
        drift(orbit.node_rate_rad_s, NUMERIC),
    ),
    Check(
        NODE_DRIFT,
        "node drift, second order",
        "deg/day",
        0.003,
        drift(orbit.node_rate_second_order_rad_s, NUMERIC),
    ),
    Check(
        NODE_DRIFT,
        "first-order formula itself",
        "deg/day",
        1e-6,
        drift(orbit.node_rate_rad_s, FORMULA),
        needs=(FORMULA,),
        is_own=True,
    ),
    Check(
        SSO_INCLINATION,
        "inclination, to first order",
        "deg",
        0.001,
        inclination("sso_inc_brahe_deg"),
        needs=("sso_inc_brahe_deg",),
    ),
    Check(
        SSO_INCLINATION,
        "inclination, to SGP4",
        "deg",
        0.02,
        inclination("sso_inc_sgp4_deg"),
        needs=("sso_inc_sgp4_deg",),
    ),
    Check(SSO_INCLINATION, "period", "s", 1e-3, each_row(period_error_s), is_own=True),
)

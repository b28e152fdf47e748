"""From published element sets (TLE, OMM) to the mean semi-major axis that J2 rates start from."""

import math

from sunward.physics.constants import MU_M3_S2
from sunward.physics.orbit import oblateness_ratio
from sunward.physics.scalar import scalar


@scalar
def keplerian_axis_m(mean_motion_rad_s: float) -> float:
    """Returns the semi-major axis in m of a Keplerian mean motion; undoes `mean_motion_rad_s`.

    Args:
        mean_motion_rad_s: Above 0.
    """
    return math.pow(MU_M3_S2 / (mean_motion_rad_s * mean_motion_rad_s), 1.0 / 3.0)


@scalar
def brouwer_mean_motion_rad_s(
    kozai_rad_s: float, eccentricity: float, cos_inclination: float
) -> float:
    """Returns Brouwer's mean motion in rad/s, from Kozai's, which element sets publish.

    Kozai's holds the J2 part of the mean anomaly's rate, Brouwer's does not: at 550 km they differ
    by 0.3 km of semi-major axis at 53 deg, and by 3 km on a Sun-synchronous orbit.

    Args:
        kozai_rad_s: Mean motion of the element set in rad/s, above 0.
        eccentricity: Of the element set, 0 to below 1.
        cos_inclination: Cosine of the inclination.

    References: Hoots and Roehrich, Models for propagation of NORAD element sets, Spacetrack Report
    No. 3 (1980), section 6 (a1, delta1, a0, delta0, n0'').
    """
    shape = 1.0 - eccentricity * eccentricity
    tilt = 0.5 * (3.0 * cos_inclination * cos_inclination - 1.0) / (shape * math.sqrt(shape))
    first_axis_m = keplerian_axis_m(kozai_rad_s)
    first = 1.5 * oblateness_ratio(first_axis_m) * tilt
    series = 1.0 - first * (1.0 / 3.0 + first * (1.0 + first * (134.0 / 81.0)))
    second = 1.5 * oblateness_ratio(first_axis_m * series) * tilt
    return kozai_rad_s / (1.0 + second)

"""Where the Sun stands, how far it is, how far the Earth has turned. In float64."""

import math

from sunward.physics.scalar import scalar

DEGREE_RAD = 0.017453292519943295
ARCSECOND_RAD = 4.84813681109536e-06
DAYS_PER_CENTURY = 36525.0


@scalar
def sun_longitude_rad(days_since_j2000: float) -> float:
    """Returns the Sun's ecliptic longitude of date in rad, not reduced to one turn.

    References: The Astronomical Almanac, section C, low-precision formulas for the Sun.
    """
    anomaly = DEGREE_RAD * (357.528 + 0.9856003 * days_since_j2000)
    mean_longitude = 280.460 + 0.9856474 * days_since_j2000
    equation = 1.915 * math.sin(anomaly) + 0.020 * math.sin(2.0 * anomaly)
    return DEGREE_RAD * (mean_longitude + equation)


@scalar
def sun_direction_and_distance(days_since_j2000: float) -> tuple[float, float, float, float]:
    """Returns (x, y, z, distance): unit vector to the Sun and its distance in AU.

    The frame is the mean equator and equinox of date; nodes counted in it need no precession.
    Accuracy 0.01 deg and 1e-4 AU from 1950 to 2050.

    Args:
        days_since_j2000: Days since JD 2451545.0, TT (UTC will do: 0.001 deg).

    References: The Astronomical Almanac, section C, low-precision formulas for the Sun.
    """
    longitude = sun_longitude_rad(days_since_j2000)
    obliquity = DEGREE_RAD * (23.439 - 4.0e-7 * days_since_j2000)
    anomaly = DEGREE_RAD * (357.528 + 0.9856003 * days_since_j2000)
    distance_au = 1.00014 - 0.01671 * math.cos(anomaly) - 0.00014 * math.cos(2.0 * anomaly)
    sin_longitude = math.sin(longitude)
    return (
        math.cos(longitude),
        math.cos(obliquity) * sin_longitude,
        math.sin(obliquity) * sin_longitude,
        distance_au,
    )


@scalar
def mean_sun_right_ascension_rad(days_since_j2000: float) -> float:
    """Returns the mean Sun's right ascension in rad, not reduced: local time counts from it."""
    return DEGREE_RAD * (280.460 + 0.9856474 * days_since_j2000)


@scalar
def node_from_local_time_rad(days_since_j2000: float, local_time_h: float) -> float:
    """Returns the right ascension in rad of a node that crosses the equator at a local time.

    Args:
        days_since_j2000: Days since JD 2451545.0.
        local_time_h: Mean local time of the ascending node in h, 0 to 24 (6: dawn, 18: dusk).
    """
    hour_angle = 15.0 * DEGREE_RAD * (local_time_h - 12.0)
    return mean_sun_right_ascension_rad(days_since_j2000) + hour_angle


@scalar
def greenwich_sidereal_angle_rad(days_since_j2000: float) -> float:
    """Returns the Greenwich mean sidereal angle in rad, not reduced to one turn.

    Args:
        days_since_j2000: Days since JD 2451545.0, UT1 (UTC will do: 0.004 deg).

    References: Aoki et al., The new definition of Universal Time, A&A 105 (1982) 359; as
    Meeus, Astronomical Algorithms (1998), eq. 12.4.
    """
    return DEGREE_RAD * (280.46061837 + 360.98564736629 * days_since_j2000)


@scalar
def date_to_j2000(
    x: float, y: float, z: float, days_since_j2000: float
) -> tuple[float, float, float]:
    """Returns (x, y, z) of a vector of date in the mean equator and equinox of J2000.

    That is GCRF to 0.1 arcsec.

    References: Lieske et al., Expressions for the precession quantities, A&A 58 (1977) 1.
    """
    century = days_since_j2000 / DAYS_PER_CENTURY
    zeta = ARCSECOND_RAD * century * (2306.2181 + century * (0.30188 + century * 0.017998))
    zed = ARCSECOND_RAD * century * (2306.2181 + century * (1.09468 + century * 0.018203))
    theta = ARCSECOND_RAD * century * (2004.3109 - century * (0.42665 + century * 0.041833))
    a = math.cos(zed) * x + math.sin(zed) * y
    b = math.cos(zed) * y - math.sin(zed) * x
    c = math.cos(theta) * a + math.sin(theta) * z
    return (
        math.cos(zeta) * c + math.sin(zeta) * b,
        math.cos(zeta) * b - math.sin(zeta) * c,
        math.cos(theta) * z - math.sin(theta) * a,
    )

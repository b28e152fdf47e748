"""Where the Sun stands, how far it is, how far the Earth has turned. In float64."""

import math

from sunward.physics.scalar import scalar

DEGREE_RAD = 0.017453292519943295
ARCSECOND_RAD = 4.84813681109536e-06
DAYS_PER_CENTURY = 36525.0
#: How far the Sun lags behind its geometric place while its light is under way.
ABERRATION_DEG = 0.00569


@scalar
def sun_direction_and_distance(days_since_j2000: float) -> tuple[float, float, float, float]:
    """Returns (x, y, z, distance): unit vector to the Sun and its distance in AU.

    The apparent Sun (aberration included, nutation not) in the mean equator and equinox of date;
    nodes counted in that frame need no precession. Against DE421, 2026 to 2036: 0.008 deg and
    5e-5 AU.

    Args:
        days_since_j2000: Days since JD 2451545.0, TT (UTC will do: 0.001 deg).

    References: Meeus, Astronomical Algorithms (1998), chapter 25, low accuracy; the terms of the
    Moon from Meeus, Astronomical Formulae for Calculators (1988), chapter 18.
    """
    century = days_since_j2000 / DAYS_PER_CENTURY
    anomaly = DEGREE_RAD * (357.52911 + 35999.05029 * century)
    sine, cosine = math.sin(anomaly), math.cos(anomaly)
    equation = (
        (1.914602 - 0.004817 * century) * sine
        + 0.039986 * sine * cosine
        + 0.000289 * sine * (3.0 - 4.0 * sine * sine)
    )
    elongation = DEGREE_RAD * (297.85 + 445267.1115 * century)
    of_moon = 0.00179 * math.sin(elongation)
    mean_longitude = 280.46646 + 36000.76983 * century
    longitude = DEGREE_RAD * (mean_longitude + equation + of_moon - ABERRATION_DEG)
    eccentricity = 0.016708634 - 0.000042037 * century
    true_anomaly = anomaly + DEGREE_RAD * equation
    distance_au = 1.000001018 * (1.0 - eccentricity * eccentricity) / (
        1.0 + eccentricity * math.cos(true_anomaly)
    ) + 3.08e-5 * math.cos(elongation)
    obliquity = DEGREE_RAD * (23.439291 - 0.0130042 * century)
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

"""How far from the Earth a satellite on a circular mean orbit flies (not for the kernel)."""

from sunward.physics.orbit import oblateness_ratio
from sunward.physics.scalar import scalar


@scalar
def mean_radius_m(semi_major_axis_m: float, cos_inclination: float) -> float:
    """Returns the mean distance from the Earth's centre in m, to first order in J2.

    The flattened Earth holds a satellite of a given mean motion a little nearer or farther than
    Kepler: 0.4 km nearer at 53 deg and 550 km, 4.4 km farther on the Sun-synchronous orbit at
    650 km.

    Args:
        semi_major_axis_m: Brouwer's mean semi-major axis in m.
        cos_inclination: Cosine of the mean inclination.

    References: constant part of the radius of Brouwer, Astronomical Journal 64 (1959) 378, e = 0.
    """
    tilt = 3.0 * cos_inclination * cos_inclination - 1.0
    return semi_major_axis_m * (1.0 - 0.75 * oblateness_ratio(semi_major_axis_m) * tilt)


@scalar
def radius_at_m(
    semi_major_axis_m: float, cos_inclination: float, cos_twice_argument: float
) -> float:
    """Returns the distance from the Earth's centre at one place of the orbit in m.

    Mean radius and the wave of two to the orbit: lowest over the pole by a / 4 J2 (R/a)^2 sin^2 i.

    Args:
        semi_major_axis_m, cos_inclination: As in `mean_radius_m`.
        cos_twice_argument: Cosine of twice the argument of latitude.

    References: short-period part of the radius of Brouwer (1959), e = 0.
    """
    sin_squared = 1.0 - cos_inclination * cos_inclination
    wave = 0.25 * oblateness_ratio(semi_major_axis_m) * sin_squared * cos_twice_argument
    return mean_radius_m(semi_major_axis_m, cos_inclination) + semi_major_axis_m * wave

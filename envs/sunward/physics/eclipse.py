"""Sunlight behind the Earth: share of the Sun's disc in view, and the arc of the orbit in shadow.

The Earth is a sphere. The kernel takes the Earth's limb for a straight line across the Sun's disc
(the Earth is 250 times wider); the two-disc formula is the exact one it is tested against.
"""

import math

from sunward.physics.approximation import arccosine, clamp, maximum, minimum, square_root
from sunward.physics.constants import AU_M, EARTH_RADIUS_M, SUN_RADIUS_M
from sunward.physics.scalar import scalar


@scalar
def two_disc_illumination(
    sun_radius_rad: float, earth_radius_rad: float, separation_rad: float
) -> float:
    """Returns the share of the Sun's disc in view, 0 to 1, by the overlap of two discs.

    Args:
        sun_radius_rad, earth_radius_rad: Apparent radii in rad.
        separation_rad: Angle between the two centres in rad, as the satellite sees them.

    References: Montenbruck and Gill, Satellite Orbits (2000), eqs. 3.87 to 3.94.
    """
    if separation_rad >= sun_radius_rad + earth_radius_rad:
        return 1.0
    if separation_rad <= earth_radius_rad - sun_radius_rad:
        return 0.0
    if separation_rad <= sun_radius_rad - earth_radius_rad:
        ratio = earth_radius_rad / sun_radius_rad
        return 1.0 - ratio * ratio
    sun_squared = sun_radius_rad * sun_radius_rad
    earth_squared = earth_radius_rad * earth_radius_rad
    x = 0.5 * (separation_rad + (sun_squared - earth_squared) / separation_rad)
    y = math.sqrt(max(sun_squared - x * x, 0.0))
    covered = (
        sun_squared * math.acos(max(min(x / sun_radius_rad, 1.0), -1.0))
        + earth_squared * math.acos(min((separation_rad - x) / earth_radius_rad, 1.0))
        - separation_rad * y
    )
    return 1.0 - covered / (math.pi * sun_squared)


@scalar
def sun_angular_radius_rad(distance_au: float) -> float:
    """Returns the Sun's apparent radius in rad (0.0046)."""
    return math.asin(SUN_RADIUS_M / (AU_M * distance_au))


@scalar
def limb_sines(radius_m: float) -> tuple[float, float]:
    """Returns (sin, cos) of the angle between the Earth's centre and its limb, seen from a radius.

    Args:
        radius_m: Distance from the Earth's centre in m, above the Earth's radius.
    """
    sin_limb = EARTH_RADIUS_M / radius_m
    return sin_limb, math.sqrt(1.0 - sin_limb * sin_limb)


@scalar
def limb_height(cos_sun_angle: float, cos_limb: float, sin_limb: float) -> float:
    """Returns the sine of the Sun's height above the Earth's limb; below 0 under it.

    Args:
        cos_sun_angle, cos_limb, sin_limb: As in `limb_illumination`.
    """
    sin_sun_angle = square_root(maximum(1.0 - cos_sun_angle * cos_sun_angle, 0.0))
    # sin(C - B) with cos C = -cos_sun_angle: C - B stays below pi - B, so the sign is the height's.
    return sin_sun_angle * cos_limb + cos_sun_angle * sin_limb


@scalar
def limb_illumination(
    cos_sun_angle: float, cos_limb: float, sin_limb: float, sun_angular_radius_rad: float
) -> float:
    """Returns the share of the Sun's disc in view, 0 to 1.

    The Sun's height above the limb, in Sun radii, is w; the limb is straight, so the share is
    that of a circular segment, 1/2 + (w sqrt(1 - w^2) + asin w) / pi. Its derivative
    (2/pi) sqrt(1 - w^2) is fitted as (1 - w^2) times a positive polynomial, so it rises steadily;
    the coefficients are whole 65,536ths, so the ends are exact in any width. Within 0.002 of the
    two-disc formula where the light changes.

    Args:
        cos_sun_angle: Cosine of the angle between the satellite's position and the Sun's direction.
        cos_limb, sin_limb: Of the angle between Earth's centre and limb (`limb_sines`).
        sun_angular_radius_rad: Apparent radius of the Sun in rad, above 0.
    """
    height = limb_height(cos_sun_angle, cos_limb, sin_limb)
    zero = height - height
    w = clamp(height / sun_angular_radius_rad, -1.0 + zero, 1.0 + zero)
    z = w * w
    share = 0.5 + w * (
        0.6241302490234375
        + z
        * (
            0.062042236328125
            + z * (-0.62799072265625 + z * (0.8233795166015625 + z * -0.381561279296875))
        )
    )
    return clamp(share, 0.0, 1.0)


@scalar
def shadow_half_angle_rad(sin_beta: float, cos_limb: float) -> float:
    """Returns half the arc of the orbit in a cylindrical shadow in rad; 0 where there is none.

    The middle of the arc is opposite the Sun. The cylinder's edge is where half the disc shows.

    Args:
        sin_beta: Sine of the Sun's elevation above the orbit plane.
        cos_limb: sqrt(1 - (R_E / a)^2).

    References: Vallado (2013), section 5.3.2: acos(sqrt(a^2 - R^2) / (a cos beta)).
    """
    cos_beta = square_root(maximum(1.0 - sin_beta * sin_beta, 1.0e-12))
    ratio = minimum(cos_limb / cos_beta, 1.0 + (cos_limb - cos_limb))
    return arccosine(ratio)


@scalar
def cone_half_angle_rad(
    radius_m: float, sin_beta: float, sun_distance_m: float, cone: float
) -> float:
    """Returns half the arc of the orbit inside the umbra or penumbra cone in rad; 0 outside.

    The satellite's own distance from the line between Earth and Sun is allowed for.

    Args:
        radius_m: Orbit radius in m.
        sin_beta: Sine of the Sun's elevation above the orbit plane.
        sun_distance_m: Distance from the Earth to the Sun in m.
        cone: -1 for the umbra, +1 for umbra and penumbra.

    References: Montenbruck and Gill (2000), section 3.4.2.
    """
    sun_radius = math.asin(SUN_RADIUS_M / sun_distance_m)
    separation = math.asin(EARTH_RADIUS_M / radius_m) + cone * sun_radius
    # Angle at the Earth's centre between the satellite and the point opposite the Sun.
    central = separation + radius_m / sun_distance_m * math.sin(separation)
    cos_half = math.cos(central) / math.sqrt(max(1.0 - sin_beta * sin_beta, 1.0e-12))
    return math.acos(min(cos_half, 1.0))

"""Trapped protons of the South Atlantic Anomaly, and the upsets they cause.

The flux is a bell over the anomaly's centre, bent and slanted, whose height and width grow with
altitude. Fitted to a 5-degree map of AP8 (solar minimum, protons above 30 MeV, the field the model
was made with) at 500, 650 and 1,000 km and to its means and crossings on eleven orbits from 420 to
1,200 km; then turned west to where the anomaly lies now. Against AP8 on those orbits: time above
10 cm-2 s-1 within 20 %, crossings within 20 %, mean flux within 25 % (AP8 itself: a factor of two).
Not for orbits above 1,250 km, where the inner belt closes round the Earth.
"""

from typing import NamedTuple

from sunward.physics.approximation import clamp, exponential, exponential_minus_one, maximum
from sunward.physics.scalar import scalar

#: Centre of the map's plane: 25 deg S, 55 deg W (35 deg W in AP8's field of the 1960s; since then
#: the anomaly drifted 0.3 deg a year westward). Unit vectors up, east and north there, Earth-fixed.
UP_X, UP_Y, UP_Z = 0.5198367907256846, -0.7424038765061041, -0.42261826174069944
EAST_X, EAST_Y = 0.8191520442889918, 0.5735764363510462
NORTH_X, NORTH_Y, NORTH_Z = 0.24240387650610407, -0.34618861305875415, 0.9063077870366499

REFERENCE_ALTITUDE_M = 700e3
ALTITUDE_SCALE_M = 300e3
#: The bell's axis bends southward away from its middle, and slants.
BEND = -0.1407
SLANT_NORTH = 0.1216
SLANT_EAST = -0.7723

#: Mean flux above 30 MeV on the Sun-synchronous orbit of 650 km (AP8 solar minimum), cm-2 s-1.
MEAN_FLUX_SSO_650 = 50.33


class AnomalyShape(NamedTuple):
    """The anomaly at one altitude, in the plane that touches the Earth at its centre."""

    #: Natural logarithm of the greatest flux in cm-2 s-1.
    log_peak: float
    #: Middle of the bell east and north of the plane's centre in Earth radii.
    east: float
    north: float
    #: Steepness across and along the meridian, per square Earth radius.
    east_steepness: float
    north_steepness: float


@scalar
def anomaly_shape(altitude_m: float) -> AnomalyShape:
    """Returns the `AnomalyShape` at an altitude.

    Args:
        altitude_m: Height above the Earth's sphere in m; held within 300 to 1,250 km.
    """
    zero = altitude_m - altitude_m
    held_m = clamp(altitude_m, 300e3 + zero, 1250e3 + zero)
    h = (held_m - REFERENCE_ALTITUDE_M) / ALTITUDE_SCALE_M
    return AnomalyShape(
        log_peak=8.2983 + h * (1.1022 - 0.4237 * h),
        east=0.0651 + 0.0077 * h,
        north=-0.0263 + 0.1567 * h,
        east_steepness=exponential(1.9554 + h * (-0.9917 - 0.3762 * h)),
        north_steepness=exponential(2.9692 + h * (-0.5750 + 0.0769 * h)),
    )


@scalar
def anomaly_flux(
    x: float,
    y: float,
    z: float,
    log_peak: float,
    east: float,
    north: float,
    east_steepness: float,
    north_steepness: float,
) -> float:
    """Returns the flux of protons above 30 MeV in cm-2 s-1, at least e^-32 of a unit.

    Args:
        x, y, z: Unit vector to the satellite in the Earth-fixed frame.
        log_peak, east, north, east_steepness, north_steepness: From `anomaly_shape`.
    """
    up = UP_X * x + UP_Y * y + UP_Z * z
    # Stereographic plane: distances keep growing to the far side, where no second bell may stand.
    stretch = 2.0 / maximum(1.0 + up, 0.1)
    from_east = stretch * (EAST_X * x + EAST_Y * y) - east
    from_north = stretch * (NORTH_X * x + NORTH_Y * y + NORTH_Z * z) - north
    across = from_north - from_east * (BEND * from_east + SLANT_NORTH)
    along = from_east - SLANT_EAST * across
    fall = east_steepness * along * along + north_steepness * across * across
    return exponential(log_peak - fall)


@scalar
def saa_flux(x: float, y: float, z: float, altitude_m: float) -> float:
    """Returns the flux of protons above 30 MeV in cm-2 s-1.

    A fleet of one altitude saves time with `anomaly_shape` once and `anomaly_flux` a step.

    Args:
        x, y, z: Unit vector to the satellite in the Earth-fixed frame.
        altitude_m: Height above the Earth's sphere in m; held within 300 to 1,250 km.
    """
    shape = anomaly_shape(altitude_m)
    return anomaly_flux(
        x,
        y,
        z,
        shape.log_peak,
        shape.east,
        shape.north,
        shape.east_steepness,
        shape.north_steepness,
    )


@scalar
def upset_rate_per_s(
    flux_cm2_s: float, mean_rate_per_s: float, mean_flux_cm2_s: float, floor_fraction: float
) -> float:
    """Returns the rate of upsets per second: a floor of cosmic rays plus a part that follows flux.

    Args:
        flux_cm2_s: Proton flux now in cm-2 s-1.
        mean_rate_per_s: Upsets per second averaged over the reference orbit.
        mean_flux_cm2_s: Mean flux on that orbit (`MEAN_FLUX_SSO_650`), above 0.
        floor_fraction: Share of upsets from cosmic rays, 0 to 1 (an assumption: AP8 has none).

    References: rate proportional to flux, Petersen, Single Event Effects in Aerospace (2011).
    """
    protons = (1.0 - floor_fraction) * flux_cm2_s / mean_flux_cm2_s
    return mean_rate_per_s * (floor_fraction + protons)


@scalar
def upset_probability(rate_per_s: float, duration_s: float) -> float:
    """Returns the chance of at least one upset in a time: 1 - exp(-rate t), exact for small rates.

    Args:
        rate_per_s: Upsets per second, at least 0; rate x duration is held below 32.
        duration_s: Time in s.
    """
    expected = rate_per_s * duration_s
    held = expected if expected < 32.0 else 32.0 + (expected - expected)
    growth = exponential_minus_one(held)
    return growth / (1.0 + growth)

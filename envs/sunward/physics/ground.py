"""Ground stations on the WGS84 ellipsoid, and the satellite's elevation above them."""

import math

from sunward.physics.constants import (
    HALF_PI,
    WGS84_EQUATORIAL_RADIUS_M,
    WGS84_FLATTENING,
)
from sunward.physics.scalar import scalar

ECCENTRICITY_SQUARED = WGS84_FLATTENING * (2.0 - WGS84_FLATTENING)


@scalar
def station_position_m(
    latitude_rad: float, longitude_rad: float, height_m: float
) -> tuple[float, float, float]:
    """Returns (x, y, z) of a station in the Earth-fixed frame in m.

    Args:
        latitude_rad: Geodetic latitude in rad, north positive.
        longitude_rad: Longitude in rad, east positive.
        height_m: Above the ellipsoid in m.

    References: Vallado (2013), eqs. 3-7 and 3-14.
    """
    sine, cosine = math.sin(latitude_rad), math.cos(latitude_rad)
    curvature_m = WGS84_EQUATORIAL_RADIUS_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
    x = (curvature_m + height_m) * cosine * math.cos(longitude_rad)
    y = (curvature_m + height_m) * cosine * math.sin(longitude_rad)
    z = (curvature_m * (1.0 - ECCENTRICITY_SQUARED) + height_m) * sine
    return x, y, z


@scalar
def earth_fixed(
    x: float, y: float, z: float, sidereal_angle_rad: float
) -> tuple[float, float, float]:
    """Returns (x, y, z) of a vector of date in the Earth-fixed frame."""
    sine, cosine = math.sin(sidereal_angle_rad), math.cos(sidereal_angle_rad)
    return cosine * x + sine * y, cosine * y - sine * x, z


@scalar
def elevation_and_range(
    latitude_rad: float,
    longitude_rad: float,
    station_x: float,
    station_y: float,
    station_z: float,
    x_m: float,
    y_m: float,
    z_m: float,
) -> tuple[float, float]:
    """Returns (elevation in rad above the horizon, range in m) of a satellite.

    Args:
        latitude_rad, longitude_rad: Geodetic, of the station in rad.
        station_x, station_y, station_z: From `station_position_m` in m.
        x_m, y_m, z_m: Satellite in the Earth-fixed frame in m.
    """
    dx, dy, dz = x_m - station_x, y_m - station_y, z_m - station_z
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    horizontal = dx * math.cos(longitude_rad) + dy * math.sin(longitude_rad)
    upward = math.cos(latitude_rad) * horizontal + math.sin(latitude_rad) * dz
    return math.asin(max(min(upward / range_m, 1.0), -1.0)), range_m


@scalar
def contact_half_angle_rad(radius_m: float, station_radius_m: float, mask_rad: float) -> float:
    """Returns the Earth-central angle in rad within which a satellite stands above the mask.

    Args:
        radius_m, station_radius_m: Of satellite and station from the Earth's centre in m.
        mask_rad: Least elevation in rad.
    """
    return HALF_PI - mask_rad - math.asin(station_radius_m / radius_m * math.cos(mask_rad))


@scalar
def pass_duration_s(half_angle_rad: float, offset_rad: float, rate_rad_s: float) -> float:
    """Returns how long a satellite on a circular orbit stays above the mask in one pass in s.

    2 acos(cos(half angle) / cos(offset)) / rate: the part of a great circle within the station's
    cap. The Earth's turn is left out: up to 7 % of the rate at 650 km, none where it flies north.

    Args:
        half_angle_rad: From `contact_half_angle_rad`.
        offset_rad: Earth-central angle from the station to the orbit's plane in rad; 0 if the
            satellite passes through the zenith.
        rate_rad_s: Turn of the satellite about the Earth in rad/s.
    """
    ratio = math.cos(half_angle_rad) / math.cos(offset_rad)
    return 2.0 * math.acos(min(ratio, 1.0)) / rate_rad_s

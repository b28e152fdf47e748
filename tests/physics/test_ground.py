"""Stations on the ellipsoid, and what stands above them."""

import math

import pytest

from sunward.physics import ground
from sunward.physics.constants import WGS84_EQUATORIAL_RADIUS_M, WGS84_FLATTENING


def test_stations_stand_on_the_ellipsoid():
    x, y, z = ground.station_position_m(0.0, 0.0, 0.0)
    assert (x, y, z) == pytest.approx((WGS84_EQUATORIAL_RADIUS_M, 0.0, 0.0))
    polar_m = WGS84_EQUATORIAL_RADIUS_M * (1.0 - WGS84_FLATTENING)
    assert ground.station_position_m(math.pi / 2, 0.0, 100.0)[2] == pytest.approx(polar_m + 100.0)


def test_a_satellite_in_the_zenith_stands_at_ninety_degrees():
    station = ground.station_position_m(0.0, 0.3, 0.0)
    above = tuple(value * 1.1 for value in station)
    elevation, range_m = ground.elevation_and_range(0.0, 0.3, *station, *above)
    assert elevation == pytest.approx(math.pi / 2, abs=1e-6)
    assert range_m == pytest.approx(0.1 * WGS84_EQUATORIAL_RADIUS_M)


def test_contact_angle_is_where_the_satellite_meets_the_mask():
    mask = math.radians(10.0)
    half = ground.contact_half_angle_rad(7.0e6, WGS84_EQUATORIAL_RADIUS_M, mask)
    station = ground.station_position_m(0.0, 0.0, 0.0)
    point = (7.0e6 * math.cos(half), 7.0e6 * math.sin(half), 0.0)
    assert ground.elevation_and_range(0.0, 0.0, *station, *point)[0] == pytest.approx(mask)

"""Passes over ground stations against Skyfield and SGP4."""

import math
from datetime import datetime

import pytest

from sunward.physics import ground, orbit, sun
from sunward.physics.constants import WGS84_EQUATORIAL_RADIUS_M, WGS84_FLATTENING

J2000 = datetime.fromisoformat("2000-01-01T12:00:00+00:00")
DEGREES_PER_DAY = math.radians(1.0) / 86400.0


class Pass:
    """A row's satellite on a circle with the row's secular rates, seen from the row's station."""

    def __init__(self, row):
        epoch = datetime.fromisoformat(row["epoch_utc"].replace("Z", "+00:00"))
        self.days = (epoch - J2000).total_seconds() / 86400.0
        self.row = row
        self.radius_m = 6378136.3 + row["altitude_km"] * 1e3
        self.place = math.radians(row["lat_deg"]), math.radians(row["lon_deg"])
        self.station = ground.station_position_m(*self.place, row["height_km"] * 1e3)

    def elevation_and_range(self, time_s):
        row = self.row
        node = math.radians(row["raan_teme_deg"])
        node += row["nodedot_deg_per_day"] * DEGREES_PER_DAY * time_s
        argument = math.radians(row["u0_deg"])
        argument += row["argdot_plus_mdot_deg_per_day"] * DEGREES_PER_DAY * time_s
        tilt = math.radians(row["inc_deg"])
        point = orbit.orbit_position(
            math.sin(argument),
            math.cos(argument),
            math.sin(node),
            math.cos(node),
            math.sin(tilt),
            math.cos(tilt),
        )
        angle = sun.greenwich_sidereal_angle_rad(self.days + time_s / 86400.0)
        fixed = ground.earth_fixed(*point, angle)
        return ground.elevation_and_range(
            *self.place, *self.station, *(value * self.radius_m for value in fixed)
        )

    def elevation_deg(self, time_s):
        return math.degrees(self.elevation_and_range(time_s)[0])

    def crossing_s(self, outside_s, inside_s):
        """Returns when the satellite crosses the mask, by bisection."""
        for _ in range(40):
            middle_s = 0.5 * (outside_s + inside_s)
            if self.elevation_deg(middle_s) > self.row["mask_deg"]:
                inside_s = middle_s
            else:
                outside_s = middle_s
        return inside_s

    def culmination_s(self):
        low, high = self.row["culminate_s"] - 60.0, self.row["culminate_s"] + 60.0
        for _ in range(60):
            left, right = low + (high - low) / 3.0, high - (high - low) / 3.0
            is_left = self.elevation_deg(left) > self.elevation_deg(right)
            low, high = (low, right) if is_left else (left, high)
        return low


def test_passes_match_skyfield(table):
    for row in table("ground_access.csv"):
        over = Pass(row)
        top_s = over.culmination_s()
        assert over.elevation_deg(top_s) == pytest.approx(row["max_elev_deg"], abs=0.5)
        if row["max_elev_deg"] - row["mask_deg"] > 3.0:
            rise_s = over.crossing_s(row["rise_s"] - 120.0, top_s)
            set_s = over.crossing_s(row["set_s"] + 120.0, top_s)
            assert rise_s == pytest.approx(row["rise_s"], abs=6.0)
            assert set_s == pytest.approx(row["set_s"], abs=6.0)


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

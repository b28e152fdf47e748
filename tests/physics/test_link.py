"""Range and line of sight against Orekit and Basilisk."""

import math

import numpy as np
import pytest

from sunward.physics import link, orbit
from sunward.physics.constants import EARTH_RADIUS_M, MU_M3_S2, TWO_PI


def unit(row, index, width=float):
    radius_m = EARTH_RADIUS_M + row["altitude_km"] * 1e3
    spread = TWO_PI if row["pattern"] == "delta" else math.pi
    node, argument = orbit.walker_angles(
        int(row[index]), int(row["T"]), int(row["P"]), int(row["F"]), spread
    )
    node += math.radians(row["raan0_deg"])
    argument += math.radians(row["u0_deg"]) + math.sqrt(MU_M3_S2 / radius_m**3) * row["t_s"]
    tilt = math.radians(row["inc_deg"])
    point = orbit.orbit_position(
        math.sin(argument),
        math.cos(argument),
        math.sin(node),
        math.cos(node),
        math.sin(tilt),
        math.cos(tilt),
    )
    return (*(width(value) for value in point), width(radius_m))


def test_range_height_and_sight_match_orekit_and_basilisk(table):
    for row in table("isl_walker.csv"):
        sight = link.line_of_sight(*unit(row, "i"), *unit(row, "j"))
        assert abs(sight.range_m - row["range_km"] * 1e3) < 1.0
        assert abs(sight.minimum_altitude_m - row["min_alt_of_segment_km"] * 1e3) < 1.0
        is_up = link.is_link_up(sight.range_m, sight.minimum_altitude_m, 1e12, 100e3)
        assert is_up == bool(row["los_basilisk"])


def test_single_precision_sees_the_same_links(table):
    for row in table("isl_walker.csv"):
        sight = link.line_of_sight(*unit(row, "i", np.float32), *unit(row, "j", np.float32))
        assert abs(float(sight.range_m) - row["range_km"] * 1e3) < 5.0
        is_up = link.is_link_up(sight.range_m, sight.minimum_altitude_m, 1e12, 100e3)
        assert is_up == bool(row["los_basilisk"])


def test_sight_is_the_same_from_both_ends():
    a, b = (1.0, 0.0, 0.0, 7.0e6), (0.0, 0.6, 0.8, 7.3e6)
    there, back = link.line_of_sight(*a, *b), link.line_of_sight(*b, *a)
    assert there == pytest.approx(back)


def test_opposite_satellites_look_through_the_centre():
    sight = link.line_of_sight(1.0, 0.0, 0.0, 7e6, -1.0, 0.0, 0.0, 7e6)
    assert sight.range_m == pytest.approx(14e6)
    assert sight.minimum_altitude_m == pytest.approx(-EARTH_RADIUS_M)


def test_two_satellites_in_one_place_do_not_divide_by_zero():
    sight = link.line_of_sight(1.0, 0.0, 0.0, 7e6, 1.0, 0.0, 0.0, 7e6)
    assert sight == (0.0, 7e6 - EARTH_RADIUS_M)


def test_a_link_needs_reach_and_clearance():
    assert link.is_link_up(5e6, 2e5, 5.4e6, 1e5)
    assert not link.is_link_up(5.5e6, 2e5, 5.4e6, 1e5)
    assert not link.is_link_up(5e6, 0.9e5, 5.4e6, 1e5)


def test_light_takes_a_millisecond_for_300_kilometres():
    assert link.light_delay_s(299792.458) == 1e-3

"""Lines of sight at their limits, and the delay of light."""

import pytest

from sunward.physics import link
from sunward.physics.constants import EARTH_RADIUS_M


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

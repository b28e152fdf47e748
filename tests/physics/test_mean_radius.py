"""The mean distance of a circular mean orbit; Basilisk's week holds it to metres elsewhere."""

import math

import pytest

from sunward.physics.constants import EARTH_RADIUS_M, J2, MU_M3_S2
from sunward.physics.mean_radius import mean_radius_m, radius_at_m
from sunward.physics.orbit import argument_rate_rad_s, node_rate_rad_s

AXIS_M = EARTH_RADIUS_M + 650e3


def test_polar_orbits_are_held_higher_and_equatorial_ones_lower():
    assert mean_radius_m(AXIS_M, 0.0) > AXIS_M > mean_radius_m(AXIS_M, 1.0)
    assert mean_radius_m(AXIS_M, 1.0) - AXIS_M == pytest.approx(
        -2.0 * (mean_radius_m(AXIS_M, 0.0) - AXIS_M), rel=1e-9
    )


def test_the_offset_vanishes_where_a_flattened_earth_pulls_like_a_sphere():
    # 3 cos^2 i = 1, the zero of the second Legendre polynomial averaged over the orbit.
    assert mean_radius_m(AXIS_M, math.sqrt(1.0 / 3.0)) == pytest.approx(AXIS_M, abs=1e-6)


def test_an_equatorial_orbit_obeys_the_balance_of_forces():
    # At the equator pull is mu / r^2 (1 + 3/2 J2 (R / r)^2), and a circle of radius r turns at
    # the root of pull / r; Brouwer's mean motion and drift of perigee add up to the same rate.
    radius_m = mean_radius_m(AXIS_M, 1.0)
    ratio = EARTH_RADIUS_M / radius_m
    turning = math.sqrt(MU_M3_S2 / radius_m**3 * (1.0 + 1.5 * J2 * ratio * ratio))
    rates = argument_rate_rad_s(AXIS_M, 1.0) + node_rate_rad_s(AXIS_M, 1.0)
    # To first order: what is left is of the order of J2 squared, the offset itself of J2.
    assert turning == pytest.approx(rates, rel=20.0 * J2 * J2)


def test_the_satellite_is_lowest_over_its_northernmost_point():
    polar = [radius_at_m(AXIS_M, 0.0, math.cos(2.0 * u)) for u in (0.0, math.pi / 2.0)]
    mean = mean_radius_m(AXIS_M, 0.0)
    assert polar[1] < mean < polar[0]
    assert sum(polar) / 2.0 == pytest.approx(mean, rel=1e-12)
    assert radius_at_m(AXIS_M, 1.0, -1.0) == mean_radius_m(AXIS_M, 1.0)

"""Signs and limits of the mean rates, positions and Walker patterns."""

import math

import pytest

from sunward.physics import orbit
from sunward.physics.constants import EARTH_RADIUS_M, TWO_PI


def test_a_sun_synchronous_node_turns_once_a_year():
    axis_m = EARTH_RADIUS_M + 650e3
    cosine = math.cos(orbit.sun_synchronous_inclination_rad(axis_m))
    turn_per_day = orbit.node_rate_rad_s(axis_m, cosine) * 86400.0 / TWO_PI
    assert turn_per_day * 365.2421897 == pytest.approx(1.0, rel=1e-12)


def test_prograde_nodes_drift_west_and_polar_nodes_stand_still():
    assert orbit.node_rate_rad_s(7e6, 0.5) < 0.0 < orbit.node_rate_rad_s(7e6, -0.5)
    assert orbit.node_rate_rad_s(7e6, 0.0) == 0.0
    assert orbit.node_rate_second_order_rad_s(7e6, 0.0) == 0.0


def test_the_argument_of_latitude_keeps_keplers_rate_at_sixty_degrees():
    # The J2 parts of perigee and mean anomaly, added, are 1.5 J2 (R/a)^2 (4 cos^2 i - 1).
    kepler = orbit.mean_motion_rad_s(7e6)
    assert orbit.argument_rate_rad_s(7e6, 0.5) == kepler
    assert orbit.argument_rate_rad_s(7e6, 0.0) < kepler < orbit.argument_rate_rad_s(7e6, 1.0)


def test_a_geostationary_orbit_takes_a_sidereal_day():
    period_s = TWO_PI / orbit.mean_motion_rad_s(42164.17e3)
    assert period_s == pytest.approx(86164.09, abs=0.1)


def position(node, argument, inclination):
    return orbit.orbit_position(
        math.sin(argument),
        math.cos(argument),
        math.sin(node),
        math.cos(node),
        math.sin(inclination),
        math.cos(inclination),
    )


def test_positions_are_unit_vectors_in_the_orbit_plane():
    for node, argument, inclination in [(0.3, 2.0, 0.9), (5.0, -1.0, 1.71), (2.0, 0.0, 0.0)]:
        x, y, z = position(node, argument, inclination)
        normal = orbit.orbit_normal(
            math.sin(node), math.cos(node), math.sin(inclination), math.cos(inclination)
        )
        assert x * x + y * y + z * z == pytest.approx(1.0, abs=1e-15)
        assert x * normal[0] + y * normal[1] + z * normal[2] == pytest.approx(0.0, abs=1e-15)


def test_a_satellite_crosses_its_node_northward():
    assert position(0.0, 0.0, 0.9) == pytest.approx((1.0, 0.0, 0.0))
    assert position(0.0, 0.1, 0.9)[2] > 0.0


def test_a_walker_pattern_spreads_planes_and_slots_evenly():
    angles = [orbit.walker_angles(index, 66, 6, 1, TWO_PI) for index in range(66)]
    assert angles[0] == (0.0, 0.0)
    assert angles[11][0] == pytest.approx(TWO_PI / 6)
    assert angles[11][1] == pytest.approx(TWO_PI / 66)
    assert angles[1][1] == pytest.approx(TWO_PI / 11)
    assert len({(round(node, 9), round(argument, 9)) for node, argument in angles}) == 66

"""Mean rates, Sun-synchronous inclination, positions and Walker patterns against the tables."""

import math

import pytest

from sunward.physics import orbit
from sunward.physics.constants import EARTH_RADIUS_M, MU_M3_S2, TWO_PI

DEGREES_PER_DAY = math.degrees(1.0) * 86400.0


def test_node_drift_matches_a_numeric_propagation(table):
    for row in table("j2_raan_drift.csv"):
        axis_m = row["a_mean_km"] * 1e3
        cosine = math.cos(math.radians(row["inc_mean_deg"]))
        numeric = row["raan_rate_numeric_deg_per_day"]
        first = orbit.node_rate_rad_s(axis_m, cosine) * DEGREES_PER_DAY
        second = orbit.node_rate_second_order_rad_s(axis_m, cosine) * DEGREES_PER_DAY
        assert abs(first - numeric) < 0.018
        assert abs(second - numeric) < 0.003


def test_first_order_node_drift_is_the_textbook_formula(table):
    for row in table("j2_raan_drift.csv"):
        cosine = math.cos(math.radians(row["inc_mean_deg"]))
        rate = orbit.node_rate_rad_s(row["a_mean_km"] * 1e3, cosine) * DEGREES_PER_DAY
        assert rate == pytest.approx(row["raan_rate_first_order_at_mean_elements"], abs=1e-6)


def test_sun_synchronous_inclination_matches_brahe_and_sgp4(table):
    for row in table("sso_inclination.csv"):
        inclination = math.degrees(orbit.sun_synchronous_inclination_rad(row["a_mean_km"] * 1e3))
        assert abs(inclination - row["sso_inc_brahe_deg"]) < 0.001
        assert abs(inclination - row["sso_inc_sgp4_deg"]) < 0.02


def test_a_sun_synchronous_node_turns_once_a_year():
    axis_m = EARTH_RADIUS_M + 650e3
    cosine = math.cos(orbit.sun_synchronous_inclination_rad(axis_m))
    turn_per_day = orbit.node_rate_rad_s(axis_m, cosine) * 86400.0 / TWO_PI
    assert turn_per_day * 365.2421897 == pytest.approx(1.0, rel=1e-12)


def test_prograde_nodes_drift_west_and_polar_nodes_stand_still():
    assert orbit.node_rate_rad_s(7e6, 0.5) < 0.0 < orbit.node_rate_rad_s(7e6, -0.5)
    assert orbit.node_rate_rad_s(7e6, 0.0) == 0.0
    assert orbit.node_rate_second_order_rad_s(7e6, 0.0) == 0.0


def test_latitude_argument_rate_is_near_that_of_sgp4_mean_elements(table):
    for row in table("ground_access.csv"):
        cosine = math.cos(math.radians(row["inc_deg"]))
        rate = orbit.argument_rate_rad_s(EARTH_RADIUS_M + row["altitude_km"] * 1e3, cosine)
        assert rate * DEGREES_PER_DAY == pytest.approx(
            row["argdot_plus_mdot_deg_per_day"], rel=1e-3
        )


def test_kepler_period(table):
    for row in table("sso_inclination.csv"):
        period_s = TWO_PI / orbit.mean_motion_rad_s(row["a_mean_km"] * 1e3)
        assert period_s == pytest.approx(row["period_kepler_s"], abs=1e-4)


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


def test_walker_positions_match_orekit(table):
    for row in table("isl_walker.csv"):
        radius_m = EARTH_RADIUS_M + row["altitude_km"] * 1e3
        spread = TWO_PI if row["pattern"] == "delta" else math.pi
        node, argument = orbit.walker_angles(
            int(row["i"]), int(row["T"]), int(row["P"]), int(row["F"]), spread
        )
        node += math.radians(row["raan0_deg"])
        argument += math.radians(row["u0_deg"])
        argument += math.sqrt(MU_M3_S2 / radius_m**3) * row["t_s"]
        ours = position(node, argument, math.radians(row["inc_deg"]))
        theirs = (row["xi_km"], row["yi_km"], row["zi_km"])
        for mine, other in zip(ours, theirs, strict=True):
            assert abs(mine * radius_m / 1e3 - other) < 1e-3


def test_a_walker_pattern_spreads_planes_and_slots_evenly():
    angles = [orbit.walker_angles(index, 66, 6, 1, TWO_PI) for index in range(66)]
    assert angles[0] == (0.0, 0.0)
    assert angles[11][0] == pytest.approx(TWO_PI / 6)
    assert angles[11][1] == pytest.approx(TWO_PI / 66)
    assert angles[1][1] == pytest.approx(TWO_PI / 11)
    assert len({(round(node, 9), round(argument, 9)) for node, argument in angles}) == 66

"""Density of the air between its tabulated nodes, and what drag costs."""

import itertools
import math

import pytest

from sunward.physics import atmosphere, drag
from sunward.physics.constants import EARTH_RADIUS_M, MU_M3_S2

CALM, MEAN, STORMY = (70.0, 4.0), (140.0, 12.0), (220.0, 25.0)
ALTITUDES_M = [1e3 * km for km in range(150, 2001, 10)]


def test_the_table_is_met_at_its_nodes():
    for row, f107 in zip(atmosphere.LOG_DENSITY, atmosphere.F107, strict=True):
        for logarithm, altitude_km in zip(row, atmosphere.ALTITUDES_KM, strict=True):
            density = atmosphere.density_kg_m3(1e3 * altitude_km, f107, atmosphere.STORM_AP)
            assert density == pytest.approx(math.exp(logarithm), rel=1e-12)


@pytest.mark.parametrize("activity", [CALM, MEAN, STORMY])
def test_air_thins_with_every_ten_kilometres(activity):
    densities = [atmosphere.density_kg_m3(altitude, *activity) for altitude in ALTITUDES_M]
    assert all(lower > higher for lower, higher in itertools.pairwise(densities))


@pytest.mark.parametrize("altitude_m", [2e5, 4e5, 6e5, 1e6, 1.6e6])
def test_air_thickens_with_sun_and_storms(altitude_m):
    by_sun = [atmosphere.density_kg_m3(altitude_m, f107, 12.0) for f107 in range(65, 251, 5)]
    by_storm = [atmosphere.density_kg_m3(altitude_m, 140.0, ap) for ap in range(0, 61, 5)]
    assert by_sun == sorted(by_sun)
    assert by_storm == sorted(by_storm)


def test_density_is_smooth_across_the_nodes():
    # A hundred metres across a node change the scale height by no more than 5 %.
    for altitude_km in atmosphere.ALTITUDES_KM[2:-2]:
        before, at, after = (
            math.log(atmosphere.density_kg_m3(1e3 * altitude_km + step, *MEAN))
            for step in (-100.0, 0.0, 100.0)
        )
        assert at - before == pytest.approx(after - at, rel=0.05)


def test_outside_its_range_the_density_is_that_of_the_edge():
    edge = atmosphere.density_kg_m3(150e3, *MEAN)
    assert atmosphere.density_kg_m3(0.0, *MEAN) == edge
    assert atmosphere.density_kg_m3(3e6, *MEAN) == atmosphere.density_kg_m3(2e6, *MEAN)


def test_typical_storms_go_with_the_sun():
    for f107, ap in (CALM, MEAN, STORMY):
        assert atmosphere.typical_ap(f107) == pytest.approx(ap, abs=0.5)


def test_decay_is_the_power_of_drag_over_the_slope_of_orbital_energy():
    altitude_m, area = 450e3, 0.03
    radius_m = EARTH_RADIUS_M + altitude_m
    speed_m_s = drag.circular_speed_m_s(altitude_m)
    power = -drag.drag_acceleration_m_s2(altitude_m, area, *MEAN) * speed_m_s
    energy_slope = MU_M3_S2 / (2.0 * radius_m * radius_m)
    assert drag.decay_rate_m_s(altitude_m, area, *MEAN) == pytest.approx(power / energy_slope)


def test_upkeep_lifts_what_decay_takes():
    # Raising a circular orbit by 1 km costs n / 2 m/s per metre: v da / (2 a).
    altitude_m, area = 600e3, 0.7
    sunk_m = -drag.decay_rate_m_s(altitude_m, area, *MEAN) * drag.SECONDS_PER_YEAR
    radius_m = EARTH_RADIUS_M + altitude_m
    lift_m_s = 0.5 * drag.circular_speed_m_s(altitude_m) / radius_m * sunk_m
    assert drag.upkeep_m_s_per_year(altitude_m, area, *MEAN) == pytest.approx(lift_m_s)


def test_drag_grows_with_area_and_vanishes_without_it():
    once, twice = (drag.upkeep_m_s_per_year(5e5, area, *MEAN) for area in (0.1, 0.2))
    assert twice == pytest.approx(2.0 * once)
    assert drag.decay_rate_m_s(5e5, 0.0, *MEAN) == 0.0


def test_propellant_follows_the_rocket_equation():
    exhaust_m_s = drag.STANDARD_GRAVITY_M_S2 * 1500.0
    assert drag.propellant_kg(1000.0, exhaust_m_s, 1500.0) == pytest.approx(1000.0 * (math.e - 1.0))
    assert drag.propellant_kg(1000.0, 0.0, 1500.0) == 0.0
    # Little change of speed: mass times change over exhaust speed.
    assert drag.propellant_kg(1000.0, 1.0, 1500.0) == pytest.approx(1000.0 / exhaust_m_s, rel=1e-4)


def test_a_fleet_burns_what_its_satellites_carry():
    one = drag.propellant_kg(2000.0, 5.0 * 40.0, 1500.0)
    fleet = drag.fleet_propellant_kg_per_year(1e6, 2000.0, 40.0, 5.0, 1500.0)
    assert fleet == pytest.approx(1e6 * one / 5.0)


def test_an_array_that_tracks_the_sun_flies_edge_on_at_dawn_and_dusk():
    assert drag.tracking_drag_share(1.0) == pytest.approx(0.0)
    n_places = 3600
    for sin_beta in (0.0, 0.5, -0.8):
        facing = [
            abs(math.sqrt(1.0 - sin_beta**2) * math.cos(2.0 * math.pi * (i + 0.5) / n_places))
            for i in range(n_places)
        ]
        assert drag.tracking_drag_share(sin_beta) == pytest.approx(sum(facing) / n_places, rel=1e-4)

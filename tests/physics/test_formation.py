"""Formations against Clohessy and Wiltshire's solution, and the published cluster of 81."""

import math

import pytest

from sunward.physics import formation
from sunward.physics.constants import EARTH_RADIUS_M, MU_M3_S2
from sunward.physics.relative import clohessy_wiltshire

RADIUS_M = EARTH_RADIUS_M + 650e3
RATE = math.sqrt(MU_M3_S2 / RADIUS_M**3)
PERIOD_S = 2.0 * math.pi / RATE


@pytest.mark.parametrize("place", [(300.0, 0.0), (0.0, -200.0), (-120.0, 340.0)])
def test_a_formation_orbit_solves_the_equations_of_motion(place):
    start = formation.formation_offset(*place, RATE, 0.0, 50.0, 0.7)
    for time_s in (100.0, 1500.0, 4000.0, 9000.0):
        expected = clohessy_wiltshire(*start, RATE, time_s)
        found = formation.formation_offset(*place, RATE, time_s, 50.0, 0.7)
        assert tuple(found) == pytest.approx(expected, abs=1e-9)


def test_only_the_bounded_speed_does_not_drift():
    bounded = formation.bounded_speed_m_s(200.0, RATE)
    assert formation.along_track_drift_m(200.0, bounded, RATE) == 0.0
    for speed in (bounded + 0.01, bounded - 0.02):
        drift = formation.along_track_drift_m(200.0, speed, RATE)
        after = clohessy_wiltshire(200.0, 0.0, 0.0, 0.0, speed, 0.0, RATE, PERIOD_S)
        assert drift == pytest.approx(after[1], abs=1e-6)
        assert abs(drift) > 10.0


def cluster(time_s, n_side=9, pitch_m=100.0):
    places = [formation.lattice_place_m(i, n_side, pitch_m) for i in range(n_side**2)]
    return [formation.formation_offset(*place, RATE, time_s) for place in places]


def test_the_cluster_of_81_stays_within_its_ellipse_and_its_neighbours_within_200_m():
    ranges, radii = [], []
    for quarter in range(16):
        sats = cluster(PERIOD_S * quarter / 16.0)
        ranges += [
            formation.offset_range_m(sats[9 * row + column], sats[9 * row + column + 1])
            for row in range(9)
            for column in range(8)
        ]
        radii += [math.hypot(sat.x_m, sat.y_m) for sat in sats]
    assert min(ranges) == pytest.approx(100.0)
    assert max(ranges) == pytest.approx(200.0)
    assert 1000.0 < max(radii) < 1150.0  # the corners; the published cluster cuts them off


def test_no_two_satellites_of_the_cluster_come_closer_than_the_pitch():
    sats = cluster(0.21 * PERIOD_S)
    for i, one in enumerate(sats):
        for other in sats[:i]:
            assert formation.offset_range_m(one, other) > 100.0 - 1e-9


def test_the_centre_of_the_lattice_is_the_centre_of_the_cluster():
    for time_s in (0.0, 1234.0):
        sats = cluster(time_s)
        assert sum(sat.x_m for sat in sats) == pytest.approx(0.0, abs=1e-6)
        assert sum(sat.y_m for sat in sats) == pytest.approx(0.0, abs=1e-6)


def test_the_range_of_neighbours_cycles_twice_an_orbit():
    one, other = (formation.formation_offset(a, 0.0, RATE, 700.0) for a in (0.0, 100.0))
    expected = formation.neighbour_range_m(100.0, RATE * 700.0)
    assert formation.offset_range_m(one, other) == pytest.approx(expected)
    for angle in (0.0, 0.4, 1.1):
        assert formation.neighbour_range_m(100.0, angle) == pytest.approx(
            formation.neighbour_range_m(100.0, angle + math.pi)
        )


def test_upkeep_across_the_plane_is_the_turn_of_the_node_that_j2_makes():
    # The difference of two node rates, a degree's thousandth of inclination apart.
    from sunward.physics.orbit import node_rate_rad_s

    inclination, tilt = math.radians(53.0), 1e-6
    rates = [node_rate_rad_s(RADIUS_M, math.cos(inclination + d)) for d in (tilt, -tilt)]
    drift = abs(rates[0] - rates[1])
    speed = math.sqrt(MU_M3_S2 / RADIUS_M)
    expected = speed * math.sin(inclination) * drift * formation.SECONDS_PER_YEAR
    found = formation.plane_upkeep_m_s_per_year(
        RADIUS_M, math.cos(inclination), 2.0 * tilt * RADIUS_M
    )
    assert found == pytest.approx(expected, rel=1e-3)
    assert formation.plane_upkeep_m_s_per_year(RADIUS_M, math.cos(1.71), 1000.0) == pytest.approx(
        47.0, abs=2.0
    )

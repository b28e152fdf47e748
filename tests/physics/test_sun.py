"""The Sun at the solstices, sidereal and local time against published values."""

import math

import pytest

from sunward.physics import sun


def test_the_sun_stands_over_the_tropics_at_the_solstices():
    june = sun.sun_direction_and_distance(9667.9)  # 2026-06-21
    assert math.degrees(math.asin(june[2])) == pytest.approx(23.43, abs=0.02)
    assert june[3] == pytest.approx(1.0163, abs=2e-4)


def test_precession_moves_the_equinox_fifty_arcseconds_a_year():
    x, y, z = sun.date_to_j2000(1.0, 0.0, 0.0, 36525.0)
    moved = math.degrees(math.acos(x))
    # Lieske et al. (1977): general precession 5,029.0966 arcsec in the first century.
    assert moved == pytest.approx(5029.1 / 3600.0, abs=0.001)
    assert y < 0.0
    assert z < 0.0


def test_sidereal_angle_is_the_textbook_example():
    # Meeus, Astronomical Algorithms (1998), example 12.b: 1987 April 10, 19:21:00 UT.
    angle = math.degrees(sun.greenwich_sidereal_angle_rad(2446896.30625 - 2451545.0)) % 360.0
    assert angle == pytest.approx(128.7378734, abs=1e-5)


def test_a_sidereal_day_is_four_minutes_short():
    turn = sun.greenwich_sidereal_angle_rad(1.0) - sun.greenwich_sidereal_angle_rad(0.0)
    assert turn / (2.0 * math.pi) == pytest.approx(1.00273790935, abs=1e-11)


def test_a_noon_node_lies_under_the_mean_sun_and_a_dawn_node_a_quarter_west():
    days = 9800.0
    noon = sun.node_from_local_time_rad(days, 12.0)
    assert noon == sun.mean_sun_right_ascension_rad(days)
    assert noon - sun.node_from_local_time_rad(days, 6.0) == pytest.approx(math.pi / 2)

"""The Sun's direction and distance against DE421, sidereal time against published values."""

import math

import pytest

from sunward.physics import sun

J2000 = 2451545.0


def angle_deg(a, b):
    cross = math.hypot(
        a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    )
    return math.degrees(math.atan2(cross, sum(p * q for p, q in zip(a, b, strict=True))))


def test_direction_and_distance_match_de421(table):
    for row in table("sun_direction.csv"):
        *direction, distance_au = sun.sun_direction_and_distance(row["jd_tt"] - J2000)
        truth = [row[f"sun_app_mod_{axis}"] for axis in "xyz"]
        assert angle_deg(direction, truth) < 0.012
        assert abs(distance_au - row["dist_au"]) < 1e-4


def test_precession_takes_the_direction_to_the_celestial_frame(table):
    for row in table("sun_direction.csv"):
        days = row["jd_tt"] - J2000
        of_date = [row[f"sun_app_mod_{axis}"] for axis in "xyz"]
        truth = [row[f"sun_app_gcrf_{axis}"] for axis in "xyz"]
        assert angle_deg(sun.date_to_j2000(*of_date, days), truth) < 1e-4


def test_the_sun_stands_over_the_tropics_at_the_solstices():
    june = sun.sun_direction_and_distance(9667.9)  # 2026-06-21
    assert math.degrees(math.asin(june[2])) == pytest.approx(23.43, abs=0.02)
    assert june[3] == pytest.approx(1.0163, abs=2e-4)


def test_sidereal_angle_is_the_textbook_example():
    # Meeus, Astronomical Algorithms (1998), example 12.b: 1987 April 10, 19:21:00 UT.
    angle = math.degrees(sun.greenwich_sidereal_angle_rad(2446896.30625 - J2000)) % 360.0
    assert angle == pytest.approx(128.7378734, abs=1e-5)


def test_a_sidereal_day_is_four_minutes_short():
    turn = sun.greenwich_sidereal_angle_rad(1.0) - sun.greenwich_sidereal_angle_rad(0.0)
    assert turn / (2.0 * math.pi) == pytest.approx(1.00273790935, abs=1e-11)


def test_a_noon_node_lies_under_the_mean_sun_and_a_dawn_node_a_quarter_west():
    days = 9800.0
    noon = sun.node_from_local_time_rad(days, 12.0)
    assert noon == sun.mean_sun_right_ascension_rad(days)
    assert noon - sun.node_from_local_time_rad(days, 6.0) == pytest.approx(math.pi / 2)


def test_local_time_matches_the_nodes_of_the_season_table(table):
    seen = set()
    for row in table("eclipse_season.csv"):
        if row["orbit"] in seen or "LTAN" not in row["orbit"]:
            continue
        seen.add(row["orbit"])
        hours = float(row["orbit"].split("LTAN")[1].split("_")[0])
        node = math.degrees(sun.node_from_local_time_rad(row["jd_utc"] - J2000, hours))
        assert abs((node - row["raan_deg"] + 180.0) % 360.0 - 180.0) < 0.5
    assert seen

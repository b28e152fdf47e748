"""Eclipses against Orekit, Basilisk and brahe, and the kernel's short forms against the exact."""

import itertools
import math

import pytest

from sunward.physics import eclipse, orbit, sun
from sunward.physics.constants import AU_M, EARTH_RADIUS_M, SUN_RADIUS_M, TWO_PI

J2000 = 2451545.0
UMBRA, PENUMBRA = -1.0, 1.0
LIGHT_TIME_DAYS = 499.0 / 86400.0


def julian_day(text):
    year, month, day = (int(part) for part in text[:10].split("-"))
    hour, minute, second = (float(part) for part in text[11:-1].split(":"))
    shifted_year, shifted_month = (year - 1, month + 12) if month < 3 else (year, month)
    century = shifted_year // 100
    whole = int(365.25 * (shifted_year + 4716)) + int(30.6001 * (shifted_month + 1))
    return (
        whole
        + day
        + 2
        - century
        + century // 4
        - 1524.5
        + (hour + minute / 60) / 24
        + (second / 86400)
    )


class Shadow:
    """A circular orbit that starts at its node, under a Sun that moves as our model says."""

    def __init__(self, row):
        self.radius_m = EARTH_RADIUS_M + row["altitude_km"] * 1e3
        self.mean_motion = orbit.mean_motion_rad_s(self.radius_m)
        self.period_s = TWO_PI / self.mean_motion
        self.angles = [math.radians(row[key]) for key in ("raan_deg", "inc_deg")]
        self.start = [row[f"sun_gcrf_{axis}"] for axis in "xyz"]
        self.distance_m = row["sun_dist_km"] * 1e3
        self.days = julian_day(row["epoch_utc"]) - J2000
        before, after = self._model(0.0), self._model(self.period_s)
        self.rate = [(b - a) / self.period_s for a, b in zip(before, after, strict=True)]
        along, ahead, _ = self.sun_in_plane(0.0)
        self.middle = math.atan2(-ahead, -along)

    def _model(self, time_s):
        days = self.days + time_s / 86400.0
        return sun.date_to_j2000(*sun.sun_direction_and_distance(days)[:3], days)

    def sun_in_plane(self, time_s):
        """Returns (along the node, a quarter ahead of it, along the normal) of the Sun."""
        node, inclination = self.angles
        s = [a + b * time_s for a, b in zip(self.start, self.rate, strict=True)]
        along = s[0] * math.cos(node) + s[1] * math.sin(node)
        across = s[1] * math.cos(node) - s[0] * math.sin(node)
        ahead = across * math.cos(inclination) + s[2] * math.sin(inclination)
        return along, ahead, s[2] * math.cos(inclination) - across * math.sin(inclination)

    def crossing_s(self, cone, side, turn):
        """Returns when the orbit crosses a cone: side -1 in, +1 out; None where it does not."""
        time_s = turn * self.period_s
        for _ in range(60):
            along, ahead, normal = self.sun_in_plane(time_s)
            half = eclipse.cone_half_angle_rad(self.radius_m, normal, self.distance_m, cone)
            if half <= 0.0:
                return None
            middle = self.middle + math.remainder(math.atan2(-ahead, -along) - self.middle, TWO_PI)
            time_s = (middle + side * half) / self.mean_motion + turn * self.period_s
        return time_s

    def total_and_crossings(self, cone):
        """Returns (seconds in shadow, last entry, last exit) in the first period."""
        total, entry, leave = 0.0, None, None
        for turn in (-1, 0, 1):
            begin, end = self.crossing_s(cone, -1.0, turn), self.crossing_s(cone, 1.0, turn)
            if begin is None or end is None:
                continue
            total += max(min(end, self.period_s) - max(begin, 0.0), 0.0)
            entry = begin if 0.0 <= begin <= self.period_s else entry
            leave = end if 0.0 <= end <= self.period_s else leave
        return total, entry, leave


@pytest.mark.parametrize(("cone", "name"), [(UMBRA, "umbra"), (PENUMBRA, "penumbra")])
def test_shadow_totals_and_crossings_match_orekit(table, cone, name):
    for row in table("eclipse_orbits.csv"):
        total, entry, leave = Shadow(row).total_and_crossings(cone)
        column = "umbra_total_s" if cone == UMBRA else "penumbra_incl_total_s"
        assert abs(total - row[column]) < 0.5, row
        for mine, key in ((entry, f"{name}_entry_s"), (leave, f"{name}_exit_s")):
            if mine is not None and not math.isnan(row[key]):
                assert abs(mine - row[key]) < 0.5, row


def test_sun_elevation_over_the_plane_matches_the_table(table):
    for row in table("eclipse_orbits.csv"):
        shadow = Shadow(row)
        # The table's Sun is geometric; ours is seen where it was a light time ago.
        days = shadow.days + LIGHT_TIME_DAYS
        direction = sun.date_to_j2000(*sun.sun_direction_and_distance(days)[:3], days)
        node, inclination = shadow.angles
        normal = orbit.orbit_normal(
            math.sin(node), math.cos(node), math.sin(inclination), math.cos(inclination)
        )
        sine = sum(a * b for a, b in zip(normal, direction, strict=True))
        assert abs(math.degrees(math.asin(sine)) - row["beta_deg"]) < 0.01


def test_cylinder_arc_is_near_the_mean_shadow(table):
    for row in table("eclipse_orbits.csv"):
        if row["umbra_frac"] < 0.05:
            continue
        _, cos_limb = eclipse.limb_sines(EARTH_RADIUS_M + row["altitude_km"] * 1e3)
        half = eclipse.shadow_half_angle_rad(math.sin(math.radians(row["beta_deg"])), cos_limb)
        share = 2.0 * half / TWO_PI
        middle = 0.5 * (row["umbra_frac"] + row["penumbra_incl_frac"])
        assert abs(share - middle) * row["period_s"] < 12.0


def mean_shadow(radius_m, sin_beta, distance_au, n_points):
    """Returns the mean of 1 - illumination over one orbit, as the kernel computes light."""
    sin_limb, cos_limb = eclipse.limb_sines(radius_m)
    cos_beta = math.sqrt(1.0 - sin_beta * sin_beta)
    sun_radius = eclipse.sun_angular_radius_rad(distance_au)
    dark = 0.0
    for point in range(n_points):
        cosine = cos_beta * math.cos(TWO_PI * (point + 0.5) / n_points)
        dark += 1.0 - eclipse.limb_illumination(cosine, cos_limb, sin_limb, sun_radius)
    return dark / n_points


def test_season_of_eclipses_matches_brahe(table):
    for row in table("eclipse_season.csv"):
        days = row["jd_utc"] - J2000
        *direction, distance_au = sun.sun_direction_and_distance(days)
        node, inclination = math.radians(row["raan_deg"]), math.radians(row["inc_deg"])
        normal = orbit.orbit_normal(
            math.sin(node), math.cos(node), math.sin(inclination), math.cos(inclination)
        )
        in_frame = sun.date_to_j2000(*direction, days)
        sin_beta = sum(a * b for a, b in zip(normal, in_frame, strict=True))
        assert abs(math.degrees(math.asin(sin_beta)) - row["beta_deg"]) < 0.02
        radius_m = EARTH_RADIUS_M + row["altitude_km"] * 1e3
        share = mean_shadow(radius_m, sin_beta, distance_au, 360)
        assert abs(share - row["eclipse_frac_conical"]) < 0.002, row
        assert abs(distance_au - row["sun_dist_au"]) < 1e-4


def test_straight_limb_matches_the_two_discs():
    radius_m = EARTH_RADIUS_M + 600e3
    sin_limb, cos_limb = eclipse.limb_sines(radius_m)
    earth = math.asin(sin_limb)
    for sun_radius in (0.00457, 0.00473):
        for step in range(-30, 31):
            separation = earth + sun_radius * step / 20.0
            exact = eclipse.two_disc_illumination(sun_radius, earth, separation)
            cosine = -math.cos(separation)
            straight = eclipse.limb_illumination(cosine, cos_limb, sin_limb, sun_radius)
            assert abs(exact - straight) < 0.002


def test_light_rises_steadily_from_night_to_day():
    sin_limb, cos_limb = eclipse.limb_sines(7.0e6)
    separations = [math.asin(sin_limb) + 0.0047 * step / 500.0 for step in range(-550, 551)]
    light = [
        eclipse.limb_illumination(-math.cos(angle), cos_limb, sin_limb, 0.0047)
        for angle in separations
    ]
    assert light[0] == 0.0
    assert light[-1] == pytest.approx(1.0, abs=1e-12)
    assert all(a <= b + 1e-12 for a, b in itertools.pairwise(light))
    assert all(0.0 <= value <= 1.0 for value in light)


def test_noon_is_bright_and_midnight_is_dark():
    sin_limb, cos_limb = eclipse.limb_sines(7.0e6)
    assert eclipse.limb_illumination(1.0, cos_limb, sin_limb, 0.0047) == pytest.approx(1.0)
    assert eclipse.limb_illumination(0.0, cos_limb, sin_limb, 0.0047) == pytest.approx(1.0)
    assert eclipse.limb_illumination(-1.0, cos_limb, sin_limb, 0.0047) == 0.0


def test_two_disc_limits():
    assert eclipse.two_disc_illumination(0.0047, 1.1, 1.2) == 1.0
    assert eclipse.two_disc_illumination(0.0047, 1.1, 1.0) == 0.0
    # An Earth half as wide as the Sun, right before it, hides a quarter.
    assert eclipse.two_disc_illumination(0.004, 0.002, 0.0) == pytest.approx(0.75)
    assert eclipse.two_disc_illumination(0.0047, 1.1, 1.1) == pytest.approx(0.5, abs=0.002)


def test_no_shadow_above_the_critical_elevation_of_the_sun():
    sin_limb, cos_limb = eclipse.limb_sines(7.0e6)
    assert eclipse.shadow_half_angle_rad(sin_limb * 1.001, cos_limb) == 0.0
    assert eclipse.shadow_half_angle_rad(sin_limb * 0.999, cos_limb) > 0.0
    assert eclipse.shadow_half_angle_rad(1.0, cos_limb) == 0.0
    assert eclipse.shadow_half_angle_rad(0.0, cos_limb) == pytest.approx(math.asin(sin_limb))


def test_the_sun_looks_half_a_degree_wide():
    assert eclipse.sun_angular_radius_rad(1.0) == pytest.approx(SUN_RADIUS_M / AU_M, rel=1e-4)

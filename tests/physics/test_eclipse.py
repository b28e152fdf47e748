"""Shadows at their limits, and the kernel's short forms against the exact."""

import itertools
import math

import pytest

from sunward.physics import eclipse
from sunward.physics.constants import AU_M, EARTH_RADIUS_M, SUN_RADIUS_M


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

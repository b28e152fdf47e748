"""Relative motion: closed orbits, and rates that are derivatives."""

import math

import pytest

from sunward.physics.relative import clohessy_wiltshire


def test_a_bounded_orbit_closes_after_one_turn():
    n = 0.00107
    start = (200.0, 50.0, 30.0, 0.0, -2.0 * n * 200.0, 0.1)
    assert clohessy_wiltshire(*start, n, 2.0 * math.pi / n) == pytest.approx(start, abs=1e-9)


def test_velocity_is_the_derivative_of_position():
    n, t, h = 0.00107, 700.0, 0.01
    start = (100.0, -40.0, 20.0, 0.05, -0.1, 0.02)
    before, after = clohessy_wiltshire(*start, n, t - h), clohessy_wiltshire(*start, n, t + h)
    slope = [(b - a) / (2.0 * h) for a, b in zip(before[:3], after[:3], strict=True)]
    assert slope == pytest.approx(clohessy_wiltshire(*start, n, t)[3:], abs=1e-6)

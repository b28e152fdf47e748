"""Polynomials against libm, in float64 and in float32."""

import math

import numpy as np
import pytest

from sunward.physics import approximation

WIDTHS = [(float, 0), (np.float32, 1)]


def worst(approximate, exact, arguments, width, *, relative=False):
    """Returns the greatest error over the arguments, each first rounded to the width."""
    error = 0.0
    for argument in arguments:
        held = width(argument)
        truth = exact(float(held))
        miss = abs(float(approximate(held)) - truth)
        error = max(error, miss / abs(truth) if relative else miss)
    return error


@pytest.mark.parametrize(("width", "column"), WIDTHS)
def test_sine_and_cosine_hold_over_the_whole_turn(width, column):
    angles = np.linspace(-3.1415926, 3.1415926, 3001)
    limit = (3e-8, 6e-7)[column]
    assert worst(lambda x: approximation.sin_cos(x)[0], math.sin, angles, width) < limit
    assert worst(lambda x: approximation.sin_cos(x)[1], math.cos, angles, width) < limit


@pytest.mark.parametrize(("width", "column"), WIDTHS)
@pytest.mark.parametrize(("reach", "limits"), [(4.0, (2e-8, 1.2e-6)), (32.0, (1e-7, 8e-6))])
def test_exponential_is_accurate_relative_to_itself(width, column, reach, limits):
    arguments = np.linspace(-reach, reach, 3001)
    error = worst(approximation.exponential, math.exp, arguments, width, relative=True)
    assert error < limits[column]


def test_exponential_stops_growing_at_its_limit():
    assert approximation.exponential(1000.0) == approximation.exponential(32.0)
    assert approximation.exponential(-1000.0) == approximation.exponential(-32.0)
    assert approximation.exponential(0.0) == 1.0


@pytest.mark.parametrize(("width", "column"), WIDTHS)
def test_exponential_minus_one_keeps_its_digits_near_zero(width, column):
    arguments = np.geomspace(1e-7, 1.0, 2001)
    error = worst(approximation.exponential_minus_one, math.expm1, arguments, width, relative=True)
    assert error < (4e-9, 6e-7)[column]


@pytest.mark.parametrize(("width", "column"), WIDTHS)
def test_logarithm_is_accurate_relative_to_itself_even_near_one(width, column):
    far = np.geomspace(2.0**-60, 15.9, 3001)
    near = 1.0 - np.geomspace(2.0**-24, 0.5, 1001)
    arguments = np.concatenate([far, near[near < 1.0]])
    arguments = [x for x in arguments if float(width(x)) != 1.0]
    error = worst(approximation.logarithm, math.log, arguments, width, relative=True)
    assert error < (1e-9, 2.5e-7)[column]
    assert approximation.logarithm(width(1.0)) == 0.0


@pytest.mark.parametrize(("width", "column"), WIDTHS)
def test_power_serves_every_clock_and_exponent(width, column):
    error = 0.0
    for base in np.linspace(0.05, 1.0, 60):
        for exponent in np.linspace(0.0, 1.0, 20):
            b, e = width(base), width(exponent)
            error = max(error, abs(float(approximation.power(b, e)) / float(b) ** float(e) - 1.0))
    assert error < (2e-8, 1e-6)[column]


@pytest.mark.parametrize(("width", "column"), WIDTHS)
def test_arctangent_knows_all_four_quadrants(width, column):
    for angle in np.linspace(-3.14, 3.14, 2001):
        y, x = width(math.sin(angle)), width(math.cos(angle))
        miss = abs(float(approximation.arctangent2(y, x)) - math.atan2(float(y), float(x)))
        assert miss < (1e-8, 3.5e-7)[column]


def test_arctangent_on_the_axes_and_at_the_origin():
    assert approximation.arctangent2(0.0, 0.0) == 0.0
    assert approximation.arctangent2(0.0, 2.0) == 0.0
    assert approximation.arctangent2(3.0, 0.0) == pytest.approx(math.pi / 2)
    assert approximation.arctangent2(-3.0, 0.0) == pytest.approx(-math.pi / 2)
    assert approximation.arctangent2(0.0, -1.0) == pytest.approx(math.pi)


@pytest.mark.parametrize(("width", "column"), WIDTHS)
def test_arccosine_is_accurate_to_the_ends_and_held_beyond(width, column):
    error = worst(approximation.arccosine, math.acos, np.linspace(-1.0, 1.0, 3001), width)
    assert error < (1e-8, 4e-7)[column]
    assert approximation.arccosine(width(1.5)) == 0.0
    assert float(approximation.arccosine(width(-1.5))) == pytest.approx(math.pi, rel=1e-7)


def test_selections_choose_the_side_they_are_named_for():
    assert approximation.minimum(1.0, 2.0) == 1.0
    assert approximation.maximum(1.0, 2.0) == 2.0
    assert approximation.select(True, 1.0, 2.0) == 1.0
    assert approximation.select(False, 1.0, 2.0) == 2.0
    assert approximation.clamp(-3.0, -1.0, 1.0) == -1.0
    assert approximation.clamp(3.0, -1.0, 1.0) == 1.0
    assert approximation.clamp(0.5, -1.0, 1.0) == 0.5


def test_square_root_keeps_the_width_it_is_given():
    assert isinstance(approximation.square_root(np.float32(2.0)), np.float32)
    assert approximation.square_root(np.float32(2.0)) == np.sqrt(np.float32(2.0))
    assert approximation.square_root(2.0) == math.sqrt(2.0)

"""Upsets against hand-made cases."""

import math

import pytest

from sunward.physics import radiation
from sunward.physics.belt import MEAN_FLUX_SSO_650_CM2_S


def test_upset_rate_averages_to_its_mean_and_keeps_its_floor():
    mean = MEAN_FLUX_SSO_650_CM2_S
    assert radiation.upset_rate_per_s(mean, 1e-5, mean, 0.2) == pytest.approx(1e-5)
    assert radiation.upset_rate_per_s(0.0, 1e-5, mean, 0.2) == pytest.approx(2e-6)


def test_upset_probability_is_that_of_a_poisson_process():
    assert radiation.upset_probability(0.0, 60.0) == 0.0
    assert radiation.upset_probability(1e-9, 60.0) == pytest.approx(6e-8, rel=1e-6)
    assert radiation.upset_probability(0.01, 60.0) == pytest.approx(-math.expm1(-0.6), rel=1e-7)
    assert radiation.upset_probability(10.0, 60.0) == pytest.approx(1.0)

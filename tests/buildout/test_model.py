"""Formulas against known values, limits and signs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sunward.buildout import model
from sunward.physics.drag import circular_speed_m_s


def test_the_cadence_begins_and_ends_where_it_should_and_never_falls():
    months = np.arange(600)
    cadence = model.flights_per_month(0.5, 40.0, 0.075, months)
    assert cadence[0] == pytest.approx(0.5)
    assert cadence[-1] == pytest.approx(40.0, rel=1e-6)
    assert (np.diff(cadence) >= 0.0).all()


def test_a_doubling_of_experience_takes_off_the_learning_share():
    assert model.learnt(1500.0, 100.0, 0.0, 10.0, 0.3) == pytest.approx(1500.0)
    assert model.learnt(1500.0, 100.0, 10.0, 10.0, 0.3) == pytest.approx(100.0 + 0.7 * 1400.0)
    assert model.learnt(1500.0, 100.0, 30.0, 10.0, 0.3) == pytest.approx(100.0 + 0.49 * 1400.0)


def test_failures_strike_as_often_as_their_share_says():
    uniform = (np.arange(20_000) + 0.5) / 20_000
    first = np.array([model.first_failure(one, 0.1) for one in uniform.tolist()])
    assert (first == 1).mean() == pytest.approx(0.1, abs=1e-3)
    assert first.mean() == pytest.approx(1.0 / 0.1, rel=0.01)
    assert model.first_failure(0.5, 0.0) == math.inf


def test_revenue_grows_with_supply_towards_the_demand_and_its_slope_is_the_marginal_price():
    supply, demand, step = np.linspace(0.0, 1e4, 200), 50.0, 1e-4

    def revenue(quantity):
        return quantity * model.market_price_share(quantity, demand)

    assert (np.diff(revenue(supply)) > 0.0).all()
    assert revenue(1e12) == pytest.approx(demand, rel=1e-9)
    slope = (revenue(supply + step) - revenue(supply - step)) / (2.0 * step)
    np.testing.assert_allclose(slope, model.marginal_price_share(supply, demand), rtol=1e-5)


def test_half_of_the_accelerators_are_left_at_the_half_dose():
    assert model.accelerators_left(0.0, 0.01, 60.0, 60.0) == pytest.approx(0.5)
    assert model.accelerators_left(10.0, 0.01, 0.0, 60.0) == pytest.approx(math.exp(-0.1))
    assert model.accelerators_left(0.0, 0.0, 20.0, 60.0) > 0.95
    assert model.accelerators_left(0.0, 0.0, 180.0, 60.0) < 0.05


def test_satellites_die_ever_faster_past_their_design_life():
    ages = np.arange(0.0, 97.0)
    rate = model.loss_rate_per_month(ages, 0.001, 60.0, 6.0)
    assert rate[:61] == pytest.approx(1.0 - math.exp(-0.001))
    assert (np.diff(rate[60:]) > 0.0).all()
    assert rate[66] == pytest.approx(1.0 - math.exp(-0.001 * math.e))


def test_a_discount_compounds():
    assert model.discount(0.1 / 12.0, 12.0) == pytest.approx(math.exp(-0.1))


def test_a_life_needs_the_difference_of_speeds_twice_where_there_is_no_air():
    speed = model.life_speed_change_m_s(1200e3, 350e3, 1e-9, 140.0, 7.0)
    spiral = circular_speed_m_s(350e3) - circular_speed_m_s(1200e3)
    assert speed == pytest.approx(2.0 * spiral, rel=1e-6)
    assert 800.0 < speed < 1000.0


def test_drag_costs_low_satellites_most_and_brings_them_down_soonest():
    low, high = (
        model.life_speed_change_m_s(altitude, altitude, 0.2, 140.0, 5.0)
        for altitude in (500e3, 650e3)
    )
    assert low > 4.0 * high > 0.0
    months = [model.natural_decay_months(altitude, 0.62, 140.0) for altitude in (400e3, 650e3)]
    assert 0.1 < months[0] < 6.0
    assert 6.0 < months[1] < 120.0
    assert model.natural_decay_months(1000e3, 0.62, 140.0) > 60.0


def test_dawn_dusk_arrays_fly_nearly_edge_on_and_drifting_ones_do_not():
    dawn = model.sun_synchronous_drag_share(math.radians(98.0), 6.0)
    noon = model.sun_synchronous_drag_share(math.radians(98.0), 12.0)
    drifting = model.drifting_drag_share(math.radians(30.0))
    assert dawn < 0.2
    assert noon == pytest.approx(2.0 / math.pi, rel=0.05)
    assert dawn < drifting < noon


def test_the_floor_of_upsets_is_no_dose():
    assert model.dose_ratio(0.1, 1.0, 0.1) == 0.0
    assert model.dose_ratio(1.0, 1.0, 0.1) == pytest.approx(1.0)
    assert model.dose_ratio(0.0, 1.0, 0.1) == 0.0

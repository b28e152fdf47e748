"""Ageing: limits, order of the stressors, and a price that is the law's own slope."""

import math
from typing import Any

import pytest

from sunward.physics import ageing

WARM_K = 293.15
ORBIT: dict[str, Any] = {
    "years": 5.0,
    "orbits_per_day": 15.0,
    "depth_of_discharge": 0.2,
    "temperature_k": WARM_K,
    "eclipse_share": 0.36,
}


def left(**changes):
    return ageing.relative_capacity(**(ORBIT | changes))


def test_a_new_battery_is_whole_and_an_idle_one_ages_by_the_calendar_alone():
    assert left(years=0.0) == 1.0
    rest_v = ageing.open_circuit_voltage_v(0.9)
    for season in (0.0, 1.0):
        idle = left(depth_of_discharge=0.0, season_share=season)
        alone = ageing.calendar_rate(rest_v, WARM_K) * (5.0 * 365.0) ** 0.75
        assert 1.0 - idle == pytest.approx(alone, rel=1e-9)


@pytest.mark.parametrize(
    ("stressor", "values"),
    [
        ("years", [0.5, 1.0, 3.0, 5.0]),
        ("depth_of_discharge", [0.05, 0.1, 0.3, 0.5]),
        ("temperature_k", [283.15, 293.15, 303.15, 308.15]),
        ("season_share", [0.0, 0.25, 0.6, 1.0]),
        ("orbits_per_day", [11.0, 13.0, 15.5]),
        ("full_fraction", [0.6, 0.7, 0.8, 0.9, 1.0]),
    ],
)
def test_more_of_a_stressor_leaves_less(stressor, values):
    capacities = [left(**{stressor: value}) for value in values]
    assert capacities == sorted(capacities, reverse=True)
    assert capacities[0] - capacities[-1] > 0.02


def test_equivalent_time_neither_knows_the_steps_nor_the_order_of_equal_stress():
    whole = ageing.grown_loss(0.0, 3e-4, 1000.0, 0.75)
    parts = 0.0
    for days in (1.0, 399.0, 600.0):
        parts = ageing.grown_loss(parts, 3e-4, days, 0.75)
    assert whole == pytest.approx(3e-4 * 1000.0**0.75)
    assert parts == pytest.approx(whole, rel=1e-12)


def test_a_change_of_stress_goes_on_from_the_loss():
    before = ageing.grown_loss(0.0, 1e-3, 100.0, 0.5)
    after = ageing.grown_loss(before, 2e-3, 1e-6, 0.5)
    # Slope of the law at a loss: rate^2 / (2 loss).
    assert (after - before) / 1e-6 == pytest.approx(2e-3**2 / (2.0 * before), rel=1e-4)


def test_ten_kelvin_act_by_arrhenius():
    ratio = ageing.calendar_rate(4.0, 303.15) / ageing.calendar_rate(4.0, 293.15)
    assert ratio == pytest.approx(math.exp(6976.0 / 293.15 - 6976.0 / 303.15))


def cycle_price(depth, n_steps=2000):
    """Returns the price of one discharge from full to a depth, in small pieces."""
    return sum(
        ageing.cycle_wear_fraction(depth / n_steps, 1.0, depth * (step + 0.5) / n_steps)
        for step in range(n_steps)
    )


@pytest.mark.parametrize("depth", [0.1, 0.3, 0.5])
def test_a_life_of_cycles_costs_in_prices_what_it_costs_in_capacity(depth):
    mean_v = ageing.mean_cycle_voltage_v(1.0, depth, 0.0)
    beta = ageing.cycle_rate(mean_v, depth)
    cycle_ah = 2.0 * ageing.CELL_AH * depth
    n_cycles, loss = 0, 0.0
    while loss < ageing.LIFE_LOSS:
        loss = ageing.grown_loss(loss, beta, cycle_ah * 10.0, ageing.CYCLE_EXPONENT)
        n_cycles += 10
    assert n_cycles * cycle_price(depth) == pytest.approx(ageing.LIFE_LOSS, rel=0.005)


def test_known_cycles_have_their_prices():
    assert cycle_price(0.3) == pytest.approx(5.5e-5, rel=0.01)
    assert cycle_price(0.5) == pytest.approx(1.17e-4, rel=0.01)
    assert cycle_price(0.5) / 0.5 > cycle_price(0.2) / 0.2


def test_a_life_at_rest_costs_in_prices_what_it_costs_in_capacity():
    for charge, kelvin in ((1.0, 293.15), (0.5, 293.15), (0.9, 308.15)):
        alpha = ageing.calendar_rate(ageing.open_circuit_voltage_v(charge), kelvin)
        days = (ageing.LIFE_LOSS / alpha) ** (1.0 / 0.75)
        price = ageing.calendar_wear_fraction(charge, kelvin, days * 86400.0)
        assert price == pytest.approx(ageing.LIFE_LOSS, rel=1e-5)


def test_a_step_costs_its_use_and_its_age():
    together = ageing.wear_fraction(1e6, 1e8, 0.3, 300.0, 60.0)
    by_use = ageing.cycle_wear_fraction(1e6, 1e8, 0.3)
    by_age = ageing.calendar_wear_fraction(0.7, 300.0, 60.0)
    assert together == pytest.approx(by_use + by_age, rel=1e-12)
    assert ageing.wear_fraction(0.0, 1e8, 0.3, 300.0, 60.0) == pytest.approx(by_age)


def test_voltage_rises_with_charge_through_the_measured_points():
    measured = {0.2: 3.581, 0.3: 3.627, 0.5: 3.697, 0.7: 3.868, 0.9: 4.073, 1.0: 4.162}
    for charge, volts in measured.items():
        assert ageing.open_circuit_voltage_v(charge) == pytest.approx(volts, abs=0.015)


def test_an_array_loses_its_share_of_what_is_left():
    assert ageing.array_power_share(0.08, 0.0) == 1.0
    assert ageing.array_power_share(0.08, 2.0) == pytest.approx(0.92**2)

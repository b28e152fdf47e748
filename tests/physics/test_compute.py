"""Clock, voltage, batch: shapes and published points."""

import pytest

from sunward.physics import compute


def test_voltage_is_flat_below_the_knee_and_full_at_full_clock():
    assert compute.voltage_fraction(0.2) == compute.voltage_fraction(0.65) == 0.75
    assert compute.voltage_fraction(1.0) == pytest.approx(1.0)


def test_switching_power_is_linear_below_the_knee_and_steeper_above():
    assert compute.dynamic_power_fraction(1.0) == pytest.approx(1.0)
    assert compute.dynamic_power_fraction(0.3) == pytest.approx(0.3 * 0.75**2)
    steep = compute.dynamic_power_fraction(1.0) - compute.dynamic_power_fraction(0.9)
    flat = compute.dynamic_power_fraction(0.5) - compute.dynamic_power_fraction(0.4)
    assert steep > 3.0 * flat


def test_least_energy_per_operation_lies_near_seventy_per_cent_of_the_clock():
    def energy(clock):
        dynamic = compute.dynamic_power_fraction(clock)
        return compute.accelerator_power_w(1.0, 0.13, 1.0, dynamic, 1.0) / clock

    best = min((energy(clock / 100.0), clock / 100.0) for clock in range(20, 101))[1]
    assert best == pytest.approx(0.7, abs=0.06)


def test_prefill_follows_the_clock_and_decode_hardly():
    assert compute.work_rate(1.0, 0.4) == pytest.approx(1.0, abs=1e-7)
    assert compute.work_rate(0.5, 1.0) == pytest.approx(0.5)
    assert compute.work_rate(0.5, 0.0) == pytest.approx(0.5**0.1, rel=5e-6)
    assert 0.5 < compute.work_rate(0.5, 0.5) < 0.5**0.1


# Batch, joules a token, watts a GPU: a 70B model on four H100 (ML.ENERGY).
MEASURED = [(8, 3.76, 441.0), (64, 0.80, 500.0), (256, 0.48, 589.0), (1024, 0.37, 637.0)]


def test_batch_power_matches_the_measured_points():
    idle_w = 75.0
    _, full_joules, full_w = MEASURED[-1]
    for _, joules, watts in MEASURED:
        fill = watts / joules / (full_w / full_joules)
        measured = (watts - idle_w) / (full_w - idle_w)
        assert compute.batch_power_fraction(fill) == pytest.approx(measured, abs=0.025)


def test_a_full_batch_takes_full_power_and_an_empty_one_none():
    assert compute.batch_power_fraction(1.0) == pytest.approx(1.0)
    assert compute.batch_power_fraction(0.0) == 0.0


def test_energy_a_token_falls_with_the_batch():
    costs = [compute.batch_power_fraction(fill) / fill for fill in (0.1, 0.3, 0.6, 1.0)]
    assert costs == sorted(costs, reverse=True)


def test_idle_accelerators_take_their_floor_and_dark_ones_nothing():
    assert compute.accelerator_power_w(1e5, 0.13, 1.0, 0.0, 0.0) == pytest.approx(13e3)
    assert compute.accelerator_power_w(1e5, 0.13, 0.0, 1.0, 1.0) == 0.0
    assert compute.accelerator_power_w(1e5, 0.13, 1.0, 1.0, 1.0) == pytest.approx(1e5)

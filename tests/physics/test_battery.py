"""Battery: limits, balance of energy, temperature."""

import random

import pytest

from sunward.physics import battery

KWH_J = 3.6e6
WARM_K = 293.15


def test_energy_balances_to_the_last_digit_under_any_surplus():
    rng = random.Random(1)
    charge_j, capacity_j = 10.0 * KWH_J, 20.0 * KWH_J
    for _ in range(2000):
        surplus_w, seconds = rng.uniform(-3e5, 3e5), rng.choice([1.0, 10.0, 60.0])
        accept_w = battery.charge_limit_w(charge_j, capacity_j, 0.5, WARM_K)
        give_w = battery.discharge_limit_w(charge_j, 2.0 * KWH_J, capacity_j, 1.0, 0.96, seconds)
        done = battery.battery_exchange(
            charge_j, capacity_j, surplus_w, accept_w, give_w, 0.97, 0.96, seconds
        )
        assert done.bus_power_w + done.curtailed_w - done.unmet_w == pytest.approx(
            surplus_w, rel=1e-12
        )
        gained_j = done.charge_j - charge_j
        assert done.bus_power_w * seconds == pytest.approx(
            gained_j + done.loss_w * seconds, rel=1e-9, abs=1e-6
        )
        assert min(done.unmet_w, done.curtailed_w, done.loss_w) >= 0.0
        assert 2.0 * KWH_J - 1e-3 <= done.charge_j <= capacity_j
        charge_j = done.charge_j


def test_a_round_trip_loses_what_the_two_efficiencies_say():
    stored = battery.battery_exchange(0.0, 1e9, 1000.0, 1e6, 1e6, 0.95, 0.9, 100.0)
    drained = battery.battery_exchange(stored.charge_j, 1e9, -1e6, 1e6, 1e6, 0.95, 0.9, 100.0)
    assert -drained.bus_power_w == pytest.approx(0.95 * 0.9 * 1000.0)
    assert drained.charge_j == pytest.approx(0.0, abs=1e-6)
    assert drained.unmet_w == pytest.approx(1e6 - 855.0)


def test_charging_tapers_above_ninety_per_cent():
    capacity_j = 20.0 * KWH_J
    full_w = 0.5 * 20.0e3

    def limit(share):
        return battery.charge_limit_w(share * capacity_j, capacity_j, 0.5, WARM_K)

    assert limit(0.0) == limit(0.89) == pytest.approx(full_w)
    assert limit(0.95) == pytest.approx(0.5 * full_w)
    assert limit(1.0) == 0.0


def test_no_charging_below_freezing():
    def limit(kelvin):
        return battery.charge_limit_w(0.0, KWH_J, 0.5, kelvin)

    assert limit(273.15) == limit(250.0) == 0.0
    assert limit(274.15) == pytest.approx(0.5 * limit(300.0))


def test_discharge_stops_at_the_floor_and_at_the_c_rate():
    capacity_j = 10.0 * KWH_J
    at_floor = battery.discharge_limit_w(KWH_J, KWH_J, capacity_j, 1.0, 0.96, 60.0)
    full = battery.discharge_limit_w(capacity_j, KWH_J, capacity_j, 1.0, 0.96, 60.0)
    below = battery.discharge_limit_w(0.5 * KWH_J, KWH_J, capacity_j, 1.0, 0.96, 60.0)
    assert at_floor == below == 0.0
    assert full == pytest.approx(10e3)


def test_pack_temperature_settles_where_loss_and_conductance_meet():
    settled = battery.pack_temperature_step(280.0, 290.0, 100.0, 20.0, 2e5, 1e7)
    assert settled == pytest.approx(295.0)
    once = battery.pack_temperature_step(280.0, 290.0, 100.0, 20.0, 2e5, 120.0)
    twice = battery.pack_temperature_step(280.0, 290.0, 100.0, 20.0, 2e5, 60.0)
    twice = battery.pack_temperature_step(twice, 290.0, 100.0, 20.0, 2e5, 60.0)
    assert once == pytest.approx(twice, abs=1e-6)


CELL_AH = 2.15

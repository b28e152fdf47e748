"""Thermal networks: balance of heat, settled states, closed forms."""

import math

import pytest

from sunward.physics import thermal


def test_heat_in_is_heat_stored_plus_heat_radiated():
    state = (330.0, 310.0, 290.0)
    capacities = (4e5, 8e5, 1.1e6)
    for step in range(200):
        heat_w, absorbed_w = 1e5 + 300.0 * step, 5e3
        after = thermal.three_node_step(
            *state, heat_w, 12e3, 11.9e3, 220.0, 0.9, 220.0, *capacities, absorbed_w, 10.0
        )
        stored_j = sum(
            c * (new - old) for c, new, old in zip(capacities, after[:3], state, strict=True)
        )
        assert stored_j + after.radiated_j == pytest.approx((heat_w + absorbed_w) * 10.0, rel=1e-9)
        state = after[:3]


def test_one_node_balances_heat_as_well():
    after = thermal.one_node_step(300.0, 1e5, 220.0, 0.9, 230.0, 6e6, 60.0)
    assert 6e6 * (after.node_k - 300.0) + after.radiated_j == pytest.approx(6e6, rel=1e-9)


def test_a_network_without_heat_settles_at_the_sink():
    state = (300.0, 300.0, 300.0)
    for _ in range(20000):
        state = thermal.three_node_step(
            *state, 0.0, 12e3, 11.9e3, 220.0, 0.9, 220.0, 4e5, 8e5, 1.1e6, 0.0, 10.0
        )[:3]
    assert state == pytest.approx((220.0,) * 3, abs=0.05)


def test_equilibrium_and_radiated_power_are_inverse():
    kelvin = thermal.equilibrium_temperature_k(1.2e5, 230.0, 220.0, 0.9)
    assert thermal.radiated_power_w(kelvin, 230.0, 220.0, 0.9) == pytest.approx(1.2e5)


def test_sink_temperature_sends_back_what_is_absorbed():
    kelvin = thermal.sink_temperature_k(120.0, 0.9)
    assert thermal.radiated_power_w(0.0, kelvin, 1.0, 0.9) == pytest.approx(-120.0)


def test_a_knife_edge_radiator_sees_a_sink_of_178_kelvin():
    # Vertical plate at 650 km, F = 0.241 a side, Earth infrared alone.
    absorbed = thermal.absorbed_flux_w_m2(0.9, 0.2, 0.241, 237.0, 0.0, 0.3, 0.0, 1361.0)
    assert thermal.sink_temperature_k(absorbed, 0.9) == pytest.approx(178.0, abs=0.5)


def test_full_sunlight_on_the_face_is_272_watts():
    dark = thermal.absorbed_flux_w_m2(0.9, 0.2, 0.2, 237.0, 0.0, 0.3, -1.0, 1361.0)
    sunlit = thermal.absorbed_flux_w_m2(0.9, 0.2, 0.2, 237.0, 0.0, 0.3, 1.0, 1361.0)
    assert sunlit - dark == pytest.approx(272.2)


def test_leakage_grows_by_e_and_stops_in_a_run_away():
    assert thermal.leakage_factor(338.15, 0.1, 338.15, 40.0) == pytest.approx(1.0)
    assert thermal.leakage_factor(378.15, 0.1, 338.15, 40.0) == pytest.approx(0.9 + 0.1 * math.e)
    hot = thermal.leakage_factor(1e4, 0.1, 338.15, 40.0)
    assert hot == pytest.approx(0.9 + 0.1 * math.exp(2.5))
    assert thermal.leakage_factor(1e4, 0.0, 338.15, 40.0) == pytest.approx(1.0)


def test_clocks_fall_linearly_between_83_and_90_celsius():
    assert thermal.throttle_factor(350.0, 356.15, 363.15) == 1.0
    assert thermal.throttle_factor(359.65, 356.15, 363.15) == pytest.approx(0.5)
    assert thermal.throttle_factor(370.0, 356.15, 363.15) == 0.0


def test_a_trip_holds_until_the_chip_is_cool():
    assert thermal.trip_state(0.0, 364.0, 365.15, 338.15) == 0.0
    assert thermal.trip_state(0.0, 366.0, 365.15, 338.15) == 1.0
    assert thermal.trip_state(1.0, 350.0, 365.15, 338.15) == 1.0
    assert thermal.trip_state(1.0, 338.0, 365.15, 338.15) == 0.0


def test_half_the_flow_costs_an_eighth_of_the_pump():
    assert thermal.pump_power_w(1.0, 2000.0) == 2000.0
    assert thermal.pump_power_w(0.5, 2000.0) == 250.0

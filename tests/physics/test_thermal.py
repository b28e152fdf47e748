"""Thermal networks against stiff integrators, closed forms, and balance of heat."""

import math

import pytest

from sunward.physics import thermal


def rows_by_case(table, name):
    cases = {row["case"]: row for row in table(f"{name}_cases.csv")}
    rows = {case: [] for case in cases}
    for row in table(f"{name}.csv"):
        rows[row["case"]].append(row)
    return cases, rows


def is_sunlit(case, time_s):
    """The last eclipse_s of each period are dark."""
    if math.isnan(case["period_s"]):
        return True
    return time_s % case["period_s"] < case["period_s"] - case["eclipse_s"]


def test_one_node_matches_a_stiff_integrator_at_sixty_seconds(table):
    cases, rows = rows_by_case(table, "thermal_one_node")
    for name, case in cases.items():
        kelvin, last_s = case["T0_K"], 0.0
        for row in rows[name]:
            span_s = row["t_s"] - last_s
            if span_s > 0.0:
                middle_s = last_s + 0.5 * span_s
                heat_w = case["P1_W"] if middle_s >= case["t_step_s"] else case["P0_W"]
                lit = lit_share(case, last_s, span_s)
                kelvin = thermal.one_node_step(
                    kelvin,
                    heat_w + lit * case["q_abs_W"],
                    case["A_m2"],
                    case["eps"],
                    case["Tsink_K"],
                    case["C_J_per_K"],
                    span_s,
                ).node_k
            last_s = row["t_s"]
            assert abs(kelvin - row["T_K"]) < 0.1


def lit_share(case, start_s, span_s):
    """Returns the share of a step in sunlight."""
    pieces = 60
    return (
        sum(is_sunlit(case, start_s + span_s * (i + 0.5) / pieces) for i in range(pieces)) / pieces
    )


@pytest.mark.parametrize("substep_s", [10.0, 15.0])  # the simulator's is 15 s
def test_three_nodes_match_a_stiff_integrator(table, substep_s):
    cases, rows = rows_by_case(table, "thermal_three_node")
    for name, case in cases.items():
        state, now_s, heat_w = (case["T0_K"],) * 3, 0.0, case["P0_W"]
        for row in rows[name]:
            while now_s < row["t_s"] - 1e-9:
                # Loads and pumps change between sub-steps, as they do in the simulator.
                events = (case["t_step_s"], case["pump_fail_s"], row["t_s"])
                span_s = min(substep_s, *(event - now_s for event in events if event > now_s))
                heat_w = leaking_heat_w(case, state, heat_w, now_s, span_s)
                state = three_node(case, state, heat_w, now_s, span_s)
                now_s += span_s
            truth = (row["T_chip_K"], row["T_loop_K"], row["T_rad_K"])
            for mine, other in zip(state, truth, strict=True):
                assert abs(mine - other) < 0.02, (name, now_s)


def leaking_heat_w(case, state, last_heat_w, now_s, span_s):
    """Returns the chips' heat, leakage at the temperature expected halfway."""
    middle_s = now_s + 0.5 * span_s
    heat_w = case["P1_W"] if middle_s >= case["t_step_s"] else case["P0_W"]
    middle_k = thermal.chip_at_half_step_k(
        state[0], state[1], last_heat_w, case["UA1_W_K"], case["C_chip"], span_s
    )
    return heat_w * thermal.leakage_factor(
        middle_k, case["leak_frac"], case["T_leak_ref_K"], case["T_leak_scale_K"]
    )


def three_node(case, state, heat_w, now_s, span_s):
    chip, loop, radiator = state
    middle_s = now_s + 0.5 * span_s
    is_failed = case["pump_fail_s"] > 0.0 and middle_s >= case["pump_fail_s"]
    flow = case["mdot_kg_s"] * case["cp_J_kgK"] * case["effectiveness"]
    flow *= case["pump_fail_factor"] if is_failed else 1.0
    absorbed_w = case["q_ir_W"] + case["q_sun_W"] * lit_share(case, now_s, span_s)
    return thermal.three_node_step(
        chip,
        loop,
        radiator,
        heat_w,
        case["UA1_W_K"],
        flow,
        case["A_m2"],
        case["eps"],
        case["Tsink_K"],
        case["C_chip"],
        case["C_loop"],
        case["C_rad"],
        absorbed_w,
        span_s,
    )[:3]


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


def test_radiator_area_matches_the_closed_form(table):
    for row in table("radiator_area.csv"):
        net = thermal.radiated_power_w(row["T_rad_K"], row["T_sink_K"], 1.0, row["eps"])
        assert net == pytest.approx(row["net_W_per_m2_one_side"], rel=1e-6)
        assert 1000.0 / net == pytest.approx(row["area_one_side_m2_per_kW"], abs=6e-6)


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

"""Thermal run-away: both regimes in the three-node network, and what guards against it."""

import math

import pytest

from sunward.physics import runaway, thermal

COOLING = runaway.Cooling(12e3, 11.9e3, 220.0, 0.9, 220.0, 2e4)
LEAKAGE = runaway.Leakage(0.08, 338.15, 40.0)
CAPACITIES_J_K = (4e5, 8e5, 1.1e6)
THROTTLE_START_K, THROTTLE_END_K, TRIP_K, RECOVER_K = 356.15, 363.15, 365.15, 343.15


def follow(load_w, hours, *, is_guarded=False, leakage=LEAKAGE):
    """Returns (hottest chip, chip in the end) of the network under a load, by steps of 10 s."""
    state = (330.0, 320.0, 310.0)
    hottest_k, tripped, heat_w = state[0], 0.0, 0.0
    for _ in range(int(hours * 360.0)):
        granted = 1.0
        if is_guarded:
            tripped = thermal.trip_state(tripped, state[0], TRIP_K, RECOVER_K)
            granted = thermal.throttle_factor(state[0], THROTTLE_START_K, THROTTLE_END_K)
            granted *= 1.0 - tripped
        middle_k = thermal.chip_at_half_step_k(
            state[0], state[1], heat_w, COOLING.chip_conductance_w_k, CAPACITIES_J_K[0], 10.0
        )
        heat_w = granted * load_w * thermal.leakage_factor(middle_k, *leakage)
        state = thermal.three_node_step(
            *state, heat_w, *COOLING[:5], *CAPACITIES_J_K, COOLING.absorbed_w, 10.0
        )[:3]
        hottest_k = max(hottest_k, state[0])
    return hottest_k, state[0]


def test_below_the_limit_the_loop_settles_and_above_it_the_chips_run_away():
    limit = runaway.runaway_limit(COOLING, LEAKAGE)
    _, settled_k = follow(0.97 * limit.load_w, hours=6.0)
    assert settled_k < limit.chip_k
    hottest_k, final_k = follow(1.03 * limit.load_w, hours=6.0)
    assert hottest_k == pytest.approx(final_k)
    # Only the bound on the exponent ends it: 2.5 scales above the reference and more.
    assert final_k > LEAKAGE.reference_k + 2.5 * LEAKAGE.scale_k
    assert math.isfinite(final_k)


def test_throttle_and_trip_hold_the_load_that_runs_away():
    limit = runaway.runaway_limit(COOLING, LEAKAGE)
    for excess in (1.03, 1.3):
        hottest_k, final_k = follow(excess * limit.load_w, hours=6.0, is_guarded=True)
        assert hottest_k < TRIP_K + 5.0
        assert final_k < THROTTLE_END_K


def test_the_throttle_acts_long_before_the_point_of_no_return():
    for fraction in (0.05, 0.08, 0.15):
        limit = runaway.runaway_limit(COOLING, LEAKAGE._replace(fraction=fraction))
        assert limit.chip_k > TRIP_K + 10.0


def test_the_first_trial_of_fifteen_per_cent_at_150_kw_has_no_steady_state():
    assert runaway.runaway_limit(COOLING, LEAKAGE._replace(fraction=0.15)).load_w < 150e3
    _, final_k = follow(150e3, hours=3.0, leakage=LEAKAGE._replace(fraction=0.15))
    assert final_k > LEAKAGE.reference_k + 2.5 * LEAKAGE.scale_k


def test_the_steady_state_is_that_of_the_network():
    heat_w = 0.6 * runaway.runaway_limit(COOLING, LEAKAGE).load_w
    state = (330.0, 320.0, 310.0)
    for _ in range(4000):
        state = thermal.three_node_step(
            *state, heat_w, *COOLING[:5], *CAPACITIES_J_K, COOLING.absorbed_w, 10.0
        )[:3]
    assert runaway.steady_chip_k(heat_w, COOLING) == pytest.approx(state[0], abs=1e-3)


@pytest.mark.parametrize("heat_w", [2e4, 9e4, 2e5])
def test_slopes_are_the_derivatives_of_the_steady_state(heat_w):
    warmer = runaway.steady_chip_k(heat_w + 1.0, COOLING)
    cooler = runaway.steady_chip_k(heat_w - 1.0, COOLING)
    assert runaway.cooling_slope_w_k(heat_w, COOLING) == pytest.approx(
        2.0 / (warmer - cooler), rel=1e-5
    )
    factor, slope = runaway.leakage_growth(350.0, LEAKAGE)
    assert factor == pytest.approx(thermal.leakage_factor(350.0, *LEAKAGE), rel=1e-6)
    rise = runaway.leakage_growth(350.5, LEAKAGE)[0] - runaway.leakage_growth(349.5, LEAKAGE)[0]
    assert slope == pytest.approx(rise, rel=1e-3)


def test_no_steady_state_carries_more_than_the_limit():
    limit = runaway.runaway_limit(COOLING, LEAKAGE)
    loads = []
    for step in range(1, 400):
        heat_w = 1e3 * step
        chip_k = runaway.steady_chip_k(heat_w, COOLING)
        loads.append(heat_w / runaway.leakage_growth(chip_k, LEAKAGE)[0])
    assert max(loads) == pytest.approx(limit.load_w, rel=1e-3)
    assert max(loads) <= limit.load_w * (1.0 + 1e-12)


def test_leakier_chips_and_weaker_pumps_run_away_sooner():
    base = runaway.runaway_limit(COOLING, LEAKAGE).load_w
    leaky = runaway.runaway_limit(COOLING, LEAKAGE._replace(fraction=0.12)).load_w
    one_loop = runaway.runaway_limit(
        COOLING._replace(flow_conductance_w_k=0.5 * COOLING.flow_conductance_w_k), LEAKAGE
    ).load_w
    assert leaky < base
    assert one_loop < base

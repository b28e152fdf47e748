"""Rules: valid whatever they see, and right in cases where the answer is plain."""

import numpy as np
import pytest

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import INDEX as ACTION
from sunward.core.actions import N_ACTIONS
from sunward.core.observations import INDEX, N_OBS, OBSERVATIONS
from sunward_agents import heuristics
from sunward_agents.policies import POLICIES, PolicyError, load_policy


def seen(n=1, **features):
    """Observations where all is quiet, apart from the named features in their units."""
    values = {
        "alive": 1.0,
        "charge_fraction": 1.0,
        "chip_temperature": 20.0,
        "illumination": 1.0,
        "interactive_expected": 0.0,
        **features,
    }
    rows = np.full((n, N_OBS), -1.0, np.float32)
    for name, value in values.items():
        feature = OBSERVATIONS[INDEX[name]]
        rows[:, INDEX[name]] = 2.0 * (value - feature.low) / (feature.high - feature.low) - 1.0
    return rows


def action(policy, name, **features):
    return policy.act(seen(**features))[0, ACTION[name]]


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_acts_within_bounds_on_anything_it_may_see(name):
    rng = np.random.default_rng(0)
    corners = rng.choice([-1.0, 1.0], (3, 500, N_OBS))
    inside = rng.uniform(-1.0, 1.0, (3, 500, N_OBS))
    policy = load_policy(name)
    policy.reset(5, seed=0)
    for observations in np.concatenate([corners, inside]).astype(np.float32):
        actions = policy.act(observations)
        assert actions.shape == (500, N_ACTIONS)
        assert actions.dtype == np.float32
        assert np.abs(actions).max() <= 1.0


@pytest.mark.parametrize("name", set(POLICIES) - {"random"})
def test_every_rule_acts_on_each_satellite_alone(name):
    rows = np.random.default_rng(1).uniform(-1.0, 1.0, (7, N_OBS)).astype(np.float32)
    policy = load_policy(name)
    assert np.array_equal(policy.act(rows)[3:4], policy.act(rows[3:4]))


def test_idle_does_least_and_flat_out_most():
    work = ["clock", "deferrable_energy", "coolant_flow", "active_share"]
    assert all(action(heuristics.Idle(), name) == -1.0 for name in work)
    assert all(action(heuristics.FlatOut(), name) == 1.0 for name in work)


def test_the_thermostat_slows_and_pumps_as_chips_warm():
    thermostat = heuristics.Thermostat()
    clocks = [action(thermostat, "clock", chip_temperature=chip) for chip in (20.0, 82.0, 99.0)]
    assert clocks[0] == pytest.approx(1.0)
    assert clocks[0] >= clocks[1] >= clocks[2] == pytest.approx(-1.0)
    flows = [action(thermostat, "coolant_flow", chip_temperature=chip) for chip in (0.0, 90.0)]
    assert flows[0] < flows[1]


def test_the_thermostat_keeps_an_emptying_battery_for_later():
    thermostat = heuristics.Thermostat()
    dark = {"illumination": 0.0}
    full, empty = ({**dark, "charge_fraction": charge} for charge in (1.0, 0.0))
    for name in ("active_share", "deferrable_energy"):
        assert action(thermostat, name, **empty) < action(thermostat, name, **full)
    assert action(thermostat, "deferrable_energy", **empty) == -1.0


def test_the_thermostat_asks_one_price_everywhere_so_that_no_work_moves():
    rows = np.random.default_rng(2).uniform(-1.0, 1.0, (50, N_OBS)).astype(np.float32)
    assert np.ptp(heuristics.Thermostat().act(rows)[:, ACTION["price"]]) == 0.0


def test_what_is_due_is_the_steepest_of_the_horizons():
    # 1/48 of the longest deadline's work is due within its first twelfth: a quarter of capacity.
    due = heuristics.deferrable_due(seen(queue=1 / 48, queue_urgent=1 / 48))
    assert due[0] == pytest.approx(0.25, abs=1e-5)
    # 1/8 more within three twelfths: (1/48 + 1/8) x 4 is steeper.
    due = heuristics.deferrable_due(seen(queue=7 / 48, queue_urgent=1 / 48, queue_soon=1 / 8))
    assert due[0] == pytest.approx(7 / 12, abs=1e-5)
    # All of it due at the end: the queue itself.
    assert heuristics.deferrable_due(seen(queue=0.4))[0] == pytest.approx(0.4, abs=1e-5)


def test_pacing_rests_while_nothing_is_due_and_hurries_for_a_deadline():
    pacing = heuristics.DeadlinePacing()
    least = 2.0 * pacing.constants.least_share - 1.0
    assert action(pacing, "active_share") == pytest.approx(least, abs=1e-5)
    assert action(pacing, "deferrable_energy") == pytest.approx(-1.0, abs=1e-5)
    urgent = {"queue": 0.1, "queue_urgent": 0.1}
    assert action(pacing, "active_share", **urgent) == 1.0
    assert action(pacing, "deferrable_energy", **urgent) == 1.0


def test_energy_pacing_spreads_the_battery_over_what_is_left_of_the_dark():
    rule = heuristics.EnergyPacing()
    night = {"illumination": 0.0, "interactive_expected": 0.9}
    shares = [
        action(rule, "active_share", **night, time_to_sunrise=seconds, charge_fraction=charge)
        for seconds, charge in ((2000.0, 0.3), (500.0, 0.3), (500.0, 0.6))
    ]
    assert shares[0] < shares[1] < shares[2]
    empty = {**night, "time_to_sunrise": 500.0, "charge_fraction": 0.0}
    assert action(rule, "active_share", **empty) == -1.0


def test_energy_pacing_runs_faster_on_a_full_battery_and_under_a_load():
    constants = heuristics.EnergyConstants(sunlit_clock=0.3, charge_gain=1.0, rush=0.4)
    rule = heuristics.EnergyPacing(constants)
    clocks = [
        action(rule, "clock", charge_fraction=charge, interactive_expected=load)
        for charge, load in ((0.3, 0.0), (0.5, 0.0), (0.5, 1.0))
    ]
    assert clocks[0] < clocks[1] < clocks[2]


def test_both_balancing_rules_ask_the_same_price_for_the_same_weights():
    rows = np.random.default_rng(3).uniform(-1.0, 1.0, (50, N_OBS)).astype(np.float32)
    weights = {
        **{"base": 0.1, "shadow": 0.2, "charge": 0.2},
        **{"heat": 0.0, "queue": 0.5, "demand": 0.3},
    }
    rules = (
        heuristics.LoadBalancing(heuristics.BalancingConstants(**weights)),
        heuristics.EnergyBalancing(heuristics.EnergyBalancingConstants(**weights)),
    )
    prices = [rule.act(rows)[:, ACTION["price"]] for rule in rules]
    np.testing.assert_array_equal(*prices)


@pytest.mark.parametrize(
    "worse",
    [
        {"illumination": 0.0},
        {"charge_fraction": 0.2},
        {"chip_temperature": 70.0},
        {"queue": 0.5},
        {"interactive_expected": 0.9},
    ],
)
def test_load_balancing_asks_more_where_work_is_worse_off(worse):
    weights = heuristics.BalancingConstants(
        base=0.1, shadow=0.2, charge=0.2, heat=0.2, queue=0.5, demand=0.3
    )
    rule = heuristics.LoadBalancing(weights)
    assert action(rule, "price", **worse) > action(rule, "price")


def test_random_draws_for_a_world_whatever_the_batch():
    policy, rows = heuristics.Random(), np.zeros((12, N_OBS), np.float32)
    policy.reset(4, seed=3)
    four = [policy.act(rows).reshape(4, 3, -1) for _ in range(2)]
    policy.reset(2, seed=3)
    two = [policy.act(rows[:6]).reshape(2, 3, -1) for _ in range(2)]
    assert all(np.array_equal(a[:2], b) for a, b in zip(four, two, strict=True))
    assert not np.array_equal(four[0][0], four[0][1])
    assert not np.array_equal(four[0], four[1])


def test_a_misspelt_policy_is_told_the_nearest_name():
    with pytest.raises(PolicyError, match="did you mean thermostat"):
        load_policy("termostat")


def over_ground(policy, price=0.6, gain=5.0):
    """Returns a rule that has seen a scenario whose data centre asks a price."""
    ground = {"ground": {"price": price, "cost": 1.0, "limit_satellite_min": 1.0}}
    scenario = load_scenario("single-walker-v0", **{"network.transfer_gain": gain}, **ground)
    policy.attach(Simulator(build_params(scenario), 1), [0], "test")
    return policy


#: Of a satellite in the dark: it is quiet, or has more requests than it can answer.
QUIET = {"illumination": 0.0, "charge_fraction": 0.0, "queue": 1.0}
SWAMPED = {**QUIET, "interactive_expected": 1.0, "safe_mode": 1.0}


@pytest.mark.parametrize("rule", [heuristics.LoadBalancing, heuristics.EnergyBalancing])
def test_a_rule_that_shares_asks_more_than_the_ground_only_where_requests_would_be_missed(rule):
    policy = over_ground(rule())
    assert action(rule(), "price", **QUIET) == 1.0  # among neighbours as much as it can
    assert action(policy, "price", **QUIET) == pytest.approx(2.0 * 0.6 - 1.0)
    # All would be missed: a price above the ground's by one over the gain sends all.
    assert action(policy, "price", **SWAMPED) == pytest.approx(2.0 * (0.6 + 1.0 / 5.0) - 1.0)


@pytest.mark.parametrize("rule", [heuristics.LoadBalancing, heuristics.EnergyBalancing])
def test_without_a_ground_a_rule_asks_what_it_was_tuned_to_ask(rule):
    policy = rule()
    policy.attach(Simulator(build_params(load_scenario("single-walker-v0")), 1), [0], "test")
    rows = np.random.default_rng(3).uniform(-1.0, 1.0, (50, N_OBS)).astype(np.float32)
    assert np.array_equal(policy.act(rows), rule().act(rows))


def test_the_share_of_requests_that_would_be_missed():
    rows = seen(3, interactive_expected=0.5, available_share=1.0)
    short = heuristics.excess_share(rows, np.array([0.0, 0.25, 1.0]))
    assert short == pytest.approx([1.0, 0.5, 0.0], abs=1e-6)
    tripped = seen(tripped=1.0, interactive_expected=0.5, available_share=1.0)
    assert heuristics.excess_share(tripped, 1.0) == [1.0]
    assert heuristics.excess_share(seen(), 0.0) == [0.0]  # there are none

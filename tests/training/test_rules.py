"""The rules of the gang: known intervals, a ladder that separates, decisions that repeat."""

from __future__ import annotations

import numpy as np
import pytest

from sunward.physics.compute import work_rate
from sunward.training.features import FEATURES, INDEX, N_FEATURES, in_units
from sunward.training.worlds import build_gangs
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import play
from sunward_agents.planners.operating_points import power_fraction
from sunward_agents.training.intervals import daly_interval_s, young_interval_s
from sunward_agents.training.rules import POLICIES, make_policy, mean_failure_s
from sunward_agents.training.supply import Supply


def cost_rate(interval_s: float, checkpoint_s: float, between_s: float) -> float:
    """Returns the time that takes a second of work, failures without end, restarts at no cost.

    Daly's own model, equation 20: exponential failures, in work and in checkpoints alike.
    """
    return between_s * np.expm1((interval_s + checkpoint_s) / between_s) / interval_s


@pytest.mark.parametrize(
    ("checkpoint_s", "between_s"), [(10.0, 13_000.0), (57.0, 2_700.0), (300.0, 3_600.0)]
)
def test_daly_s_interval_is_the_best_of_a_fine_search(checkpoint_s, between_s):
    intervals = np.linspace(10.0, 8_000.0, 20_000)
    best = intervals[np.argmin(cost_rate(intervals, checkpoint_s, between_s))]
    assert daly_interval_s(checkpoint_s, between_s) == pytest.approx(best, rel=0.01)
    assert young_interval_s(checkpoint_s, between_s) == pytest.approx(best, rel=0.25)


def test_with_checkpoints_dearer_than_failures_one_saves_once_a_failure():
    assert daly_interval_s(1000.0, 400.0) == 400.0
    assert young_interval_s(10.0, 2000.0) == pytest.approx(200.0)


def test_the_mean_time_between_upsets_is_what_the_simulator_draws():
    worlds = build_gangs("training-formation-81-v0", 8)
    played = play(make_policy("daly", worlds.params), worlds, split="train")
    hours = worlds.episode_steps / 60.0
    expected = 8 * hours * 3600.0 / mean_failure_s(worlds.params, np.asarray(81.0))
    drawn = played["upsets"].sum()
    assert drawn == pytest.approx(expected, abs=4.0 * np.sqrt(expected))


def shown(**values: float) -> np.ndarray:
    """Returns one observation with features in their units, the others in the middle."""
    row = np.zeros((1, N_FEATURES))
    for name, value in values.items():
        feature = FEATURES[INDEX[name]]
        row[0, INDEX[name]] = 2.0 * (value - feature.low) / (feature.high - feature.low) - 1.0
    return row


def test_the_clock_of_the_night_empties_the_battery_at_sunrise():
    params = build_gangs("training-formation-81-v0", 1).params
    hw = params.hardware
    seen = shown(longest_night=1200.0, least_charge=0.6)
    clock = float(Supply(params).night_clock(seen)[0])
    used_w = hw.bus_power_w + hw.pump_power_w + hw.peak_power_w * power_fraction(clock, hw)
    stored_j = (0.6 - hw.compute_floor) * hw.capacity_j * hw.discharge_efficiency
    assert used_w * 1200.0 == pytest.approx(stored_j, rel=0.01)
    assert Supply(params).night_clock(shown(longest_night=0.0))[0] == 1.0
    assert work_rate(clock, 1.0) == clock


def test_the_clock_of_the_orbit_balances_light_and_shadow():
    params = build_gangs("training-plane-24-v0", 1).params
    hw, supply = params.hardware, Supply(params)
    dark = 0.36
    clock = float(supply.orbit_clock(shown(eclipse_fraction=dark))[0])
    used_w = hw.bus_power_w + hw.pump_power_w + hw.peak_power_w * power_fraction(clock, hw)
    from_array_w = used_w + dark / (1.0 - dark) * used_w / (
        hw.charge_efficiency * hw.discharge_efficiency
    )
    assert from_array_w == pytest.approx(hw.nominal_array_w, rel=0.01)
    assert supply.day_clock(shown(eclipse_fraction=dark))[0] > clock
    np.testing.assert_allclose(
        supply.raw_clock(np.array([hw.min_clock, 1.0, 2.0])), [-1.0, 1.0, 1.0]
    )


@pytest.fixture(scope="module", params=["training-formation-81-v0", "training-plane-24-v0"])
def ladder(request):
    worlds = build_gangs(request.param, 16)
    return request.param, {
        name: play(make_policy(name, worlds.params), worlds, split="validation")["value"]
        for name in POLICIES
    }


def test_rules_that_know_more_are_worth_more(ladder):
    scenario, value = ladder
    mean = {name: float(values.mean()) for name, values in value.items()}
    assert abs(mean["idle"]) < 0.01
    assert mean["random"] < 0.02
    assert mean["flat_out"] < mean["daly"]
    assert mean["daly"] < mean["equal_pace"] < mean["paced"]
    second = max(mean[name] for name in POLICIES if name != "paced")
    assert mean["paced"] > second + 0.005
    if scenario == "training-plane-24-v0":
        assert mean["paced"] > 1.2 * mean["leave_in_eclipse"] > 1.2 * mean["equal_pace"]


@pytest.mark.parametrize("name", POLICIES)
def test_a_rule_decides_for_each_world_whatever_the_batch(name):
    both, alone = build_gangs("training-easy-v0", 3), build_gangs("training-easy-v0", 1)
    batch, single = make_policy(name, both.params), make_policy(name, alone.params)
    both.reset([(7, 0), (8, 0), (9, 0)])
    alone.reset([(7, 0)])
    batch.reset(3, 0)
    single.reset(1, 0)
    for _ in range(30):
        many = batch.act(both.observations.reshape(-1, N_FEATURES))
        one = single.act(alone.observations.reshape(-1, N_FEATURES))
        assert many.dtype == np.float32
        assert np.abs(many).max() <= 1.0
        assert np.array_equal(many[:16], one)
        both.step(many.reshape(3, 16, -1))
        alone.step(one.reshape(1, 16, -1))


def test_the_dark_leave_and_come_back_with_the_light():
    worlds = build_gangs("training-plane-24-v0", 4)
    rule = make_policy("leave_in_eclipse", worlds.params)
    worlds.reset([(seed, 0) for seed in range(4)])
    for _ in range(120):
        seen = worlds.observations.reshape(-1, N_FEATURES)
        was_dark = in_units(worlds.observations, "illumination") <= 0.5
        worlds.step(rule.act(seen).reshape(4, 24, -1))
        assert not (worlds.is_member & was_dark).any()
    assert worlds.metrics()["regroupings"].max() > 10  # some worlds have no eclipse


def test_an_unknown_rule_gets_the_nearest_name():
    params = build_gangs("training-easy-v0", 1).params
    with pytest.raises(UsageError, match="did you mean paced"):
        make_policy("pacd", params)

"""Planning on the bound's model: better than the rules, never above the bound, the same twice."""

from __future__ import annotations

import numpy as np
import pytest

from sunward import Simulator, build_params, load_scenario
from sunward.physics.compute import dynamic_power_fraction
from sunward_agents.evaluate import play
from sunward_agents.planners.foresight import foresee, read_state, without_chance
from sunward_agents.planners.lp_bound import world_bound
from sunward_agents.planners.mpc import ClockTable, Horizon, Mpc
from sunward_agents.policies import PLANNERS, load_policy


def short_params(scenario: str = "single-walker-v0", hours: float = 2.0, **overrides):
    return build_params(load_scenario(scenario, **{"episode.hours": hours}, **overrides))


@pytest.mark.parametrize("n_steps", [1, 7, 40, 480])
def test_blocks_of_a_horizon_add_up_to_what_is_left(n_steps):
    lengths = Horizon(fine_steps=10, longest_steps=12).lengths(n_steps)
    assert lengths.sum() == n_steps
    assert (lengths[:10] == 1).all()
    assert lengths.max() <= 12


def test_the_clock_for_a_power_takes_that_power():
    hardware = short_params().hardware
    table = ClockTable(hardware)
    for clock in (0.3, 0.5, 0.65, 0.8, 1.0):
        dynamic = dynamic_power_fraction(clock, hardware.knee_clock, hardware.knee_voltage)
        power = hardware.idle_fraction + (1.0 - hardware.idle_fraction) * dynamic
        level = (clock - hardware.min_clock) / (1.0 - hardware.min_clock)
        assert table.level(np.array([power]))[0] == pytest.approx(level, abs=2e-3)


def test_a_forecast_knows_the_light_and_only_the_expected_demand():
    params = short_params()
    seen, start = foresee(params, 3)
    forecast, forecast_start = foresee(without_chance(params), 3)
    np.testing.assert_array_equal(forecast.array_j, seen.array_j)
    np.testing.assert_array_equal(forecast_start.charge_j, start.charge_j)
    assert (forecast.available == 1.0).all()
    assert not np.allclose(forecast.interactive, seen.interactive, rtol=0.01)
    ratios = []
    for seed in range(40):
        drawn = foresee(params, seed)[0].deferrable.sum()
        expected = foresee(without_chance(params), seed)[0].deferrable.sum()
        ratios.append(drawn / expected if expected > 0.0 else 1.0)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.15)


def test_what_is_foreseen_happens():
    params = short_params()
    foresight, _ = foresee(params, 0)
    simulator = Simulator(params, 1)
    simulator.reset([(0, 0)], split="test")
    rng = np.random.default_rng(0)
    for _ in range(params.episode_steps):
        simulator.step(rng.uniform(-1, 1, (1, 1, 5)).astype(np.float32))
    for name in ("interactive", "deferrable"):
        arrived = simulator.satellite_sums(f"{name}_arrived")[0, 0]
        waiting = foresee(params, 0)[1].queue.sum() if name == "deferrable" else 0.0
        assert getattr(foresight, name).sum() + waiting == pytest.approx(arrived, rel=1e-6)
    light = simulator.satellite_sums("array_energy")[0, 0]
    assert foresight.array_j.sum() == pytest.approx(light, rel=1e-6)


def test_the_future_since_a_step_begins_there():
    params = short_params()
    foresight, _ = foresee(params, 0)
    later = foresight.since(30)
    assert later.first_step == 30
    assert later.n_steps == foresight.n_steps - 30
    np.testing.assert_array_equal(later.array_j[0], foresight.array_j[30])


@pytest.mark.parametrize("scenario", ["single-walker-v0", "single-dawn-dusk-v0"])
def test_planning_beats_the_thermostat_and_not_the_bound(scenario):
    params, n_worlds = short_params(scenario), 2
    values = {
        name: play(load_policy(name), Simulator(params, n_worlds), split="test")["value"]
        for name in ("thermostat", *PLANNERS)
    }
    bounds = np.array([world_bound(params, seed).value for seed in range(n_worlds)])
    assert values["mpc_foresight"].mean() > values["thermostat"].mean()
    assert values["mpc_foresight"].mean() >= values["mpc"].mean() - 0.005
    assert (values["mpc_foresight"] < bounds).all()
    assert (values["mpc"] < bounds).all()


def test_planning_twice_acts_the_same_to_the_bit():
    params = short_params(hours=0.5)
    first, second = (
        play(Mpc(foresees=True), Simulator(params, 1), split="test")["value"] for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)


def test_a_fleet_is_planned_satellite_by_satellite():
    params = short_params("dawn-dusk-24-v0", 0.25, **{"constellation.satellites": 8})
    simulator = Simulator(params, 1)
    policy = Mpc(horizon=Horizon(replan_steps=15, fine_steps=5))
    value = play(policy, simulator, split="test")["value"][0]
    assert value < world_bound(params, 0).value
    assert simulator.satellite_sums("handed_over").sum() > 0.0
    assert read_state(simulator).step == params.episode_steps

"""Planning on the bound's model: better than the rules, never above the bound, the same twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sunward import Simulator, build_params, load_scenario
from sunward.physics.compute import dynamic_power_fraction
from sunward_agents.evaluate import play
from sunward_agents.planners.control import ClockTable
from sunward_agents.planners.foresight import foresee, read_state, without_chance
from sunward_agents.planners.horizon import FLEET, Horizon
from sunward_agents.planners.lp_bound import world_bound
from sunward_agents.planners.mpc import Mpc
from sunward_agents.planners.plan import plan_together
from sunward_agents.planners.world import Outlook, World
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


#: Eight satellites in a ring, one of them under all requests, on links that carry what they need.
RING = {
    "constellation.satellites": 8,
    "network.transfer_gain": 8.0,
    "network.transfer_limit_satellite_min": 20.0,
}


def played_ring(hours: float = 0.5, **overrides):
    simulator = Simulator(short_params("dawn-dusk-24-v0", hours, **(RING | overrides)), 1)
    value = play(Mpc(foresees=True), simulator, split="test")["value"][0]
    return value, simulator


def test_a_fleet_plans_what_it_hands_over():
    value, simulator = played_ring()
    assert value < world_bound(simulator.params, 0).value
    assert simulator.satellite_sums("handed_over").sum() > 0.0
    assert read_state(simulator).step == simulator.params.episode_steps


def test_a_plan_hands_over_queues_where_requests_stay():
    value, simulator = played_ring(**{"network.carries_interactive": False})
    assert value < world_bound(simulator.params, 0).value
    assert simulator.satellite_sums("handed_over").sum() > 0.0
    deaf, _ = played_ring(**{"network.carries_interactive": False, "network.transfer_gain": 0.0})
    assert value > deaf


def test_planned_prices_move_work_to_where_it_is_done():
    with_prices, _ = played_ring()
    deaf, simulator = played_ring(**{"network.transfer_gain": 0.0})
    assert simulator.satellite_sums("handed_over").sum() == 0.0
    assert with_prices > deaf + 0.01


def crowded_at_three(**changes) -> World:
    """The ring without new work, a long queue at satellite 3, and changes of what is foreseen."""
    params = short_params("dawn-dusk-24-v0", 1.0, **RING)
    foresight, start = foresee(without_chance(params), 0)
    nothing = np.zeros_like(foresight.interactive)
    quiet = replace(foresight, **{"interactive": nothing, "deferrable": nothing, **changes})
    queue = np.zeros_like(start.queue)
    queue[3, 4:] = 10.0 * params.service.capacity_work
    start = replace(start, queue=queue)
    return World(quiet, start, FLEET.lengths(quiet.n_steps), outlook=Outlook())


def planned_prices_of(world: World) -> np.ndarray:
    return plan_together(world, ClockTable(world.params.hardware))[0, :, 3]


def test_the_prices_of_a_plan_slope_from_the_crowded_to_the_idle():
    price = planned_prices_of(crowded_at_three())
    assert price.argmax() == 3
    assert price[3] > price[2] > price[1] - 1e-6
    assert price[3] > price[4] > price[5] - 1e-6


def test_a_laser_that_is_down_ties_no_prices():
    world = crowded_at_three()
    links = world.foresight.links.copy()
    neighbours = world.params.neighbours
    links[:, 3, neighbours[3] == 4] = links[:, 4, neighbours[4] == 3] = 0.0
    price = planned_prices_of(crowded_at_three(links=links))
    assert price[3] > price[2]
    assert abs(price[3] - price[4]) > 1.0e-3


def test_a_plan_looks_no_further_than_its_reach():
    assert Horizon(fine_steps=2, reach_steps=50).lengths(480).sum() == 50
    assert Horizon(fine_steps=2, reach_steps=50).lengths(20).sum() == 20


def over_ground(scenario: str, cost: float, **changes) -> tuple[float, float, float]:
    """Returns the value of a plan over a data centre of a cost, its bound, requests sent down."""
    ground = {"ground": {"price": 0.5, "cost": cost, "limit_satellite_min": 0.5}}
    simulator = Simulator(short_params(scenario, 0.5, **changes, **ground), 1)
    value = play(Mpc(foresees=True), simulator, split="test")["value"][0]
    sent = float(simulator.satellite_sums("interactive_ground").sum())
    return value, world_bound(simulator.params, 0).value, sent


@pytest.mark.parametrize(
    ("scenario", "changes"), [("single-walker-v0", {}), ("dawn-dusk-24-v0", RING)]
)
def test_a_plan_sends_down_what_is_worth_its_cost_and_nothing_else(scenario, changes):
    for cost, sends in ((0.2, True), (50.0, False)):
        value, bound, sent = over_ground(scenario, cost, **changes)
        assert value < bound
        assert (sent > 0.0) == sends


def test_a_plan_gains_by_a_ground_that_answers_what_the_dark_would_miss():
    cheap, dear = (over_ground("single-walker-v0", cost)[0] for cost in (0.2, 50.0))
    assert cheap > dear + 0.1

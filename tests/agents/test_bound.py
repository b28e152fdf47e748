"""The upper bound: above every policy, equal to what can be worked out by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from tests.agents.bounded_worlds import GROUND, RING, STAYING, params_of

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import INDEX, N_ACTIONS
from sunward.core.params import N_SLOTS, Params
from sunward.core.rows import ROW
from sunward.physics.compute import work_rate
from sunward.physics.thermal import pump_power_w, three_node_step
from sunward_agents.cli import main
from sunward_agents.evaluate import play
from sunward_agents.planners.bound_file import BoundFile, find_bounds
from sunward_agents.planners.fleet_plan import fleet_plan, single_plan
from sunward_agents.planners.foresight import Foresight, State, foresee
from sunward_agents.planners.linear import Program, column, maximise
from sunward_agents.planners.lp_bound import world_bound
from sunward_agents.planners.operating_points import operating_points, power_fraction
from sunward_agents.planners.satellite import Satellite
from sunward_agents.planners.world import Design, Relaxations, World, design_of, even_blocks
from sunward_agents.policies import RULES, load_policy

#: Rounding of the float32 state against sums in float64.
ROUNDING = 1.0e-6
#: Scenario, hours, changes.
WORLDS = (
    ("single-walker-v0", 3.0, {}),
    ("single-dawn-dusk-v0", 3.0, {}),
    ("single-dawn-dusk-v0", 1.0, {"hardware.thermal.radiator_area": "20 m2"}),  # throttles, trips
    ("dawn-dusk-24-v0", 0.75, RING),
    ("dawn-dusk-24-v0", 0.75, STAYING),
    ("single-walker-v0", 3.0, GROUND),
    ("dawn-dusk-24-v0", 0.75, STAYING | GROUND),
    ("dawn-dusk-24-v0", 0.75, RING | GROUND),
)


class BangBang:
    """All or nothing for a few steps each, which is what averages over blocks hide worst."""

    def reset(self, n_envs: int, seed: int) -> None:
        self.step = 0

    def act(self, observations: np.ndarray, masks=None) -> np.ndarray:
        self.step += 1
        actions = np.full((len(observations), N_ACTIONS), 1.0, np.float32)
        if self.step % 5 < 2:
            actions[:, INDEX["active_share"]] = -1.0
        actions[:, INDEX["coolant_flow"]] = 1.0 if self.step % 7 < 3 else -1.0
        is_dear = (np.arange(len(actions)) + self.step // 6) % 2
        actions[:, INDEX["price"]] = np.where(is_dear, 1.0, -1.0)
        return actions


def policies() -> dict:
    return {name: load_policy(name) for name in RULES} | {"bang-bang": BangBang()}


@pytest.mark.parametrize(("scenario", "hours", "changes"), WORLDS)
def test_no_policy_exceeds_the_bound(scenario, hours, changes):
    params, n_worlds = params_of(scenario, hours, **changes), 3
    simulator = Simulator(params, n_worlds)
    values = {
        name: play(policy, simulator, split="test")["value"] for name, policy in policies().items()
    }
    for seed in range(n_worlds):
        bounds = [world_bound(params, seed, block_steps=steps).value for steps in (1, 2)]
        best = max(value[seed] for value in values.values())
        assert best <= min(bounds) + ROUNDING * abs(min(bounds))
        assert best > values["idle"][seed]


ROWS = {"charge": ROW.charge_j, "chip": ROW.chip_k, "loop": ROW.loop_k, "panel": ROW.radiator_k}


def recorded(params: Params, policy) -> tuple[dict[str, np.ndarray], float]:
    """Returns states and power of an episode, each (n_steps, n_sats), and its value."""
    simulator = Simulator(params, 1)
    simulator.reset([(0, 0)], split="test")
    policy.reset(1, 0)
    seen: dict[str, list[np.ndarray]] = {name: [] for name in (*ROWS, "power")}
    for _ in range(params.episode_steps):
        simulator.step(policy.act(simulator.observations[0])[None])
        for name, row in ROWS.items():
            seen[name].append(simulator.row(row)[0])
        seen["power"].append(simulator.row(ROW.compute_j)[0])
    series = {name: np.array(rows, float) for name, rows in seen.items()}
    series["power"] /= params.hardware.peak_power_w * params.service.step_s
    series["charge"] /= simulator.row(ROW.battery_capacity_j)[0]
    n_steps = params.n_sats * params.episode_steps
    return series, float(simulator.metrics()["value"][0]) * n_steps


def most_on_course(world: World, course: dict[str, np.ndarray]) -> float:
    """Returns the program's optimum where every state and power is held to what was recorded.

    Raises: SolverError where what was recorded breaks a row.
    """
    program, satellites = plan_of(world)
    low, high = program.boxes()
    ends = world.ends - 1
    power = world.blocks(course["power"]) / world.lengths[:, None]
    for satellite in satellites:
        sat = satellite.sat
        held = [
            (satellite.power, power[:, sat], 1.0e-5),
            (satellite.battery.charge[1:], course["charge"][ends, sat], 1.0e-4),
            (satellite.heat.chip[1:], course["chip"][ends, sat], 2.0e-3),
            (satellite.heat.loop[1:], course["loop"][ends, sat], 2.0e-3),
            (satellite.heat.panel[1:], course["panel"][ends, sat], 2.0e-3),
        ]
        for columns, level, slack in held:
            low[columns] = np.maximum(low[columns], level - slack)
            high[columns] = np.minimum(high[columns], level + slack)
    assert (low <= high).all()
    found, _ = maximise(
        program.values(), program.matrix(), program.limits(), program.is_equal(), low, high
    )
    return float(program.values() @ found) + program.offset


def plan_of(world: World) -> tuple[Program, list[Satellite]]:
    if world.params.n_sats > 1:
        return fleet_plan(world)
    program, satellite = single_plan(world)
    return program, [satellite]


@pytest.mark.parametrize("block_steps", [1, 2])
@pytest.mark.parametrize("name", ["random", "flat_out", "thermostat", "idle", "bang-bang"])
@pytest.mark.parametrize(("scenario", "hours", "changes"), WORLDS)
def test_every_course_of_the_simulator_is_a_point_of_the_program(
    scenario, hours, changes, name, block_steps
):
    params = params_of(scenario, hours, **changes)
    course, value = recorded(params, policies()[name])
    foresight, start = foresee(params, 0)
    world = World(foresight, start, even_blocks(params.episode_steps, block_steps))
    assert most_on_course(world, course) >= value - 1.0e-4 * abs(value)


def simple(params: Params, *, array_w: np.ndarray, queue: np.ndarray, charge: float):
    """Returns a world of one satellite with the light, queue (GPU-s by slot) and charge given."""
    foresight, start = foresee(params, 0)
    nothing = np.zeros_like(foresight.interactive)
    step_s = params.service.step_s
    capacity_j = params.hardware.capacity_j
    foresight = replace(
        foresight,
        interactive=nothing,
        deferrable=nothing,
        available=nothing + 1.0,
        array_j=array_w[:, None] * step_s,
        hardware=foresight.hardware | {"battery_capacity_j": np.array([capacity_j])},
    )
    return foresight, replace(start, queue=queue[None], charge_j=np.array([charge * capacity_j]))


def queue_in(slot: int, work: float) -> np.ndarray:
    queue = np.zeros(N_SLOTS)
    queue[slot] = work
    return queue


def optimum(foresight: Foresight, start: State) -> float:
    kept = Relaxations(heat=False, wear=False)
    lengths = even_blocks(foresight.n_steps, 1)
    program, _ = single_plan(World(foresight, start, lengths, kept))
    solution = program.solve()
    assert solution.bound == pytest.approx(solution.value, rel=1e-6, abs=1e-6)
    return solution.bound


def least_bus_w(params: Params) -> float:
    hw = params.hardware
    return hw.bus_power_w + pump_power_w(hw.min_flow, hw.pump_power_w)


def coldest_leak(foresight: Foresight, start: State) -> float:
    return design_of(World(foresight, start, even_blocks(foresight.n_steps, 1))).box.leak_low


def most_work_per_power(params: Params) -> float:
    """Work over power where the voltage has just come down, the best clock there is."""
    hw, share = params.hardware, params.service.deferrable_prefill_share
    return work_rate(hw.knee_clock, share) / power_fraction(hw.knee_clock, hw)


def test_constant_light_without_a_battery_is_worth_its_power():
    params = params_of("single-walker-v0", hours=1.0)
    n, capacity = params.episode_steps, params.service.capacity_work
    array_w = np.full(n, 50e3)
    foresight, start = simple(params, array_w=array_w, queue=queue_in(11, 60 * capacity), charge=0)
    foresight.hardware["battery_capacity_j"] = np.array([1.0])
    power = (50e3 - least_bus_w(params)) / params.hardware.peak_power_w
    rate = power / coldest_leak(foresight, start) * most_work_per_power(params)
    assert rate < 0.6  # below the best clock: work goes with power
    expected = params.weights.value_deferrable * rate * n
    assert optimum(foresight, start) == pytest.approx(expected, rel=1e-4)


def test_a_deadline_leaves_what_cannot_be_done_before_it():
    params = params_of("single-walker-v0", hours=1.0)
    n, capacity = params.episode_steps, params.service.capacity_work
    work = 2.0 * params.slot_steps + 10.0  # slot 1 closes after two slots: ten steps too many
    foresight, start = simple(
        params, array_w=np.full(n, 1e6), queue=queue_in(1, work * capacity), charge=1.0
    )
    weights = params.weights
    done = 2.0 * params.slot_steps
    expected = weights.value_deferrable * done - weights.missed_deferrable * 10.0
    assert optimum(foresight, start) == pytest.approx(expected, rel=1e-5)


def test_a_battery_carries_what_it_took_through_an_eclipse():
    params = params_of("single-walker-v0", hours=1.0)
    hw, n = params.hardware, params.episode_steps
    light, dark = 40, n - 40
    array_w = np.where(np.arange(n) < light, 400e3, 0.0)
    queue = queue_in(11, 60 * params.service.capacity_work)
    foresight, start = simple(params, array_w=array_w, queue=queue, charge=0.0)
    stored_j = hw.charge_c_rate_per_h * hw.capacity_j / 60.0 * light * hw.charge_efficiency
    left_j = stored_j * hw.discharge_efficiency - dark * 60.0 * least_bus_w(params)
    peak_steps = left_j / (hw.peak_power_w * 60.0) / coldest_leak(foresight, start)
    done = light + peak_steps * most_work_per_power(params)
    expected = params.weights.value_deferrable * done
    assert optimum(foresight, start) == pytest.approx(expected, rel=1e-4)


def test_a_small_world_is_bounded_within_a_tenth_of_its_optimum():
    """Every course of clock and share, and of pauses, over six steps in the dark."""
    params = replace(params_of("single-walker-v0", hours=0.1), episode_steps=6)
    levels = [(-1.0, -1.0), (0.0, -0.4), (0.0, 0.3), (0.0, 1.0), (1.0, 1.0)]
    courses = np.array(list(itertools.product(levels, repeat=6)), np.float32)
    seed = dark_seed(params)
    simulator = Simulator(params, len(courses))
    simulator.reset([(seed, 0)] * len(courses), split="test")
    for step in range(6):
        actions = np.full((len(courses), 1, N_ACTIONS), 1.0, np.float32)
        actions[:, 0, INDEX["clock"]] = courses[:, step, 0]
        actions[:, 0, INDEX["active_share"]] = courses[:, step, 1]
        actions[:, 0, INDEX["coolant_flow"]] = -0.5
        simulator.step(actions)
    values = simulator.metrics()["value"]
    bound = world_bound(params, seed).value
    floor = values.min()
    assert values.max() <= bound
    assert bound - values.max() < 0.1 * (bound - floor)


def dark_seed(params: Params) -> int:
    """Returns a world that begins in shadow."""
    return next(seed for seed in range(100) if foresee(params, seed)[0].array_j.sum() == 0.0)


def test_any_dual_vector_proves_a_bound():
    foresight, start = foresee(params_of("single-walker-v0", hours=1.0), 0)
    program, _ = single_plan(World(foresight, start, even_blocks(60, 2)))
    best = program.solve()
    rng = np.random.default_rng(0)
    assert best.bound == pytest.approx(best.value, rel=1e-6)
    for spread in (0.0, 1e-3, 1.0):
        noise = spread * rng.normal(size=program.n_rows)
        assert program.dual_bound(best.duals + noise) >= best.value - 1e-9
    assert program.dual_bound(np.zeros(program.n_rows)) > best.bound


def test_duals_of_a_program_with_bounds_are_its_optimum():
    program = Program()
    x = program.columns("x", 2, 0.0, 3.0, np.array([2.0, 1.0]))
    program.at_most(column(x[:1]) + column(x[1:]), 4.0)
    solution = program.solve()
    assert solution.value == pytest.approx(7.0)
    assert solution.bound == pytest.approx(7.0)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.61, 1.0])
def test_operating_points_lie_above_the_curve_and_near_it(share):
    hardware = params_of("single-walker-v0").hardware
    points = operating_points(hardware, share)
    clocks = np.linspace(hardware.min_clock, 1.0, 977)
    power = np.array([power_fraction(clock, hardware) for clock in clocks])
    rate = np.array([work_rate(clock, share) for clock in clocks])
    above = np.interp(power, np.r_[0.0, points.power], np.r_[0.0, points.rate])
    assert (above >= rate).all()
    assert above[-1] == pytest.approx(rate[-1], abs=1e-5)
    efficient = clocks >= clocks[np.argmax(rate / power)]
    assert (above - rate)[efficient].max() < 0.005


@pytest.mark.parametrize("scenario", ["single-walker-v0", "single-dawn-dusk-v0"])
def test_no_step_leaves_the_box_of_temperatures(scenario):
    params = params_of(scenario)
    foresight, start = foresee(params, 0)
    design = design_of(World(foresight, start, even_blocks(foresight.n_steps, 1)))
    rng = np.random.default_rng(0)
    for _ in range(3000):
        nodes, after = step_in_box(params, foresight, design, rng)
        assert after.chip_k >= design.box.low_k
        assert min(after.loop_k, after.radiator_k) >= design.box.low_k
        assert max(after.chip_k, after.loop_k) <= design.box.chip_high_k
        assert after.radiator_k <= design.box.radiator_high_k, nodes


def step_in_box(params: Params, foresight: Foresight, design: Design, rng):
    """Returns nodes drawn at the edges of the box, in order of the heat's way, and a sub-step."""
    hw, box = params.hardware, design.box
    draws = np.sort(rng.choice([0.0, 1.0, rng.random()], size=3))[::-1]
    chip = box.low_k + draws[0] * (hw.trip_k - box.low_k)
    loop = box.low_k + draws[1] * (hw.trip_k - box.low_k)
    radiator = min(box.low_k + draws[2] * (hw.trip_k - box.low_k), box.radiator_high_k)
    absorbed = rng.choice([foresight.absorbed_w.min(), foresight.absorbed_w.max()])
    nodes = (chip, loop, radiator)
    after = three_node_step(
        *nodes,
        0.0,
        hw.chip_conductance_w_k,
        rng.choice([hw.min_flow, 1.0]) * hw.flow_conductance_w_k,
        hw.emitting_area_m2,
        hw.emissivity * foresight.hardware["radiator_factor"][0],
        0.0,
        hw.chip_capacity_j_k,
        hw.loop_capacity_j_k,
        hw.radiator_capacity_j_k,
        absorbed,
        params.service.substep_s,
    )
    return nodes, after


def test_the_command_writes_bounds_that_their_content_hash_finds(tmp_path, capsys):
    path = tmp_path / "bounds.json"
    code = main(["bound", "single-walker-v0", "--block-steps", "2", "--json", str(path)])
    assert code == 0
    assert "bound of single-walker-v0" in capsys.readouterr().out
    found = BoundFile.model_validate_json(path.read_text())
    params = build_params(load_scenario("single-walker-v0"))
    assert find_bounds(tmp_path, params.content_hash) == found
    assert find_bounds(tmp_path, "0" * 64) is None
    value = play(load_policy("thermostat"), Simulator(params, 1), split="test")["value"][0]
    assert value < found.of_worlds("test")[0] < 1.0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["single-walkr-v0"], "did you mean single-walker-v0?"),
        (["single-walker-v0", "--seed", "-1"], "--seed is -1, must be from 0 to"),
        (["single-walker-v0", "--worlds", "0"], "--worlds is 0, must be from 1 to 10000"),
        (["single-walker-v0", "--block-steps", "3"], "--block-steps is 3, must be from 1 to 2"),
    ],
)
def test_bad_input_is_told_in_one_line(args, message, capsys):
    assert main(["bound", *args]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_radiator_too_worn_to_shed_the_sky_is_bounded():
    uneven = {"hardware.spread.radiator_std_fraction": "28 percent"}
    params = params_of("dawn-dusk-24-v0", 0.25, **uneven)
    foresight, start = foresee(params, 0)
    worst = foresight.hardware["radiator_factor"].min()
    assert worst < 0.2
    box = design_of(World(foresight, start, even_blocks(foresight.n_steps, 1))).box
    assert box.low_k < box.sky_high_k < box.chip_high_k <= box.radiator_high_k
    bound = world_bound(params, 0).value
    simulator = Simulator(params, 1)
    for policy in policies().values():
        assert play(policy, simulator, split="test")["value"][0] <= bound + ROUNDING

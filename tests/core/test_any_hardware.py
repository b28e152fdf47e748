"""Whatever hardware, orbits and game the models admit: finite, bounded, and nothing lost.

The ordinary suite tries sixty worlds, `make nightly` ten thousand (see `any_world`).
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.any_world import any_world, on_draws, play

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import N_ACTIONS
from sunward.core.params import N_SLOTS
from sunward.core.rows import KEPT_FLOATS, KEPT_START, ROW
from sunward.core.satellite import full_array_w
from sunward.core.width import LANES
from sunward.physics.eclipse import limb_sines, sun_angular_radius_rad
from sunward.physics.mean_radius import mean_radius_m
from sunward.physics.sun import greenwich_sidereal_angle_rad, sun_direction_and_distance

RELATIVE = 1e-9
#: The Sun's disc is left and right of the limb by this much at least (kernel light in float32).
CLEAR_RAD = 1e-3


@on_draws()
@given(any_world())
def test_whole_episodes_stay_finite_and_within_bounds(world):
    play(world)


def fleet(simulator, offset, n_rows=1):
    """Returns the sum over satellites of some rows."""
    return float(np.sum([simulator.row(offset + row * LANES) for row in range(n_rows)]))


def heat_j(simulator):
    """Returns the heat in chips, loops and radiators."""
    hardware = simulator.params.hardware
    return (
        hardware.chip_capacity_j_k * fleet(simulator, ROW.chip_k)
        + hardware.loop_capacity_j_k * fleet(simulator, ROW.loop_k)
        + hardware.radiator_capacity_j_k * fleet(simulator, ROW.radiator_k)
    )


def assert_balanced(taken_in, given_out):
    """Fails where two sums differ by more than rounding of what they are made of."""
    # fsum, so that the test itself adds no rounding of its own.
    size = math.fsum(abs(part) for part in [*taken_in, *given_out])
    assert abs(math.fsum(taken_in) - math.fsum(given_out)) <= RELATIVE * size


@on_draws(0.3)
@given(any_world(most_steps=120))
def test_work_electricity_and_heat_balance(world):
    simulator = world.started(np.float64)
    charge_j, stored_j = fleet(simulator, ROW.charge_j), heat_j(simulator)
    for step in range(simulator.episode_steps):
        simulator.step(world.actions(step))
    m = {name: float(values[0]) for name, values in simulator.metrics().items()}
    under_way = fleet(simulator, ROW.interactive_in)
    assert_balanced(
        [m["interactive_arrived"]],
        [m["interactive_done"], m["interactive_missed"], m["interactive_ground"], under_way],
    )
    waiting = fleet(simulator, ROW.queue, N_SLOTS)
    assert_balanced(
        [m["deferrable_arrived"]],
        [m["deferrable_done"], m["deferrable_missed"], m["deferrable_ground"], waiting],
    )
    # With what the bus went without on both sides: its energy is what it asks for less that.
    assert_balanced(
        [charge_j, m["array_energy"], m["unmet_energy"]],
        [
            fleet(simulator, ROW.charge_j),
            m["bus_energy"],
            m["unmet_energy"],
            m["compute_energy"],
            m["battery_loss"],
            m["curtailed_energy"],
        ],
    )
    assert_balanced(
        [stored_j, m["compute_energy"], m["absorbed_heat"]],
        [heat_j(simulator), m["radiated_heat"]],
    )


def heights_rad(simulator):
    """Returns the Sun's centre above the Earth's limb (n_sats,) and its radius, in rad.

    From positions and the almanac, not from what the kernel keeps.
    """
    days = float(simulator.days()[0])
    x, y, z, distance_au = sun_direction_and_distance(days)
    turn = greenwich_sidereal_angle_rad(days)
    sun = (
        x * math.cos(turn) + y * math.sin(turn),
        y * math.cos(turn) - x * math.sin(turn),
        z,
    )
    cosine = np.clip(simulator.positions()[0] @ sun, -1.0, 1.0)
    orbits = simulator.params.orbits
    shapes = zip(orbits.semi_major_axis_m, np.cos(orbits.inclination_rad), strict=True)
    limb = np.arcsin([limb_sines(mean_radius_m(*shape))[0] for shape in shapes])
    return np.pi - np.arccos(cosine) - limb, sun_angular_radius_rad(distance_au)


@on_draws(0.3)
@given(any_world(most_steps=150))
def test_no_light_in_umbra_and_full_light_outside_the_shadow(world):
    simulator = world.started()
    factor = simulator.row(ROW.array_factor)[0]
    height, _ = heights_rad(simulator)
    for step in range(simulator.episode_steps):
        irradiance = float(simulator.row(ROW.irradiance_w_m2)[0, 0])
        full_w = factor * full_array_w(irradiance, 1.0, simulator.params.hardware)
        simulator.step(world.actions(step))
        before, (height, radius) = height, heights_rad(simulator)
        # Both ends of a step deep in shadow: the arc between lies deeper.
        is_dark = np.maximum(before, height) < -radius - CLEAR_RAD
        array_w = simulator.row(ROW.array_j)[0] / simulator.params.service.step_s
        assert not array_w[is_dark].any()
        # In light the arc between may dip towards the limb: by less than it moves in a step.
        swing = 1.2e-3 * simulator.params.service.step_s
        is_lit = np.minimum(before, height) > radius + swing
        np.testing.assert_allclose(array_w[is_lit], full_w[is_lit], rtol=1e-5)


@st.composite
def walker(draw):
    """Draws (planes, satellites a plane, phasing, altitude, inclination) of a Walker delta."""
    planes = draw(st.integers(2, 5))
    return (
        planes,
        draw(st.integers(1, 4)),
        draw(st.integers(0, planes - 1)),
        draw(st.floats(400.0, 1500.0)),
        draw(st.floats(30.0, 100.0)),
    )


#: Satellites alike, nothing left to chance but the demand, which is the same at each site.
ALIKE = {
    "hardware.spread.array_std_fraction": 0.0,
    "hardware.spread.radiator_std_fraction": 0.0,
    "hardware.spread.leak_std_fraction": 0.0,
    "hardware.spread.battery_std_fraction": 0.0,
    "hardware.faults.upset_rate": 0.0,
    "hardware.faults.accelerator_failure_rate": 0.0,
    "hardware.faults.pump_failure_rate": 0.0,
    "hardware.links.outage_rate": 0.0,
    "start.charge_min_fraction": 0.6,
    "start.charge_max_fraction": 0.6,
    "start.queue_max_fraction": 0.0,
}


def walker_params(planes, per_plane, phasing, altitude_km, inclination_deg):
    """Returns parameters of a Walker delta of equal satellites."""
    overrides = ALIKE | {
        "constellation.satellites": planes * per_plane,
        "constellation.planes": planes,
        "constellation.phasing": phasing,
        "constellation.altitude_km": altitude_km,
        "constellation.inclination_deg": inclination_deg,
    }
    return build_params(load_scenario("walker-53-66-v0", **overrides))


def turned(params, node_rad, argument_rad):
    """Returns parameters whose nodes and arguments of latitude are turned by two angles."""
    orbits = params.orbits
    return replace(
        params,
        orbits=replace(
            orbits,
            node_rad=orbits.node_rad + node_rad,
            argument_rad=orbits.argument_rad + argument_rad,
        ),
    )


def same_flight(params, order):
    """Returns (observations, rewards) of forty steps in float64, satellites in an order.

    Actions belong to the place in the pattern, so they are dealt out in that order too.
    """
    simulator = Simulator(params, 1, dtype=np.float64)
    simulator.reset([(5, 0)])
    # The order of summing and the drawn warmth of the start are a satellite's own.
    state = simulator.get_state()
    rows = state["_lanes"].reshape(-1, KEPT_FLOATS // LANES, LANES)
    for row in (ROW.chip_k, ROW.loop_k, ROW.radiator_k):
        rows[:, (row - KEPT_START) // LANES] = 320.0
    simulator.set_state(state)
    for step in range(40):
        raw = np.random.default_rng(step).uniform(-1.0, 1.0, (params.n_sats, N_ACTIONS))
        actions = np.empty((1, params.n_sats, N_ACTIONS))
        actions[0, order] = raw
        simulator.step(actions)
    return simulator.observations[0, order], simulator.rewards[0, order]


@on_draws(0.1)
@given(walker())
def test_turning_a_pattern_onto_itself_only_renames_its_satellites(pattern):
    planes, per_plane, phasing, *_ = pattern
    params = walker_params(*pattern)
    plane, slot = np.divmod(np.arange(params.n_sats), per_plane)
    plain = same_flight(params, np.arange(params.n_sats))

    # One slot on: satellite (plane, slot) stands where (plane, slot + 1) stood.
    along = turned(params, 0.0, 2.0 * math.pi / per_plane)
    moved = same_flight(along, plane * per_plane + (slot - 1) % per_plane)
    for ours, theirs in zip(plain, moved, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)

    # One plane on, with its phase; across the seam the phases have added up to whole slots.
    across = turned(params, 2.0 * math.pi / planes, 2.0 * math.pi * phasing / params.n_sats)
    wrapped = np.where(plane == 0, slot - phasing, slot) % per_plane
    moved = same_flight(across, (plane - 1) % planes * per_plane + wrapped)
    for ours, theirs in zip(plain, moved, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def episode(**overrides):
    """Returns (metrics, greatest chip temperature) of four hours of the same moderate work."""
    params = build_params(load_scenario("single-walker-v0", **overrides))
    simulator = Simulator(params, 1, dtype=np.float64)
    simulator.reset([(2, 0)])
    actions = np.full((1, 1, N_ACTIONS), -0.2, np.float32)
    hottest_k = 0.0
    for _ in range(240):
        simulator.step(actions)
        hottest_k = max(hottest_k, float(simulator.row(ROW.chip_k)[0, 0]))
    return {name: float(value[0]) for name, value in simulator.metrics().items()}, hottest_k


@on_draws(0.05)
@given(st.floats(60.0, 400.0), st.floats(1.05, 3.0))
def test_a_larger_radiator_keeps_chips_cooler(area_m2, growth):
    small = episode(**{"hardware.thermal.radiator_area": area_m2})
    large = episode(**{"hardware.thermal.radiator_area": area_m2 * growth})
    assert large[1] < small[1]


@on_draws(0.05)
@given(st.floats(50.0, 2000.0), st.floats(1.05, 3.0))
def test_a_larger_array_gives_more_in_proportion_and_starves_less(area_m2, growth):
    small, _ = episode(**{"hardware.power.array_area": area_m2})
    large, _ = episode(**{"hardware.power.array_area": area_m2 * growth})
    assert large["array_energy"] == pytest.approx(growth * small["array_energy"], rel=1e-9)
    # Safe mode cuts the bus from the next step on: how long a fall starves depends on its second.
    params = build_params(load_scenario("single-walker-v0"))
    served_w = params.hardware.bus_power_w + params.hardware.pump_power_w
    of_falls_j = large["brownouts"] * served_w * params.service.step_s
    assert large["unmet_energy"] <= small["unmet_energy"] + of_falls_j
    assert large["compute_energy"] >= small["compute_energy"] * (1.0 - 1e-9)

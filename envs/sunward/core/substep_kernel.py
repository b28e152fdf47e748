"""The passes of a sub-step over blocks of satellites: work, power, heat. See `kernel`."""

from __future__ import annotations

from sunward.core.compilation import inlined_kernel, kernel, prefer_full_width
from sunward.core.orbit_step import rotate
from sunward.core.rows import LANES, ROW
from sunward.core.satellite import (
    bus_load_w,
    complement,
    full_array_w,
    no_sink_k,
    operating_share,
    trip_outcome,
)
from sunward.core.substep import Supply, Waiting, plan_load, settle_power, work_left
from sunward.physics.eclipse import limb_illumination
from sunward.physics.thermal import three_node_step

#: Rows that add up over the sub-steps of a step.
_SUMS = (
    ROW.array_j,
    ROW.curtailed_j,
    ROW.bus_j,
    ROW.compute_j,
    ROW.loss_j,
    ROW.discharged_j,
    ROW.unmet_j,
    ROW.radiated_j,
    ROW.interactive_done,
    ROW.deferrable_done,
    ROW.clock_sum,
    ROW.fill_sum,
    ROW.hot_s,
    ROW.trip,
)


@inlined_kernel
def start_substeps(rows, hw, service):
    """Writes what holds for a step, clears its sums, and turns to the middle of a sub-step."""
    prefer_full_width()
    for row in _SUMS:
        for lane in range(LANES):
            rows[row + lane] = 0
    for lane in range(LANES):
        rows[ROW.interactive_left + lane] = 0
        safe_steps = rows[ROW.safe_steps + lane]
        flow = rows[ROW.coolant_flow + lane]
        rows[ROW.flow + lane] = flow * rows[ROW.pump_health + lane]
        rows[ROW.operating + lane] = operating_share(
            rows[ROW.active_share + lane],
            rows[ROW.available + lane],
            safe_steps,
            rows[ROW.alive + lane],
        )
        rows[ROW.full_array_w + lane] = full_array_w(
            rows[ROW.irradiance_w_m2 + lane], rows[ROW.array_factor + lane], hw
        )
        rows[ROW.bus_w + lane] = bus_load_w(flow, safe_steps, rows[ROW.sent + lane], hw, service)
        sine, cosine = rotate(
            rows[ROW.sin_argument + lane],
            rows[ROW.cos_argument + lane],
            rows[ROW.sin_half_substep + lane],
            rows[ROW.cos_half_substep + lane],
        )
        rows[ROW.sin_argument + lane] = sine
        rows[ROW.cos_argument + lane] = cosine


@inlined_kernel
def plan_loads(rows, hw, service):
    """Writes what the accelerators of a block would do in a sub-step."""
    prefer_full_width()
    for lane in range(LANES):
        interactive_left = rows[ROW.interactive_left + lane] + rows[
            ROW.interactive_offered + lane
        ] * (service.substep_s / service.step_s)
        rows[ROW.interactive_left + lane] = interactive_left
        load = plan_load(
            Waiting(
                interactive_left,
                rows[ROW.deferrable_left + lane],
                rows[ROW.clock + lane],
                rows[ROW.deferrable_energy + lane],
                rows[ROW.operating + lane] * complement(rows[ROW.tripped + lane]),
            ),
            rows[ROW.chip_k + lane],
            rows[ROW.loop_k + lane],
            rows[ROW.leak_factor + lane] * hw.leak_fraction,
            hw,
            service,
        )
        rows[ROW.load_w + lane] = load.power_w
        rows[ROW.load_interactive + lane] = load.interactive_work
        rows[ROW.load_deferrable + lane] = load.deferrable_work
        rows[ROW.load_fill + lane] = load.fill
        rows[ROW.clock_sum + lane] += load.clock


@inlined_kernel
def settle_powers(rows, hw, service):
    """Shares the power of a sub-step between bus, accelerators and battery of a block."""
    prefer_full_width()
    for lane in range(LANES):
        sine = rows[ROW.sin_argument + lane]
        cosine = rows[ROW.cos_argument + lane]
        illumination = limb_illumination(
            cosine * rows[ROW.sun_p + lane] + sine * rows[ROW.sun_q + lane],
            rows[ROW.cos_limb + lane],
            rows[ROW.sin_limb + lane],
            rows[ROW.sun_radius_rad + lane],
        )
        array_w = rows[ROW.full_array_w + lane] * illumination
        bus_w = rows[ROW.bus_w + lane]
        power = settle_power(
            Supply(
                array_w,
                bus_w,
                rows[ROW.charge_j + lane],
                rows[ROW.battery_capacity_j + lane],
                rows[ROW.pack_k + lane],
            ),
            rows[ROW.load_w + lane],
            hw,
            service.substep_s,
        )
        sine, cosine = rotate(
            sine, cosine, rows[ROW.sin_substep + lane], rows[ROW.cos_substep + lane]
        )
        rows[ROW.sin_argument + lane] = sine
        rows[ROW.cos_argument + lane] = cosine
        rows[ROW.charge_j + lane] = power.charge_j
        rows[ROW.compute_w + lane] = power.compute_w
        rows[ROW.served_share + lane] = power.share
        rows[ROW.array_j + lane] += array_w * service.substep_s
        rows[ROW.curtailed_j + lane] += power.curtailed_w * service.substep_s
        rows[ROW.bus_j + lane] += (bus_w - power.unmet_w) * service.substep_s
        rows[ROW.compute_j + lane] += power.compute_w * service.substep_s
        rows[ROW.loss_j + lane] += power.loss_w * service.substep_s
        rows[ROW.unmet_j + lane] += power.unmet_w * service.substep_s
        rows[ROW.discharged_j + lane] += power.discharged_j


@kernel
def settle_work(rows):
    """Books the work of a block that got its power in a sub-step."""
    prefer_full_width()
    for lane in range(LANES):
        share = rows[ROW.served_share + lane]
        interactive = share * rows[ROW.load_interactive + lane]
        deferrable = share * rows[ROW.load_deferrable + lane]
        rows[ROW.interactive_left + lane] = work_left(
            rows[ROW.interactive_left + lane], interactive
        )
        rows[ROW.deferrable_left + lane] = work_left(rows[ROW.deferrable_left + lane], deferrable)
        rows[ROW.interactive_done + lane] += interactive
        rows[ROW.deferrable_done + lane] += deferrable
        rows[ROW.fill_sum + lane] += share * rows[ROW.load_fill + lane]


@inlined_kernel
def settle_heats(rows, hw, service):
    """Advances the temperatures of a block by a sub-step."""
    prefer_full_width()
    for lane in range(LANES):
        nodes = three_node_step(
            rows[ROW.chip_k + lane],
            rows[ROW.loop_k + lane],
            rows[ROW.radiator_k + lane],
            rows[ROW.compute_w + lane],
            hw.chip_conductance_w_k,
            rows[ROW.flow + lane] * hw.flow_conductance_w_k,
            hw.emitting_area_m2,
            rows[ROW.radiator_factor + lane] * hw.emissivity,
            no_sink_k(hw),  # all that comes from outside is in `absorbed_w`
            hw.chip_capacity_j_k,
            hw.loop_capacity_j_k,
            hw.radiator_capacity_j_k,
            rows[ROW.absorbed_w + lane],
            service.substep_s,
        )
        rows[ROW.chip_k + lane] = nodes.chip_k
        rows[ROW.loop_k + lane] = nodes.loop_k
        rows[ROW.radiator_k + lane] = nodes.radiator_k
        rows[ROW.radiated_j + lane] += nodes.radiated_j
    for lane in range(LANES):
        before = rows[ROW.tripped + lane]
        tripped, fell, hot_s = trip_outcome(before, rows[ROW.chip_k + lane], hw, service)
        rows[ROW.tripped + lane] = tripped
        rows[ROW.trip + lane] += fell
        rows[ROW.hot_s + lane] += hot_s


@inlined_kernel
def run_substep(rows, hw, service):
    """Advances work, power and heat of every satellite of a block by one sub-step."""
    plan_loads(rows, hw, service)
    settle_powers(rows, hw, service)
    settle_work(rows)
    settle_heats(rows, hw, service)

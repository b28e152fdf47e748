"""The passes of a sub-step over blocks of satellites: work, power, heat. See `kernel`."""

from __future__ import annotations

from sunward.physics.approximation import select
from sunward.physics.scalar import scalar
from sunward.physics.thermal import passed_on_j, three_node_step

from .changing import changing_lane, list_changing
from .compilation import inlined_kernel, kernel, prefer_full_width
from .lanes import lanes_in
from .orbit_step import rotate
from .rows import ROW
from .satellite import (
    bus_load_w,
    complement,
    full_array_w,
    no_sink_k,
    operating_share,
    trip_outcome,
)
from .substep import (
    Sight,
    Supply,
    Waiting,
    is_twilight,
    light_in,
    plan_load,
    runs_out,
    settle_parts,
    settle_whole,
    work_left,
)
from .written_out import clearer

#: Of what adds up over the sub-steps of a step.
_clear_sums = clearer(
    (
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
)


@inlined_kernel
def start_substeps(rows, vectors, hw, service):
    """Writes what holds for a step, clears its sums, and turns to the middle of a sub-step."""
    prefer_full_width()
    _clear_sums(rows, vectors)
    for lane in range(lanes_in(vectors)):
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
def plan_loads(rows, vectors, hw, service):
    """Writes what the accelerators of a block would do in a sub-step."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
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


@scalar
def sight_of(rows, lane):
    """Returns where the Sun stands for a lane in a sub-step."""
    return Sight(
        rows[ROW.cos_sun + lane],
        rows[ROW.cos_sun_rate + lane],
        rows[ROW.sin_part + lane],
        rows[ROW.cos_limb + lane],
        rows[ROW.sin_limb + lane],
        rows[ROW.sun_radius_rad + lane],
    )


@scalar
def supply_of(rows, lane):
    """Returns where the power of a lane comes from, its array in full light."""
    return Supply(
        rows[ROW.full_array_w + lane],
        rows[ROW.bus_w + lane],
        rows[ROW.charge_j + lane],
        rows[ROW.battery_capacity_j + lane],
        rows[ROW.pack_k + lane],
    )


@scalar
def note_settled(rows, lane, settled):
    """Writes what a lane did with the power of a sub-step."""
    rows[ROW.charge_after_j + lane] = settled.charge_j
    rows[ROW.light + lane] = settled.illumination
    rows[ROW.served_share + lane] = settled.share
    rows[ROW.compute_now_j + lane] = settled.compute_j
    rows[ROW.early_j_s + lane] = settled.early_j_s
    rows[ROW.curtailed_now_j + lane] = settled.curtailed_j
    rows[ROW.loss_now_j + lane] = settled.loss_j
    rows[ROW.unmet_now_j + lane] = settled.unmet_j
    rows[ROW.discharged_now_j + lane] = settled.discharged_j


@inlined_kernel
def look_at_sun(rows, vectors):
    """Writes where the Sun stands, and turns to the middle of the next sub-step."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        sine = rows[ROW.sin_argument + lane]
        cosine = rows[ROW.cos_argument + lane]
        sun_p = rows[ROW.sun_p + lane]
        sun_q = rows[ROW.sun_q + lane]
        rows[ROW.cos_sun + lane] = cosine * sun_p + sine * sun_q
        rows[ROW.cos_sun_rate + lane] = cosine * sun_q - sine * sun_p
        sine, cosine = rotate(
            sine, cosine, rows[ROW.sin_substep + lane], rows[ROW.cos_substep + lane]
        )
        rows[ROW.sin_argument + lane] = sine
        rows[ROW.cos_argument + lane] = cosine


@inlined_kernel
def settle_wholes(rows, vectors, hw, service):
    """Shares the power of a sub-step as if nothing changed within it, and marks where it does."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        sight = sight_of(rows, lane)
        supply = supply_of(rows, lane)
        light = light_in(sight)
        settled = settle_whole(supply, light, rows[ROW.load_w + lane], hw, service.substep_s)
        note_settled(rows, lane, settled)
        changes = is_twilight(sight) | runs_out(supply, settled.charge_j, hw)
        rows[ROW.changing + lane] = select(changes, 1.0, 0.0)


@inlined_kernel
def settle_changing(rows, vectors, hw, service):
    """Shares the power anew where light or battery change within the sub-step.

    One by one, as they are one in a hundred: settling all lanes so would cost a tenth of a step.
    """
    for index in range(list_changing(rows, vectors)):
        lane = changing_lane(rows, index)
        settled = settle_parts(
            supply_of(rows, lane),
            sight_of(rows, lane),
            rows[ROW.load_w + lane],
            hw,
            service.substep_s,
        )
        note_settled(rows, lane, settled)


@inlined_kernel
def sum_powers(rows, vectors, service):
    """Adds a sub-step to the sums of the step."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        unmet_j = rows[ROW.unmet_now_j + lane]
        array_w = rows[ROW.full_array_w + lane] * rows[ROW.light + lane]
        rows[ROW.charge_j + lane] = rows[ROW.charge_after_j + lane]
        rows[ROW.array_j + lane] += array_w * service.substep_s
        rows[ROW.curtailed_j + lane] += rows[ROW.curtailed_now_j + lane]
        rows[ROW.bus_j + lane] += rows[ROW.bus_w + lane] * service.substep_s - unmet_j
        rows[ROW.compute_j + lane] += rows[ROW.compute_now_j + lane]
        rows[ROW.loss_j + lane] += rows[ROW.loss_now_j + lane]
        rows[ROW.unmet_j + lane] += unmet_j
        rows[ROW.discharged_j + lane] += rows[ROW.discharged_now_j + lane]


@inlined_kernel
def settle_powers(rows, vectors, hw, service):
    """Shares the power of a sub-step between bus, accelerators and battery of a block."""
    look_at_sun(rows, vectors)
    settle_wholes(rows, vectors, hw, service)
    settle_changing(rows, vectors, hw, service)
    sum_powers(rows, vectors, service)


@kernel
def settle_work(rows, vectors):
    """Books the work of a block that got its power in a sub-step."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
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
def settle_heats(rows, vectors, hw, service):
    """Advances the temperatures of a block by a sub-step."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        nodes = three_node_step(
            rows[ROW.chip_k + lane],
            rows[ROW.loop_k + lane],
            rows[ROW.radiator_k + lane],
            rows[ROW.compute_now_j + lane] / service.substep_s,
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
        passed_j = passed_on_j(
            rows[ROW.early_j_s + lane], hw.chip_conductance_w_k, hw.chip_capacity_j_k
        )
        rows[ROW.chip_k + lane] = nodes.chip_k - passed_j / hw.chip_capacity_j_k
        rows[ROW.loop_k + lane] = nodes.loop_k + passed_j / hw.loop_capacity_j_k
        rows[ROW.radiator_k + lane] = nodes.radiator_k
        rows[ROW.radiated_j + lane] += nodes.radiated_j
    for lane in range(lanes_in(vectors)):
        before = rows[ROW.tripped + lane]
        tripped, fell, hot_s = trip_outcome(before, rows[ROW.chip_k + lane], hw, service)
        rows[ROW.tripped + lane] = tripped
        rows[ROW.trip + lane] += fell
        rows[ROW.hot_s + lane] += hot_s


@inlined_kernel
def run_substep(rows, vectors, hw, service):
    """Advances work, power and heat of every satellite of a block by one sub-step."""
    plan_loads(rows, vectors, hw, service)
    settle_powers(rows, vectors, hw, service)
    settle_work(rows, vectors)
    settle_heats(rows, vectors, hw, service)

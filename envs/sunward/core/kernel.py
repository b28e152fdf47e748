"""The passes of a step over blocks of satellites, compiled by Numba.

A pass runs lane by lane without a branch, so that LLVM turns it into full-width vector code; what
couples satellites (demand, links) is a pass of its own. The arithmetic is in `orbit_step`,
`satellite`, `demand` and `sunward.physics`; here are only loads, calls and stores.
"""

from __future__ import annotations

import numpy as np

from sunward.physics.ageing import wear_fraction
from sunward.physics.approximation import select
from sunward.physics.battery import pack_temperature_step

from .compilation import inlined_kernel, kernel, prefer_full_width
from .lanes import lanes_in
from .orbit_step import Elements, Sun, locate
from .params import N_SLOTS
from .random import STREAM_STEP, philox
from .rows import INT_ROW, ROW
from .satellite import (
    complement,
    depth_of_discharge,
    from_action,
    outage_after,
    permanent_failures,
    safe_mode,
    serve_slot,
    share_from_action,
    share_of,
    upset_outcome,
)
from .width import LANES

_TO_24_BITS = np.uint64(8)


@inlined_kernel
def place_satellites(rows, vectors, ints, hw, service):
    """Writes orbit and light of the step that `ints` names."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        step = ints[INT_ROW.step + lane]
        rows[ROW.argument_phase + lane] = np.int32(
            ints[INT_ROW.argument_start + lane] + step * ints[INT_ROW.argument_rate + lane]
        )
        rows[ROW.node_phase + lane] = np.int32(
            ints[INT_ROW.node_start + lane] + step * ints[INT_ROW.node_rate + lane]
        )
    for lane in range(lanes_in(vectors)):
        place = locate(
            Elements(
                rows[ROW.argument_phase + lane],
                rows[ROW.node_phase + lane],
                rows[ROW.sin_inclination + lane],
                rows[ROW.cos_inclination + lane],
                rows[ROW.orbit_radius_m + lane],
                rows[ROW.orbit_rate_rad_s + lane],
                rows[ROW.sin_limb + lane],
                rows[ROW.cos_limb + lane],
                rows[ROW.earth_view + lane],
                rows[ROW.albedo_radial + lane],
                rows[ROW.sin_ahead + lane],
                rows[ROW.cos_ahead + lane],
                rows[ROW.sin_half_step + lane],
                rows[ROW.cos_half_step + lane],
            ),
            Sun(
                rows[ROW.sun_x + lane],
                rows[ROW.sun_y + lane],
                rows[ROW.sun_z + lane],
                rows[ROW.irradiance_w_m2 + lane],
                rows[ROW.sun_radius_rad + lane],
                rows[ROW.sin_sidereal + lane],
                rows[ROW.cos_sidereal + lane],
            ),
            hw,
            service,
        )
        rows[ROW.x + lane] = place.x
        rows[ROW.y + lane] = place.y
        rows[ROW.z + lane] = place.z
        rows[ROW.ahead_x + lane] = place.ahead_x
        rows[ROW.ahead_y + lane] = place.ahead_y
        rows[ROW.ahead_z + lane] = place.ahead_z
        rows[ROW.sin_argument + lane] = place.sin_argument
        rows[ROW.cos_argument + lane] = place.cos_argument
        rows[ROW.sun_p + lane] = place.sun_p
        rows[ROW.sun_q + lane] = place.sun_q
        rows[ROW.illumination + lane] = place.illumination
        rows[ROW.time_to_eclipse_s + lane] = place.time_to_eclipse_s
        rows[ROW.time_to_sunrise_s + lane] = place.time_to_sunrise_s
        rows[ROW.eclipse_fraction + lane] = place.eclipse_fraction
        rows[ROW.absorbed_w + lane] = place.absorbed_w
        rows[ROW.sink_temperature_k + lane] = place.sink_temperature_k
        rows[ROW.proton_flux + lane] = place.proton_flux


@kernel
def receive_work(rows, vectors, deadline_share):
    """Adds to the queue what enters in this step."""
    prefer_full_width()
    for slot in range(N_SLOTS):
        share = deadline_share[slot]
        for lane in range(lanes_in(vectors)):
            queue = ROW.queue + slot * LANES + lane
            rows[queue] = rows[queue] + share * rows[ROW.deferrable_new + lane]
    for lane in range(lanes_in(vectors)):
        rows[ROW.interactive_offered + lane] = (
            rows[ROW.interactive_new + lane] + rows[ROW.interactive_in + lane]
        )
        total = rows[ROW.queue + lane]
        for slot in range(1, N_SLOTS):
            total = total + rows[ROW.queue + slot * LANES + lane]
        rows[ROW.deferrable_left + lane] = total
    for side in range(4):
        for lane in range(lanes_in(vectors)):
            rows[ROW.foreign_interactive_now + side * LANES + lane] = rows[
                ROW.foreign_interactive + side * LANES + lane
            ]


@kernel
def send_work(rows, vectors, service):
    """Takes from queue and arrivals what the links carry away."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        share = (
            rows[ROW.send_share + lane]
            + rows[ROW.send_share + LANES + lane]
            + rows[ROW.send_share + 2 * LANES + lane]
            + rows[ROW.send_share + 3 * LANES + lane]
        )
        before = rows[ROW.deferrable_left + lane]
        movable = before - rows[ROW.queue + lane]
        kept = before - share * movable
        entered = service.carries_interactive * rows[ROW.interactive_new + lane]
        rows[ROW.sent + lane] = share * (movable + entered)
        rows[ROW.interactive_offered + lane] -= share * entered
        rows[ROW.deferrable_left + lane] = kept
        rows[ROW.sent_share + lane] = share
        rows[ROW.kept_share + lane] = share_of(kept, before)
    for side in range(4):
        for lane in range(lanes_in(vectors)):
            foreign = ROW.foreign + side * LANES + lane
            rows[foreign] = rows[foreign] * rows[ROW.kept_share + lane]
    for slot in range(1, N_SLOTS):
        for lane in range(lanes_in(vectors)):
            queue = ROW.queue + slot * LANES + lane
            rows[queue] = rows[queue] - rows[ROW.sent_share + lane] * rows[queue]


@kernel
def settle_queue(rows, vectors):
    """Takes the work done from the most urgent slots, closes a slot whose time is over, and adds
    what comes from neighbours, which waits from the next step on.
    """
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        rows[ROW.interactive_missed + lane] = rows[ROW.interactive_left + lane]
        before = rows[ROW.queue + lane]
        for slot in range(1, N_SLOTS):
            before = before + rows[ROW.queue + slot * LANES + lane]
        to_serve = rows[ROW.deferrable_done + lane]
        left = to_serve
        for slot in range(N_SLOTS):
            queue = ROW.queue + slot * LANES + lane
            queued, left = serve_slot(rows[queue], left)
            rows[queue] = queued
        done = to_serve - left
        ends = rows[ROW.slot_ends + lane]
        missed = ends * rows[ROW.queue + lane]
        rows[ROW.deferrable_done + lane] = done
        rows[ROW.deferrable_missed + lane] = missed
        rows[ROW.done_share + lane] = share_of(done, before)
        rows[ROW.missed_share + lane] = share_of(missed, before)
    for slot in range(N_SLOTS):
        for lane in range(lanes_in(vectors)):
            rows[ROW.queue + slot * LANES + lane] = (
                rows[ROW.queue + slot * LANES + lane] + rows[ROW.inbox + slot * LANES + lane]
            )
    for slot in range(N_SLOTS - 1):
        for lane in range(lanes_in(vectors)):
            queue = ROW.queue + slot * LANES + lane
            ends = rows[ROW.slot_ends + lane] > 0
            rows[queue] = select(ends, rows[queue + LANES], rows[queue])
    last = ROW.queue + (N_SLOTS - 1) * LANES
    for lane in range(lanes_in(vectors)):
        rows[last + lane] = complement(rows[ROW.slot_ends + lane]) * rows[last + lane]


@kernel
def draw_words(rows, vectors, ints):
    """Writes the random words of the step that `ints` names, as whole numbers below 2^24."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        words = philox(
            np.uint64(np.uint32(ints[INT_ROW.step + lane])),
            np.uint64(np.uint32(ints[INT_ROW.satellite + lane])),
            np.uint64(STREAM_STEP),
            np.uint64(0),
            np.uint64(np.uint32(ints[INT_ROW.key_low + lane])),
            np.uint64(np.uint32(ints[INT_ROW.key_high + lane])),
        )
        rows[ROW.random_upset + lane] = np.int32(words[0] >> _TO_24_BITS)
        rows[ROW.random_fore + lane] = np.int32(words[1] >> _TO_24_BITS)
        rows[ROW.random_right + lane] = np.int32(words[2] >> _TO_24_BITS)
        rows[ROW.random_failure + lane] = np.int32(words[3] >> _TO_24_BITS)


@inlined_kernel
def end_step(rows, vectors, hw, service):
    """Settles battery wear and temperature, safe mode, upsets, failures and link outages."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        capacity_j = rows[ROW.battery_capacity_j + lane]
        pack_k = rows[ROW.pack_k + lane]
        charge_fraction = rows[ROW.charge_j + lane] / capacity_j
        rows[ROW.absorbed_j + lane] = rows[ROW.absorbed_w + lane] * service.step_s
        rows[ROW.wear + lane] = wear_fraction(
            rows[ROW.discharged_j + lane],
            capacity_j,
            depth_of_discharge(rows[ROW.charge_j + lane], capacity_j),
            pack_k,
            service.step_s,
        )
        rows[ROW.pack_k + lane] = pack_temperature_step(
            pack_k,
            hw.pack_interface_k,
            rows[ROW.loss_j + lane] / service.step_s,
            hw.pack_conductance_w_k,
            hw.pack_capacity_j_k,
            service.step_s,
        )
        safe_steps, fell = safe_mode(
            rows[ROW.safe_steps + lane], rows[ROW.unmet_j + lane], charge_fraction, hw, service
        )
        rows[ROW.safe_steps + lane] = safe_steps
        rows[ROW.brownout + lane] = fell
    for lane in range(lanes_in(vectors)):
        working, health = permanent_failures(
            rows[ROW.random_failure + lane],
            rows[ROW.working + lane],
            rows[ROW.pump_health + lane],
            hw,
            service,
        )
        available, hit = upset_outcome(
            rows[ROW.random_upset + lane],
            rows[ROW.proton_flux + lane],
            rows[ROW.available + lane],
            working,
            hw,
            service,
        )
        rows[ROW.working + lane] = working
        rows[ROW.pump_health + lane] = health
        rows[ROW.available + lane] = available
        rows[ROW.upset + lane] = hit
        rows[ROW.down_fore + lane] = outage_after(
            rows[ROW.down_fore + lane], rows[ROW.random_fore + lane], service
        )
        rows[ROW.down_right + lane] = outage_after(
            rows[ROW.down_right + lane], rows[ROW.random_right + lane], service
        )


@inlined_kernel
def decode_actions(rows, vectors, actions, first, count, hw):
    """Writes the physical decisions of a block from raw actions (n, N_ACTIONS) in [-1, 1]."""
    prefer_full_width()
    for lane in range(count):
        raw = actions[first + lane]
        rows[ROW.clock + lane] = raw[0]
        rows[ROW.deferrable_energy + lane] = raw[1]
        rows[ROW.coolant_flow + lane] = raw[2]
        rows[ROW.active_share + lane] = raw[3]
        rows[ROW.price + lane] = raw[4]
    for lane in range(lanes_in(vectors)):
        rows[ROW.clock + lane] = from_action(rows[ROW.clock + lane], hw.min_clock)
        rows[ROW.deferrable_energy + lane] = share_from_action(rows[ROW.deferrable_energy + lane])
        rows[ROW.coolant_flow + lane] = from_action(rows[ROW.coolant_flow + lane], hw.min_flow)
        rows[ROW.active_share + lane] = from_action(
            rows[ROW.active_share + lane], hw.min_active_share
        )
        rows[ROW.price + lane] = share_from_action(rows[ROW.price + lane])

"""The memory of a block of satellites: one row of lanes for each quantity.

All rows of a block lie in one flat array, so that every address is the block's base plus a
constant: only then can LLVM prove that a store to one row does not change another, and vectorise.
"""

from __future__ import annotations

from typing import NamedTuple

from sunward.core.params import N_SLOTS
from sunward.core.observations import N_OWN
from sunward.core.reward import N_TERMS

#: Satellites in a block. Four 512-bit vectors of float32; a literal in every compiled loop.
LANES = 64


class Rows(NamedTuple):
    """Offset of each quantity's first row within a block, in floats (row number x LANES)."""

    # The satellite, drawn at reset
    sin_inclination: int
    cos_inclination: int
    orbit_radius_m: int
    sin_limb: int  # of the Earth's angular radius
    cos_limb: int
    earth_view: int  # view factor of the Earth from a plate on edge
    albedo_radial: int  # albedo factor of that plate over the cosine of the Sun's zenith angle
    orbit_rate_rad_s: int
    sin_half_substep: int  # orbital angle of half a sub-step
    cos_half_substep: int
    sin_ahead: int  # orbital angle flown in AHEAD_S
    cos_ahead: int
    array_factor: int
    radiator_factor: int
    leak_factor: int
    battery_capacity_j: int
    # The world, the same for its satellites, each step
    sun_x: int
    sun_y: int
    sun_z: int
    irradiance_w_m2: int
    sun_radius_rad: int
    sin_sidereal: int
    cos_sidereal: int
    slot_progress: int
    slot_ends: int
    episode_progress: int
    # Where the satellite is in this step
    argument_phase: int  # turns x 2^32
    node_phase: int
    x: int  # unit vector, Earth-fixed
    y: int
    z: int
    ahead_x: int  # where it will be above the Earth in AHEAD_S
    ahead_y: int
    ahead_z: int
    sin_argument: int
    cos_argument: int
    sun_p: int  # Sun along the node and 90 degrees ahead of it, in the orbital plane
    sun_q: int
    illumination: int
    time_to_eclipse_s: int
    time_to_sunrise_s: int
    eclipse_fraction: int
    absorbed_w: int
    sink_temperature_k: int
    proton_flux: int
    # Demand of this step
    interactive_new: int
    deferrable_new: int
    interactive_expected: int
    deferrable_expected: int
    demand_ahead: int
    # Random words of this step, 24 bits each as a float
    random_upset: int
    random_fore: int
    random_right: int
    random_failure: int
    # The decision
    clock: int
    deferrable_energy: int
    coolant_flow: int
    active_share: int
    price: int
    # State
    alive: int
    charge_j: int
    pack_k: int
    chip_k: int
    loop_k: int
    radiator_k: int
    tripped: int
    safe_steps: int
    available: int
    working: int  # share of accelerators not lost for good
    pump_health: int
    down_fore: int  # steps until the laser works again
    down_right: int
    queue: int  # N_SLOTS rows
    inbox: int  # N_SLOTS rows, arrives in the next step
    interactive_in: int
    foreign: int  # 4 rows: deferrable work in the queue, by the side it came from
    foreign_in: int  # 4 rows: the same, still under way
    foreign_interactive: int  # 4 rows: interactive work under way, by side
    foreign_interactive_now: int  # 4 rows: what of it is to be answered in this step
    # What the step did
    link: int  # 4 rows: link up
    send_share: int  # 4 rows: share of the queue sent to each side
    sent: int
    sent_share: int  # of the movable work
    kept_share: int  # of the queue
    interactive_left: int
    interactive_offered: int
    deferrable_left: int
    array_j: int
    curtailed_j: int
    bus_j: int
    compute_j: int
    loss_j: int
    discharged_j: int
    unmet_j: int
    absorbed_j: int
    radiated_j: int
    interactive_done: int
    deferrable_done: int
    interactive_missed: int
    deferrable_missed: int
    done_share: int  # of the queue
    missed_share: int
    interactive_done_share: int  # of what was offered
    interactive_missed_share: int
    clock_sum: int
    fill_sum: int
    hot_s: int
    wear: int
    brownout: int
    trip: int
    upset: int
    credit_owed: int  # 4 rows: what this satellite owes each neighbour for work it handed over
    terms: int  # N_TERMS rows
    reward: int
    # Own part of the observation
    observed: int  # N_OWN rows


_HEIGHT = {
    "queue": N_SLOTS,
    "inbox": N_SLOTS,
    "foreign": 4,
    "foreign_in": 4,
    "foreign_interactive": 4,
    "foreign_interactive_now": 4,
    "terms": N_TERMS,
    "link": 4,
    "send_share": 4,
    "credit_owed": 4,
    "observed": N_OWN,
}


def _offsets() -> list[int]:
    offsets, row = [], 0
    for name in Rows._fields:
        offsets.append(row * LANES)
        row += _HEIGHT.get(name, 1)
    return [*offsets, row * LANES]


#: Offsets of every row, and the size of a block, in floats.
*_ROW_OFFSETS, BLOCK_FLOATS = _offsets()
ROW = Rows(*_ROW_OFFSETS)


class IntRows(NamedTuple):
    """Offset of each integer quantity within a block, in int32."""

    argument_start: int  # turns x 2^32
    argument_rate: int  # turns x 2^32 a step
    node_start: int
    node_rate: int
    key_low: int  # Philox key of the world
    key_high: int
    satellite: int
    step: int


INT_ROW = IntRows(*(index * LANES for index in range(len(IntRows._fields))))
BLOCK_INTS = len(IntRows._fields) * LANES

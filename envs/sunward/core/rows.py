"""The memory of a block of satellites: one row of lanes for each quantity.

All rows of a block lie in one flat array, so that every address is the block's base plus a
constant: only then can LLVM prove that a store to one row does not change another, and vectorise.

Rows come in three parts. The first is the same for every world and is written once; the second is
kept from step to step; the third is worked out anew in each step. A chunk is stepped in a working
array that stays in a core's second-level cache, and only the second part goes to memory and back:
a step reads it up to what is only shown, and writes all but the hardware, which stays as it was.
"""

from __future__ import annotations

from typing import NamedTuple

from .observations import N_OWN
from .offsets import offsets
from .params import N_SLOTS
from .reward import N_TERMS
from .width import LANES

#: Rows of what is fetched from neighbours.
N_FETCHED = 14


@offsets
class Rows(NamedTuple):
    """Offset of each quantity's first row within a block, in floats (row number x LANES)."""

    # --- The same for every world: the orbit of the satellite
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
    sin_substep: int
    cos_substep: int
    sin_part: int  # orbital angle of a part of a sub-step
    sin_half_step: int  # orbital angle of half a control step
    cos_half_step: int
    sin_ahead: int  # orbital angle flown in AHEAD_S
    cos_ahead: int
    has: int  # 4 rows: 1 where there is a neighbour on that side

    # --- Kept from step to step: the satellite's own hardware, drawn at reset
    array_factor: int
    radiator_factor: int
    leak_factor: int
    battery_capacity_j: int
    # its state
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
    interactive_new: int  # enters in the step to come
    queue: int  # N_SLOTS rows
    interactive_in: int
    foreign: int  # 4 rows: deferrable work in the queue, by the side it came from
    foreign_interactive: int  # 4 rows: interactive work under way, by side
    # the step to come, as it was prepared
    irradiance_w_m2: int
    sun_radius_rad: int
    slot_ends: int
    sin_argument: int
    cos_argument: int
    sun_p: int  # Sun along the node and 90 degrees ahead of it, in the orbital plane
    sun_q: int
    absorbed_w: int
    proton_flux: int
    deferrable_new: int
    link: int  # 4 rows: link up
    # what the last step did, as far as it is shown
    interactive_offered: int
    deferrable_left: int
    deferrable_in: int  # part of the queue that has just come from neighbours
    array_j: int
    compute_j: int
    clock_sum: int
    fill_sum: int
    hot_s: int
    trip: int
    brownout: int
    terms: int  # N_TERMS rows

    # --- Worked out in each step: the world's sky
    sun_x: int
    sun_y: int
    sun_z: int
    sin_sidereal: int
    cos_sidereal: int
    slot_progress: int
    episode_progress: int
    # where the satellite is
    argument_phase: int  # turns x 2^32
    node_phase: int
    x: int  # unit vector, Earth-fixed
    y: int
    z: int
    ahead_x: int  # where it will be above the Earth in AHEAD_S
    ahead_y: int
    ahead_z: int
    illumination: int
    time_to_eclipse_s: int
    time_to_sunrise_s: int
    eclipse_fraction: int
    sink_temperature_k: int
    # what it may expect
    member: int  # 1 in the lanes of the world whose demand enters
    interactive_expected: int
    deferrable_expected: int
    demand_ahead: int
    # the decision, and what holds for the step
    clock: int
    deferrable_energy: int
    coolant_flow: int
    active_share: int
    price: int
    # what a block of sites sends, before the gain. Not 16 k rows from x, y, z: a load 4 KiB beside
    # a store waits for it
    interactive_sum: int
    deferrable_sum: int
    interactive_mean: int
    deferrable_mean: int
    operating: int
    full_array_w: int
    bus_w: int
    flow: int  # coolant that the pump gives, of full flow
    # what the step does
    foreign_interactive_now: int  # 4 rows: what of it is to be answered in this step
    random_upset: int  # random words, 24 bits each as a float
    random_fore: int
    random_right: int
    random_failure: int
    inbox: int  # N_SLOTS rows: work under way from the neighbours
    foreign_in: int  # 4 rows: the same, by the side it comes from
    send_share: int  # 4 rows: share of the queue sent to each side
    sent: int
    sent_share: int  # of the movable work
    kept_share: int  # of the queue
    interactive_left: int
    load_w: int  # of the sub-step
    load_interactive: int
    load_deferrable: int
    load_fill: int
    served_share: int
    cos_sun: int  # of the angle between zenith and Sun, in the middle of the sub-step
    cos_sun_rate: int  # its derivative by the argument of latitude
    light: int  # mean of the sub-step
    changing: int  # numbers of the lanes in which light or battery change within the sub-step
    charge_after_j: int
    compute_now_j: int  # in the sub-step
    early_j_s: int  # its moment about the middle
    curtailed_now_j: int
    loss_now_j: int
    unmet_now_j: int
    discharged_now_j: int
    curtailed_j: int
    bus_j: int
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
    wear: int
    upset: int
    credit_owed: int  # 4 rows: what this satellite owes each neighbour for work it handed over
    own_reward: int  # before it is mixed with the fleet's
    ground_share: int  # of the requests that links leave, sent to the ground
    ground_queue_share: int  # of the queue that links leave
    ground_interactive: int
    ground_deferrable: int
    ground_credit: int  # 4 rows: what each neighbour is owed for work of its that went there
    reward: int
    fetched: int  # N_FETCHED rows: from the neighbours on one side
    observed: int  # N_OWN rows: own part of the observation


_HEIGHT = {
    "queue": N_SLOTS,
    "inbox": N_SLOTS,
    "foreign": 4,
    "foreign_in": 4,
    "foreign_interactive": 4,
    "foreign_interactive_now": 4,
    "link": 4,
    "has": 4,
    "fetched": N_FETCHED,
    "send_share": 4,
    "credit_owed": 4,
    "ground_credit": 4,
    "terms": N_TERMS,
    "observed": N_OWN,
}


def rows_of(name: str) -> range:
    """Returns the offsets of the rows of a quantity within a block."""
    first = getattr(ROW, name)
    return range(first, first + _HEIGHT.get(name, 1) * LANES, LANES)


def _offsets() -> list[int]:
    offsets, row = [], 0
    for name in Rows._fields:
        offsets.append(row * LANES)
        row += _HEIGHT.get(name, 1)
    return [*offsets, row * LANES]


#: Offsets of every row, and the size of a block in the working array, in floats.
*_ROW_OFFSETS, BLOCK_FLOATS = _offsets()
ROW = Rows(*_ROW_OFFSETS)
#: The part of a block that is kept: where it starts, and its size, in floats.
KEPT_START = ROW.array_factor
KEPT_FLOATS = ROW.sun_x - KEPT_START
#: Within it, in floats: where what a step changes starts, and where what it needs ends.
CHANGED_START = ROW.alive - KEPT_START
NEEDED_END = ROW.interactive_offered - KEPT_START


@offsets
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

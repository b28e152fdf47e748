"""The kernels of a step on a GPU: what satellites read of each other was written by an earlier one.

One thread takes one satellite, or one world, or one demand site of a world. Rows lie side by side
over all satellites, (n_rows, n_slots), so that the threads of a warp read neighbouring numbers.
"""

from __future__ import annotations

import numpy as np

from sunward.core.actions import INDEX as ACTION
from sunward.core.observations import N_NEIGHBOUR, N_OBS, N_OWN
from sunward.core.params import N_SLOTS, Hardware, Service, Spread, Weights
from sunward.gpu import rows_moved as moved
from sunward.gpu.passes import (
    advance,
    compilation,
    demand,
    figures,
    ground,
    kernel,
    ledger,
    links,
    observe,
    prepare,
    reset,
    rows,
    satellite,
    world,
)
from sunward.gpu.registers import adder, loader, storer
from sunward.gpu.sites import N_SITE_REGISTERS, load_record, load_site, store_record
from sunward.gpu.target import cuda, jit

#: The longest kernel would take 200 registers a thread. With 168 more threads fit, which is
#: faster although some rows then lie in memory.
_longest = jit(max_registers=168)
#: Threads that add up the rewards of a world: a power of two.
ADDERS = 256
#: Numbers in the registers of a thread, at most.
N_REGISTERS = rows.BLOCK_FLOATS

_OBSERVED, _OWN_REWARD, _REWARD = rows.ROW.observed, rows.ROW.own_reward, rows.ROW.reward
_OTHER, _PRICE = rows.ROW.fetched, ACTION["price"]
_REWARD_ENTRY = [name for name, _ in ledger.ENTRIES].index("reward")

_hardware, _service, _weights, _spread, _hour = map(
    figures.reader, (Hardware, Service, Weights, Spread, demand.Hour)
)
#: Where a queue waits between steps. While satellites hand work over they read each other's queue
#: as it was offered, from its own place, and this is where what is left of it goes.
HELD_QUEUE = rows.ROW.observed + N_OBS
_HELD = {"queue": HELD_QUEUE}
#: Rows of a satellite: its own, of which the last are shown, then what it sees of its neighbours.
N_ROWS = HELD_QUEUE + N_SLOTS

_load_for_place, _store_place = loader(moved.PLACE_LOADS), storer(moved.PLACE_STORES)
_load_for_decision = loader(moved.DECIDE_LOADS, _HELD)
_store_decision = storer(moved.DECIDE_STORES)
_load_for_advance = loader(
    moved.ADVANCE_LOADS, {"foreign_interactive_now": rows.ROW.foreign_interactive}
)
_store_advanced = storer(moved.ADVANCE_STORES, _HELD)
_load_for_pay, _store_paid = loader(moved.PAY_LOADS), storer(moved.PAY_STORES)
_load_for_links, _store_links = loader(moved.LINK_LOADS), storer(moved.LINK_STORES)
_load_for_describe = loader(moved.DESCRIBE_LOADS, _HELD)
_store_described = storer(moved.DESCRIBE_STORES)
#: All but the reward, which is final only when it has been mixed with the fleet's.
_ENTRY_ROWS = {entry: row for entry, (_, row) in enumerate(ledger.ENTRIES)}
_book_step = adder(
    {
        entry: row
        for entry, row in _ENTRY_ROWS.items()
        if entry < ledger.FIRST_OF_GROUND and entry != _REWARD_ENTRY
    }
)
_book_ground = adder(
    {entry: row for entry, row in _ENTRY_ROWS.items() if entry >= ledger.FIRST_OF_GROUND}
)
_hold_start = storer(("queue",), _HELD)


@cuda.jit
def start_worlds(worlds, keys, steps, starting, epoch, trace_length):
    """Draws the start of the worlds that `starting` (n_envs,) marks; a thread a world."""
    env = cuda.grid(1)
    if env < steps.shape[0] and starting[env]:
        steps[env] = 0
        reset.start_world(worlds[env], keys[env], epoch, trace_length)


@cuda.jit
def start_satellites(
    work,
    ints,
    books,
    worlds,
    keys,
    starting,
    orbits,
    hardware_values,
    service_values,
    spread_values,
):
    """Starts the satellites of the worlds that `starting` marks."""
    slot = cuda.grid(1)
    if slot < work.shape[1]:
        env, sat = slot // orbits.shape[0], slot % orbits.shape[0]
        if starting[env]:
            column = work[:, slot]
            reset.reset_satellite(
                column,
                ints[:, slot],
                books[:, slot],
                0,
                0,
                0,
                sat,
                keys[env],
                worlds[env],
                orbits[sat],
                _hardware(hardware_values),
                _service(service_values),
                _spread(spread_values),
            )
            _hold_start(column, column)


@compilation.inlined_kernel
def show_world(env, skies, hours, worlds, steps, trace, layout):
    """Writes sky and hour of a world."""
    step = steps[env]
    days = prepare.days_at(worlds[env], step, layout[4])
    sky = world.sky_of(days, step, layout[2], layout[3])
    hour = world.hour_of(days, step, trace, np.int64(worlds[env, 3]), layout[5:7])
    for index in range(len(sky)):
        skies[env, index] = sky[index]
    for index in range(len(hour)):
        hours[env, index] = hour[index]


@compilation.inlined_kernel
def draw_site(index, records, site_table, knots, hours, keys, steps, layout, service_values):
    """Writes the demand of a site of a world in the world's step."""
    env, number = index // site_table.shape[1], index % site_table.shape[1]
    site = cuda.local.array(N_SITE_REGISTERS, np.float32)
    load_site(site, site_table[:, number])
    prepare.draw_sites(
        site,
        _hour(hours[env]),
        number,
        steps[env],
        keys[env],
        knots[:, index],
        layout[5:7],
        _service(service_values),
    )
    store_record(site, records[index])


@cuda.jit
def show_worlds(skies, hours, worlds, steps, trace, layout):
    """Writes sky and hour of every world; a thread a world."""
    env = cuda.grid(1)
    if env < steps.shape[0]:
        show_world(env, skies, hours, worlds, steps, trace, layout)


@cuda.jit
def draw_demand(records, site_table, knots, hours, keys, steps, layout, service_values):
    """Writes the demand of every site of every world; a thread a site."""
    index = cuda.grid(1)
    if index < records.shape[0]:
        draw_site(index, records, site_table, knots, hours, keys, steps, layout, service_values)


@cuda.jit
def place(work, ints, skies, records, steps, hardware_values, service_values, layout):
    """Writes sky, place and demand of the step that each satellite comes to."""
    slot = cuda.grid(1)
    if slot < work.shape[1]:
        env = slot // layout[7]
        service = _service(service_values)
        here = cuda.local.array(N_REGISTERS, np.float32)
        _load_for_place(here, work[:, slot])
        world.spread_sky(here, ints[:, slot], 0, 1, skies[env], steps[env])
        kernel.place_satellites(here, 1, ints[:, slot], _hardware(hardware_values), service)
        world.clear_demand(here, 1)
        world.mark_members(here, 0, 1)
        site = cuda.local.array(N_SITE_REGISTERS, np.float32)
        n_sites = records.shape[0] // steps.shape[0]
        for index in range(env * n_sites, (env + 1) * n_sites):
            load_record(site, records[index])
            world.enter_demand(here, 0, 1, site, service)
        _store_place(here, work[:, slot])


@compilation.inlined_kernel
def decide(slot, work, neighbours, actions, deadline_share, hardware, service):
    """Writes a satellite's decision, what work enters, and which share of it is sent where."""
    here = cuda.local.array(N_REGISTERS, np.float32)
    _load_for_decision(here, work[:, slot])
    kernel.decode_actions(here, 1, actions, slot, 1, hardware)
    kernel.receive_work(here, 1, deadline_share)
    for side in range(4):
        price = actions[neighbours[side, slot], _PRICE]
        here[_OTHER + side] = satellite.share_from_action(price)
    links.offer_block(here, 1, service)
    _store_decision(here, work[:, slot])


@compilation.inlined_kernel
def advance_satellite(slot, work, ints, books, neighbours, hardware, service, weights):
    """Takes a satellite through the sub-steps, and settles its work and its rewards."""
    here = cuda.local.array(N_REGISTERS, np.float32)
    _load_for_advance(here, work[:, slot])
    advance.run_substeps(here, 1, hardware, service, weights, (here, here, here))
    links.carry_work(work, here, 1, neighbours, slot, service)
    advance.close_step(here, 1, ints[:, slot], hardware, service)
    links.settle_block(here, 1, weights, service)
    ground.settle_ground(here, 1, weights, service)
    _book_step(here, books[:, slot])
    if service.ground_work > 0:
        _book_ground(here, books[:, slot])
    _store_advanced(here, work[:, slot])


@cuda.jit
def decide_and_show_worlds(
    work,
    neighbours,
    actions,
    deadline_share,
    hardware_values,
    service_values,
    skies,
    hours,
    worlds,
    steps,
    trace,
    layout,
    first,
):
    """Decides for each satellite; meanwhile `first` threads turn the worlds to their next step.

    What few threads do takes as long as what many do, so it is done beside it.
    """
    slot = cuda.grid(1) - first
    if 0 <= slot < work.shape[1]:
        hardware, service = _hardware(hardware_values), _service(service_values)
        decide(slot, work, neighbours, actions, deadline_share, hardware, service)
    elif slot < 0 and slot + first < steps.shape[0]:
        steps[slot + first] += 1
        show_world(slot + first, skies, hours, worlds, steps, trace, layout)


@_longest
def advance_and_draw_demand(
    work,
    ints,
    books,
    neighbours,
    hardware_values,
    service_values,
    weight_values,
    records,
    site_table,
    knots,
    hours,
    keys,
    steps,
    layout,
    first,
):
    """Takes each satellite through the step; meanwhile `first` threads draw the next demand."""
    slot = cuda.grid(1) - first
    if 0 <= slot < work.shape[1]:
        hardware, service = _hardware(hardware_values), _service(service_values)
        weights = _weights(weight_values)
        advance_satellite(slot, work, ints, books, neighbours, hardware, service, weights)
    elif slot < 0 and slot + first < records.shape[0]:
        index = slot + first
        draw_site(index, records, site_table, knots, hours, keys, steps, layout, service_values)


@cuda.jit
def pay(work, neighbours, books, is_final):
    """Writes each satellite's credit and the sum of its reward terms; books it where final."""
    slot = cuda.grid(1)
    if slot < work.shape[1]:
        here = cuda.local.array(N_REGISTERS, np.float32)
        _load_for_pay(here, work[:, slot])
        links.pay_credits(work, here, 1, neighbours, slot)
        links.add_up_reward(here, 1)
        _store_paid(here, work[:, slot])
        if is_final:
            books[_REWARD_ENTRY, slot] += here[_REWARD]


@cuda.jit
def mean_rewards(work, means):
    """Writes the mean reward of every world, added up in an order that never changes.

    A block of ADDERS threads a world.
    """
    env, adder = cuda.blockIdx.x, cuda.threadIdx.x
    n_sats = work.shape[1] // means.shape[0]
    sums = cuda.shared.array(ADDERS, np.float64)
    total = 0.0
    for sat in range(adder, n_sats, ADDERS):
        total += work[_OWN_REWARD, env * n_sats + sat]
    sums[adder] = total
    cuda.syncthreads()
    half = ADDERS // 2
    while half > 0:
        if adder < half:
            sums[adder] += sums[adder + half]
        cuda.syncthreads()
        half //= 2
    if adder == 0:
        means[env] = sums[0] / n_sats


@cuda.jit
def mix_rewards(work, means, team_share, books):
    """Draws each satellite's reward towards the mean of its world, and books it."""
    slot = cuda.grid(1)
    if slot < work.shape[1]:
        own = work[_OWN_REWARD, slot]
        mean = means[slot // (work.shape[1] // means.shape[0])]
        reward = own + team_share * (mean - own)
        work[_REWARD, slot] = reward
        books[_REWARD_ENTRY, slot] += reward


@cuda.jit
def find_links(work, neighbours, service_values):
    """Writes which links fore and right of each satellite work."""
    slot = cuda.grid(1)
    if slot < work.shape[1]:
        here = cuda.local.array(N_REGISTERS, np.float32)
        _load_for_links(here, work[:, slot])
        links.find_links(work, here, 1, neighbours, slot, _service(service_values))
        _store_links(here, work[:, slot])


@cuda.jit
def describe(work, neighbours, hardware_values, service_values, scaling):
    """Writes what each satellite sees of itself."""
    slot = cuda.grid(1)
    if slot < work.shape[1]:
        here = cuda.local.array(N_REGISTERS, np.float32)
        _load_for_describe(here, work[:, slot])
        links.mirror_links(work, here, 1, neighbours, slot)
        hardware, service = _hardware(hardware_values), _service(service_values)
        observe.describe_block(here, 1, hardware, service, scaling)
        _store_described(here, work[:, slot])


@cuda.jit
def look_round(work, neighbours):
    """Writes what each satellite sees of its neighbours: -1 throughout where there is none."""
    slot = cuda.grid(1)
    if slot < work.shape[1]:
        for side in range(4):
            other = neighbours[side, slot]
            for feature in range(N_NEIGHBOUR):
                seen = work[_OBSERVED + feature, other] if other != slot else -1.0
                work[_OBSERVED + N_OWN + side * N_NEIGHBOUR + feature, slot] = seen

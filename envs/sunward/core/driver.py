"""The compiled entries: start worlds, take a step, over a range of chunks.

A chunk is as many worlds as fit the cache, padded to whole blocks. Chunks share nothing, so a
range of them is what a thread gets.
"""

from __future__ import annotations

import numpy as np

from sunward.core.compilation import entry, inlined_kernel, kernel, prefer_full_width
from sunward.core.demand import HOUR_FIELDS, N_PAIRS, NOISE, SITE_FLOATS
from sunward.core.figures import figures
from sunward.core.kernel import (
    decode_actions,
    draw_words,
    end_step,
    place_satellites,
    receive_work,
    send_work,
    settle_queue,
)
from sunward.core.ledger import N_LEDGER, book_block
from sunward.core.links import (
    add_up_reward,
    address,
    carry_work,
    find_links,
    offer_work,
    pay_credits,
    settle_block,
)
from sunward.core.observe import describe_block, write_neighbours, write_own
from sunward.core.params import N_SUBSTEPS, Hardware, Service, Spread, Weights
from sunward.core.reset import reset_world, start_world
from sunward.core.rows import (
    BLOCK_FLOATS,
    BLOCK_INTS,
    CHANGED_START,
    KEPT_FLOATS,
    KEPT_START,
    LANES,
    NEEDED_END,
    ROW,
)
from sunward.core.substep_kernel import run_substep, start_substeps
from sunward.core.world import (
    N_SKY,
    SECONDS_PER_DAY,
    clear_demand,
    draw_demand,
    draw_pair,
    enter_demand,
    hour_of,
    mark_members,
    narrowed_hour,
    recall_knots,
    spread_sky,
    write_sky,
)


@kernel
def block_of(rows, block, size):
    """Returns the part of a chunk's array that holds one block."""
    return rows[block * size : (block + 1) * size]


@kernel
def copy_part(target, source, start, end):
    """Copies part of a block's kept rows; a plain loop, which is faster than assigning a slice."""
    prefer_full_width()
    for index in range(start, end):
        target[index] = source[index]


@kernel
def load_chunk(work, kept, end):
    """Copies what a chunk keeps into the working array, each block up to `end`."""
    for block in range(kept.shape[0] // KEPT_FLOATS):
        target = work[block * BLOCK_FLOATS + KEPT_START :]
        copy_part(target, block_of(kept, block, KEPT_FLOATS), 0, end)


@kernel
def store_chunk(work, kept):
    """Copies what a chunk keeps and a step may change out of the working array."""
    for block in range(kept.shape[0] // KEPT_FLOATS):
        source = work[block * BLOCK_FLOATS + KEPT_START :]
        copy_part(block_of(kept, block, KEPT_FLOATS), source, CHANGED_START, KEPT_FLOATS)


@kernel
def hang_sky(rows, ints, first, n_sats, sky, step):
    """Copies a world's sky to the lanes of its satellites."""
    for slot in range(first, first + n_sats):
        block = slot // LANES
        spread_sky(
            block_of(rows, block, BLOCK_FLOATS),
            block_of(ints, block, BLOCK_INTS),
            slot % LANES,
            sky,
            step,
        )


@inlined_kernel
def enter_world(rows, first, n_sats, sites, service):
    """Adds a world's demand to its satellites, block by block."""
    slot = first
    while slot < first + n_sats:
        lane = slot % LANES
        count = min(LANES - lane, first + n_sats - slot)
        block = block_of(rows, slot // LANES, BLOCK_FLOATS)
        mark_members(block, lane, count)
        for group in range(sites.shape[0] // SITE_FLOATS):
            enter_demand(block, lane, count, block_of(sites, group, SITE_FLOATS), service)
        slot += count


@inlined_kernel
def prepare_chunk(
    rows,
    ints,
    worlds,
    keys,
    steps,
    knots,
    sites,
    wiring,
    trace,
    layout,
    hw,
    service,
):
    """Writes sky, place, demand and links of the step that each world of a chunk comes to."""
    n_sats = layout[7]
    slot_steps, episode_steps, step_s, spacing = layout[2], layout[3], layout[4], layout[5:7]
    sky = np.empty(N_SKY)
    drawn_sites = sites.copy()
    hour_scratch = np.empty(len(HOUR_FIELDS), rows.dtype)
    for world in range(worlds.shape[0]):
        days = worlds[world, 0] + steps[world] * (step_s / SECONDS_PER_DAY)
        write_sky(sky, days, steps[world], slot_steps, episode_steps)
        hang_sky(rows, ints, world * n_sats, n_sats, sky, steps[world])
    for block in range(rows.shape[0] // BLOCK_FLOATS):
        here = block_of(rows, block, BLOCK_FLOATS)
        place_satellites(here, block_of(ints, block, BLOCK_INTS), hw, service)
        clear_demand(here)
    for world in range(worlds.shape[0]):
        step = steps[world]
        days = worlds[world, 0] + step * (step_s / SECONDS_PER_DAY)
        hour = narrowed_hour(
            hour_of(days, step, trace, np.int64(worlds[world, 3]), spacing), hour_scratch
        )
        for group in range(sites.shape[0] // SITE_FLOATS):
            block = block_of(drawn_sites, group, SITE_FLOATS)
            first_site = group * LANES
            recall_knots(block, knots[world, group], first_site, step, keys[world], spacing)
            draw_pair(block, N_PAIRS - 1, step, NOISE, first_site, keys[world])
            draw_demand(block, hour, service)
        enter_world(rows, world * n_sats, n_sats, drawn_sites, service)
    find_links(rows, wiring, service)


@inlined_kernel
def observe_chunk(rows, observations, first, n_slots, wiring, hw, service, scaling):
    """Writes the observations of a chunk whose first satellite is row `first`."""
    for block in range(rows.shape[0] // BLOCK_FLOATS):
        here = block_of(rows, block, BLOCK_FLOATS)
        describe_block(here, hw, service, scaling)
        count = max(0, min(LANES, n_slots - block * LANES))
        write_own(here, observations, first + block * LANES, count)
    write_neighbours(observations, first, n_slots, wiring)


@inlined_kernel
def advance_block(rows, ints, hw, service):
    """Takes a block's satellites through a step once the links have been settled."""
    prefer_full_width()
    send_work(rows)
    start_substeps(rows, hw, service)
    for _ in range(N_SUBSTEPS):
        run_substep(rows, hw, service)
    settle_queue(rows)
    draw_words(rows, ints)
    end_step(rows, hw, service)


@kernel
def share_reward(rows, n_worlds, n_sats, team_share):
    """Mixes each satellite's reward with the mean of its world."""
    if team_share > 0:
        for world in range(n_worlds):
            total = 0.0
            for slot in range(world * n_sats, (world + 1) * n_sats):
                total += rows[address(slot) + ROW.reward]
            for slot in range(world * n_sats, (world + 1) * n_sats):
                index = address(slot) + ROW.reward
                rows[index] += team_share * (total / n_sats - rows[index])


@inlined_kernel
def advance_chunk(
    rows,
    ints,
    ledger,
    actions,
    rewards,
    first,
    n_worlds,
    n_sats,
    wiring,
    deadline_share,
    hw,
    service,
    weights,
):
    """Takes every world of a chunk through a step, up to reward and books."""
    n_slots = n_worlds * n_sats
    n_blocks = rows.shape[0] // BLOCK_FLOATS
    for block in range(n_blocks):
        here = block_of(rows, block, BLOCK_FLOATS)
        count = min(LANES, n_slots - block * LANES)
        decode_actions(here, actions, first + block * LANES, count, hw)
        receive_work(here, deadline_share)
    offer_work(rows, wiring, service)
    carry_work(rows, wiring)
    for block in range(n_blocks):
        here = block_of(rows, block, BLOCK_FLOATS)
        advance_block(here, block_of(ints, block, BLOCK_INTS), hw, service)
        settle_block(here, weights, service)
    pay_credits(rows, wiring)
    for block in range(n_blocks):
        here = block_of(rows, block, BLOCK_FLOATS)
        add_up_reward(here)
    share_reward(rows, n_worlds, n_sats, weights.team_share)
    for block in range(n_blocks):
        here = block_of(rows, block, BLOCK_FLOATS)
        book_block(here, ledger[block * N_LEDGER * LANES : (block + 1) * N_LEDGER * LANES])
        for lane in range(min(LANES, n_slots - block * LANES)):
            rewards[first + block * LANES + lane] = here[ROW.reward + lane]


@entry
def step_chunks(
    work,
    arena,
    ints,
    ledger,
    worlds,
    keys,
    steps,
    knots,
    actions,
    observations,
    rewards,
    sites,
    wiring,
    deadline_share,
    trace,
    scaling,
    hardware_values,
    service_values,
    weight_values,
    layout,
    first_chunk,
    last_chunk,
    starting,
):
    """Takes a range of chunks through one step, or shows worlds that have just been started.

    What is prepared is a function of world and step alone, so preparing a chunk again leaves the
    worlds beside the new ones as they were. One entry serves both, as compiling it takes seconds.

    Args:
        work: Working array of a chunk, of this thread alone.
        arena, ints, ledger: Flat memory of all blocks.
        worlds, keys, steps: (n_envs, 4), (n_envs, 2), (n_envs,): date and start, key, step.
        knots: (n_envs, n_site_blocks, KNOT_FLOATS): slow modulation of demand.
        actions, observations, rewards: (n, N_ACTIONS), (n, N_OBS), (n,), rows world by world.
        layout: worlds a chunk, blocks a chunk, slot_steps, episode_steps, step_s,
            the steps between knots of the two octaves of demand, satellites a world.
        starting: (n_envs,) bool: worlds to show without a step; empty to take a step.
    """
    prefer_full_width()
    hw = figures(Hardware, hardware_values)
    service = figures(Service, service_values)
    weights = figures(Weights, weight_values)
    n_sats = layout[7]
    chunk_worlds, chunk_blocks = layout[0], layout[1]
    is_step = starting.shape[0] == 0
    for chunk in range(first_chunk, last_chunk):
        low = chunk * chunk_worlds
        high = min(low + chunk_worlds, steps.shape[0])
        if not is_step and not starting[low:high].any():
            continue
        kept = block_of(arena, chunk, chunk_blocks * KEPT_FLOATS)
        load_chunk(work, kept, NEEDED_END if is_step else KEPT_FLOATS)
        if is_step:
            advance_chunk(
                work,
                block_of(ints, chunk, chunk_blocks * BLOCK_INTS),
                block_of(ledger, chunk, chunk_blocks * N_LEDGER * LANES),
                actions,
                rewards,
                low * n_sats,
                high - low,
                n_sats,
                wiring,
                deadline_share,
                hw,
                service,
                weights,
            )
            for world in range(low, high):
                steps[world] += 1
        prepare_chunk(
            work,
            block_of(ints, chunk, chunk_blocks * BLOCK_INTS),
            worlds[low:high],
            keys[low:high],
            steps[low:high],
            knots[low:high],
            sites,
            wiring,
            trace,
            layout,
            hw,
            service,
        )
        observe_chunk(
            work,
            observations.reshape(-1),
            low * n_sats,
            (high - low) * n_sats,
            wiring,
            hw,
            service,
            scaling,
        )
        store_chunk(work, kept)


@entry
def reset_worlds(
    arena,
    ints,
    ledger,
    worlds,
    keys,
    steps,
    hardware_values,
    service_values,
    spread_values,
    orbits,
    epoch,
    trace_length,
    layout,
    starting,
):
    """Writes the start of the worlds that `starting` (n_envs,) bool marks."""
    hw = figures(Hardware, hardware_values)
    service = figures(Service, service_values)
    spread = figures(Spread, spread_values)
    chunk_worlds, chunk_blocks = layout[0], layout[1]
    for world in range(steps.shape[0]):
        if starting[world]:
            steps[world] = 0
            start_world(worlds[world], keys[world], epoch, trace_length)
            chunk = world // chunk_worlds
            reset_world(
                block_of(arena, chunk, chunk_blocks * KEPT_FLOATS),
                block_of(ints, chunk, chunk_blocks * BLOCK_INTS),
                block_of(ledger, chunk, chunk_blocks * N_LEDGER * LANES),
                (world - chunk * chunk_worlds) * orbits.shape[0],
                keys[world],
                worlds[world],
                orbits,
                hw,
                service,
                spread,
            )

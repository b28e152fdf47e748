"""The compiled entries: start worlds, take a step, over chunks of worlds or blocks of a chunk.

A chunk is as many worlds as fit the cache, padded to whole blocks; chunks share nothing, so a range
of them is what a thread gets. A world too large for that is a chunk of its own, of which threads
take ranges of blocks; they wait for each other between phases, as satellites do for neighbours.
"""

from __future__ import annotations

from .advance import close_step, run_substeps
from .blocks import block_of, load_blocks, store_blocks
from .compilation import entry, inlined_kernel, kernel, prefer_full_width
from .figures import figures
from .ground import settle_ground
from .kernel import (
    decode_actions,
    receive_work,
)
from .lanes import vectors_of
from .ledger import N_LEDGER, book_block, book_ground
from .links import (
    add_up_reward,
    carry_work,
    find_links,
    mean_reward,
    mirror_links,
    mix_reward,
    offer_work,
    pay_credits,
    settle_block,
)
from .observations import N_OBS
from .observe import describe_block, write_neighbours, write_own
from .params import Hardware, Service, Spread, Weights
from .prepare import prepare_blocks
from .reset import reset_world, start_world
from .rows import (
    BLOCK_FLOATS,
    BLOCK_INTS,
    KEPT_FLOATS,
    NEEDED_END,
    ROW,
)
from .width import LANES

#: Phases of a step: in each a block reads of other blocks only what an earlier phase has written.
DECIDE, OFFER, CARRY, ADVANCE, PAY, PREPARE, FIND_LINKS, OBSERVE, LOOK_ROUND, N_PHASES = range(10)


@inlined_kernel
def advance_blocks(rows, ints, first_block, last_block, n_slots, hw, service, weights, to_come):
    """Takes a range of blocks through a step once the links have been settled.

    Args:
        to_come: What is needed soon, as (array, size of a block): it comes from memory meanwhile.
    """
    (kept, kept_size), (books, books_size), (shown, shown_size) = to_come
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        soon = (
            block_of(kept, block, kept_size),
            block_of(books, block, books_size),
            block_of(shown, block, shown_size),
        )
        run_substeps(here, vectors, hw, service, weights, soon)
        close_step(here, vectors, block_of(ints, block, BLOCK_INTS), hw, service)
        settle_block(here, vectors, weights, service)
        settle_ground(here, vectors, weights, service)


@inlined_kernel
def decide_blocks(rows, actions, first_block, last_block, first_row, n_slots, deadline_share, hw):
    """Writes the decisions of a range of blocks, and what work enters."""
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        count = max(0, min(LANES, n_slots - block * LANES))
        decode_actions(here, vectors, actions, first_row + block * LANES, count, hw)
        receive_work(here, vectors, deadline_share)


@inlined_kernel
def offer_blocks(rows, first_block, last_block, n_slots, pieces, service):
    """Writes what the satellites of a range of blocks send."""
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        offer_work(rows, here, vectors, pieces, block, service)


@kernel
def carry_blocks(rows, first_block, last_block, n_slots, pieces, service):
    """Writes what comes to the satellites of a range of blocks."""
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        carry_work(rows, here, vectors, pieces, block, service)


@kernel
def pay_blocks(rows, first_block, last_block, n_slots, pieces):
    """Writes credits and rewards of a range of blocks."""
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        pay_credits(rows, here, vectors, pieces, block)
        add_up_reward(here, vectors)


@inlined_kernel
def link_blocks(rows, first_block, last_block, n_slots, pieces, service):
    """Writes which links fore and right of a range of blocks work."""
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        find_links(rows, here, vectors, pieces, block, service)


@inlined_kernel
def observe_blocks(
    rows,
    observations,
    first_block,
    last_block,
    first_row,
    n_slots,
    pieces,
    hw,
    service,
    scaling,
):
    """Writes what the satellites of a range of blocks see of themselves."""
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        count = max(0, min(LANES, n_slots - block * LANES))
        mirror_links(rows, here, vectors, pieces, block)
        describe_block(here, vectors, hw, service, scaling)
        write_own(here, observations, first_row + block * LANES, count)


@kernel
def share_reward(rows, first_block, last_block, n_worlds, n_sats, team_share):
    """Mixes each satellite's reward with the mean of its world, for a range of blocks."""
    if team_share > 0:
        for world in range(n_worlds):
            first = max(world * n_sats, first_block * LANES)
            last = min((world + 1) * n_sats, last_block * LANES)
            if first < last:
                mean = mean_reward(rows, world * n_sats, n_sats)
                mix_reward(rows, first, last, mean, team_share)


@inlined_kernel
def book_blocks(rows, ledger, rewards, first_block, last_block, first_row, n_slots, service):
    """Adds the step of a range of blocks to the books, and hands out the rewards."""
    for block in range(first_block, last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_of(n_slots - block * LANES)
        books = block_of(ledger, block, N_LEDGER * LANES)
        book_block(here, vectors, books)
        if service.ground_work > 0:
            book_ground(here, vectors, books)
        for lane in range(min(LANES, n_slots - block * LANES)):
            rewards[first_row + block * LANES + lane] = here[ROW.reward + lane]


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
    pieces,
    deadline_share,
    trace,
    scaling,
    hardware_values,
    service_values,
    weight_values,
    layout,
    span,
    starting,
):
    """Takes chunks through phases of one step, or shows worlds that have just been started.

    What is prepared is a function of world and step alone, so preparing a chunk again leaves the
    worlds beside the new ones as they were. One entry serves both, as compiling it takes seconds.

    Args:
        work: Working array of a chunk, of this thread alone unless it takes a range of blocks.
        arena, ints, ledger: Flat memory of all blocks.
        worlds, keys, steps: (n_envs, 4), (n_envs, 2), (n_envs,): date and start, key, and the step
            to prepare.
        knots: (n_envs, n_site_blocks, KNOT_FLOATS): slow modulation of demand.
        actions, observations, rewards: (n, N_ACTIONS), (n, N_OBS), (n,), rows world by world.
        wiring, pieces: Who neighbours whom in a chunk: slots (n_lanes, 4), and from `wired_pieces`.
        layout: worlds a chunk, blocks a chunk, slot_steps, episode_steps, step_s,
            the steps between knots of the two octaves of demand, satellites a world.
        span: first and last (not included) of chunks, of phases, and of blocks in a chunk.
        starting: (n_envs,) bool: worlds to show without a step; empty to take a step.
    """
    prefer_full_width()
    hw = figures(Hardware, hardware_values)
    service = figures(Service, service_values)
    weights = figures(Weights, weight_values)
    shown = observations.reshape(-1)
    n_sats = layout[7]
    chunk_worlds, chunk_blocks = layout[0], layout[1]
    is_step = starting.shape[0] == 0
    for chunk in range(span[0], span[1]):
        low = chunk * chunk_worlds
        high = min(low + chunk_worlds, steps.shape[0])
        if not is_step and not starting[low:high].any():
            continue
        first_row, n_slots = low * n_sats, (high - low) * n_sats
        first_block, last_block = span[4], min(span[5], -(-n_slots // LANES))
        kept = block_of(arena, chunk, chunk_blocks * KEPT_FLOATS)
        whole = block_of(ints, chunk, chunk_blocks * BLOCK_INTS)
        books = block_of(ledger, chunk, chunk_blocks * N_LEDGER * LANES)
        for phase in range(span[2], span[3]):
            if phase == PREPARE:
                if is_step:
                    share_reward(
                        work, first_block, last_block, high - low, n_sats, weights.team_share
                    )
                    book_blocks(
                        work,
                        books,
                        rewards,
                        first_block,
                        last_block,
                        first_row,
                        n_slots,
                        service,
                    )
                prepare_blocks(
                    work,
                    whole,
                    first_block,
                    last_block,
                    worlds[low:high],
                    keys[low:high],
                    steps[low:high],
                    knots[low:high],
                    sites,
                    trace,
                    layout,
                    hw,
                    service,
                )
            elif phase == DECIDE:
                load_blocks(
                    work, kept, first_block, last_block, NEEDED_END if is_step else KEPT_FLOATS
                )
                if is_step:
                    decide_blocks(
                        work,
                        actions,
                        first_block,
                        last_block,
                        first_row,
                        n_slots,
                        deadline_share,
                        hw,
                    )
            elif phase == FIND_LINKS:
                link_blocks(work, first_block, last_block, n_slots, pieces, service)
            elif phase == OBSERVE:
                observe_blocks(
                    work,
                    shown,
                    first_block,
                    last_block,
                    first_row,
                    n_slots,
                    pieces,
                    hw,
                    service,
                    scaling,
                )
                store_blocks(work, kept, first_block, last_block)
            elif phase == LOOK_ROUND:
                first, last = first_block * LANES, min(last_block * LANES, n_slots)
                write_neighbours(shown, first_row, first, last, wiring)
            elif is_step:
                if phase == OFFER:
                    offer_blocks(work, first_block, last_block, n_slots, pieces, service)
                elif phase == CARRY:
                    carry_blocks(work, first_block, last_block, n_slots, pieces, service)
                elif phase == ADVANCE:
                    to_come = (
                        (block_of(arena, chunk + 1, chunk_blocks * KEPT_FLOATS), KEPT_FLOATS),
                        (books, N_LEDGER * LANES),
                        (shown[first_row * N_OBS :], N_OBS * LANES),
                    )
                    advance_blocks(
                        work, whole, first_block, last_block, n_slots, hw, service, weights, to_come
                    )
                elif phase == PAY:
                    pay_blocks(work, first_block, last_block, n_slots, pieces)


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

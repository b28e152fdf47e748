"""The compiled entries: start worlds, take a step, over chunks of worlds or blocks of a chunk.

A chunk is as many worlds as fit the cache, padded to whole blocks; chunks share nothing, so a range
of them is what a thread gets. A world too large for that is a chunk of its own, of which threads
take ranges of blocks; they wait for each other between phases, as satellites do for neighbours.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .advance import close_step, run_substeps
from .blocks import block_of, is_apart, load_blocks, store_blocks
from .bundle import unpacked
from .compilation import entry, inlined_kernel, kernel, prefer_full_width
from .figures import figures
from .ground import settle_ground
from .kernel import (
    decode_actions,
    receive_work,
)
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
from .part import CACHED_BLOCKS, count_in, fits_cache, part_of, slots_of, tile_of, vectors_in
from .prefetch import prefetch_part
from .prepare import prepare_blocks
from .reset import reset_world, start_world
from .rows import (
    BLOCK_FLOATS,
    BLOCK_INTS,
    KEPT_FLOATS,
    NEEDED_END,
    ROW,
)
from .satellite import violation_cost
from .width import LANES

#: Phases of a step: in each a block reads of other blocks only what an earlier phase has written.
PHASES = (
    "decide",
    "offer",
    "carry",
    "advance",
    "pay",
    "prepare",
    "find links",
    "observe",
    "look round",
)
DECIDE, OFFER, CARRY, ADVANCE, PAY, PREPARE, FIND_LINKS, OBSERVE, LOOK_ROUND = range(len(PHASES))


class Kept(NamedTuple):
    """What a chunk keeps from step to step."""

    stride: int  # floats of `rows` from block to block
    rows: Any
    ints: Any
    books: Any
    next_rows: Any  # of the chunk that follows


class Given(NamedTuple):
    """A scenario's figures."""

    hw: Any
    service: Any
    weights: Any


@inlined_kernel
def kept_by(arrays, chunk):
    """Returns what a chunk keeps."""
    blocks, stride = arrays.layout[1], arrays.layout[8]
    return Kept(
        stride,
        block_of(arrays.arena, chunk, blocks * stride),
        block_of(arrays.ints, chunk, blocks * BLOCK_INTS),
        block_of(arrays.ledger, chunk, blocks * N_LEDGER * LANES),
        block_of(arrays.arena, chunk + 1, blocks * stride),
    )


@inlined_kernel
def decide_blocks(rows, actions, part, deadline_share, hw):
    """Writes the decisions of a range of blocks, and what work enters."""
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_in(part, block)
        first = part.first_row + block * LANES
        decode_actions(here, vectors, actions, first, count_in(part, block), hw)
        receive_work(here, vectors, deadline_share)


@inlined_kernel
def offer_blocks(rows, part, pieces, service):
    """Writes what the satellites of a range of blocks send."""
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        offer_work(rows, here, vectors_in(part, block), pieces, block, service)


@kernel
def carry_blocks(rows, part, pieces, service):
    """Writes what comes to the satellites of a range of blocks."""
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        carry_work(rows, here, vectors_in(part, block), pieces, block, service)


@inlined_kernel
def advance_blocks(rows, kept, part, shown, given):
    """Takes a range of blocks through a step once the links have been settled.

    What is needed soon comes from memory meanwhile: the next chunk's rows, and of this one the
    books and the observations, unless they would be gone again by then.
    """
    hw, service, weights = given.hw, given.service, given.weights
    lanes_soon = LANES if fits_cache(part) else 0
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_in(part, block)
        soon = (
            block_of(kept.next_rows, block, KEPT_FLOATS),
            block_of(kept.books, block, N_LEDGER * lanes_soon),
            block_of(shown, block, N_OBS * lanes_soon),
        )
        run_substeps(here, vectors, hw, service, weights, soon)
        close_step(here, vectors, block_of(kept.ints, block, BLOCK_INTS), hw, service)
        settle_block(here, vectors, weights, service)
        settle_ground(here, vectors, weights, service)


@kernel
def pay_blocks(rows, part, pieces):
    """Writes credits and rewards of a range of blocks."""
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_in(part, block)
        pay_credits(rows, here, vectors, pieces, block)
        add_up_reward(here, vectors)


@kernel
def share_reward(rows, part, team_share):
    """Mixes each satellite's reward with the mean of its world, for a range of blocks."""
    if team_share > 0:
        for world in range(part.low, part.high):
            first, last = slots_of(world, part)
            if first < last:
                mean = mean_reward(rows, (world - part.low) * part.n_sats, part.n_sats)
                mix_reward(rows, first, last, mean, team_share)


@inlined_kernel
def book_blocks(rows, ledger, arrays, part, service):
    """Adds the step of a range of blocks to the books, and hands out rewards and costs."""
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_in(part, block)
        books = block_of(ledger, block, N_LEDGER * LANES)
        book_block(here, vectors, books)
        if service.ground_work > 0:
            book_ground(here, vectors, books)
        first = part.first_row + block * LANES
        for lane in range(count_in(part, block)):
            arrays.rewards[first + lane] = here[ROW.reward + lane]
            arrays.costs[first + lane] = violation_cost(
                here[ROW.hot_s + lane], here[ROW.trip + lane], here[ROW.brownout + lane], service
            )


@inlined_kernel
def link_blocks(rows, part, pieces, service):
    """Writes which links fore and right of a range of blocks work."""
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        find_links(rows, here, vectors_in(part, block), pieces, block, service)


@inlined_kernel
def observe_blocks(rows, observations, part, pieces, hw, service, scaling):
    """Writes what the satellites of a range of blocks see of themselves.

    Where observations are not in the cache by now, those of the next block come meanwhile.
    """
    lanes_ahead = 0 if fits_cache(part) else LANES
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_in(part, block)
        first = part.first_row + block * LANES
        ahead = first + LANES
        prefetch_part(observations[ahead * N_OBS : (ahead + lanes_ahead) * N_OBS], 0, 1)
        mirror_links(rows, here, vectors, pieces, block)
        describe_block(here, vectors, hw, service, scaling)
        write_own(here, observations, first, count_in(part, block))


@kernel
def count_step(arrays, part):
    """Counts a step of a chunk's worlds; of threads that share one, that with its first block."""
    if part.first_block == 0 and part.last_block > 0:
        for world in range(part.low, part.high):
            arrays.steps[world] += 1
            arrays.truncated[world] = arrays.steps[world] >= arrays.layout[3]


@inlined_kernel
def step_phase(phase, work, arrays, kept, part, actions, given):
    """Does what only a step does in a phase."""
    if phase == DECIDE:
        count_step(arrays, part)
        decide_blocks(work, actions, part, arrays.deadline_share, given.hw)
    elif phase == OFFER:
        offer_blocks(work, part, arrays.pieces, given.service)
    elif phase == CARRY:
        carry_blocks(work, part, arrays.pieces, given.service)
    elif phase == ADVANCE:
        shown = arrays.observations[part.first_row * N_OBS :]
        advance_blocks(work, kept, part, shown, given)
    elif phase == PAY:
        pay_blocks(work, part, arrays.pieces)
    elif phase == PREPARE:
        share_reward(work, part, given.weights.team_share)


@inlined_kernel
def turn_blocks(is_step, work, arrays, kept, part, given):
    """Closes a step and prepares the next one, as many blocks at a time as the cache holds."""
    for first_block in range(part.first_block, part.last_block, CACHED_BLOCKS):
        some = tile_of(part, first_block)
        if is_step:
            book_blocks(work, kept.books, arrays, some, given.service)
        prepare_blocks(work, kept.ints, some, arrays, given.hw, given.service)


@inlined_kernel
def show_phase(phase, is_step, work, arrays, kept, part, given):
    """Does what a step and a start do alike in a phase, once a step has done what it alone does."""
    if phase == PREPARE:
        turn_blocks(is_step, work, arrays, kept, part, given)
    elif phase == FIND_LINKS:
        link_blocks(work, part, arrays.pieces, given.service)
    elif phase == OBSERVE:
        observe_blocks(
            work,
            arrays.observations,
            part,
            arrays.pieces,
            given.hw,
            given.service,
            arrays.scaling,
        )
        if is_apart(kept.stride):
            store_blocks(work, kept.rows, part.first_block, part.last_block)
    elif phase == LOOK_ROUND:
        first, last = part.first_block * LANES, min(part.last_block * LANES, part.n_slots)
        write_neighbours(arrays.observations, part.first_row, first, last, arrays.wiring)


@entry
def step_chunks(work, actions, packed, span, starting):
    """Takes chunks through phases of one step, or shows worlds that have just been started.

    What is prepared is a function of world and step alone, so preparing a chunk again leaves the
    worlds beside the new ones as they were. One entry serves both, as compiling it takes seconds.

    Args:
        work: Working array of a chunk, of this thread alone unless it takes a range of blocks.
        actions: (n, N_ACTIONS), rows world by world; none to show worlds.
        packed: `Arrays`, packed.
        span: first and last (not included) of chunks, of phases, and of blocks in a chunk; worker.
        starting: (n_envs,) bool: worlds to show without a step; empty to take a step.
    """
    prefer_full_width()
    arrays = unpacked(packed, work)
    given = Given(
        figures(Hardware, arrays.hardware),
        figures(Service, arrays.service),
        figures(Weights, arrays.weights),
    )
    is_step = starting.shape[0] == 0
    for chunk in range(span[0], span[1]):
        part = part_of(chunk, span, arrays.layout, arrays.steps.shape[0])
        if not is_step and not starting[part.low : part.high].any():
            continue
        kept = kept_by(arrays, chunk)
        for phase in range(span[2], span[3]):
            if phase == DECIDE and is_apart(kept.stride):
                needed = NEEDED_END if is_step else KEPT_FLOATS
                load_blocks(work, kept.rows, part.first_block, part.last_block, needed)
            if is_step:
                step_phase(phase, work, arrays, kept, part, actions, given)
            show_phase(phase, is_step, work, arrays, kept, part, given)


@entry
def reset_worlds(packed, like, starting):
    """Writes the start of the worlds that `starting` (n_envs,) bool marks.

    Args:
        packed: `Arrays`, packed.
        like: An array in the width of the state.
        starting: (n_envs,) bool.
    """
    arrays = unpacked(packed, like)
    hw = figures(Hardware, arrays.hardware)
    service = figures(Service, arrays.service)
    spread = figures(Spread, arrays.spread)
    chunk_worlds = arrays.layout[0]
    for world in range(starting.shape[0]):
        if starting[world]:
            arrays.steps[world] = 0
            arrays.truncated[world] = False
            first = world * arrays.orbits.shape[0]
            arrays.rewards[first : first + arrays.orbits.shape[0]] = 0
            arrays.costs[first : first + arrays.orbits.shape[0]] = 0
            start_world(
                arrays.worlds[world], arrays.keys[world], arrays.epoch, arrays.trace.shape[0]
            )
            chunk = world // chunk_worlds
            kept = kept_by(arrays, chunk)
            reset_world(
                kept.rows,
                kept.stride,
                kept.ints,
                kept.books,
                (world - chunk * chunk_worlds) * arrays.orbits.shape[0],
                arrays.keys[world],
                arrays.worlds[world],
                arrays.orbits,
                hw,
                service,
                spread,
            )

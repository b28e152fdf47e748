"""What a call takes of a chunk: its worlds, and a range of its blocks; and which worker it is."""

from __future__ import annotations

from typing import NamedTuple

from .compilation import kernel
from .lanes import vectors_of
from .width import LANES

#: Blocks whose working array a second-level cache holds.
CACHED_BLOCKS = 32


class Part(NamedTuple):
    """The worlds of a chunk, the blocks of it that are taken, and the worker that takes them."""

    low: int  # worlds, first and last (not included)
    high: int
    n_sats: int  # a world
    first_row: int  # of observations and rewards
    n_slots: int  # satellites of all its worlds
    first_block: int
    last_block: int  # not included
    worker: int


@kernel
def part_of(chunk, span, layout, n_envs):
    """Returns the part of a chunk that a span takes."""
    n_sats = layout[7]
    low = chunk * layout[0]
    high = min(low + layout[0], n_envs)
    n_slots = (high - low) * n_sats
    last_block = min(span[5], -(-n_slots // LANES))
    return Part(low, high, n_sats, low * n_sats, n_slots, span[4], last_block, span[6])


@kernel
def tile_of(part, first_block):
    """Returns as many blocks of a part, from one on, as the cache holds."""
    last_block = min(first_block + CACHED_BLOCKS, part.last_block)
    return Part(
        part.low,
        part.high,
        part.n_sats,
        part.first_row,
        part.n_slots,
        first_block,
        last_block,
        part.worker,
    )


@kernel
def fits_cache(part):
    """Returns whether a range of blocks stays in the cache from phase to phase."""
    return part.last_block - part.first_block <= CACHED_BLOCKS


@kernel
def vectors_in(part, block):
    """Returns how many vectors of a block hold satellites."""
    return vectors_of(part.n_slots - block * LANES)


@kernel
def count_in(part, block):
    """Returns how many satellites a block holds."""
    return max(0, min(LANES, part.n_slots - block * LANES))


@kernel
def slots_of(world, part):
    """Returns the slots of a world that are in a range of blocks: first and last (not included)."""
    number = world - part.low
    first = max(number * part.n_sats, part.first_block * LANES)
    return first, min((number + 1) * part.n_sats, part.last_block * LANES)

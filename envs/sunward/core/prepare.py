"""The phase that prepares the step to come: sky, place and demand of each world of a chunk."""

from __future__ import annotations

import numpy as np

from .blocks import block_of
from .compilation import inlined_kernel, kernel
from .demand import N_PAIRS, NOISE, SITE_FLOATS
from .kernel import place_satellites
from .part import slots_of, vectors_in
from .rows import BLOCK_FLOATS, BLOCK_INTS
from .width import LANES
from .world import (
    SECONDS_PER_DAY,
    clear_demand,
    draw_demand,
    draw_pair,
    enter_demand,
    hour_of,
    mark_members,
    narrowed_hour,
    recall_knots,
    sky_of,
    spread_sky,
)


@kernel
def hang_sky(rows, ints, first, last, sky, step):
    """Copies a world's sky to its satellites, slots `first` to `last`, block by block."""
    slot = first
    while slot < last:
        block, lane = slot // LANES, slot % LANES
        count = min(LANES - lane, last - slot)
        spread_sky(
            block_of(rows, block, BLOCK_FLOATS),
            block_of(ints, block, BLOCK_INTS),
            lane,
            count,
            sky,
            step,
        )
        slot += count


@inlined_kernel
def enter_world(rows, first, last, sites, service):
    """Adds a world's demand to its satellites, slots `first` to `last`, block by block."""
    slot = first
    while slot < last:
        lane = slot % LANES
        count = min(LANES - lane, last - slot)
        block = block_of(rows, slot // LANES, BLOCK_FLOATS)
        mark_members(block, lane, count)
        for group in range(sites.shape[0] // SITE_FLOATS):
            enter_demand(block, lane, count, block_of(sites, group, SITE_FLOATS), service)
        slot += count


@inlined_kernel
def draw_sites(sites, hour, first_site, step, key, knots, spacing, service):
    """Writes the demand of a block of sites in a step."""
    recall_knots(sites, knots, first_site, step, key, spacing)
    draw_pair(sites, N_PAIRS - 1, step, NOISE, first_site, key)
    draw_demand(sites, hour, service)


@inlined_kernel
def draw_world(sites, hour, step, key, knots, spacing, service):
    """Writes the demand of a world's sites in a step."""
    for group in range(sites.shape[0] // SITE_FLOATS):
        block = block_of(sites, group, SITE_FLOATS)
        draw_sites(block, hour, group * LANES, step, key, knots[group], spacing, service)


@kernel
def days_at(world, step, step_s):
    """Returns the date of a step of a world, in days since J2000."""
    return world[0] + step * (step_s / SECONDS_PER_DAY)


@inlined_kernel
def hang_skies(rows, ints, part, arrays):
    """Copies their worlds' skies to the satellites of a range of blocks."""
    layout = arrays.layout
    for world in range(part.low, part.high):
        first, last = slots_of(world, part)
        if first < last:
            step = arrays.steps[world]
            days = days_at(arrays.worlds[world], step, layout[4])
            sky = sky_of(days, step, layout[2], layout[3])
            hang_sky(rows, ints, first, last, sky, step)


@inlined_kernel
def place_blocks(rows, ints, part, hw, service):
    """Writes orbit and light of a range of blocks, and clears their demand."""
    for block in range(part.first_block, part.last_block):
        here = block_of(rows, block, BLOCK_FLOATS)
        vectors = vectors_in(part, block)
        place_satellites(here, vectors, block_of(ints, block, BLOCK_INTS), hw, service)
        clear_demand(here, vectors)


@inlined_kernel
def enter_worlds(rows, part, arrays, service):
    """Adds their worlds' demand to the satellites of a range of blocks."""
    spacing, sites = arrays.layout[5:7], arrays.sites[part.worker]
    for world in range(part.low, part.high):
        first, last = slots_of(world, part)
        if first < last:
            start, step = arrays.worlds[world], arrays.steps[world]
            days = days_at(start, step, arrays.layout[4])
            hour = narrowed_hour(
                hour_of(days, step, arrays.trace, np.int64(start[3]), spacing), rows
            )
            draw_world(sites, hour, step, arrays.keys[world], arrays.knots[world], spacing, service)
            enter_world(rows, first, last, sites, service)


@inlined_kernel
def prepare_blocks(rows, ints, part, arrays, hw, service):
    """Writes sky, place and demand of the step that each world comes to, for a range of blocks."""
    hang_skies(rows, ints, part, arrays)
    place_blocks(rows, ints, part, hw, service)
    enter_worlds(rows, part, arrays, service)

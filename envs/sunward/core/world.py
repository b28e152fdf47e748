"""The passes over a world: Sun and hour, demand of its sites, and where that demand enters."""

from __future__ import annotations

import math

import numpy as np

from sunward.physics.constants import SOLAR_CONSTANT_W_M2
from sunward.physics.eclipse import sun_angular_radius_rad
from sunward.physics.scalar import scalar
from sunward.physics.sun import greenwich_sidereal_angle_rad, sun_direction_and_distance

from .compilation import inlined_kernel, kernel, prefer_full_width
from .demand import (
    HALF_PI,
    KNOT_FLOATS,
    PI,
    SITE,
    Hour,
    daily_factor,
    drawn_work,
    ingress_height,
    normal_pair,
    slow_normal,
)
from .lanes import lanes_in, vectors_of
from .random import STREAM_DEMAND, philox
from .rows import INT_ROW, ROW
from .width import LANES, SITES_AT_ONCE, VECTOR
from .written_out import for_each_lane, for_each_row

SECONDS_PER_DAY = 86400.0
HOURS_TO_RAD = PI / 12.0
_TO_24_BITS = np.uint64(8)


@kernel
def sky_of(days, step, slot_steps, episode_steps):
    """Returns what the satellites of a world share in a step, float64, as `SKY_ROWS` lists it."""
    x, y, z, distance_au = sun_direction_and_distance(days)
    sidereal_rad = greenwich_sidereal_angle_rad(days)
    within_slot = step % slot_steps
    return (
        x,
        y,
        z,
        SOLAR_CONSTANT_W_M2 / (distance_au * distance_au),
        sun_angular_radius_rad(distance_au),
        math.sin(sidereal_rad),
        math.cos(sidereal_rad),
        within_slot / slot_steps,
        1.0 if within_slot == slot_steps - 1 else 0.0,
        step / episode_steps,
    )


#: Where the numbers of a sky go.
SKY_ROWS = (
    ROW.sun_x,
    ROW.sun_y,
    ROW.sun_z,
    ROW.irradiance_w_m2,
    ROW.sun_radius_rad,
    ROW.sin_sidereal,
    ROW.cos_sidereal,
    ROW.slot_progress,
    ROW.slot_ends,
    ROW.episode_progress,
)


#: Lanes of other worlds take part and keep what they have: loops of a fixed length are faster.
_spread_numbers = for_each_lane(
    "rows, vectors, first, count, sky",
    "rows[{row} + lane] = (\n"
    "    rows.dtype.type(sky[{index}]) if first <= lane < first + count else rows[{row} + lane]\n"
    ")",
    SKY_ROWS,
)


@kernel
def spread_sky(rows, ints, first, count, sky, step):
    """Copies a world's sky and step to the lanes of its satellites in a block."""
    prefer_full_width()
    vectors = vectors_of(first + count)
    _spread_numbers(rows, vectors, first, count, sky)
    for lane in range(lanes_in(vectors)):
        is_member = (lane >= first) & (lane < first + count)
        ints[INT_ROW.step + lane] = step if is_member else ints[INT_ROW.step + lane]


@kernel
def hour_of(days, step, trace, trace_start, knots):
    """Returns the `Hour` of a step as eight float64 numbers and two from the trace."""
    day_rad = 24.0 * HOURS_TO_RAD * ((days + 0.5) % 1.0)
    short_rad = HALF_PI * (step % knots[0]) / knots[0]
    long_rad = HALF_PI * (step % knots[1]) / knots[1]
    interactive, deferrable = 1.0, 1.0
    if trace.shape[0] > 0:
        row = (trace_start + step) % trace.shape[0]
        interactive, deferrable = trace[row, 0], trace[row, 1]
    return (
        math.cos(day_rad),
        math.sin(day_rad),
        math.cos(2.0 * day_rad),
        math.sin(2.0 * day_rad),
        math.cos(short_rad),
        math.sin(short_rad),
        math.cos(long_rad),
        math.sin(long_rad),
        interactive,
        deferrable,
    )


@kernel
def narrowed_hour(hour, rows):
    """Returns the `Hour` in the width of `rows`."""
    narrow = rows.dtype.type
    return Hour(
        narrow(hour[0]),
        narrow(hour[1]),
        narrow(hour[2]),
        narrow(hour[3]),
        narrow(hour[4]),
        narrow(hour[5]),
        narrow(hour[6]),
        narrow(hour[7]),
        narrow(hour[8]),
        narrow(hour[9]),
    )


@kernel
def draw_pair(sites, draw, counter, kind, first_site, key):
    """Writes two standard normals for each site of a block: pair number `draw`."""
    prefer_full_width()
    row = SITE.normal + 2 * draw * LANES
    for lane in range(LANES):
        drawn = philox(
            np.uint64(counter),
            np.uint64(first_site + lane),
            np.uint64(STREAM_DEMAND),
            np.uint64(kind),
            np.uint64(key[0]),
            np.uint64(key[1]),
        )
        sites[row + lane] = np.int32(drawn[0] >> _TO_24_BITS)
        sites[row + LANES + lane] = np.int32(drawn[1] >> _TO_24_BITS)
    for lane in range(LANES):
        interactive, deferrable = normal_pair(sites[row + lane], sites[row + LANES + lane])
        sites[row + lane] = interactive
        sites[row + LANES + lane] = deferrable


@kernel
def draw_knots(sites, first_site, step, key, spacing):
    """Writes the two knots of each octave that a step lies between, for a block of sites."""
    for octave in range(2):
        knot = step // spacing[octave]
        draw_pair(sites, 2 * octave, knot, octave, first_site, key)
        draw_pair(sites, 2 * octave + 1, knot + 1, octave, first_site, key)


@kernel
def recall_knots(sites, knots, first_site, step, key, spacing):
    """Puts the knots of a block of sites in place: drawn where a step reaches one, else kept.

    Args:
        sites: Block of sites.
        knots: What is kept of it from step to step, (KNOT_FLOATS,).
    """
    if step % spacing[0] == 0 or step % spacing[1] == 0:
        draw_knots(sites, first_site, step, key, spacing)
        for index in range(KNOT_FLOATS):
            knots[index] = sites[SITE.normal + index]
    else:
        for index in range(KNOT_FLOATS):
            sites[SITE.normal + index] = knots[index]


@inlined_kernel
def draw_demand(sites, hour, service):
    """Writes the demand of a block of sites in a step, from its normals."""
    prefer_full_width()
    for lane in range(LANES):
        expected_interactive, expected_deferrable = expected_work(
            sites[SITE.interactive_work + lane],
            sites[SITE.deferrable_work + lane],
            sites[SITE.daily_cosine_1 + lane],
            sites[SITE.daily_sine_1 + lane],
            sites[SITE.daily_cosine_2 + lane],
            sites[SITE.daily_sine_2 + lane],
            hour,
            service,
        )
        sites[SITE.interactive_expected + lane] = expected_interactive
        sites[SITE.deferrable_expected + lane] = expected_deferrable
    for lane in range(LANES):
        normal = SITE.normal + lane
        sites[SITE.interactive + lane] = drawn_work(
            sites[SITE.interactive_expected + lane],
            slow_normal(
                hour,
                service,
                sites[normal],
                sites[normal + 2 * LANES],
                sites[normal + 4 * LANES],
                sites[normal + 6 * LANES],
            ),
            sites[SITE.slow_interactive + lane],
            sites[normal + 8 * LANES],
            sites[SITE.fast_interactive + lane],
            hour.trace_interactive,
            service,
        )
        sites[SITE.deferrable + lane] = drawn_work(
            sites[SITE.deferrable_expected + lane],
            slow_normal(
                hour,
                service,
                sites[normal + LANES],
                sites[normal + 3 * LANES],
                sites[normal + 5 * LANES],
                sites[normal + 7 * LANES],
            ),
            sites[SITE.slow_deferrable + lane],
            sites[normal + 9 * LANES],
            sites[SITE.fast_deferrable + lane],
            hour.trace_deferrable,
            service,
        )


@scalar
def expected_work(interactive, deferrable, cosine_1, sine_1, cosine_2, sine_2, hour: Hour, service):
    """Returns (interactive, deferrable) work of a site that is expected in a step, GPU-s."""
    return (
        interactive
        * daily_factor(cosine_1, sine_1, cosine_2, sine_2, hour, service.interactive_daily),
        deferrable
        * daily_factor(cosine_1, sine_1, cosine_2, sine_2, hour, service.deferrable_daily),
    )


@kernel
def clear_demand(rows, vectors):
    """Clears the demand rows of a block."""
    for lane in range(lanes_in(vectors)):
        rows[ROW.interactive_new + lane] = 0
        rows[ROW.deferrable_new + lane] = 0
        rows[ROW.interactive_expected + lane] = 0
        rows[ROW.deferrable_expected + lane] = 0
        rows[ROW.demand_ahead + lane] = 0


@kernel
def mark_members(rows, first, count):
    """Marks the lanes of a block that belong to a world."""
    for lane in range(lanes_in(vectors_of(first + count))):
        rows[ROW.member + lane] = 1 if first <= lane < first + count else 0


_clear_site_sums = for_each_row(
    "window",
    "for lane in range(VECTOR): window[{row} + lane] = 0",
    (ROW.interactive_sum, ROW.deferrable_sum, ROW.interactive_mean, ROW.deferrable_mean),
)


@inlined_kernel
def enter_demand(rows, first, count, sites, service):
    """Adds the demand of a block of sites to the satellites of a world in a block.

    Whole vectors of VECTOR lanes, from the one that holds lane `first`: lanes of other worlds take
    part with a share of zero, which is faster than a loop over just the right ones.
    """
    prefer_full_width()
    low = first // VECTOR * VECTOR
    for vector in range((first + count - low + VECTOR - 1) // VECTOR):
        window = rows[low + vector * VECTOR :]
        _clear_site_sums(window)
        for site in range(0, LANES, SITES_AT_ONCE):
            add_sites(window, sites[site:], service)
        for lane in range(VECTOR):
            gain = window[ROW.member + lane] * service.ingress_gain
            window[ROW.interactive_new + lane] += gain * window[ROW.interactive_sum + lane]
            window[ROW.deferrable_new + lane] += gain * window[ROW.deferrable_sum + lane]
            window[ROW.interactive_expected + lane] += gain * window[ROW.interactive_mean + lane]
            window[ROW.deferrable_expected + lane] += gain * window[ROW.deferrable_mean + lane]
        if service.looks_ahead > 0:
            for site in range(0, LANES, SITES_AT_ONCE):
                look_ahead(window, sites[site:], service)


@scalar
def height_above(sites, site, window, place, lane, service):
    """Returns how far a lane whose place begins at row `place` is inside the cone above a site."""
    return ingress_height(
        window[place + lane],
        window[place + LANES + lane],
        window[place + 2 * LANES + lane],
        sites[SITE.x + site],
        sites[SITE.y + site],
        sites[SITE.z + site],
        service,
    )


@inlined_kernel
def add_sites(window, sites, service):
    """Adds what the first SITES_AT_ONCE sites send to the sums of one vector of satellites."""
    for lane in range(VECTOR):
        interactive = window[ROW.interactive_sum + lane]
        deferrable = window[ROW.deferrable_sum + lane]
        interactive_mean = window[ROW.interactive_mean + lane]
        deferrable_mean = window[ROW.deferrable_mean + lane]
        for site in range(SITES_AT_ONCE):
            height = height_above(sites, site, window, ROW.x, lane, service)
            interactive += height * sites[SITE.interactive + site]
            deferrable += height * sites[SITE.deferrable + site]
            interactive_mean += height * sites[SITE.interactive_expected + site]
            deferrable_mean += height * sites[SITE.deferrable_expected + site]
        window[ROW.interactive_sum + lane] = interactive
        window[ROW.deferrable_sum + lane] = deferrable
        window[ROW.interactive_mean + lane] = interactive_mean
        window[ROW.deferrable_mean + lane] = deferrable_mean


@inlined_kernel
def look_ahead(window, sites, service):
    """Adds what the first SITES_AT_ONCE sites will send to where a vector of satellites will be."""
    for lane in range(VECTOR):
        gain = window[ROW.member + lane] * service.ingress_gain
        ahead = window[ROW.demand_ahead + lane]
        for site in range(SITES_AT_ONCE):
            height = height_above(sites, site, window, ROW.ahead_x, lane, service)
            expected = (
                sites[SITE.interactive_expected + site] + sites[SITE.deferrable_expected + site]
            )
            ahead += gain * height * expected
        window[ROW.demand_ahead + lane] = ahead

"""The passes over a world: Sun and hour, demand of its sites, and where that demand enters."""

from __future__ import annotations

import math

import numpy as np

from sunward.core.demand import (
    HALF_PI,
    N_PAIRS,
    PI,
    SITE,
    Hour,
    daily_factor,
    drawn_work,
    ingress_share,
    normal_pair,
    slow_normal,
)
from sunward.core.compilation import kernel, prefer_full_width
from sunward.core.random import STREAM_DEMAND, philox
from sunward.core.rows import INT_ROW, LANES, ROW
from sunward.physics.constants import SOLAR_CONSTANT_W_M2
from sunward.physics.eclipse import sun_angular_radius_rad
from sunward.physics.scalar import scalar
from sunward.physics.sun import greenwich_sidereal_angle_rad, sun_direction_and_distance

SECONDS_PER_DAY = 86400.0
HOURS_TO_RAD = PI / 12.0
#: Columns of a world's sky: Sun x, y, z, irradiance, angular radius, sin and cos sidereal angle,
#: slot progress, slot ends, episode progress.
N_SKY = 10
_TO_24_BITS = np.uint64(8)


@kernel
def write_sky(sky, days, step, slot_steps, episode_steps):
    """Writes what the satellites of a world share in a step, in float64 before it is narrowed."""
    x, y, z, distance_au = sun_direction_and_distance(days)
    sky[0], sky[1], sky[2] = x, y, z
    sky[3] = SOLAR_CONSTANT_W_M2 / (distance_au * distance_au)
    sky[4] = sun_angular_radius_rad(distance_au)
    sidereal_rad = greenwich_sidereal_angle_rad(days)
    sky[5], sky[6] = math.sin(sidereal_rad), math.cos(sidereal_rad)
    within_slot = step % slot_steps
    sky[7] = within_slot / slot_steps
    sky[8] = 1.0 if within_slot == slot_steps - 1 else 0.0
    sky[9] = step / episode_steps


@kernel
def spread_sky(rows, ints, lane, sky, step):
    """Copies a world's sky and step to the lane of one of its satellites."""
    rows[ROW.sun_x + lane] = sky[0]
    rows[ROW.sun_y + lane] = sky[1]
    rows[ROW.sun_z + lane] = sky[2]
    rows[ROW.irradiance_w_m2 + lane] = sky[3]
    rows[ROW.sun_radius_rad + lane] = sky[4]
    rows[ROW.sin_sidereal + lane] = sky[5]
    rows[ROW.cos_sidereal + lane] = sky[6]
    rows[ROW.slot_progress + lane] = sky[7]
    rows[ROW.slot_ends + lane] = sky[8]
    rows[ROW.episode_progress + lane] = sky[9]
    ints[INT_ROW.step + lane] = step


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
def narrowed_hour(hour, scratch):
    """Returns the `Hour` in the width of `scratch` (10,)."""
    for index in range(10):
        scratch[index] = hour[index]
    return Hour(
        scratch[0],
        scratch[1],
        scratch[2],
        scratch[3],
        scratch[4],
        scratch[5],
        scratch[6],
        scratch[7],
        scratch[8],
        scratch[9],
    )


@kernel
def draw_site_words(words, step, key_low, key_high, knots):
    """Writes the random words (2 N_PAIRS, n_sites) of every site: four knots, then the noise."""
    prefer_full_width()
    short = step // knots[0]
    long = step // knots[1]
    for draw in range(N_PAIRS):
        counter = step
        if draw == 0 or draw == 1:
            counter = short + draw
        elif draw == 2 or draw == 3:
            counter = long + draw - 2
        kind = min(draw // 2, 2)
        for site in range(words.shape[1]):
            drawn = philox(
                np.uint64(counter),
                np.uint64(site),
                np.uint64(STREAM_DEMAND),
                np.uint64(kind),
                np.uint64(key_low),
                np.uint64(key_high),
            )
            words[2 * draw, site] = np.int32(drawn[0] >> _TO_24_BITS)
            words[2 * draw + 1, site] = np.int32(drawn[1] >> _TO_24_BITS)


@kernel
def draw_demand(demand, words, table, hour, service):
    """Writes the demand (4, n_sites) of a step: work of both classes, then what was expected."""
    prefer_full_width()
    for site in range(table.shape[1]):
        interactive_0, deferrable_0 = normal_pair(words[0, site], words[1, site])
        interactive_1, deferrable_1 = normal_pair(words[2, site], words[3, site])
        interactive_2, deferrable_2 = normal_pair(words[4, site], words[5, site])
        interactive_3, deferrable_3 = normal_pair(words[6, site], words[7, site])
        interactive_fast, deferrable_fast = normal_pair(words[8, site], words[9, site])
        expected_interactive, expected_deferrable = expected_work(
            table[SITE.interactive_work, site],
            table[SITE.deferrable_work, site],
            table[SITE.daily_cosine_1, site],
            table[SITE.daily_sine_1, site],
            table[SITE.daily_cosine_2, site],
            table[SITE.daily_sine_2, site],
            hour,
            service,
        )
        demand[0, site] = drawn_work(
            expected_interactive,
            slow_normal(
                hour, service, interactive_0, interactive_1, interactive_2, interactive_3
            ),
            table[SITE.slow_interactive, site],
            interactive_fast,
            table[SITE.fast_interactive, site],
            hour.trace_interactive,
            service,
        )
        demand[1, site] = drawn_work(
            expected_deferrable,
            slow_normal(hour, service, deferrable_0, deferrable_1, deferrable_2, deferrable_3),
            table[SITE.slow_deferrable, site],
            deferrable_fast,
            table[SITE.fast_deferrable, site],
            hour.trace_deferrable,
            service,
        )
        demand[2, site] = expected_interactive
        demand[3, site] = expected_deferrable


@scalar
def expected_work(
    interactive, deferrable, cosine_1, sine_1, cosine_2, sine_2, hour: Hour, service
):
    """Returns (interactive, deferrable) work of a site that is expected in a step, GPU-s."""
    return (
        interactive
        * daily_factor(cosine_1, sine_1, cosine_2, sine_2, hour, service.interactive_daily),
        deferrable
        * daily_factor(cosine_1, sine_1, cosine_2, sine_2, hour, service.deferrable_daily),
    )


@kernel
def clear_demand(rows):
    """Clears the demand rows of a block."""
    for lane in range(LANES):
        rows[ROW.interactive_new + lane] = 0
        rows[ROW.deferrable_new + lane] = 0
        rows[ROW.interactive_expected + lane] = 0
        rows[ROW.deferrable_expected + lane] = 0
        rows[ROW.demand_ahead + lane] = 0


@kernel
def enter_demand(rows, first, count, demand, table, service):
    """Adds a world's demand to `count` of its satellites, from lane `first` of a block.

    One slice, then constant offsets from it: that keeps the loop over lanes in vector code.
    """
    prefer_full_width()
    window = rows[first:]
    for site in range(table.shape[1]):
        x, y, z = table[SITE.x, site], table[SITE.y, site], table[SITE.z, site]
        interactive, deferrable = demand[0, site], demand[1, site]
        expected_interactive, expected_deferrable = demand[2, site], demand[3, site]
        expected = expected_interactive + expected_deferrable
        for lane in range(count):
            share = ingress_share(
                window[ROW.x + lane], window[ROW.y + lane], window[ROW.z + lane], x, y, z, service
            )
            share_ahead = ingress_share(
                window[ROW.ahead_x + lane],
                window[ROW.ahead_y + lane],
                window[ROW.ahead_z + lane],
                x,
                y,
                z,
                service,
            )
            window[ROW.interactive_new + lane] += share * interactive
            window[ROW.deferrable_new + lane] += share * deferrable
            window[ROW.interactive_expected + lane] += share * expected_interactive
            window[ROW.deferrable_expected + lane] += share * expected_deferrable
            window[ROW.demand_ahead + lane] += share_ahead * expected

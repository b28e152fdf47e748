"""Demand of a step: a pure function of (world, site, step), so that it can be foreseen exactly.

work = base x daily shape x exp(slow modulation) x exp(step-to-step noise), both of mean one. The
slow modulation crosses from one knot of noise to the next, hourly and four-hourly, with weights
(cosine, sine) that keep its variance; nothing is carried from step to step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.physics.approximation import (
    exponential,
    logarithm,
    maximum,
    select,
    sin_cos,
    square_root,
)
from sunward.physics.scalar import scalar

from .offsets import offsets
from .params import Service, Sites
from .width import LANES

UNIT_24 = 5.9604644775390625e-08
PI = 3.141592653589793
HALF_PI = 1.5707963267948966
#: Normal pairs of a site: two knots at two octaves, kept between knots, and the noise.
N_PAIRS = 5
KNOT_FLOATS = 2 * (N_PAIRS - 1) * LANES
#: Philox stream of the noise; the octaves are 0 and 1.
NOISE = 2


@offsets
class SiteRows(NamedTuple):
    """Rows of a block of sites; the first ones are its table, the others are drawn each step."""

    x: int  # unit vector, Earth-fixed
    y: int
    z: int
    interactive_work: int  # mean GPU-s a step
    deferrable_work: int
    daily_cosine_1: int
    daily_sine_1: int
    daily_cosine_2: int
    daily_sine_2: int
    fast_interactive: int
    fast_deferrable: int
    slow_interactive: int  # log-deviation of the slow modulation
    slow_deferrable: int
    normal: int  # 2 N_PAIRS rows of standard normals: four knots, then the noise of the step
    interactive: int  # GPU-s of the step
    deferrable: int
    interactive_expected: int
    deferrable_expected: int


N_TABLE_ROWS = SiteRows._fields.index("normal")
_ROW_NUMBERS = [
    *range(N_TABLE_ROWS + 1),
    *range(N_TABLE_ROWS + 2 * N_PAIRS, N_TABLE_ROWS + 2 * N_PAIRS + 4),
]
#: Offset of each row within a block of sites, in floats.
SITE = SiteRows(*(number * LANES for number in _ROW_NUMBERS))
SITE_FLOATS = (_ROW_NUMBERS[-1] + 1) * LANES


class Hour(NamedTuple):
    """Time of day (UTC) as harmonics, and how far between knots a step lies."""

    cosine_1: float
    sine_1: float
    cosine_2: float
    sine_2: float
    short_cosine: float
    short_sine: float
    long_cosine: float
    long_sine: float
    trace_interactive: float
    trace_deferrable: float


HOUR_FIELDS = Hour._fields


@scalar
def normal_pair(word_a, word_b):
    """Returns two independent standard normals from two random 24-bit integers held as floats.

    Reference: Box and Muller, A note on the generation of random normal deviates, 1958.
    """
    radius = square_root(-2.0 * logarithm((word_a + 0.5) * UNIT_24))
    sine, cosine = sin_cos((word_b * UNIT_24 - 0.5) * (2.0 * PI))
    return radius * cosine, radius * sine


@scalar
def daily_factor(cosine_1, sine_1, cosine_2, sine_2, hour: Hour, depth):
    """Returns demand over its daily mean at a site's local clock, above 0.05."""
    shape = (
        cosine_1 * hour.cosine_1
        + sine_1 * hour.sine_1
        + cosine_2 * hour.cosine_2
        + sine_2 * hour.sine_2
    )
    return maximum(1.0 + depth * shape, 0.05)


@scalar
def lognormal(deviation, normal):
    """Returns a factor of mean one from a standard normal and the deviation of its logarithm."""
    return exponential(deviation * (normal - 0.5 * deviation))


@scalar
def slow_normal(hour: Hour, service: Service, short_0, short_1, long_0, long_1):
    """Returns the slow modulation's standard normal between its knots."""
    short = hour.short_cosine * short_0 + hour.short_sine * short_1
    long = hour.long_cosine * long_0 + hour.long_sine * long_1
    return service.short_weight * short + service.long_weight * long


@scalar
def drawn_work(expected, slow, slow_deviation, fast, fast_deviation, trace, service: Service):
    """Returns the work of a site in a step (GPU-s): drawn, or as the trace has it."""
    drawn = lognormal(slow_deviation, slow) * lognormal(fast_deviation, fast)
    return expected * select(service.plays_trace > 0.0, trace, drawn)


@scalar
def ingress_height(x, y, z, site_x, site_y, site_z, service: Service):
    """Returns how far a satellite is inside the cone above a site; 0 outside.

    Times `ingress_gain` it is the share of the site's requests that enter at the satellite.
    """
    cosine = x * site_x + y * site_y + z * site_z
    return maximum(cosine - service.ingress_cosine, 0.0)


def site_blocks(sites: Sites, dtype: type) -> np.ndarray:
    """Returns the sites as flat blocks of LANES, in the kernel's width; padding has no work."""
    cos_latitude = np.cos(sites.latitude_rad)
    columns = {
        "x": cos_latitude * np.cos(sites.longitude_rad),
        "y": cos_latitude * np.sin(sites.longitude_rad),
        "z": np.sin(sites.latitude_rad),
        "interactive_work": sites.interactive_work,
        "deferrable_work": sites.deferrable_work,
        "daily_cosine_1": sites.daily_cosine[:, 0],
        "daily_sine_1": sites.daily_sine[:, 0],
        "daily_cosine_2": sites.daily_cosine[:, 1],
        "daily_sine_2": sites.daily_sine[:, 1],
        "fast_interactive": sites.fast_interactive,
        "fast_deferrable": sites.fast_deferrable,
        "slow_interactive": sites.slow_interactive,
        "slow_deferrable": sites.slow_deferrable,
    }
    n_blocks = -(-len(sites.latitude_rad) // LANES)
    blocks = np.zeros((n_blocks, SITE_FLOATS // LANES, LANES), dtype)
    for row, name in enumerate(SiteRows._fields[:N_TABLE_ROWS]):
        padded = np.zeros(n_blocks * LANES)
        padded[: len(columns[name])] = columns[name]
        blocks[:, row] = padded.reshape(n_blocks, LANES)
    return blocks.reshape(-1)

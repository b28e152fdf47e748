"""What a world does by itself, whatever the company does: launches, demand, prices, progress.

A pure function of the world's key: every month is drawn when a world starts, so that two policies
on one seed meet the same slips and failures, and a bound may look ahead. Slips, groundings and
swings last; what they cost is never caught up.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sunward.buildout import model
from sunward.buildout.figures import Launch
from sunward.buildout.params import N_MARKETS, Params
from sunward.core.random import philox

#: Streams of draws; those of the constellation are below 5 (`sunward.core.random`).
STREAM_WORLD, STREAM_LAUNCH, STREAM_ECONOMY = 16, 17, 18
WORD = 2.0**32


class Outlook(NamedTuple):
    """The months of a batch of worlds, time first; T months, and the month after the last.

    What is told for a month is what holds when it begins, but `lift_kg` and `lost_share`, which
    only the month itself brings.
    """

    lift_kg: np.ndarray  # (T + 1, n) that the month's flights carry up
    lost_share: np.ndarray  # (T + 1, n) of it that a failed flight destroys
    expected_lift_kg: np.ndarray  # (T + 1, n) of a month without trouble
    flights_per_month: np.ndarray  # (T + 1, n) cadence without trouble
    payload_kg: np.ndarray  # (T + 1, n)
    is_slipping: np.ndarray  # (T + 1, n)
    is_grounded: np.ndarray  # (T + 1, n)
    delay_months: np.ndarray  # (T + 1, n) that slips have cost so far
    failed_flights: np.ndarray  # (T + 1, n) so far
    launch_usd_per_kg: np.ndarray  # (T + 1, n)
    performance: np.ndarray  # (T + 1, n) work of a new accelerator over the first month's
    price_usd_per_gpu_h: np.ndarray  # (T + 1, n) terrestrial, of reference GPU-hours
    demand_gpu_h: np.ndarray  # (T + 1, n, N_MARKETS) a month


def draw_outlook(params: Params, keys: np.ndarray) -> Outlook:
    """Returns the outlook of worlds.

    Args:
        keys: Philox keys, uint64 (n, 2).
    """
    world = uniforms(keys, 1, STREAM_WORLD)[0]
    launches = _launches(params, uniforms(keys, params.months + 1, STREAM_LAUNCH), world)
    economy = _economy(params, uniforms(keys, params.months + 1, STREAM_ECONOMY), world)
    return Outlook(**launches, **economy)


def uniforms(keys: np.ndarray, n_months: int, stream: int) -> np.ndarray:
    """Returns four numbers in (0, 1) a month and world, (n_months, n, 4)."""
    month = np.arange(n_months, dtype=np.uint64)[:, None]
    zero = np.zeros((n_months, len(keys)), np.uint64)
    words = philox(month + zero, zero + np.uint64(stream), zero, zero, keys[:, 0], keys[:, 1])
    return (np.stack(words, axis=-1) + 0.5) / WORD


def spread(uniform: np.ndarray, fraction: float) -> np.ndarray:
    """Returns a factor drawn evenly from 1 - fraction to 1 + fraction."""
    return 1.0 + fraction * (2.0 * uniform - 1.0)


def _launches(params: Params, draws: np.ndarray, world: np.ndarray) -> dict[str, np.ndarray]:
    """Returns the launcher's part of an outlook."""
    launch = params.scenario.launch
    growth = launch.growth_per_month * spread(world[:, 0], launch.growth_spread_fraction)
    is_slipping = _by_world(_slips, launch, draws[:, :, 0], draws[:, :, 1])
    month = np.arange(len(draws))[:, None]
    delay = np.cumsum(is_slipping, axis=0) - is_slipping
    cadence = model.flights_per_month(
        launch.first_flights_per_month, launch.full_flights_per_month, growth, month - delay
    )
    maturity = cadence / launch.full_flights_per_month
    payload_kg = launch.first_payload_kg + maturity * (
        launch.full_payload_kg - launch.first_payload_kg
    )
    flights = _by_world(_flights, launch, cadence, draws[:, :, 2], draws[:, :, 3])
    flown, has_failed, is_grounded = np.moveaxis(flights, -1, 0)
    return {
        "lift_kg": flown * payload_kg,
        "lost_share": has_failed / np.maximum(flown, 1.0),
        "expected_lift_kg": cadence * payload_kg,
        "flights_per_month": cadence,
        "payload_kg": payload_kg,
        "is_slipping": is_slipping > 0.0,
        "is_grounded": is_grounded > 0.0,
        "delay_months": delay,
        "failed_flights": np.cumsum(has_failed, axis=0) - has_failed,
        "launch_usd_per_kg": model.learnt(
            launch.first_price_usd_per_kg,
            launch.lowest_price_usd_per_kg,
            np.cumsum(flown, axis=0) - flown,
            launch.past_flights,
            launch.price_learning_fraction,
        ),
    }


def _by_world(function, launch: Launch, *series: np.ndarray) -> np.ndarray:
    """Returns function(launch, months of each series) for every world, months first.

    Plain numbers: a month depends on the one before, and worlds mostly start one at a time.
    """
    n = series[0].shape[1]
    return np.stack(
        [np.array(function(launch, *(one[:, w].tolist() for one in series))) for w in range(n)],
        axis=1,
    )


def _slips(launch: Launch, starts: list[float], lengths: list[float]) -> list[float]:
    """Returns 1 for every month in which the launcher makes no progress, else 0."""
    chance = -math.expm1(-launch.slip_rate_per_month)
    told, left = [], 0.0
    for start, length in zip(starts, lengths, strict=True):
        if left <= 0.0 and start < chance:
            left = _between(length, launch.shortest_slip_months, launch.longest_slip_months)
        told.append(float(left > 0.0))
        left = max(left - 1.0, 0.0)
    return told


def _flights(
    launch: Launch, cadence: list[float], fails: list[float], lengths: list[float]
) -> list[tuple[float, float, float]]:
    """Returns flights flown, whether one failed, and whether none was allowed, month by month."""
    told, carried, flown, grounded = [], 0.0, 0.0, 0.0
    for now, fail, length in zip(cadence, fails, lengths, strict=True):
        is_grounded = grounded > 0.0
        # Whole flights; what a month leaves of one counts in the next, but not over a grounding.
        carried = 0.0 if is_grounded else carried + now
        offered = float(math.floor(carried))
        carried -= offered
        chance = model.failure_fraction(
            launch.first_failure_fraction,
            launch.lowest_failure_fraction,
            flown,
            launch.failure_flights,
        )
        # Flights after the one that fails do not fly: the fleet stands on the ground.
        first = model.first_failure(fail, chance)
        has_failed = first <= offered
        month_flights = min(first, offered)
        told.append((month_flights, float(has_failed), float(is_grounded)))
        flown += month_flights
        grounded = max(grounded - 1.0, 0.0)
        if has_failed:
            low, high = launch.shortest_grounding_months, launch.longest_grounding_months
            grounded = _between(length, low, high)
    return told


def _economy(params: Params, draws: np.ndarray, world: np.ndarray) -> dict[str, np.ndarray]:
    """Returns progress, price and demand, month by month."""
    market, progress = params.scenario.market, params.scenario.progress
    month = np.arange(len(draws))[:, None]
    growth = market.growth_per_month * spread(world[:, 1], market.growth_spread_fraction)
    better = progress.performance_growth_per_month * spread(
        world[:, 2], progress.growth_spread_fraction
    )
    swing, price_swing = swings(
        normals(draws),
        np.array([[market.swing_std_fraction], [progress.price_swing_std_fraction]]),
        np.array([[market.swing_memory_months], [progress.price_swing_memory_months]]),
    )
    performance = np.exp(better * month)
    demand = np.exp(growth * month + swing)
    return {
        "performance": performance,
        "price_usd_per_gpu_h": progress.first_price_usd_per_gpu_h
        * performance**-progress.price_follows_fraction
        * np.exp(price_swing),
        "demand_gpu_h": demand[:, :, None] * params.first_demand[:N_MARKETS],
    }


def normals(draws: np.ndarray) -> np.ndarray:
    """Returns two standard normal numbers for each row of four uniform ones, (months, 2, n).

    References: Box and Muller, Annals of Mathematical Statistics 29 (1958) 610.
    """
    radius, angle = np.sqrt(-2.0 * np.log(draws[..., 0])), 2.0 * np.pi * draws[..., 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def swings(normal: np.ndarray, std: np.ndarray, memory_months: np.ndarray) -> np.ndarray:
    """Returns first-order autoregressions, (2, months, n): from 0, of a lasting spread.

    Args:
        normal: Standard normal numbers, (months, 2, n).
        std, memory_months: Of each of the two, (2, 1).
    """
    keep = np.exp(-1.0 / memory_months)
    size = std * np.sqrt(1.0 - keep * keep)
    out = size * normal
    out[0] = 0.0
    for month in range(1, len(normal)):
        out[month] += keep * out[month - 1]
    return np.moveaxis(out, 1, 0)


def _between(uniform: float, low: float, high: float) -> float:
    """Returns whole months drawn evenly from `low` to `high`, both included."""
    return float(math.floor(low + uniform * (high - low + 1.0)))

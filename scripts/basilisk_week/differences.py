"""How far two weeks are apart, quantity by quantity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scripts.basilisk_week.cases import LOADS, STEP_S, Week

DAY = 1440
#: `sensorThermal` holds no warm-up of chips and coolant: temperatures count from half a day on,
#: ten time constants of the radiator.
SETTLED = DAY // 2

#: Light of a whole minute above which it is full; float32 leaves 1e-7.
FULL = 0.99999


@dataclass(frozen=True)
class Difference:
    """Ours less Basilisk's: sizes, signed mean, and last day less first day."""

    name: str
    unit: str
    median: float
    p95: float
    worst: float
    mean: float
    drift: float


def summary(name: str, unit: str, ours: np.ndarray, theirs: np.ndarray) -> Difference:
    """Returns the `Difference` of two series over the week."""
    apart = ours - theirs
    per_day = len(apart) // 7
    size = np.abs(apart)
    return Difference(
        name,
        unit,
        float(np.median(size)),
        float(np.percentile(size, 95)),
        float(size.max()),
        float(apart.mean()),
        float(apart[-per_day:].mean() - apart[:per_day].mean()),
    )


def changing(week: Week) -> np.ndarray:
    """Returns which minutes hold a change of light."""
    return (week.light > 1.0 - FULL) & (week.light < FULL)


def lights(ours: Week, theirs: Week, minutes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns both programs' light in the minutes chosen, in %."""
    return 100.0 * ours.light[minutes], 100.0 * theirs.light[minutes]


def energy_error(ours: Week, theirs: Week) -> np.ndarray:
    """Returns the array's energy since the start, ours less Basilisk's, in % of the week's."""
    return 100.0 * np.cumsum(ours.array_j - theirs.array_j) / theirs.array_j.sum()


def differences(ours: Week, theirs: Week, capacity_j: float) -> list[Difference]:
    """Returns the rows of the page's table for one orbit."""
    events = [(ours.entry_s, theirs.entry_s), (ours.exit_s, theirs.exit_s)]
    for mine, other in events:
        if len(mine) != len(other):
            raise ValueError(f"{len(mine)} eclipses, Basilisk has {len(other)}: not the same orbit")
    full_j = theirs.array_j.max()
    crosses = changing(ours) | changing(theirs)
    full = (ours.light > FULL) & (theirs.light > FULL)
    mine, other = (100.0 * week.array_j / full_j for week in (ours, theirs))
    rows = [
        summary("light, in a minute that crosses", "% of full", *lights(ours, theirs, crosses)),
        summary("into shadow", "s", *events[0]),
        summary("out of shadow", "s", *events[1]),
        summary(
            "array power, in a minute that crosses", "% of full", mine[crosses], other[crosses]
        ),
        summary("array power, in full light", "% of full", mine[full], other[full]),
    ]
    for column, load in enumerate(LOADS):
        share = 100.0 / capacity_j
        mine, other = share * ours.stored_j[:, column], share * theirs.stored_j[:, column]
        rows.append(summary(f"stored energy, {load}", "% of capacity", mine, other))
    for column, load in enumerate(LOADS):
        mine, other = ours.node_k[SETTLED:, column], theirs.node_k[SETTLED:, column]
        rows.append(summary(f"radiator, {load}", "K", mine, other))
    return rows


def array_gain(ours: Week, theirs: Week) -> float:
    """Returns the array's energy of the week over Basilisk's, less one, in %."""
    return float(100.0 * (ours.array_j.sum() / theirs.array_j.sum() - 1.0))


def daily_light(week: Week) -> float:
    """Returns the mean hours of light in a day."""
    return float(week.light.mean() * DAY * STEP_S / 3600.0)

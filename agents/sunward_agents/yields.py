"""Measures what a satellite gives in each shell of a build-out scenario, by season and age.

A cell is one plane of 24 satellites of one design, with more work than they can do, under the
load-balancing rule. Aged cells fly with the array and the battery of the end of the design life:
the array by its yearly loss, the battery by the wear that was measured on new satellites.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

import sunward
from sunward.buildout.figures import Buildout, Shell
from sunward.buildout.load import folder
from sunward.buildout.yields import HEADER, HIGH, LOW, MEASURED
from sunward.core.compilation import cache_folder
from sunward.physics.ageing import CYCLE_EXPONENT, LIFE_LOSS, grown_loss
from sunward.scenario import content_hash, load_scenario
from sunward.scenario.scenario import Scenario
from sunward.scenario.units import SECONDS_PER_YEAR
from sunward_agents.heuristics import LoadBalancing
from sunward_agents.statistics import mean_interval

CELL = "cell/yield-cell-v0.yaml"
YEAR = 2028
#: Middle of each measured span: eclipses come and go within a month.
SEASONS = tuple(datetime.date(YEAR, month, 16) for month in range(1, 13))
#: Hours that pass before anything counts: the first charge and queue are drawn.
WARM_UP_H = 6
SPLIT = "validation"
MONTH_S = SECONDS_PER_YEAR / 12.0
JOULES_PER_KWH = 3.6e6
#: A battery that lost more would be taken out of use.
LEAST_CAPACITY = 0.3

Row = dict[str, Any]
Progress = Callable[[int, int, str], None]


class Cell(NamedTuple):
    """One place in the grid; aged cells need the new battery's wear."""

    shell: Shell
    design: str
    date: datetime.date
    age_months: float
    capacity_share: float


def measure(
    buildout: Buildout, n_worlds: int, hours: int, progress: Progress | None = None
) -> list[Row]:
    """Returns one row a cell: every shell, design and season, new and aged.

    Args:
        buildout: Gives shells, designs and design life.
        n_worlds: Worlds of each cell.
        hours: Of each world, of which the first `WARM_UP_H` do not count.
        progress: Called after each cell with cells done, cells to do and the cell's name.
    """
    rows: list[Row] = []
    n_cells = 2 * len(buildout.shells) * len(buildout.designs) * len(SEASONS)
    for cell in _cells(buildout, rows):
        rows.append(_row(cell, n_worlds, hours))
        if progress is not None:
            progress(len(rows), n_cells, f"{cell.shell.id} {cell.design}")
    return rows


def as_csv(rows: list[Row]) -> str:
    """Returns the rows as the text of a table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _cells(buildout: Buildout, rows: list[Row]) -> Iterator[Cell]:
    """Yields new satellites of all seasons before the aged ones, which need their wear."""
    life = buildout.fleet.design_life_months
    for shell in buildout.shells:
        for design in buildout.designs:
            for date in SEASONS:
                yield Cell(shell, design.hardware, date, 0.0, 1.0)
            wear = float(np.mean([row["wear"] for row in rows[-len(SEASONS) :]]))
            for date in SEASONS:
                yield Cell(shell, design.hardware, date, life, aged_capacity(wear, life))


def aged_capacity(wear_per_month: float, months: float) -> float:
    """Returns the capacity left of a battery, at least `LEAST_CAPACITY`.

    Wear is a price: the mean over a life that ends at `LIFE_LOSS`. Loss itself grows with the root
    of use, so that it comes early and slows down.
    """
    lives = wear_per_month * months / LIFE_LOSS
    return max(1.0 - grown_loss(0.0, LIFE_LOSS, lives, CYCLE_EXPONENT), LEAST_CAPACITY)


def cell_scenario(cell: Cell, hours: int) -> Scenario:
    """Returns the scenario of one cell."""
    path = folder() / CELL
    base = load_scenario(path, hardware=cell.design).hardware
    first = cell.date - datetime.timedelta(hours=hours / 2)
    changes: dict[str, Any] = {
        "hardware": cell.design,
        "hardware.power.age_years": cell.age_months / 12.0,
        "hardware.battery.capacity": f"{cell.capacity_share * base.battery.capacity_j!r} J",
        "constellation.altitude_km": cell.shell.altitude_km,
        "constellation.sun_synchronous": cell.shell.is_sun_synchronous,
        "constellation.ltan_h": cell.shell.ltan_h,
        "constellation.inclination_deg": cell.shell.inclination_deg,
        # An inclined plane drifts through all angles to the Sun within two months.
        "start.node_spread_deg": 0.0 if cell.shell.is_sun_synchronous else 180.0,
        "start.date": first,
        "episode.hours": hours,
    }
    return load_scenario(path, **changes)


def _row(cell: Cell, n_worlds: int, hours: int) -> Row:
    scenario = cell_scenario(cell, hours)
    measured = _played(scenario, n_worlds)
    row: Row = {
        "shell": cell.shell.id,
        "design": cell.design,
        "age_months": f"{cell.age_months:g}",
        "day": (cell.date - datetime.date(YEAR, 1, 1)).days,
        "worlds": n_worlds,
        "scenario_sha256": content_hash(scenario),
        "model_sha256": cache_folder().name,
    }
    for column in MEASURED:
        estimate = mean_interval(measured[column.name])
        for end, value in zip(("", LOW, HIGH), estimate, strict=True):
            row[column.name + end] = float(f"{value:.6g}")
    return row


def _played(scenario: Scenario, n_worlds: int) -> dict[str, np.ndarray]:
    """Returns what was measured, a satellite and month, each (n_worlds,)."""
    simulator = sunward.make_simulator(scenario, n_worlds)
    simulator.reset([(seed, 0) for seed in range(n_worlds)], split=SPLIT)
    policy = LoadBalancing()
    policy.reset(n_worlds, 0)
    n_warm = round(WARM_UP_H * 3600.0 / scenario.episode.step_s)
    before = simulator.metrics()
    for step in range(simulator.episode_steps):
        if step == n_warm:
            before = simulator.metrics()
        seen = simulator.observations.reshape(n_worlds * simulator.n_sats, -1)
        simulator.step(policy.act(seen).reshape(n_worlds, simulator.n_sats, -1))
    after = simulator.metrics()
    n_steps = simulator.episode_steps - n_warm
    sums = {name: after[name] - before[name] for name in after}
    rate = MONTH_S / (n_steps * scenario.episode.step_s * simulator.n_sats)
    return {
        "interactive_gpu_h": sums["interactive_done"] / 3600.0 * rate,
        "batch_gpu_h": sums["deferrable_done"] / 3600.0 * rate,
        "value": sums["value"] * simulator.episode_steps / n_steps,
        "array_energy_kwh": sums["array_energy"] / JOULES_PER_KWH * rate,
        "compute_energy_kwh": sums["compute_energy"] / JOULES_PER_KWH * rate,
        "wear": sums["wear"] * rate,
        "upsets": sums["upsets"] * rate,
        "brownouts": sums["brownouts"] * rate,
    }

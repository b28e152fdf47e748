"""The table of shell yields: what a satellite of a design gives in a shell, by season and age.

`sunward yields` measures it with the simulator; a row is a cell of 24 satellites. GPU-hours are of
the design's own accelerators, a satellite and month.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sunward.scenario.errors import ScenarioError, suggestion


class Column(NamedTuple):
    """One column of the table."""

    name: str
    unit: str
    meaning: str


#: What names a cell, and what was measured in it.
KEYS = (
    Column("shell", "", "id of the shell in the build-out scenario"),
    Column("design", "", "hardware of the satellites"),
    Column(
        "age_months", "month", "age of array and battery: new, or at the end of the design life"
    ),
    Column("day", "day", "middle of the measured days, counted from 1 January"),
)
MEASURED = (
    Column("interactive_gpu_h", "GPU-h/month", "interactive work answered in time, a satellite"),
    Column("batch_gpu_h", "GPU-h/month", "deferrable work done in time, a satellite"),
    Column("value", "1", "the simulator's own score: work, misses, wear and failures a step"),
    Column("array_energy_kwh", "kWh/month", "what the array could give"),
    Column("compute_energy_kwh", "kWh/month", "what the accelerators took"),
    Column("wear", "1/month", "battery capacity lost, of a new battery"),
    Column("upsets", "1/month", "accelerators lost to particle hits for a while, a satellite"),
    Column("brownouts", "1/month", "falls into safe mode, a satellite"),
)
#: Beside each measured mean: the ends of its 95 % interval over worlds.
LOW, HIGH = "_low", "_high"
PROVENANCE = (
    Column("worlds", "1", "worlds of the mean"),
    Column("scenario_sha256", "", "content hash of the cell's scenario"),
    Column("model_sha256", "", "hash of the sources of physics and core"),
)
HEADER = (
    *(column.name for column in KEYS),
    *(column.name + end for column in MEASURED for end in ("", LOW, HIGH)),
    *(column.name for column in PROVENANCE),
)
#: Classes of work, in the order of the last axis of `YieldTable.gpu_h`.
CLASSES = ("interactive_gpu_h", "batch_gpu_h")
MONTHS_PER_YEAR = 12
DAYS_PER_YEAR = 365.25


class YieldTable(NamedTuple):
    """Measured yields by shell, design, age (new, at the end of design life) and month of year."""

    gpu_h: np.ndarray  # (n_shells, n_designs, 2, 12, 2) own GPU-hours a satellite and month
    upsets_per_month: np.ndarray  # (n_shells, n_designs), a satellite
    aged_months: np.ndarray  # (n_shells, n_designs), age of the aged satellites


def read_rows(path: Path) -> list[dict[str, str]]:
    """Returns the rows of a table of yields.

    Raises:
        ScenarioError: the file cannot be read, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            found = list(reader.fieldnames or ())
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(f"{path}: cannot be read ({error})") from error
    for name in HEADER:
        if name not in found:
            raise ScenarioError(
                f"{path.name}: has no column {name}: {suggestion(name, found)}, or make the table "
                "with `sunward yields`"
            )
    return rows


class Cell(NamedTuple):
    """What the game takes of one row."""

    age_months: float
    day: float
    work: tuple[float, ...]  # of each class
    upsets: float


def load_yields(path: Path, shells: list[str], designs: list[str]) -> YieldTable:
    """Returns the yields of the named shells and designs, seasons spread over the months.

    Raises:
        ScenarioError: a number that is none, or a cell that the table lacks.
    """
    cells: dict[tuple[str, str], list[Cell]] = {}
    for number, row in enumerate(read_rows(path), start=2):
        cells.setdefault((row["shell"], row["design"]), []).append(_cell(row, path.name, number))
    shape = (len(shells), len(designs))
    gpu_h = np.zeros((*shape, 2, MONTHS_PER_YEAR, len(CLASSES)))
    upsets_per_month, aged_months = np.zeros(shape), np.zeros(shape)
    for place in np.ndindex(shape):
        shell, design = shells[place[0]], designs[place[1]]
        new, aged = _new_and_aged(cells.get((shell, design), []), path.name, shell, design)
        gpu_h[place] = _seasons(new), _seasons(aged)
        upsets_per_month[place] = np.mean([cell.upsets for cell in new])
        aged_months[place] = aged[0].age_months
    return YieldTable(gpu_h, upsets_per_month, aged_months)


def _cell(row: dict[str, str], file: str, number: int) -> Cell:
    names = ("age_months", "day", *CLASSES, "upsets")
    try:
        age, day, *work, upsets = (float(row[name]) for name in names)
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{file}:{number}: {error}: expected a number") from error
    if not np.isfinite([age, day, *work, upsets]).all() or min(*work, age, upsets) < 0.0:
        raise ScenarioError(f"{file}:{number}: has a number that is negative or not finite")
    return Cell(age, day, tuple(work), upsets)


def _new_and_aged(
    cells: list[Cell], file: str, shell: str, design: str
) -> tuple[list[Cell], list[Cell]]:
    """Returns the cells of new satellites and those of aged ones."""
    ages = sorted({cell.age_months for cell in cells})
    if len(ages) != 2 or ages[0] != 0.0:
        raise ScenarioError(
            f"{file}: has no new and aged rows of shell {shell!r} and design {design!r}: "
            "make the table with `sunward yields --scenario FILE --out FILE`"
        )
    new, aged = ([cell for cell in cells if cell.age_months == age] for age in ages)
    return new, aged


def _seasons(cells: list[Cell]) -> np.ndarray:
    """Returns the work of each class by month of the year, (12, classes)."""
    days = [cell.day for cell in cells]
    work = np.array([cell.work for cell in cells])
    return np.stack([by_month(days, work[:, kind]) for kind in range(len(CLASSES))], axis=1)


def by_month(days: list[float], values: np.ndarray) -> np.ndarray:
    """Returns values at the middle of each month, (12,), on straight lines round the year."""
    middles = (np.arange(MONTHS_PER_YEAR) + 0.5) / MONTHS_PER_YEAR * DAYS_PER_YEAR
    return np.interp(middles, days, values, period=DAYS_PER_YEAR)

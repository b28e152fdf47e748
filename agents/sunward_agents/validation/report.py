"""What the checks found, for people and for scripts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from sunward_agents.results import package_version
from sunward_agents.validation.check import Outcome

STATUS = {True: "pass", False: "fail", None: "absent"}
SHOWN = {True: "pass", False: "[bold red]FAIL[/bold red]", None: "[dim]-[/dim]"}
#: Marks a limit that is ours and not of the tables' README.
OWN = "*"


def outcome_table(outcomes: Sequence[Outcome]) -> Table:
    """Returns one row a check, grouped by table; absent tables get one row each."""
    table = Table(caption=f"{OWN} limit of our own, not of the tables' README")
    table.add_column("table", no_wrap=True)
    table.add_column("quantity")
    for title in ("cases", "median", "worst"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("limit", no_wrap=True)
    table.add_column("")
    told: set[tuple[str, str]] = set()
    for family, group in groupby(outcomes, lambda outcome: outcome.check.family):
        table.add_section()
        title = family
        for outcome in group:
            if outcome.errors.size:
                table.add_row(title, *_cells(outcome))
            elif (family, outcome.note) not in told:
                told.add((family, outcome.note))
                table.add_row(title, f"[dim]{outcome.note}[/dim]", *[""] * 4, SHOWN[None])
            else:
                continue
            title = ""
    return table


def _cells(outcome: Outcome) -> list[str]:
    check, errors = outcome.check, outcome.errors
    held = "" if check.statistic == "worst" else f"{check.statistic} {outcome.value:.3g} "
    limit = f"{held}<= {check.limit:.3g} {check.unit}".rstrip() + (OWN if check.is_own else "")
    figures = [str(errors.size), f"{np.median(errors):.3g}", f"{np.max(errors):.3g}"]
    return [check.quantity, *figures, limit, SHOWN[outcome.passed]]


def n_failed(outcomes: Sequence[Outcome]) -> int:
    """Returns how many checks missed their limit."""
    return sum(outcome.passed is False for outcome in outcomes)


def summary(outcomes: Sequence[Outcome]) -> str:
    """Returns one line: how many checks passed, on how many cases."""
    made = [outcome for outcome in outcomes if outcome.passed is not None]
    n_cases = sum(outcome.errors.size for outcome in made)
    n_passed = len(made) - n_failed(outcomes)
    absent = f", {len(outcomes) - len(made)} without data" if len(made) < len(outcomes) else ""
    return f"{n_passed} of {len(made)} checks pass on {n_cases:,} comparisons{absent}"


def as_json(folder: Path, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Returns the same figures as plain data; figures are null where nothing was compared."""
    return {
        "sunward": package_version(),
        "reference": str(folder),
        "passed": n_failed(outcomes) == 0,
        "checks": [_as_json(outcome) for outcome in outcomes],
    }


def _as_json(outcome: Outcome) -> dict[str, Any]:
    check, errors = outcome.check, outcome.errors
    return {
        "file": check.table.file,
        "quantity": check.quantity,
        "unit": check.unit,
        "cases": errors.size,
        "median": _finite(np.median(errors)) if errors.size else None,
        "worst": _finite(np.max(errors)) if errors.size else None,
        "statistic": check.statistic,
        "value": _finite(outcome.value),
        "limit": check.limit,
        "is_own_limit": check.is_own,
        "status": STATUS[outcome.passed],
        "note": outcome.note,
    }


def _finite(value: float) -> float | None:
    """Returns a number as JSON has it: none for NaN and infinity."""
    return float(value) if math.isfinite(value) else None

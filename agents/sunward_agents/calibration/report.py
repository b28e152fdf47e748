"""A ladder and what the rule says of it, for people and for scripts."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.table import Table

from sunward_agents.calibration.ladder import Ladder, Rung
from sunward_agents.calibration.rule import Check
from sunward_agents.results import hardware, package_version
from sunward_agents.statistics import Estimate
from sunward_agents.tables import written

SHOWN = {True: "pass", False: "[bold red]FAIL[/bold red]"}


def points(estimate: Estimate, *, signed: bool = False) -> str:
    """Returns points of score as `81.2 [79.8, 82.5]`."""
    form = "{:+.1f} [{:+.1f}, {:+.1f}]" if signed else "{:.1f} [{:.1f}, {:.1f}]"
    return form.format(*estimate)


def ladder_table(ladder: Ladder) -> Table:
    """Returns one row a policy, idle first, the bound last."""
    best = ladder.best_rule()
    table = Table(
        title=ladder.scenario,
        title_justify="left",
        caption=f"score 100 (value - {ladder.floor}) / (bound - {ladder.floor}), "
        "95 % bootstrap intervals over worlds",
    )
    table.add_column("policy", no_wrap=True)
    for title in ("worlds", "value", "score", f"over {best}"):
        table.add_column(title, justify="right", no_wrap=True)
    for rung in ladder.rungs:
        table.add_row(*_row(ladder, rung, best), style="bold" if rung.name == best else "")
    bound = ladder.bounds
    table.add_row("bound", str(len(bound)), f"{bound.mean():.4f}", "100", "")
    return table


def _row(ladder: Ladder, rung: Rung, best: str) -> list[str]:
    name, n = rung.name, str(len(rung.values))
    score = "0" if name == ladder.floor else points(ladder.score(name))
    lead = "" if name == best else points(ladder.lead(name, best), signed=True)
    return [name, n, written(ladder.value(name)), score, lead]


def check_table(found: list[Check]) -> Table:
    """Returns one row a demand of the rule."""
    table = Table()
    table.add_column("demand", no_wrap=True)
    table.add_column("points of score", justify="right", no_wrap=True)
    table.add_column("limit", no_wrap=True)
    table.add_column("")
    for check in found:
        table.add_row(check.statement, points(check.figure), check.limit, SHOWN[check.passed])
    return table


def verdict(ladder: Ladder, found: list[Check]) -> str:
    """Returns one line: whether the scenario may be ranked."""
    n_failed = sum(not check.passed for check in found)
    if n_failed:
        return f"{ladder.scenario}: {n_failed} of {len(found)} demands fail: it is not ranked"
    return f"{ladder.scenario}: all {len(found)} demands are met"


def as_json(ladder: Ladder, found: list[Check]) -> dict[str, Any]:
    """Returns the same figures as plain data, with the values of every world."""
    return {
        "scenario": ladder.scenario,
        "content_hash": ladder.content_hash,
        "sunward": package_version(),
        "hardware": hardware(),
        "passed": all(check.passed for check in found),
        "best_rule": ladder.best_rule(),
        "bounds": _rounded(ladder.bounds),
        "policies": [_policy(ladder, rung) for rung in ladder.rungs],
        "checks": [check._asdict() | {"figure": check.figure._asdict()} for check in found],
    }


def _policy(ladder: Ladder, rung: Rung) -> dict[str, Any]:
    lead = ladder.lead(rung.name, ladder.best_rule())
    return {
        "name": rung.name,
        "kind": rung.kind,
        "values": _rounded(rung.values),
        "value": ladder.value(rung.name)._asdict(),
        "score": ladder.score(rung.name)._asdict(),
        "over_best_rule": lead._asdict(),
        "constants": rung.constants,
    }


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 9) for value in values]

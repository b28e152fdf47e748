"""Tables of results for a terminal: means with 95 % intervals, and differences in pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

from sunward_agents.results import Result
from sunward_agents.statistics import Estimate, mean_interval, paired_difference

#: The metric that ranks, and the columns beside it: title, metrics added up, over which.
SCORE = "value"
_SHARES = (
    ("interactive done", "interactive_done", "interactive_arrived"),
    ("deferrable done", "deferrable_done", "deferrable_arrived"),
)
_COUNTS = (
    ("goodput", "goodput"),
    ("jobs", "jobs_finished"),
    ("checkpoints", "checkpoints"),
    ("interruptions", "interruptions"),
    ("brown-outs", "brownouts"),
    ("trips", "trips"),
    ("wear", "wear"),
)


def result_table(result: Result) -> Table:
    """Returns the mean of every metric with its interval, one row a metric."""
    table = Table(
        caption=f"{len(result.episodes)} worlds of {', '.join(result.scenarios)}, "
        "95 % bootstrap intervals"
    )
    table.add_column(result.policy)
    table.add_column("mean [interval]", justify="right")
    for metric in result.episodes[0].metrics:
        table.add_row(metric, written(mean_interval(result.column(metric))))
    return table


def figure_table(title: str, figures: Iterable[tuple[str, dict[str, Any]]]) -> Table:
    """Returns figures of data sheets with value, unit and source, one a row."""
    table = Table(title=title, title_justify="left", box=None)
    for heading in ("figure", "value", "unit", "confidence", "date", "source"):
        table.add_column(heading, overflow="fold")
    for name, figure in figures:
        shown = [f"{figure['value']:g}", *(figure[key] for key in ("unit", "confidence", "date"))]
        table.add_row(name, *map(str, shown), figure["source"])
    return table


def record_table(title: str, records: Sequence[Mapping[str, Any]], form: str) -> Table:
    """Returns records that have the same keys, one a row: words as they are, numbers by `form`."""
    table = Table(title=title, title_justify="left", box=None)
    for name, value in records[0].items():
        table.add_column(name, justify="left" if isinstance(value, str) else "right")
    for record in records:
        cells = (one if isinstance(one, str) else format(one, form) for one in record.values())
        table.add_row(*cells)
    return table


def score_table(results: Mapping[str, Result], *, against: str | None = None) -> Table:
    """Returns one row a policy, best first.

    Args:
        results: policy -> result, all on the same worlds.
        against: policy whose lead over each other one is shown, paired world by world.
    """
    table = Table(caption=_caption(results))
    table.add_column("policy", no_wrap=True)
    for title in (SCORE, *([f"{against} leads by"] if against else [])):
        table.add_column(title, justify="right", no_wrap=True)
    for name in by_score(results):
        table.add_row(*_score_row(name, results, against), style="bold" if name == against else "")
    return table


def scenario_table(parts: Mapping[str, Result]) -> Table:
    """Returns one row a scenario, for one policy: worlds, score, shares of work done."""
    table = Table(caption="95 % bootstrap intervals over worlds")
    table.add_column("scenario", no_wrap=True)
    for title in ("worlds", SCORE, *(row[0] for row in _SHARES)):
        table.add_column(title, justify="right")
    for name, part in parts.items():
        shares = [_share(part, done, whole) for _, done, whole in _SHARES]
        score = written(mean_interval(part.column(SCORE)))
        table.add_row(name, str(len(part.episodes)), score, *shares)
    return table


def detail_table(results: Mapping[str, Result]) -> Table:
    """Returns what lies behind the score, one row a policy: shares of work done, mean events.

    Columns are those whose metrics the results have.
    """
    known = next(iter(results.values())).episodes[0].metrics
    of_work = [row for row in _SHARES if row[1] in known]
    of_events = [row for row in _COUNTS if row[1] in known]
    table = Table()
    table.add_column("policy", no_wrap=True)
    for title in [row[0] for row in [*of_work, *of_events]]:
        table.add_column(title, justify="right")
    for name in by_score(results):
        shares = [_share(results[name], part, whole) for _, part, whole in of_work]
        means = [_mean(results[name], metric) for _, metric in of_events]
        table.add_row(name, *shares, *means)
    return table


def by_score(results: Mapping[str, Result]) -> list[str]:
    """Returns the policies, highest mean score first."""
    return sorted(results, key=lambda name: -mean_interval(results[name].column(SCORE)).mean)


def leads(results: Mapping[str, Result], first: str) -> dict[str, Estimate]:
    """Returns by how much `first` leads each other policy, in pairs."""
    score = results[first].column(SCORE)
    return {
        name: paired_difference(score, result.column(SCORE))
        for name, result in results.items()
        if name != first
    }


def written(estimate: Estimate, *, signed: bool = False, digits: int = 4) -> str:
    """Returns an estimate as `0.412 [0.405, 0.419]`; `digits` follow the point."""
    form = f"{'+' if signed else ''}.{digits}f"
    mean, low, high = (format(number, form) for number in estimate)
    return f"{mean} [{low}, {high}]"


def _score_row(name: str, results: Mapping[str, Result], against: str | None) -> list[str]:
    cells = [name, written(mean_interval(results[name].column(SCORE)))]
    if against is not None:
        lead = None if name == against else leads(results, against)[name]
        cells.append("" if lead is None else written(lead, signed=True))
    return cells


def _share(result: Result, part: str, whole: str) -> str:
    total = sum(result.column(whole))
    return f"{100.0 * sum(result.column(part)) / total:.1f} %" if total else "-"


def _mean(result: Result, metric: str) -> str:
    values = result.column(metric)
    return f"{sum(values) / len(values):.3g}"


def _caption(results: Mapping[str, Result]) -> str:
    first = next(iter(results.values()))
    n_worlds = len(first.episodes)
    split = first.episodes[0].split
    return f"{', '.join(first.scenarios)}: {n_worlds} {split} worlds, 95 % bootstrap intervals"

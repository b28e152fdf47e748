"""A training scenario for people: what its gang costs, which jobs come, figures with sources."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.table import Table

from sunward.scenario import resolved
from sunward.training.build import build_training
from sunward.training.figures import Training
from sunward.training.load import content_hash, sourced_figures
from sunward.training.params import TrainingParams
from sunward_agents.commands.output import console, write_json
from sunward_agents.tables import figure_table


def show_training(scenario: Training, json: str | None) -> int:
    """Prints a scenario, or writes it as JSON; returns the exit code."""
    params = build_training(scenario)
    if json is not None:
        write_json(json, description(scenario, params))
        return 0
    out = console()
    out.print(f"[bold]{scenario.id}[/bold]  {scenario.description}")
    out.print(f"content hash {content_hash(scenario)}")
    out.print(_rows("gang, SI units", params.gang._asdict()))
    out.print(_jobs(params))
    out.print(figure_table("figures", sourced_figures(scenario)))
    return 0


def description(scenario: Training, params: TrainingParams) -> dict[str, Any]:
    """Returns id, hash, all values in SI, gang, jobs, and figures as in their file."""
    return {
        "id": scenario.id,
        "content_hash": content_hash(scenario),
        "values": resolved(scenario),
        "gang": params.gang._asdict(),
        "jobs": job_rows(params),
        "figures": dict(sourced_figures(scenario)),
    }


def job_rows(params: TrainingParams) -> list[dict[str, float]]:
    """Returns places, share of the jobs and quantiles of duration at full clock of each size."""
    jobs = params.jobs
    shares = np.diff(jobs.cumulative, prepend=0.0)
    return [
        {
            "members": float(members),
            "share": round(float(share), 4),
            **{
                f"duration_p{round(100 * level)}_s": float(
                    np.interp(level, jobs.probability, durations)
                )
                for level in (0.1, 0.5, 0.9)
            },
        }
        for members, share, durations in zip(jobs.members, shares, jobs.duration_s, strict=True)
    ]


def _rows(title: str, values: dict[str, float]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for name, value in values.items():
        table.add_row(name, f"{value:.6g}")
    return table


def _jobs(params: TrainingParams) -> Table:
    rows = job_rows(params)
    table = Table(title="jobs, at full clock with all places taken", title_justify="left", box=None)
    for title in rows[0]:
        table.add_column(title, justify="right")
    for row in rows:
        table.add_row(*(f"{value:g}" for value in row.values()))
    return table

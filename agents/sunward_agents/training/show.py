"""A training scenario for people: what its gang costs, which jobs come, figures with sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.table import Table

from sunward.scenario import resolved
from sunward.training.build import build_training
from sunward.training.figures import Training
from sunward.training.load import content_hash, sourced_figures
from sunward.training.params import TrainingParams
from sunward_agents.commands.output import present
from sunward_agents.tables import figure_table, record_table


def show_training(scenario: Training, json: str | None) -> int:
    """Prints a scenario, or writes it as JSON; returns the exit code."""
    params = build_training(scenario)
    about = description(scenario, params)
    return present(about, scenario.description, _tables(about), json)


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


def _tables(about: dict[str, Any]) -> Iterator[Table]:
    yield _rows("gang, SI units", about["gang"])
    yield record_table("jobs, at full clock with all places taken", about["jobs"], "g")
    yield figure_table("figures", about["figures"].items())


def _rows(title: str, values: dict[str, float]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for name, value in values.items():
        table.add_row(name, f"{value:.6g}")
    return table

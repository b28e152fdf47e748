"""A build-out scenario for people: what it is made of, with units and sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from sunward.buildout.figures import Buildout
from sunward.buildout.load import content_hash, sourced_figures
from sunward.buildout.params import Params, build_params
from sunward_agents.commands.output import present
from sunward_agents.tables import figure_table, record_table


def show_buildout(scenario: Buildout, json: str | None) -> int:
    """Prints a scenario, or writes it as JSON; returns the exit code."""
    params = build_params(scenario)
    about = description(scenario, params)
    return present(about, scenario.description, _tables(about), json)


def description(scenario: Buildout, params: Params) -> dict[str, Any]:
    """Returns id, hash, shells, pairs and figures as in their file."""
    return {
        "id": scenario.id,
        "content_hash": content_hash(scenario),
        "months": scenario.months,
        "yields": scenario.yields,
        "shells": [shell.model_dump(mode="json") for shell in scenario.shells],
        "pairs": pair_rows(params),
        "figures": dict(sourced_figures(scenario)),
    }


def pair_rows(params: Params) -> list[dict[str, Any]]:
    """Returns what follows from orbit and yields, one row a shell and design."""
    rows = []
    for s, shell in enumerate(params.shells):
        for d, design in enumerate(params.designs):
            new, last = (float(params.gpu_h[:, :, s, d, age].mean(axis=0).sum()) for age in (1, -1))
            rows.append(
                {
                    "shell": shell,
                    "design": design,
                    "launch_mass_kg": round(float(params.launch_mass_kg[s, d]), 1),
                    "new_gpu_h": round(new),
                    "last_gpu_h": round(last),
                    "removal_usd": float(params.removal_usd[s, d]),
                }
            )
    return rows


def _tables(about: dict[str, Any]) -> Iterator[Table]:
    title = "shells and designs; reference GPU-hours a satellite and month"
    yield record_table(title, about["pairs"], ",.0f")
    yield figure_table("figures", about["figures"].items())

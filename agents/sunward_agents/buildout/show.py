"""A build-out scenario for people: what it is made of, with units and sources."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from sunward.buildout.figures import Buildout
from sunward.buildout.load import content_hash, sourced_figures
from sunward.buildout.params import Params, build_params
from sunward_agents.commands.output import console, write_json
from sunward_agents.tables import figure_table


def show_buildout(scenario: Buildout, json: str | None) -> int:
    """Prints a scenario, or writes it as JSON; returns the exit code."""
    params = build_params(scenario)
    if json is not None:
        write_json(json, description(scenario, params))
        return 0
    out = console()
    out.print(f"[bold]{scenario.id}[/bold]  {scenario.description}")
    out.print(f"content hash {content_hash(scenario)}")
    out.print(_pairs(params))
    out.print(figure_table("figures", sourced_figures(scenario)))
    return 0


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


def _pairs(params: Params) -> Table:
    table = Table(
        title="shells and designs; reference GPU-hours a satellite and month",
        title_justify="left",
        box=None,
    )
    rows = pair_rows(params)
    for title in rows[0]:
        table.add_column(title, justify="left" if title in ("shell", "design") else "right")
    for row in rows:
        table.add_row(*(f"{v:,.0f}" if isinstance(v, int | float) else v for v in row.values()))
    return table

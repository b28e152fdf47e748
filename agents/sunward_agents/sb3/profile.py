"""Where the time of training goes, as a table."""

from __future__ import annotations

from rich.table import Table

from sunward_agents.sb3.learner import FleetPPO


def profile_table(model: FleetPPO) -> Table:
    """Returns the share of collecting and learning that each part took since this run began."""
    clock = model.clock
    table = Table(caption=f"{model.steps_per_s:,.0f} satellite-steps/s, validation not counted")
    table.add_column("part")
    table.add_column("time, s", justify="right")
    table.add_column("share", justify="right")
    for name, share in clock.shares().items():
        table.add_row(name, f"{share * clock.total_s:.2f}", f"{100.0 * share:.1f} %")
    return table

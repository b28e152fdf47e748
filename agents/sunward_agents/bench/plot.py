"""Throughput against the size of the fleet, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sunward_agents.atomic import atomic_path
from sunward_agents.bench.figure import threads
from sunward_agents.bench.sweep import Point

#: After P. Tol, Colour Schemes, 2021, "high contrast" and one of "muted".
_COLOURS = ("#004488", "#BB5566", "#117733", "#882255")
_STYLES = ("-", "--")


def draw(path: Path, points: Sequence[Point], machine: str) -> None:
    """Draws satellite-steps/s over satellites a world: a colour a number of worlds, dashed for all
    cores, a band from the lowest to the highest run.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # half a second
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator, NullFormatter

    figure = Figure(figsize=(8.0, 4.8), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    counts = sorted({point.threads for point in points})
    for colour, worlds in zip(_COLOURS, sorted({point.worlds for point in points}), strict=False):
        for style, count in zip(_STYLES, counts, strict=False):
            line = [p for p in points if p.worlds == worlds and p.threads == count]
            sats = [point.satellites for point in line]
            label = f"{worlds} world{'s'[: worlds > 1]}, {threads(count)}"
            axes.plot(
                sats,
                [p.rate / 1e6 for p in line],
                style,
                color=colour,
                marker="o",
                ms=4,
                label=label,
            )
            low, high = [p.lowest / 1e6 for p in line], [p.highest / 1e6 for p in line]
            axes.fill_between(sats, low, high, color=colour, alpha=0.12, linewidth=0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("satellites a world")
    axes.set_ylabel("million satellite-steps/s")
    axes.set_title(f"Throughput, {machine}", loc="left", fontsize=10)
    axes.legend(frameon=False, fontsize=8)
    axes.grid(color="0.92")
    axes.spines[["top", "right"]].set_visible(False)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png")

"""The learning curve as a picture and as a table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, pairwise
from pathlib import Path

from sunward_agents.atomic import atomic_path
from sunward_agents.statistics import Estimate

_TRAINED = "#0b5394"
#: After P. Tol, Colour Schemes, 2021, "muted", whose yellow is darkened to be read as text.
_RULES = (
    "#882255",
    "#B8860B",
    "#117733",
    "#999933",
    "#CC6677",
    "#AA4499",
    "#332288",
    "#2E8B80",
    "#5588AA",
)


def write_curve(path: Path, curve: Sequence[Mapping[str, float]]) -> None:
    """Writes steps, value and reward of every validation as CSV."""
    with atomic_path(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        names: list[str] = ["steps", "value", "reward"]
        writer = csv.DictWriter(file, fieldnames=names)
        writer.writeheader()
        writer.writerows(curve)


def draw_curve(
    path: Path,
    curve: Sequence[Mapping[str, float]],
    rules: Mapping[str, Estimate],
    *,
    title: str,
    worlds: str,
) -> None:
    """Draws value against satellite-steps, each rule as a line with its 95 % band.

    Args:
        path: of the PNG.
        curve: validations in order, with keys `steps` and `value`.
        rules: value of each rule on the same worlds.
        title: of the picture.
        worlds: says which worlds were played.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # half a second
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.0, 4.8), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _draw_rules(axes, rules)
    steps = [point["steps"] / 1e6 for point in curve]
    values = [point["value"] for point in curve]
    axes.plot(steps, values, color=_TRAINED, linewidth=2.2, marker="o", markersize=3.5, zorder=5)
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.set_xlabel("million satellite-steps of training")
    axes.set_ylabel(f"value a satellite-step, {worlds}")
    axes.set_xlim(0.0, max(steps, default=1.0))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="0.92")
    axes.set_axisbelow(True)
    _label_ends(axes, rules, values)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png")


def rule_colours(rules: Iterable[str]) -> dict[str, str]:
    """Returns a colour for each rule; they begin anew where there are more rules than colours."""
    return dict(zip(rules, cycle(_RULES), strict=False))


def _draw_rules(axes, rules: Mapping[str, Estimate]) -> None:
    for colour, estimate in zip(rule_colours(rules).values(), rules.values(), strict=True):
        axes.axhspan(estimate.low, estimate.high, color=colour, alpha=0.13, linewidth=0)
        axes.axhline(estimate.mean, color=colour, linewidth=1.1, linestyle=(0, (5, 3)))


def _label_ends(axes, rules: Mapping[str, Estimate], values: Sequence[float]) -> None:
    """Names each line at its right end, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    ends = [(rules[name].mean, name, colour) for name, colour in rule_colours(rules).items()]
    ends += [(values[-1], "trained", _TRAINED)] if values else []
    heights = spread_apart([end[0] for end in ends], 0.045 * (high - low))
    for (_, name, colour), height in zip(ends, heights, strict=True):
        weight = "bold" if name == "trained" else "normal"
        axes.annotate(
            name.replace("_", " "),
            (1.01, height),
            xycoords=("axes fraction", "data"),
            color=colour,
            fontsize=9,
            fontweight=weight,
            va="center",
            annotation_clip=False,
        )


def spread_apart(heights: Sequence[float], gap: float) -> list[float]:
    """Returns the heights in their order, the upper ones raised to lie `gap` apart."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=lambda index: placed[index])
    for below, above in pairwise(order):
        placed[above] = max(placed[above], placed[below] + gap)
    return placed

"""The pictures of the page: six hours of both programs, and a week of differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scripts.basilisk_week.cases import LOADS, N_STEPS, STEP_S, Week
from scripts.basilisk_week.differences import energy_error

from sunward_agents.atomic import atomic_path

if TYPE_CHECKING:
    from scripts.basilisk_week.page import Comparison

KWH_J, ZERO_CELSIUS_K = 3.6e6, 273.15
#: The fourth day, six hours of it: four orbits.
ZOOM = slice(3 * 1440, 3 * 1440 + 361)
COLOURS = dict(zip(LOADS, ("#0072b2", "#d55e00"), strict=True))
DAYS = np.arange(N_STEPS + 1) * STEP_S / 86400.0


def draw(comparisons: list[Comparison], folder: Any) -> None:
    """Writes `basilisk_day.png` and `basilisk_week.png` into a folder."""
    save(day_figure(comparisons), folder / "basilisk_day.png")
    save(week_figure(comparisons), folder / "basilisk_week.png")


def save(figure: Figure, path: Any) -> None:
    """Writes a figure, whole or not at all."""
    FigureCanvasAgg(figure)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png", dpi=110)


def day_figure(comparisons: list[Comparison]) -> Figure:
    """Returns light, power, charge and temperature of both programs over six hours."""
    figure = Figure(figsize=(12, 10), layout="constrained")
    axes = figure.subplots(4, len(comparisons), sharex=True, squeeze=False)
    for column, one in enumerate(comparisons):
        axes[0, column].set_title(one.case.title)
        draw_day(axes[:, column], one.singles, one.theirs)
        axes[-1, column].set_xlabel("hours of the fourth day (UTC)")
    names = ("light", "array, kW", "stored, kWh", "radiator, deg C")
    for axis, name in zip(axes[:, 0], names, strict=True):
        axis.set_ylabel(name)
    figure.legend(*axes[2, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def draw_day(axes: Any, ours: Week, theirs: Week) -> None:
    """Draws the column of one orbit; Basilisk is the broad pale line, ours the thin one on it."""
    hours = np.arange(ZOOM.stop - ZOOM.start) / 60.0
    for week, width, alpha in ((theirs, 5.0, 0.35), (ours, 1.2, 1.0)):
        line = {"linewidth": width, "alpha": alpha}
        axes[0].plot(hours, week.light[ZOOM], color="black", **line)
        axes[1].plot(hours, week.array_j[ZOOM] / STEP_S / 1e3, color="black", **line)
        for column, (load, colour) in enumerate(COLOURS.items()):
            label = f"{load}, {'Basilisk' if week is theirs else 'sunward'}"
            axes[2].plot(
                hours, week.stored_j[ZOOM, column] / KWH_J, color=colour, label=label, **line
            )
            axes[3].plot(hours, week.node_k[ZOOM, column] - ZERO_CELSIUS_K, color=colour, **line)
    for axis in axes:
        axis.grid(alpha=0.3)


def week_figure(comparisons: list[Comparison]) -> Figure:
    """Returns sunward less Basilisk over the week: crossings, energy, charge, temperature."""
    figure = Figure(figsize=(12, 11), layout="constrained")
    axes = figure.subplots(4, len(comparisons), sharex=True, sharey="row", squeeze=False)
    for column, one in enumerate(comparisons):
        axes[0, column].set_title(one.case.title)
        draw_crossings(axes[0, column], one)
        axes[1, column].plot(DAYS[1:], energy_error(one.singles, one.theirs), color="black")
        draw_loads(axes[2:, column], one.singles, one.theirs, one.params.hardware.capacity_j)
        axes[-1, column].set_xlabel("days")
    names = (
        "crossing of half light, s",
        "array energy so far,\n% of the week's",
        "stored, % of capacity",
        "radiator, K",
    )
    for axis, name in zip(axes[:, 0], names, strict=True):
        axis.set_ylabel(f"{name}\n(sunward - Basilisk)")
    for axis in axes.flat:
        axis.axhline(0.0, color="grey", linewidth=0.8)
        axis.grid(alpha=0.3)
    axes[0, 0].legend(loc="lower left", fontsize=7, ncols=2)
    axes[3, 0].legend(loc="lower right", fontsize=8, ncols=2)
    return figure


def draw_crossings(axis: Any, one: Comparison) -> None:
    """Draws when each program comes into shadow and out of it, less Basilisk's time."""
    for event, colour in (("entry_s", "#0072b2"), ("exit_s", "#d55e00")):
        times_s = getattr(one.theirs, event)
        for week, marker, what in (
            (one.from_axis, "x", "semi-major axis"),
            (one.singles, ".", "mean radius (ours)"),
        ):
            label = f"{event.removesuffix('_s')}, limb from the {what}"
            late_s = getattr(week, event) - times_s
            axis.plot(times_s / 86400.0, late_s, marker, markersize=4, color=colour, label=label)


def draw_loads(axes: Any, ours: Week, theirs: Week, capacity_j: float) -> None:
    """Draws the differences of stored energy and of temperature of either load."""
    for column, (load, colour) in reversed(list(enumerate(COLOURS.items()))):
        line = {"color": colour, "linewidth": 0.6, "label": load}
        stored = 100.0 * (ours.stored_j - theirs.stored_j)[:, column] / capacity_j
        axes[0].plot(DAYS, stored, **line)
        axes[1].plot(DAYS, (ours.node_k - theirs.node_k)[:, column], **line)

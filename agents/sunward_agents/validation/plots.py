"""Pictures of a validation: the errors of every check, and one orbit beside its reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from sunward.physics.constants import SECONDS_PER_HOUR, ZERO_CELSIUS_K
from sunward_agents.atomic import atomic_path
from sunward_agents.validation import power_thermal, thermal
from sunward_agents.validation.check import Outcome
from sunward_agents.validation.tables import Spec, Table, read

_HOLDS, _MISSED, _THEIRS = "#0b5394", "#cc0000", "#b45f06"
#: Errors are drawn over their limit, in these powers of ten, ten bars each: the limit is an edge.
DECADES = (-5.0, 2.0)
N_BINS = 70
#: A row of the histograms, a panel's title and its axis, in inches; and the figure's margins.
ROW_IN, TITLE_IN, AXIS_IN = 0.30, 0.32, 0.42
N_COLUMNS, COLUMN_IN, LABEL_IN, MARGIN_IN = 2, 7.4, 2.9, 0.55

Panel = tuple[str, list[Outcome]]


def draw(target: Path, folder: Path, outcomes: Sequence[Outcome]) -> list[Path]:
    """Draws both pictures into the folder `target`; returns the files written.

    Args:
        target: Where the PNG files go; made if need be.
        folder: Of the reference tables.
        outcomes: Of the checks on them.
    """
    written = [_save(draw_errors(outcomes), target / "errors.png")]
    orbit = draw_orbit(folder)
    return written if orbit is None else [*written, _save(orbit, target / "orbit.png")]


def _save(figure: Any, path: Path) -> Path:
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png")
    return path


def _figure(width_in: float, height_in: float, **options: Any) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in), dpi=130, **options)
    FigureCanvasAgg(figure)
    return figure


def draw_errors(outcomes: Sequence[Outcome]) -> Any:
    """Returns a figure with one panel a table and in it one histogram a check."""
    columns = _in_columns(_panels(outcomes))
    height_in = max(sum(map(_height_in, column)) for column in columns) + 2.0 * MARGIN_IN
    width_in = N_COLUMNS * COLUMN_IN
    figure = _figure(width_in, height_in)
    for index, column in enumerate(columns):
        top_in = height_in - MARGIN_IN
        for title, members in column:
            bottom_in = top_in - TITLE_IN - ROW_IN * len(members)
            left_in = index * COLUMN_IN + LABEL_IN
            box_in = (left_in, bottom_in, COLUMN_IN - LABEL_IN - 0.35, ROW_IN * len(members))
            scale = (width_in, height_in, width_in, height_in)
            axes = figure.add_axes([a / b for a, b in zip(box_in, scale, strict=True)])
            _draw_panel(axes, title, members)
            top_in = bottom_in - AXIS_IN
    figure.suptitle(
        "errors over their limits, one row a check (far left: next to nothing, red: the limit)",
        x=0.01,
        ha="left",
        y=1.0 - 0.12 / height_in,
        fontsize=12,
        fontweight="bold",
    )
    return figure


def _panels(outcomes: Sequence[Outcome]) -> list[Panel]:
    """Returns the checks with a limit above zero and data, by table."""
    shown = [o for o in outcomes if o.errors.size and o.check.limit > 0.0]
    return [(name, list(group)) for name, group in groupby(shown, lambda o: o.check.family)]


def _height_in(panel: Panel) -> float:
    return TITLE_IN + ROW_IN * len(panel[1]) + AXIS_IN


def _in_columns(panels: list[Panel]) -> list[list[Panel]]:
    """Returns the panels in order, a new column where one has its share of the height."""
    share_in = sum(map(_height_in, panels)) / N_COLUMNS
    columns: list[list[Panel]] = [[]]
    for panel in panels:
        filled_in = sum(map(_height_in, columns[-1])) + 0.5 * _height_in(panel)
        if filled_in > share_in and len(columns) < N_COLUMNS:
            columns.append([])
        columns[-1].append(panel)
    return columns


def _draw_panel(axes: Any, title: str, members: list[Outcome]) -> None:
    bins = np.logspace(*DECADES, N_BINS + 1)
    for row, outcome in enumerate(members):
        ratios = np.nan_to_num(outcome.errors / outcome.check.limit, nan=np.inf)
        counts, _ = np.histogram(np.clip(ratios, bins[0], bins[-1]), bins)
        colour = _HOLDS if outcome.passed else _MISSED
        # The left bin holds all that is next to nothing: it would flatten the others.
        heights = 0.9 * np.minimum(counts / max(counts[1:].max(), 1), 1.0)
        axes.stairs(heights - row, bins, baseline=-row, fill=True, color=colour, alpha=0.85)
        axes.axhline(-row, color="0.8", linewidth=0.6)
    axes.axvline(1.0, color=_MISSED, linewidth=1.2)
    axes.set_xscale("log")
    axes.set_xlim(bins[0], bins[-1])
    axes.set_ylim(-len(members) + 1, 1)
    axes.set_yticks([0.3 - row for row in range(len(members))], [_label(o) for o in members])
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="0.92")
    axes.set_axisbelow(True)
    axes.set_title(title, loc="left", fontsize=9.5, fontweight="bold", pad=3)


def _label(outcome: Outcome) -> str:
    check = outcome.check
    held = "" if check.statistic == "worst" else f"{check.statistic} "
    return f"{check.quantity} ({held}{check.limit:.3g} {check.unit}".rstrip() + ")"


def draw_orbit(folder: Path) -> Any | None:
    """Returns a figure of light, power, charge and temperatures over an orbit.

    None where the folder has neither of the two tables.
    """
    curves = [*_chain_curves(folder), *_network_curves(folder)]
    if not curves:
        return None
    figure = _figure(9.0, 1.9 * len(curves) + 0.9, layout="constrained")
    for axes, curve in zip(np.atleast_1d(figure.subplots(len(curves), 1)), curves, strict=True):
        curve(axes)
    figure.align_ylabels()
    figure.suptitle(
        "one orbit: our functions (lines) and the reference (rings)",
        x=0.01,
        ha="left",
        fontsize=12,
        fontweight="bold",
    )
    return figure


Curve = Callable[[Any], None]


def _present(folder: Path, spec: Spec) -> Table | None:
    return read(folder, spec) if (folder / spec.file).is_file() else None


def _chain_curves(folder: Path) -> Iterable[Curve]:
    """Yields light, array power, charge and temperature of the first case with a night."""
    table = _present(folder, power_thermal.POWER_THERMAL)
    if table is None:
        return
    shown = _first_orbit(power_thermal.moments(table))
    if not shown:
        return
    minutes = [now.row["t_s"] / 60.0 for now in shown]
    case = shown[0].case
    title = f"case {case['case']}: {case['altitude_km']:g} km, {case['inc_deg']:g} deg"
    ours_theirs = {
        "light": [(now.light, now.row["illumination"]) for now in shown],
        "array, kW": [(now.panel_w / 1e3, now.row["panel_w"] / 1e3) for now in shown],
        "stored, kWh": [
            (now.stored_j / SECONDS_PER_HOUR / 1e3, now.row["stored_wh"] / 1e3) for now in shown
        ],
        "node, C": [(now.node_k - ZERO_CELSIUS_K, now.row["T_node_C"]) for now in shown],
    }
    for index, (label, pairs) in enumerate(ours_theirs.items()):
        is_last = index == len(ours_theirs) - 1
        yield _curve(minutes, {"": pairs}, label, title if index == 0 else "", is_last)


def _first_orbit(moments: list[power_thermal.Moment]) -> list[power_thermal.Moment]:
    dark = [now for now in moments if now.row["illumination"] < 0.5]
    if not moments:
        return []
    case = (dark or moments)[0].case
    return [now for now in moments if now.case is case and now.row["t_s"] <= case["period_s"]]


def _network_curves(folder: Path) -> Iterable[Curve]:
    """Yields chip, loop and radiator of the first case, over its period if it has one."""
    table = _present(folder, thermal.THREE_NODE)
    if table is None:
        return
    history = thermal.histories(table, thermal.SIMULATOR_SUBSTEP_S)
    case = history[0][0]
    end_s = np.nan_to_num(case["period_s"], nan=np.inf)
    shown = [(row, nodes) for of, row, nodes in history if of is case and row["t_s"] <= end_s]
    names = {"chips": "T_chip_K", "loop": "T_loop_K", "radiator": "T_rad_K"}
    lines = {
        name: [(nodes[i] - ZERO_CELSIUS_K, row[key] - ZERO_CELSIUS_K) for row, nodes in shown]
        for i, (name, key) in enumerate(names.items())
    }
    minutes = [row["t_s"] / 60.0 for row, _ in shown]
    step = f"{case['P0_W'] / 1e3:g} to {case['P1_W'] / 1e3:g} kW"
    title = f"case {case['case']}: {step} at {case['t_step_s'] / 60.0:.3g} min"
    yield _curve(minutes, lines, "network, C", title, True)


def _curve(
    minutes: list[float],
    lines: dict[str, list[tuple[float, float]]],
    label: str,
    title: str,
    has_times: bool,
) -> Curve:
    """Returns a function that draws pairs of ours and theirs into axes."""

    def draw_into(axes: Any) -> None:
        every = max(len(minutes) // 60, 1)
        for name, pairs in lines.items():
            ours, theirs = zip(*pairs, strict=True)
            axes.plot(minutes, ours, color=_HOLDS, linewidth=1.6)
            ring = {"markersize": 4.5, "markerfacecolor": "none", "markeredgewidth": 0.9}
            axes.plot(minutes[::every], theirs[::every], "o", color=_THEIRS, **ring)
            axes.annotate(
                name,
                (1.0, ours[-1]),
                xycoords=("axes fraction", "data"),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
            )
        axes.set_ylabel(label)
        axes.set_xlim(minutes[0], minutes[-1])
        axes.set_title(title, loc="left", fontsize=9.5)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="0.92")
        axes.set_axisbelow(True)
        axes.tick_params(axis="x", labelbottom=has_times)
        axes.set_xlabel("minutes" if has_times else "")

    return draw_into

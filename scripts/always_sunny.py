"""Draws docs/images/always_sunny.png and writes the tables of docs/always_sunny.md.

    python scripts/always_sunny.py

Shadow is that of a cylinder behind a spherical Earth (its edge is where half of the Sun shows),
on circular orbits whose nodes drift by J2, over the days of 2027.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sunward.physics.constants import EARTH_RADIUS_M, SECONDS_PER_DAY, TWO_PI
from sunward.physics.eclipse import limb_sines, shadow_half_angle_rad
from sunward.physics.mean_radius import mean_radius_m
from sunward.physics.orbit import (
    argument_rate_rad_s,
    node_rate_rad_s,
    orbit_normal,
    sun_synchronous_inclination_rad,
)
from sunward.physics.sun import node_from_local_time_rad, sun_direction_and_distance
from sunward_agents.atomic import atomic_path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "always_sunny.md"
PICTURE = ROOT / "docs" / "images" / "always_sunny.png"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"

FIRST_DAY = 9861.5  # 00:00 UTC on 1 January 2027, days since J2000
N_DAYS = 365
#: Starts of the node that a year's mean is taken over, where it drifts at its own pace.
N_NODES = 24
CURVE_KM = tuple(range(300, 2001, 25))
TABLE_KM = (400, 550, 650, 800, 1000, 1200, 1400, 2000)
MAP_KM = tuple(range(300, 2001, 20))
MONTHS = "JFMAMJJASOND"


@dataclass(frozen=True)
class Plane:
    """A kind of orbit: by the local time of its node, or by inclination."""

    name: str
    colour: str
    local_time_h: float | None = None
    inclination_deg: float = 0.0


PLANES = (
    Plane("dawn-dusk, 06 h", "#c2410c", local_time_h=6.0),
    Plane("dawn-dusk, 18 h", "#7c3aed", local_time_h=18.0),
    Plane("Sun-synchronous, 10:30", "#57534e", local_time_h=10.5),
    Plane("53 deg", "#0369a1", inclination_deg=53.0),
    Plane("30 deg", "#0d9488", inclination_deg=30.0),
    Plane("equatorial", "#a16207", inclination_deg=0.0),
)
DAWN, DUSK = PLANES[:2]


@dataclass(frozen=True)
class Year:
    """Eclipses of one plane at one altitude, day by day."""

    share: np.ndarray  # (n_nodes, N_DAYS), of each orbit
    period_s: float

    @property
    def eclipsed(self) -> float:
        """Share of the year's orbits with any eclipse."""
        return float((self.share > 0.0).mean())

    @property
    def dark(self) -> float:
        """Share of the year in shadow."""
        return float(self.share.mean())

    @property
    def dark_min_per_day(self) -> float:
        """Mean of a day over the year."""
        return self.dark * SECONDS_PER_DAY / 60.0

    @property
    def longest_min(self) -> float:
        """Longest eclipse of the year."""
        return float(self.share.max()) * self.period_s / 60.0

    @property
    def minutes(self) -> np.ndarray:
        """Length of an eclipse on each day, mean over the nodes, (N_DAYS,)."""
        return self.share.mean(axis=0) * self.period_s / 60.0


@cache
def suns() -> tuple[tuple[float, float, float], ...]:
    """Returns the Sun's direction on each day."""
    return tuple(sun_direction_and_distance(FIRST_DAY + day)[:3] for day in range(N_DAYS))


@cache
def year(plane: Plane, altitude_km: float) -> Year:
    """Returns the eclipses of a plane at an altitude."""
    axis_m = EARTH_RADIUS_M + 1e3 * altitude_km
    if plane.local_time_h is not None:
        inclination = sun_synchronous_inclination_rad(axis_m)
    else:
        inclination = math.radians(plane.inclination_deg)
    cos_limb = limb_sines(mean_radius_m(axis_m, math.cos(inclination)))[1]
    nodes = node_angles(plane, axis_m, inclination)
    share = [
        [
            eclipse_share(node, inclination, sun, cos_limb)
            for node, sun in zip(row, suns(), strict=True)
        ]
        for row in nodes
    ]
    return Year(np.array(share), TWO_PI / argument_rate_rad_s(axis_m, math.cos(inclination)))


def node_angles(plane: Plane, axis_m: float, inclination: float) -> np.ndarray:
    """Returns the node's right ascension in rad, (n_nodes, N_DAYS)."""
    days = np.arange(N_DAYS)
    if plane.local_time_h is not None:
        first = [node_from_local_time_rad(FIRST_DAY + day, plane.local_time_h) for day in days]
        return np.array([first])
    drift = node_rate_rad_s(axis_m, math.cos(inclination)) * SECONDS_PER_DAY * days
    return TWO_PI * np.arange(N_NODES)[:, None] / N_NODES + drift


def eclipse_share(
    node: float, inclination: float, sun: tuple[float, float, float], cos_limb: float
) -> float:
    """Returns the share of an orbit in shadow."""
    normal = orbit_normal(
        math.sin(node), math.cos(node), math.sin(inclination), math.cos(inclination)
    )
    sin_beta = sum(a * b for a, b in zip(normal, sun, strict=True))
    return shadow_half_angle_rad(sin_beta, cos_limb) / math.pi


def first_sunny_km(plane: Plane, dark_share: float) -> int | None:
    """Returns the lowest altitude, to 5 km, with no more shadow than a share of the year."""
    altitudes_km = range(300, 2001, 5)
    # Shadow shrinks with altitude: the altitudes are sorted by whether there is too much of it.
    index = bisect_left(
        altitudes_km, True, key=lambda altitude_km: year(plane, altitude_km).dark <= dark_share
    )
    return altitudes_km[index] if index < len(altitudes_km) else None


def main() -> None:
    """Writes picture and tables, and says where they are."""
    draw()
    page = PAGE.read_text(encoding="utf-8")
    with atomic_path(PAGE) as temporary:
        temporary.write_text(with_tables(page), encoding="utf-8")
    print("".join(tables()), end="")


def with_tables(page: str) -> str:
    """Returns the page with the part between the marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "".join(tables()) + END + after


def tables() -> Iterator[str]:
    """Yields the lines of all tables."""
    yield from table("Share of a year's orbits with an eclipse, %", lambda y: 100.0 * y.eclipsed)
    yield from table("Minutes of shadow a day, mean of a year", lambda y: y.dark_min_per_day)
    yield from table("Longest eclipse of a year, minutes", lambda y: y.longest_min)
    yield from table("Share of a year in sunlight, %", lambda y: 100.0 * (1.0 - y.dark))
    yield "\n### Seasons of the dawn-dusk planes\n\n"
    yield "| altitude, km | 06 h eclipsed | 18 h eclipsed |\n|---|---|---|\n"
    for altitude_km in TABLE_KM:
        yield f"| {altitude_km:,} | {season(DAWN, altitude_km)} | {season(DUSK, altitude_km)} |\n"
    yield "\n### Lowest altitude with so much sunlight in a year\n\n"
    yield "| plane | 95 % | 99 % | 99.9 % | always |\n|---|---|---|---|---|\n"
    for plane in PLANES:
        found = [first_sunny_km(plane, share) for share in (0.05, 0.01, 0.001, 0.0)]
        cells = ["none" if km is None else f"{km:,} km" for km in found]
        yield f"| {plane.name} | {' | '.join(cells)} |\n"
    yield "\n"


def table(title: str, figure: Callable[[Year], float]) -> Iterator[str]:
    """Yields a table of one figure by plane and altitude."""
    yield f"\n### {title}\n\n| altitude, km | {' | '.join(p.name for p in PLANES)} |\n"
    yield f"|{'---|' * (len(PLANES) + 1)}\n"
    for altitude_km in TABLE_KM:
        cells = [f"{figure(year(plane, altitude_km)):.1f}" for plane in PLANES]
        yield f"| {altitude_km:,} | {' | '.join(cells)} |\n"


def season(plane: Plane, altitude_km: float) -> str:
    """Returns the days with eclipses as 'first to last (n days)'."""
    is_dark = year(plane, altitude_km).share[0] > 0.0
    if not is_dark.any():
        return "never"
    if is_dark.all():
        return "all year"
    # A season may cross the turn of the year: it starts where the day before was sunny.
    starts = np.flatnonzero(is_dark & ~np.roll(is_dark, 1))
    ends = np.flatnonzero(is_dark & ~np.roll(is_dark, -1))
    if ends[0] < starts[0]:
        ends = np.roll(ends, -1)
    spans = [f"{day_name(a)} to {day_name(b)}" for a, b in zip(starts, ends, strict=True)]
    return f"{', '.join(spans)} ({is_dark.sum()} days)"


def day_name(day: int) -> str:
    """Returns a day of the year as '6 Nov'."""
    date = np.datetime64("2027-01-01") + int(day)
    return date.item().strftime("%d %b").lstrip("0")


def draw() -> None:
    """Draws the picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13.0, 9.2), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.0, 1.0))
    draw_curves(top)
    draw_seasons(bottom)
    with atomic_path(PICTURE) as temporary:
        figure.savefig(temporary, format="png")


def draw_curves(figure: Any) -> None:
    """Draws three figures of a year against altitude."""
    panels = figure.subplots(1, 3)
    figures: tuple[tuple[str, Callable[[Year], float]], ...] = (
        ("orbits of a year with an eclipse, %", lambda y: 100.0 * y.eclipsed),
        ("shadow a day, mean of a year, minutes", lambda y: y.dark_min_per_day),
        ("longest eclipse of a year, minutes", lambda y: y.longest_min),
    )
    for axes, (title, value) in zip(panels, figures, strict=True):
        for plane in PLANES:
            line = [value(year(plane, km)) for km in CURVE_KM]
            # The two dawn-dusk planes nearly coincide: the second is dashed over the first.
            style = (0, (4, 3)) if plane is DUSK else "solid"
            axes.plot(CURVE_KM, line, color=plane.colour, linestyle=style, lw=2, label=plane.name)
        axes.set_title(title, fontsize=11)
        axes.set_xlabel("altitude, km")
        axes.set_xlim(CURVE_KM[0], CURVE_KM[-1])
        axes.set_ylim(bottom=0.0)
        axes.grid(alpha=0.25)
    panels[0].legend(fontsize=9, loc="center left", bbox_to_anchor=(0.0, 0.58))


def draw_seasons(figure: Any) -> None:
    """Draws the length of eclipses by day and altitude for the two dawn-dusk planes."""
    panels = figure.subplots(1, 2, sharey=True)
    for axes, plane in zip(panels, (DAWN, DUSK), strict=True):
        minutes = np.array([year(plane, km).minutes for km in MAP_KM])
        eclipse_min = np.ma.masked_equal(minutes, 0.0)  # sunlight is left white
        image = axes.pcolormesh(
            np.arange(N_DAYS),
            MAP_KM,
            eclipse_min,
            cmap="magma_r",
            vmin=0.0,
            vmax=28.0,
            shading="nearest",
        )
        edge = axes.contour(np.arange(N_DAYS), MAP_KM, minutes, levels=[0.01], colors="0.35")
        edge.set_linewidth(0.8)
        axes.set_title(f"{plane.name}: minutes of shadow an orbit", fontsize=11)
        firsts = [
            (np.datetime64(f"2027-{m:02}-01") - np.datetime64("2027-01-01")).astype(int)
            for m in range(1, 13)
        ]
        axes.set_xticks(np.array(firsts) + 15, MONTHS, minor=False)
        axes.tick_params(axis="x", length=0)
        for first in firsts[1:]:
            axes.axvline(first, color="0.5", lw=0.4, alpha=0.5)
        axes.set_xlabel("2027")
    panels[0].set_ylabel("altitude, km")
    figure.colorbar(image, ax=panels, label="minutes")


if __name__ == "__main__":
    main()

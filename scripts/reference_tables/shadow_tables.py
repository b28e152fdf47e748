"""eclipse_orbits.csv and eclipse_season.csv: DE421, cones by root finding, discs by overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from scipy.interpolate import BarycentricInterpolator
from scipy.optimize import brentq, minimize_scalar

from reference_tables.constants import (
    AU_KM,
    EARTH_RADIUS_KM,
    J2,
    SECONDS_PER_DAY,
    SUN_RADIUS_KM,
    SUN_SYNCHRONOUS_DEG_PER_DAY,
    Rows,
    period_s,
    rounded,
)
from reference_tables.sky import (
    Array,
    geometric_sun_km,
    iso,
    mean_sun_right_ascension_deg,
    plane,
    timescale,
)

EPOCHS = ((2027, 2, 11, 6), (2027, 5, 3, 18), (2028, 8, 20, 0), (2029, 12, 7, 12))
ALTITUDES_KM = (450.0, 575.0, 720.0, 1150.0)
INCLINATIONS_DEG = (22.0, 63.4, 86.0)
NODES_DEG = (25.0, 145.0, 265.0)
LOCAL_TIMES_H = (5.5, 8.0, 18.25)
#: Shadow edges are looked for on this grid, then refined; the Sun is interpolated over an orbit.
SAMPLE_S, N_SUN_NODES = 4.0, 5

SEASON_START = (2028, 3, 1, 9)
SEASON_STEP_DAYS = 5.0
#: name, altitude in km, inclination in deg (none: Sun-synchronous), node or local time in h.
SEASON_ORBITS = (
    ("SSO_LTAN17_700", 700.0, None, 17.0),
    ("SSO_LTAN6.5_560", 560.0, None, 6.5),
    ("W47_630", 630.0, 47.0, 120.0),
)
N_SEASON_POINTS = 20000


def eclipse_orbits() -> Rows:
    """Returns shadow totals and crossings of circular orbits under a Sun that moves."""
    rows: Rows = []
    for epoch in EPOCHS:
        time = timescale().utc(*epoch)
        for altitude_km in ALTITUDES_KM:
            for case, inc_deg, raan_deg, local_time_h in _planes(time, altitude_km):
                head = {
                    "epoch_utc": iso(time),
                    "altitude_km": altitude_km,
                    "inc_case": case,
                    **rounded(6, inc_deg=inc_deg, raan_deg=raan_deg),
                    "ltan_mean_h": local_time_h,
                }
                rows.append(head | _shadows(time, altitude_km, head["inc_deg"], head["raan_deg"]))
    return rows


def _planes(time, altitude_km: float) -> Iterator[tuple[str, float, float, float | str]]:
    for inc_deg in INCLINATIONS_DEG:
        for raan_deg in NODES_DEG:
            yield f"{inc_deg:g}", inc_deg, raan_deg, ""
    for local_time_h in LOCAL_TIMES_H:
        raan_deg = mean_sun_right_ascension_deg(time) + 15.0 * (local_time_h - 12.0)
        yield "SSO", sun_synchronous_deg(altitude_km), raan_deg % 360.0, local_time_h


def sun_synchronous_deg(altitude_km: float) -> float:
    """Returns the inclination whose node turns once a year, first order in J2."""
    radius_km = EARTH_RADIUS_KM + altitude_km
    return float(
        brentq(lambda i: node_rate_deg_per_day(radius_km, i) - SUN_SYNCHRONOUS_DEG_PER_DAY, 91, 120)
    )


def node_rate_deg_per_day(radius_km: float, inc_deg: float) -> float:
    """Returns the node's drift, first order in J2."""
    rate = -1.5 * 360.0 / period_s(radius_km) * J2 * (EARTH_RADIUS_KM / radius_km) ** 2
    return float(rate * np.cos(np.radians(inc_deg)) * SECONDS_PER_DAY)


def _shadows(time, altitude_km: float, inc_deg: float, raan_deg: float) -> dict:
    radius_km = EARTH_RADIUS_KM + altitude_km
    period = period_s(radius_km)
    sun_km = _moving_sun(time, period)
    start_km = sun_km(0.0)
    along, ahead, pole = plane(raan_deg, inc_deg)

    def place_km(time_s: Array | float) -> Array:
        angle = 2.0 * np.pi * np.asarray(time_s)[..., None] / period
        return radius_km * (np.cos(angle) * along + np.sin(angle) * ahead)

    distance_km = float(np.linalg.norm(start_km))
    beta_deg = np.degrees(np.arcsin(pole @ start_km / distance_km))
    umbra = _events(lambda t: depth_rad(place_km(t), sun_km(t), -1.0), period)
    penumbra = _events(lambda t: depth_rad(place_km(t), sun_km(t), 1.0), period)
    return {
        **rounded(9, **{f"sun_gcrf_{a}": start_km[i] / distance_km for i, a in enumerate("xyz")}),
        **rounded(1, sun_dist_km=distance_km),
        **rounded(6, beta_deg=beta_deg),
        **rounded(4, period_s=period, umbra_total_s=umbra[0], penumbra_incl_total_s=penumbra[0]),
        **_edges("umbra", umbra),
        **_edges("penumbra", penumbra),
        **rounded(7, umbra_frac=umbra[0] / period, penumbra_incl_frac=penumbra[0] / period),
    }


def _edges(name: str, events: tuple[float, float | None, float | None]) -> dict:
    _, entry, leave = events
    return {
        f"{name}_entry_s": "" if entry is None else round(entry, 4),
        f"{name}_exit_s": "" if leave is None else round(leave, 4),
    }


def _moving_sun(time, period: float) -> Callable[[Array | float], Array]:
    """Returns the Sun's vector in km as a function of seconds from a time."""
    nodes_s = np.linspace(0.0, period, N_SUN_NODES)
    positions = [
        geometric_sun_km(timescale().tt_jd(time.tt + s / SECONDS_PER_DAY)) for s in nodes_s
    ]
    return BarycentricInterpolator(nodes_s, np.array(positions))


def depth_rad(place_km: Array, sun_km: Array, cone: float) -> Array:
    """Returns how deep a place lies in a shadow, as an angle seen from there; negative in light.

    Args:
        place_km: From the Earth's centre, (..., 3).
        sun_km: Likewise.
        cone: -1 for the umbra, +1 for umbra and penumbra.
    """
    to_sun = sun_km - place_km
    distance = np.linalg.norm(to_sun, axis=-1)
    radius = np.linalg.norm(place_km, axis=-1)
    cosine = -np.sum(to_sun * place_km, axis=-1) / (distance * radius)
    separation = np.arccos(np.clip(cosine, -1.0, 1.0))
    return (
        np.arcsin(EARTH_RADIUS_KM / radius)
        + cone * np.arcsin(SUN_RADIUS_KM / distance)
        - separation
    )


def _events(
    depth: Callable[[Array | float], Array], period: float
) -> tuple[float, float | None, float | None]:
    """Returns (seconds in shadow, last entry, last exit) in [0, period]."""
    grid = np.append(np.arange(0.0, period, SAMPLE_S), period)
    grid = np.sort(np.append(grid, _hidden_peaks(depth, grid)))
    values = depth(grid)
    total, entry, leave = 0.0, None, None
    edges = [0.0]
    for (a, b), (da, db) in zip(pairwise(grid), pairwise(values), strict=True):
        if (da > 0.0) != (db > 0.0):
            edge = float(brentq(lambda t: float(depth(t)), a, b, xtol=1e-9))
            edges.append(edge)
            entry, leave = (edge, leave) if db > 0.0 else (entry, edge)
    for a, b in pairwise([*edges, period]):
        total += (b - a) * float(depth(0.5 * (a + b)) > 0.0)
    return total, entry, leave


def _hidden_peaks(depth: Callable[[Array | float], Array], grid: Array) -> list[float]:
    """Returns where a grazing shadow shorter than the grid's step may hide."""
    values = depth(grid)
    peaks = np.flatnonzero((values[1:-1] >= values[:-2]) & (values[1:-1] >= values[2:])) + 1
    return [
        float(
            minimize_scalar(
                lambda t: -float(depth(t)), bounds=(grid[p - 1], grid[p + 1]), method="bounded"
            ).x
        )
        for p in peaks
    ]


def eclipse_season() -> Rows:
    """Returns the share of the orbit in shadow through a year, by the Sun's disc in view."""
    rows: Rows = []
    start = timescale().utc(*SEASON_START)
    for name, altitude_km, inc_deg, place in SEASON_ORBITS:
        is_synchronous = inc_deg is None
        tilt_deg = sun_synchronous_deg(altitude_km) if is_synchronous else inc_deg
        node_deg = (
            mean_sun_right_ascension_deg(start) + 15.0 * (place - 12.0) if is_synchronous else place
        )
        rate = node_rate_deg_per_day(EARTH_RADIUS_KM + altitude_km, tilt_deg)
        for day in np.arange(0.0, 366.0, SEASON_STEP_DAYS):
            time = timescale().tt_jd(start.tt + day)
            raan_deg = round((node_deg + rate * day) % 360.0, 5)
            head = {"orbit": name, "altitude_km": altitude_km, "inc_deg": round(tilt_deg, 5)}
            rows.append(head | {"day": float(day)} | _season_row(time, head, raan_deg))
    return rows


def _season_row(time, head: dict, raan_deg: float) -> dict:
    radius_km = EARTH_RADIUS_KM + head["altitude_km"]
    sun_km = geometric_sun_km(time)
    distance_km = float(np.linalg.norm(sun_km))
    along, ahead, pole = plane(raan_deg, head["inc_deg"])
    angle = 2.0 * np.pi * (np.arange(N_SEASON_POINTS)[:, None] + 0.5) / N_SEASON_POINTS
    place_km = radius_km * (np.cos(angle) * along + np.sin(angle) * ahead)
    share = float(np.mean(1.0 - illumination(place_km, sun_km)))
    period = period_s(radius_km)
    return {
        "jd_utc": round(float(time.tt) - 69.184 / SECONDS_PER_DAY, 6),
        "raan_deg": raan_deg,
        **rounded(5, beta_deg=np.degrees(np.arcsin(pole @ sun_km / distance_km))),
        **rounded(3, period_s=period),
        **rounded(
            6,
            sun_dist_au=distance_km / AU_KM,
            eclipse_frac_conical=share,
            eclipse_min=share * period / 60.0,
        ),
    }


def illumination(place_km: Array, sun_km: Array) -> Array:
    """Returns the share of the Sun's disc in view, 0 to 1, by the overlap of two circles.

    The common area of two circles is the sum of two sectors less a kite (Weisstein, Circle-circle
    intersection, MathWorld, eq. 14).
    """
    to_sun = sun_km - place_km
    distance = np.linalg.norm(to_sun, axis=-1)
    radius = np.linalg.norm(place_km, axis=-1)
    cosine = -np.sum(to_sun * place_km, axis=-1) / (distance * radius)
    d = np.arccos(np.clip(cosine, -1.0, 1.0))
    s, e = np.arcsin(SUN_RADIUS_KM / distance), np.arcsin(EARTH_RADIUS_KM / radius)
    near = np.clip(d, np.abs(e - s) + 1e-15, e + s)
    sector_s = s * s * np.arccos(np.clip((near**2 + s**2 - e**2) / (2.0 * near * s), -1.0, 1.0))
    sector_e = e * e * np.arccos(np.clip((near**2 + e**2 - s**2) / (2.0 * near * e), -1.0, 1.0))
    kite = (-near + s + e) * (near + s - e) * (near - s + e) * (near + s + e)
    covered = (sector_s + sector_e - 0.5 * np.sqrt(np.maximum(kite, 0.0))) / (np.pi * s * s)
    return np.clip(1.0 - np.where(d >= e + s, 0.0, covered), 0.0, 1.0)

"""Published element sets as circular orbits at one moment: shells, planes and +Grid neighbours.

Each set is brought from its own epoch to the latest one of the file by the rates of J2 alone, and
its perigee and mean anomaly are added to the argument of latitude of a circle. Against SGP4 that
leaves 9 km (median) and 14 km (nine in ten) over Starlink of May 2025: no circle follows the 7 km
by which the lopsided Earth moves the orbit's centre, nor the kilometres of J2 twice an orbit, nor
twice the eccentricity times the radius. Over a day without drag it stays below 20 km; satellites
that fall through thick air run away by hundreds (`tests/scenario/test_elements.py`).

A world plays the sets from the moment that it draws, whatever day that is: to keep planes and Sun
as they were on a day, let `start.date` be the day of the file and the spreads zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sunward.physics.constants import EARTH_RADIUS_M, SECONDS_PER_DAY, TWO_PI
from sunward.physics.mean_elements import brouwer_mean_motion_rad_s, keplerian_axis_m
from sunward.physics.orbit import argument_rate_rad_s, node_rate_rad_s
from sunward.scenario.constellation import HIGHEST_KM, LOWEST_KM, MAX_SATELLITES
from sunward.scenario.element_formats import ElementSet, raise_problems, read_element_sets
from sunward.scenario.errors import ScenarioError
from sunward.scenario.planes import find_planes, find_shells, plane_neighbours

J2000_JD = 2451545.0
SECONDS_PER_MINUTE = 60.0
#: A circle is off by twice the eccentricity times the radius: 280 km for this one.
MAX_ECCENTRICITY = 0.02
#: Sets older than this against the latest are guesses: drag is not modelled.
MAX_AGE_DAYS = 30.0
#: From this period on SGP4 counts Moon and Sun in, and mean elements mean something else.
DEEP_SPACE_MIN = 225.0


@dataclass(frozen=True)
class ElementTable:
    """Circular mean elements at one epoch, shell by shell, plane by plane; each (n_sats,)."""

    epoch_days: float  # since J2000, the latest of the file
    satellite: np.ndarray  # catalogue numbers
    semi_major_axis_m: np.ndarray
    inclination_rad: np.ndarray
    node_rad: np.ndarray  # [0, 2 pi)
    argument_rad: np.ndarray  # [0, 2 pi)
    shell: np.ndarray
    plane: np.ndarray  # counted on through all shells

    def neighbours(self) -> np.ndarray:
        """Returns the +Grid (n_sats, 4): fore, aft, left and right; -1 where there is none."""
        return plane_neighbours(self.shell, self.plane, self.node_rad, self.argument_rad)


def load_elements(path: Path) -> ElementTable:
    """Returns the circular orbits of a file of element sets.

    Raises:
        ScenarioError: a line a set that is malformed, doubled, too eccentric, too high or low, or
            too old (the first ten and a count).
    """
    sets = read_element_sets(path)
    if len(sets) > MAX_SATELLITES:
        raise ScenarioError(
            f"{path.name}: holds {len(sets)} element sets, must be at most {MAX_SATELLITES}: "
            "take some out"
        )
    own_epoch_days = np.array([_epoch_days(item) for item in sets])
    epoch_days = float(own_epoch_days.max())
    _refuse(path.name, sets, epoch_days - own_epoch_days)
    radius_m = np.array([_radius_m(item) for item in sets])
    inclination_rad = np.array([item.record.inclo for item in sets])
    elapsed_s = (epoch_days - own_epoch_days) * SECONDS_PER_DAY
    rates = np.array(
        [
            (node_rate_rad_s(radius, cosine), argument_rate_rad_s(radius, cosine))
            for radius, cosine in zip(
                radius_m.tolist(), np.cos(inclination_rad).tolist(), strict=True
            )
        ]
    )
    node_rad = np.array([item.record.nodeo for item in sets])
    argument_rad = np.array([item.record.argpo + item.record.mo for item in sets])
    return _in_order(
        epoch_days,
        np.array([item.satellite for item in sets]),
        radius_m,
        inclination_rad,
        (node_rad + rates[:, 0] * elapsed_s) % TWO_PI,
        (argument_rad + rates[:, 1] * elapsed_s) % TWO_PI,
    )


def _in_order(
    epoch_days: float,
    satellite: np.ndarray,
    radius_m: np.ndarray,
    inclination_rad: np.ndarray,
    node_rad: np.ndarray,
    argument_rad: np.ndarray,
) -> ElementTable:
    """Returns the table sorted by shell, plane and argument of latitude, as patterns are."""
    shell = find_shells(inclination_rad, radius_m)
    plane = find_planes(shell, node_rad)
    order = np.lexsort((argument_rad, plane))
    return ElementTable(
        epoch_days,
        satellite[order],
        radius_m[order],
        inclination_rad[order],
        node_rad[order],
        argument_rad[order],
        shell[order],
        plane[order],
    )


def _epoch_days(item: ElementSet) -> float:
    """Returns days since J2000 of a set's own epoch."""
    return (item.record.jdsatepoch - J2000_JD) + item.record.jdsatepochF


def _radius_m(item: ElementSet) -> float:
    """Returns the mean semi-major axis that our J2 rates start from, m."""
    record = item.record
    kozai_rad_s = record.no_kozai / SECONDS_PER_MINUTE
    cosine = math.cos(record.inclo)
    return keplerian_axis_m(brouwer_mean_motion_rad_s(kozai_rad_s, record.ecco, cosine))


def _refuse(name: str, sets: list[ElementSet], age_days: np.ndarray) -> None:
    """Raises what cannot be flown as a circle near the others."""
    seen: dict[int, str] = {}
    problems: list[str] = []
    for item, age in zip(sets, age_days.tolist(), strict=True):
        first = seen.setdefault(item.satellite, item.place)
        reason = (
            _reason(item, age)
            if first is item.place
            else (f"satellite {item.satellite} stands twice, first in {first}: keep one")
        )
        if reason:
            problems.append(f"{item.place}: {reason}")
    raise_problems(name, problems)


def _reason(item: ElementSet, age_days: float) -> str:
    """Returns why a set cannot be flown, or nothing."""
    record = item.record
    if not record.no_kozai > 0.0:
        return f"mean motion is {record.no_kozai:g}, must be above 0: fetch it again"
    if not 0.0 <= record.ecco <= MAX_ECCENTRICITY:
        return (
            f"eccentricity is {record.ecco:g}, must be at most {MAX_ECCENTRICITY:g}, as orbits "
            "are circles here: take the set out"
        )
    if not 0.0 <= record.inclo <= math.pi:
        return f"inclination is {math.degrees(record.inclo):g}, must be 0 to 180: fetch it again"
    period_min = TWO_PI / record.no_kozai
    if period_min >= DEEP_SPACE_MIN:
        return (
            f"period is {period_min:.0f} min, must be below {DEEP_SPACE_MIN:g} (deep space): "
            "take the set out"
        )
    altitude_km = (_radius_m(item) - EARTH_RADIUS_M) / 1e3
    if not LOWEST_KM <= altitude_km <= HIGHEST_KM:
        return (
            f"mean altitude is {altitude_km:.1f} km, must be {LOWEST_KM:g} to {HIGHEST_KM:g}: "
            "take the set out"
        )
    if age_days > MAX_AGE_DAYS:
        return (
            f"epoch is {age_days:.0f} days before the file's latest, must be at most "
            f"{MAX_AGE_DAYS:g}: fetch it again"
        )
    return ""

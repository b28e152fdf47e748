"""Shadow times of single orbits against Orekit's event detector (eclipse_orbits.csv).

The orbit is a circle that starts at its node; the Sun starts where the table has it and moves as
our model says. The README's figures for a Sun held still do not concern us. The cylinder's closed
form is taken with the Sun where it is at entry and exit: held at epoch, a Sun that moves by 0.03
deg in half an orbit makes 25 s near grazing, which is no fault of the cylinder.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sunward.physics import eclipse, orbit, sun
from sunward.physics.constants import EARTH_RADIUS_M, SECONDS_PER_DAY, TWO_PI
from sunward_agents.validation.check import Check, Errors, each_row
from sunward_agents.validation.geometry import (
    ALTITUDE_KM,
    INCLINATION_DEG,
    dot,
    normal,
    radius_m,
    turn_apart_deg,
    xyz,
)
from sunward_agents.validation.tables import Row, Spec, Table, days_utc, number, numbers

#: Shadows: the cones, and between them the cylinder whose edge hides half the disc.
UMBRA, CYLINDER, PENUMBRA = -1.0, 0.0, 1.0
TOTAL = {UMBRA: "umbra_total_s", PENUMBRA: "penumbra_incl_total_s"}
NAME = {UMBRA: "umbra", PENUMBRA: "penumbra"}
#: The table's Sun is geometric; ours is seen where it was a light time ago.
LIGHT_TIME_DAYS = 499.0 / SECONDS_PER_DAY
#: A crossing is found when it moves by less than this, or after so many rounds.
CROSSING_S, MAX_ROUNDS = 1e-6, 200
#: README: the closed form is held to its limit where the umbra takes more than this share.
LEAST_UMBRA = 0.05

ECLIPSE_ORBITS = Spec(
    "eclipse_orbits.csv",
    (
        days_utc("epoch_utc"),
        number("altitude_km", *ALTITUDE_KM),
        number("inc_deg", *INCLINATION_DEG),
        number("raan_deg"),
        *numbers("sun_gcrf_x", "sun_gcrf_y", "sun_gcrf_z", low=-1.001, high=1.001),
        number("sun_dist_km", 1e8, 2e8),
        number("beta_deg", -90.0, 90.0),
        number("period_s", 1.0),
        *numbers("umbra_total_s", "penumbra_incl_total_s", low=0.0),
        *(
            number(f"{name}_{side}_s", may_be_empty=True)
            for name in NAME.values()
            for side in ("entry", "exit")
        ),
        number("umbra_frac", 0.0, 1.0),
        number("ltan_mean_h", 0.0, 24.0, may_be_empty=True, is_optional=True),
    ),
)


@dataclass(frozen=True)
class Arc:
    """Time in one shadow: seconds in the first period, and every crossing near it."""

    total_s: float
    entries_s: tuple[float, ...]
    exits_s: tuple[float, ...]


class Shadow:
    """A circular orbit that starts at its node, under a Sun that moves."""

    def __init__(self, row: Row) -> None:
        self.radius_m = radius_m(row)
        self.mean_motion = orbit.mean_motion_rad_s(self.radius_m)
        self.period_s = TWO_PI / self.mean_motion
        self.node = math.radians(row["raan_deg"])
        self.inclination = math.radians(row["inc_deg"])
        self.start = xyz(row, "sun_gcrf_")
        self.distance_m = row["sun_dist_km"] * 1e3
        self.rate = self._sun_rate(row["epoch_utc"])
        along, ahead, _ = self.sun_in_plane(0.0)
        self.midnight = math.atan2(-ahead, -along)

    def _sun_rate(self, days: float) -> tuple[float, ...]:
        """Returns how our Sun's direction in J2000 changes a second."""
        before, after = sun_in_j2000(days), sun_in_j2000(days + self.period_s / SECONDS_PER_DAY)
        return tuple((b - a) / self.period_s for a, b in zip(before, after, strict=True))

    def sun_in_plane(self, time_s: float) -> tuple[float, float, float]:
        """Returns the Sun's parts along the node, a quarter turn ahead of it, along the normal."""
        s = [a + b * time_s for a, b in zip(self.start, self.rate, strict=True)]
        along = s[0] * math.cos(self.node) + s[1] * math.sin(self.node)
        across = s[1] * math.cos(self.node) - s[0] * math.sin(self.node)
        ahead = across * math.cos(self.inclination) + s[2] * math.sin(self.inclination)
        return along, ahead, dot(s, normal(self.node, self.inclination))

    def half_angle_rad(self, cone: float, sin_beta: float) -> float:
        """Returns half the arc of the orbit in a shadow, the cylinder by its closed form."""
        if cone == CYLINDER:
            return eclipse.shadow_half_angle_rad(sin_beta, eclipse.limb_sines(self.radius_m)[1])
        return eclipse.cone_half_angle_rad(self.radius_m, sin_beta, self.distance_m, cone)

    def crossing_s(self, cone: float, side: float, turn: int) -> float | None:
        """Returns when the orbit crosses a shadow: side -1 in, +1 out; None where it does not."""
        time_s = turn * self.period_s
        for _ in range(MAX_ROUNDS):
            along, ahead, sin_beta = self.sun_in_plane(time_s)
            half = self.half_angle_rad(cone, sin_beta)
            if half <= 0.0:
                return None
            drift = math.remainder(math.atan2(-ahead, -along) - self.midnight, TWO_PI)
            last_s = time_s
            time_s = (self.midnight + drift + side * half) / self.mean_motion
            time_s += turn * self.period_s
            if abs(time_s - last_s) < CROSSING_S:
                break
        return time_s

    def arc(self, cone: float) -> Arc:
        """Returns the time in a shadow within the first period."""
        total, entries, exits = 0.0, [], []
        for turn in (-1, 0, 1):
            begin, end = self.crossing_s(cone, -1.0, turn), self.crossing_s(cone, 1.0, turn)
            if begin is None or end is None:
                continue
            total += max(min(end, self.period_s) - max(begin, 0.0), 0.0)
            entries.append(begin)
            exits.append(end)
        return Arc(total, tuple(entries), tuple(exits))


def sun_in_j2000(days: float) -> tuple[float, float, float]:
    """Returns our Sun's direction in the mean equator and equinox of J2000."""
    return sun.date_to_j2000(*sun.sun_direction_and_distance(days)[:3], days)


def moving(table: Table) -> list[tuple[Row, dict[float, Arc]]]:
    """Returns each row with its shadows under a Sun that moves."""
    shadows = []
    for row in table.rows:
        with table.blame(row):
            shadow = Shadow(row)
            shadows.append((row, {cone: shadow.arc(cone) for cone in (UMBRA, PENUMBRA)}))
    return shadows


def totals(cone: float) -> Errors:
    """Returns the errors of the time in shadow in s."""

    def errors(table: Table) -> Iterator[float]:
        for row, arcs in table.once(moving):
            yield abs(arcs[cone].total_s - row[TOTAL[cone]])

    return errors


def crossings(cone: float) -> Errors:
    """Returns the errors of entry and exit in s."""

    def errors(table: Table) -> Iterator[float]:
        for row, arcs in table.once(moving):
            arc, name = arcs[cone], NAME[cone]
            for side, ours in (("entry", arc.entries_s), ("exit", arc.exits_s)):
                error = crossing_error_s(row, row[f"{name}_{side}_s"], ours, row[TOTAL[cone]])
                if error is not None:
                    yield error

    return errors


def crossing_error_s(
    row: Row, theirs_s: float, ours_s: tuple[float, ...], total_s: float
) -> float | None:
    """Returns how far a crossing is from ours; None where neither has one in the first period.

    A crossing that only one has counts too: by how deep it lies within the period, or, where we
    see no shadow at all, by the half of theirs.
    """
    if not math.isnan(theirs_s):
        return min((abs(mine - theirs_s) for mine in ours_s), default=0.5 * total_s)
    period_s = row["period_s"]
    inside = [mine for mine in ours_s if 0.0 <= mine <= period_s]
    return max((min(mine, period_s - mine) for mine in inside), default=None)


def beta_error_deg(row: Row) -> float:
    """Returns the error of the Sun's elevation over the plane in degrees, by our own Sun."""
    plane = normal(math.radians(row["raan_deg"]), math.radians(row["inc_deg"]))
    sine = dot(plane, sun_in_j2000(row["epoch_utc"] + LIGHT_TIME_DAYS))
    return abs(math.degrees(math.asin(sine)) - row["beta_deg"])


def cylinder_error_s(row: Row) -> float | None:
    """Returns how far the closed form of a cylinder is from the mean of umbra and penumbra."""
    if row["umbra_frac"] <= LEAST_UMBRA:
        return None
    middle_s = 0.5 * (row["umbra_total_s"] + row["penumbra_incl_total_s"])
    return abs(Shadow(row).arc(CYLINDER).total_s - middle_s)


def cylinder_error_share(row: Row) -> float | None:
    """Returns the same as a share of the orbit."""
    error_s = cylinder_error_s(row)
    return None if error_s is None else error_s / row["period_s"]


def period_error_s(row: Row) -> float:
    """Returns the error of the Keplerian period in s."""
    axis_m = EARTH_RADIUS_M + row["altitude_km"] * 1e3
    return abs(TWO_PI / orbit.mean_motion_rad_s(axis_m) - row["period_s"])


def local_time_error_deg(row: Row) -> float | None:
    """Returns how far the node of a mean local time is from the table's in degrees."""
    if math.isnan(row["ltan_mean_h"]):
        return None
    node = sun.node_from_local_time_rad(row["epoch_utc"], row["ltan_mean_h"])
    return turn_apart_deg(math.degrees(node), row["raan_deg"])


CHECKS = (
    Check(ECLIPSE_ORBITS, "elevation of the Sun", "deg", 0.01, each_row(beta_error_deg)),
    Check(ECLIPSE_ORBITS, "umbra, total", "s", 0.5, totals(UMBRA)),
    Check(ECLIPSE_ORBITS, "umbra, entry and exit", "s", 0.5, crossings(UMBRA)),
    Check(ECLIPSE_ORBITS, "umbra and penumbra, total", "s", 0.5, totals(PENUMBRA)),
    Check(ECLIPSE_ORBITS, "penumbra, entry and exit", "s", 0.5, crossings(PENUMBRA)),
    Check(ECLIPSE_ORBITS, "shadow of a cylinder", "s", 12.0, each_row(cylinder_error_s)),
    Check(
        ECLIPSE_ORBITS, "shadow of a cylinder over orbit", "", 0.002, each_row(cylinder_error_share)
    ),
    Check(ECLIPSE_ORBITS, "period", "s", 1e-3, each_row(period_error_s), is_own=True),
    # The table's node is counted in GCRF from the mean Sun of date: precession stays in.
    Check(
        ECLIPSE_ORBITS,
        "node of a mean local time",
        "deg",
        0.5,
        each_row(local_time_error_deg),
        needs=("ltan_mean_h",),
        is_own=True,
    ),
)

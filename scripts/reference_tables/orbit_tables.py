"""Drift of the node, Sun-synchronous inclination, relative motion, Walker patterns.

scipy integrates the forces; sgp4 gives its own rates; a pattern is plain geometry.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from sgp4.api import WGS72, Satrec

from reference_tables.constants import (
    EARTH_RADIUS_KM,
    J2,
    MU_KM3_S2,
    SECONDS_PER_DAY,
    SUN_SYNCHRONOUS_DEG_PER_DAY,
    Rows,
    period_s,
    rounded,
)
from reference_tables.shadow_tables import node_rate_deg_per_day
from reference_tables.sky import Array, plane

DRIFT_DAYS, DRIFT_SAMPLES = 10.0, 4001
DRIFT_ALTITUDES_KM = (520.0, 680.0, 900.0, 1250.0)
DRIFT_INCLINATIONS_DEG = (35.0, 56.0, 81.0, 98.4)
SSO_ALTITUDES_KM = (450.0, 530.0, 620.0, 700.0, 780.0, 900.0, 1050.0, 1300.0)
#: altitude in km, then offset in m and m/s (vy of None: the bounded -2 n x).
PAIRS = (
    ("pair_a", 520.0, (150.0, 60.0, -120.0), (0.03, None, 0.0)),
    ("pair_b", 800.0, (-180.0, 0.0, 40.0), (0.0, None, 0.1)),
    ("pair_c", 700.0, (0.0, 650.0, -250.0), (0.0, 0.0, 0.0)),
)
PAIR_SAMPLES = 41
#: pattern, T, P, F, altitude in km, inclination, first node, first argument, times in s.
WALKERS = (
    ("delta", 48, 6, 2, 620.0, 47.0, 33.0, 12.0, (0.0, 1900.0)),
    ("star", 66, 6, 2, 780.0, 86.4, 200.0, 80.0, (700.0,)),
    ("delta", 30, 5, 1, 1150.0, 74.0, 5.0, 300.0, (0.0, 3100.0)),
)
PAIRS_A_TIME = 36
CLEARANCE_KM = 100.0


def satrec(radius_km: float, inc_deg: float, raan_deg: float = 0.0, epoch: float = 28000.0):
    """Returns an SGP4 satellite on a circle; `epoch` in days since 1949-12-31."""
    satellite = Satrec()
    no_kozai = 2.0 * np.pi / period_s(radius_km) * 60.0
    angles = (0.0, np.radians(inc_deg), 0.0, no_kozai, np.radians(raan_deg))
    satellite.sgp4init(WGS72, "i", 1, epoch, 0.0, 0.0, 0.0, 1e-9, *angles)
    return satellite


def sgp4_node_rate_deg_per_day(radius_km: float, inc_deg: float) -> float:
    """Returns SGP4's secular rate of the node."""
    return float(np.degrees(satrec(radius_km, inc_deg).nodedot) * 1440.0)


def sso_inclination() -> Rows:
    """Returns the inclination at which SGP4's node turns once a year."""
    rows: Rows = []
    for altitude_km in SSO_ALTITUDES_KM:
        radius_km = EARTH_RADIUS_KM + altitude_km
        inc_deg = brentq(
            lambda i, a=radius_km: sgp4_node_rate_deg_per_day(a, i) - SUN_SYNCHRONOUS_DEG_PER_DAY,
            91.0,
            120.0,
        )
        rows.append(
            {
                "altitude_km": altitude_km,
                **rounded(4, a_mean_km=radius_km, period_kepler_s=period_s(radius_km)),
                **rounded(6, sso_inc_sgp4_deg=inc_deg),
                "target_deg_per_day": SUN_SYNCHRONOUS_DEG_PER_DAY,
            }
        )
    return rows


def j2_raan_drift() -> Rows:
    """Returns the node's mean drift under the J2 force, integrated over ten days."""
    return [
        _drift(altitude_km, inc_deg)
        for altitude_km in DRIFT_ALTITUDES_KM
        for inc_deg in DRIFT_INCLINATIONS_DEG
    ]


def _drift(altitude_km: float, inc_deg: float) -> dict:
    radius_km = EARTH_RADIUS_KM + altitude_km
    along, ahead, _ = plane(0.0, inc_deg)
    start = np.concatenate([radius_km * along, np.sqrt(MU_KM3_S2 / radius_km) * ahead])
    times = np.linspace(0.0, DRIFT_DAYS * SECONDS_PER_DAY, DRIFT_SAMPLES)
    path = solve_ivp(_oblate, times[[0, -1]], start, "DOP853", t_eval=times, rtol=1e-12, atol=1e-9)
    axis, tilt, node = _elements(path.y)
    # Twice a turn the elements swing; a straight line beside those swings takes them out.
    argument = 2.0 * np.pi * times / period_s(radius_km)
    mean_axis, mean_tilt, rate = (
        _trend(times, argument, value)[index]
        for value, index in ((axis, 0), (tilt, 0), (np.unwrap(node), 1))
    )
    mean_tilt_deg = np.degrees(mean_tilt)
    return {
        "altitude_km": altitude_km,
        "a_init_osc_km": round(radius_km, 4),
        "inc_init_osc_deg": inc_deg,
        **rounded(5, a_mean_km=mean_axis),
        **rounded(6, inc_mean_deg=mean_tilt_deg),
        **rounded(
            7,
            raan_rate_numeric_deg_per_day=np.degrees(rate) * SECONDS_PER_DAY,
            raan_rate_first_order_at_mean_elements=node_rate_deg_per_day(mean_axis, mean_tilt_deg),
            raan_rate_sgp4_deg_per_day=sgp4_node_rate_deg_per_day(mean_axis, mean_tilt_deg),
        ),
    }


def _oblate(_: float, state: Array) -> Array:
    x, y, z = state[:3]
    square = x * x + y * y + z * z
    central = -MU_KM3_S2 / square**1.5
    bulge = 1.5 * J2 * EARTH_RADIUS_KM**2 / square
    polar = 5.0 * z * z / square
    pull = central * np.array([1.0 + bulge * (1.0 - polar)] * 2 + [1.0 + bulge * (3.0 - polar)])
    return np.concatenate([state[3:], pull * state[:3]])


def _elements(states: Array) -> tuple[Array, Array, Array]:
    """Returns osculating (semi-major axis in km, inclination, node in rad) of (6, n) states."""
    place, speed = states[:3], states[3:]
    momentum = np.cross(place, speed, axis=0)
    energy = 0.5 * np.sum(speed**2, axis=0) - MU_KM3_S2 / np.linalg.norm(place, axis=0)
    tilt = np.arccos(momentum[2] / np.linalg.norm(momentum, axis=0))
    return -0.5 * MU_KM3_S2 / energy, tilt, np.arctan2(momentum[0], -momentum[1])


def _trend(times: Array, argument: Array, values: Array) -> tuple[float, float]:
    """Returns (mean level, slope a second) of values that swing once and more often a turn."""
    # The swing's own rate differs from the Keplerian by J2: it is found, not assumed.
    best = min(
        (_fit(times, argument * (1.0 + shift), values) for shift in np.linspace(-4e-3, 4e-3, 161)),
        key=lambda fit: fit[2],
    )
    return best[0], best[1]


def _fit(times: Array, argument: Array, values: Array) -> tuple[float, float, float]:
    middle = times - times.mean()
    swings = [f(k * argument) for k in (1, 2, 3, 4) for f in (np.sin, np.cos)]
    matrix = np.stack([np.ones_like(times), middle / times[-1], *swings], axis=1)
    solution, residual, *_ = np.linalg.lstsq(matrix, values, rcond=None)
    return float(solution[0]), float(solution[1] / times[-1]), float(residual[0])


def relative_motion() -> Rows:
    """Returns the place of one satellite from another, both on their own two-body orbits."""
    rows: Rows = []
    for name, altitude_km, offset_m, rates in PAIRS:
        radius_km = EARTH_RADIUS_KM + altitude_km
        n = float(np.sqrt(MU_KM3_S2 / radius_km**3))
        speed = np.array(
            [rates[0], -2.0 * n * offset_m[0] if rates[1] is None else rates[1], rates[2]]
        )
        times = np.linspace(0.0, 2.0 * period_s(radius_km), PAIR_SAMPLES).round(4)
        head = {"case": name, "altitude_km": altitude_km, "n_rad_s": n}
        head |= dict(zip(("x0_m", "y0_m", "z0_m"), offset_m, strict=True))
        head |= dict(zip(("vx0", "vy0", "vz0"), map(float, speed), strict=True))
        for time_s, place, rate in _pair(n, radius_km, np.array(offset_m), speed, times):
            row = rounded(4, t_s=time_s)
            row |= rounded(6, x_m=place[0], y_m=place[1], z_m=place[2])
            rows.append(head | row | rounded(9, vx=rate[0], vy=rate[1], vz=rate[2]))
    return rows


def _pair(n: float, radius_km: float, offset_m: Array, speed_m_s: Array, times: Array):
    """Yields (time, place, rate) in the frame that turns with the first satellite, m and m/s."""
    turn = np.array([0.0, 0.0, n])
    chief_m = np.array([radius_km * 1e3, 0.0, 0.0])
    place = chief_m + offset_m
    speed = np.array([0.0, n * radius_km * 1e3, 0.0]) + speed_m_s + np.cross(turn, offset_m)
    path = solve_ivp(
        lambda _, y: np.concatenate([y[3:], -MU_KM3_S2 * 1e9 * y[:3] / np.linalg.norm(y[:3]) ** 3]),
        times[[0, -1]],
        np.concatenate([place, speed]),
        "DOP853",
        t_eval=times,
        rtol=3e-14,
        atol=1e-7,
    )
    for time_s, state in zip(times, path.y.T, strict=True):
        c, s = np.cos(n * time_s), np.sin(n * time_s)
        into = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
        inside = into @ state[:3]
        moving = into @ state[3:] - np.cross(turn, inside)
        yield time_s, inside - chief_m, moving


def isl_walker() -> Rows:
    """Returns ranges and lines of sight within Walker patterns."""
    rows: Rows = []
    for pattern, total, planes, phasing, altitude_km, inc_deg, raan0, u0, times in WALKERS:
        radius_km = EARTH_RADIUS_KM + altitude_km
        per_plane = total // planes
        head = {"pattern": pattern, "T": total, "P": planes, "F": phasing}
        head |= {"altitude_km": altitude_km, "inc_deg": inc_deg}
        head |= {"raan0_deg": raan0, "u0_deg": u0}
        pairs = [(i, j) for i in range(0, total, 5) for j in range(i + 1, total)]
        for time_s in times:
            places = [
                radius_km * _walker(k, total, planes, phasing, pattern, inc_deg, raan0, u0, motion)
                for motion in [360.0 * time_s / period_s(radius_km)]
                for k in range(total)
            ]
            for i, j in pairs[:: max(len(pairs) // PAIRS_A_TIME, 1)]:
                lowest_km = _lowest_km(places[i], places[j])
                rows.append(
                    {
                        **head,
                        "t_s": time_s,
                        **{"i": i, "plane_i": i // per_plane, "slot_i": i % per_plane},
                        **{"j": j, "plane_j": j // per_plane, "slot_j": j % per_plane},
                        **rounded(
                            4,
                            xi_km=places[i][0],
                            yi_km=places[i][1],
                            zi_km=places[i][2],
                            range_km=np.linalg.norm(places[j] - places[i]),
                            min_alt_of_segment_km=lowest_km,
                        ),
                        "los_basilisk": int(lowest_km > CLEARANCE_KM),
                    }
                )
    return rows


def _walker(index, total, planes, phasing, pattern, inc_deg, raan0, u0, motion_deg) -> Array:
    slots = total // planes
    which, slot = divmod(index, slots)
    spread_deg = 360.0 if pattern == "delta" else 180.0
    along, ahead, _ = plane(raan0 + spread_deg * which / planes, inc_deg)
    u = np.radians(u0 + motion_deg + 360.0 * slot / slots + 360.0 * phasing * which / total)
    return np.cos(u) * along + np.sin(u) * ahead


def _lowest_km(a: Array, b: Array) -> float:
    """Returns the lowest height of the line from a to b."""
    span = b - a
    share = np.clip(-(a @ span) / (span @ span), 0.0, 1.0)
    return float(np.linalg.norm(a + share * span) - EARTH_RADIUS_KM)

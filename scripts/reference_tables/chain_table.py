"""basilisk_power_thermal.csv: the same chain in continuous time, by scipy.

The node follows the law of Basilisk's sensorThermal with the two constants in its source, since
that is what the table's column means: sigma of 5.76051e-8 and sunlight of 1,366 W/m2.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from reference_tables.constants import (
    AU_KM,
    EARTH_RADIUS_KM,
    SOLAR_CONSTANT_W_M2,
    Rows,
    period_s,
    rounded,
)
from reference_tables.shadow_tables import illumination
from reference_tables.sky import Array, geometric_sun_km, plane, timescale

SENSOR_SIGMA, SENSOR_SUNLIGHT_W_M2 = 5.76051e-8, 1366.0
ZERO_CELSIUS_K = 273.15
EVERY_S, FINE_S = 60.0, 0.1
KEYS = (
    *("case", "altitude_km", "inc_deg", "raan_deg", "epoch", "panel_area_m2", "panel_eff"),
    *("load_w", "battery_wh", "soc0", "node_area_m2", "node_alpha", "node_eps"),
    *("node_mass_kg", "node_cp", "node_power_w", "node_T0_C", "tilt_deg"),
)
CASES = (
    *(("chain_a", 600.0, 47.0, 310.0, (2027, 4, 9), 12.0, 0.27, 1800.0, 1500.0, 0.7),),
    *(("chain_b", 720.0, 98.27, 60.0, (2028, 1, 22), 500.0, 0.22, 9e4, 5e4, 0.9),),
)
NODES = (
    (1.2, 0.25, 0.8, 25.0, 900.0, 350.0, 10.0, 0.0),
    (0.6, 0.7, 0.9, 6.0, 880.0, 120.0, 25.0, 20.0),
)


def cases() -> Rows:
    """Returns the cases of `basilisk_power_thermal`."""
    return [_case(dict(zip(KEYS, a + b, strict=True))) for a, b in zip(CASES, NODES, strict=True)]


def _case(case: dict) -> dict:
    time = timescale().utc(*case.pop("epoch"))
    sun_km = geometric_sun_km(time)
    distance_km = float(np.linalg.norm(sun_km))
    sun = sun_km / distance_km
    lean = np.radians(case.pop("tilt_deg"))
    aside = np.cross(sun, [0.0, 0.0, 1.0])
    normal = np.cos(lean) * sun + np.sin(lean) * aside / np.linalg.norm(aside)
    return {
        **case,
        "jd_tt": round(float(time.tt), 9),
        **{f"sun_gcrf_{axis}": float(sun[i]) for i, axis in enumerate("xyz")},
        "sun_dist_km": distance_km,
        "period_s": period_s(EARTH_RADIUS_KM + case["altitude_km"]),
        "panel_normal_gcrf": " ".join(f"{value:.9f}" for value in normal),
        # The step that a tool of finite steps would have to take to follow this table.
        "dt_s": 1.0,
    }


def samples() -> Rows:
    """Returns light, array power, charge and temperature of every case, one orbit and a half."""
    return [row for case in cases() for row in _history(case)]


def _history(case: dict) -> Rows:
    fine_s = np.arange(0.0, 1.5 * case["period_s"], FINE_S)
    light = _light(case, fine_s)
    normal = np.array([float(part) for part in case["panel_normal_gcrf"].split()])
    facing = float(normal @ _sun(case))
    distance_au = case["sun_dist_km"] / AU_KM
    panel_w = SOLAR_CONSTANT_W_M2 / distance_au**2 * facing * light
    panel_w *= case["panel_area_m2"] * case["panel_eff"]
    net_w = panel_w - case["load_w"]
    stored_wh = _stored(case, net_w)
    kelvin = _node(case, fine_s, light, facing)
    return [
        {
            "case": case["case"],
            "t_s": round(float(fine_s[k]), 3),
            **rounded(6, illumination=light[k]),
            **rounded(4, panel_w=panel_w[k], net_w=net_w[k]),
            **rounded(6, stored_wh=stored_wh[k], soc=stored_wh[k] / case["battery_wh"]),
            **rounded(5, T_node_C=kelvin[k] - ZERO_CELSIUS_K),
        }
        for k in range(0, len(fine_s), round(EVERY_S / FINE_S))
    ]


def _sun(case: dict) -> Array:
    return np.array([case[f"sun_gcrf_{axis}"] for axis in "xyz"])


def _light(case: dict, time_s: Array) -> Array:
    along, ahead, _ = plane(case["raan_deg"], case["inc_deg"])
    angle = 2.0 * np.pi * time_s[:, None] / case["period_s"]
    radius_km = EARTH_RADIUS_KM + case["altitude_km"]
    place_km = radius_km * (np.cos(angle) * along + np.sin(angle) * ahead)
    return illumination(place_km, _sun(case) * case["sun_dist_km"])


def _stored(case: dict, net_w: Array) -> Array:
    """Returns the energy in Wh of a battery without losses, between empty and full."""
    gains_wh = 0.5 * (net_w[1:] + net_w[:-1]) * FINE_S / 3600.0
    stored = [case["soc0"] * case["battery_wh"]]
    for gain in gains_wh:
        stored.append(min(max(stored[-1] + float(gain), 0.0), case["battery_wh"]))
    return np.array(stored)


def _node(case: dict, fine_s: Array, light: Array, facing: float) -> Array:
    capacity = case["node_mass_kg"] * case["node_cp"]
    sunlight_w = case["node_alpha"] * SENSOR_SUNLIGHT_W_M2 * facing * case["node_area_m2"]
    grey = case["node_eps"] * SENSOR_SIGMA * case["node_area_m2"]

    def slope(time_s: float, kelvin: Array) -> Array:
        absorbed = sunlight_w * np.interp(time_s, fine_s, light)
        return (case["node_power_w"] + absorbed - grey * kelvin**4) / capacity

    path = solve_ivp(
        slope,
        (0.0, float(fine_s[-1])),
        [case["node_T0_C"] + ZERO_CELSIUS_K],
        "Radau",
        t_eval=fine_s,
        max_step=5.0,
        rtol=1e-9,
        atol=1e-9,
    )
    return path.y[0]

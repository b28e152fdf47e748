"""Thermal networks by scipy's Radau between the events, and the closed form of radiators."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from reference_tables.constants import STEFAN_BOLTZMANN, Rows
from reference_tables.sky import Array

TOLERANCE = 1e-10
NO_CYCLE = {"eclipse_s": "", "period_s": ""}
ONE_NODE_KEYS = (
    *("case", "C_J_per_K", "A_m2", "eps", "Tsink_K", "P0_W", "P1_W", "t_step_s", "T0_K"),
    *("tend_s", "q_abs_W", "eclipse_s", "period_s"),
)
ONE_NODE_CASES = (
    ("single_a", 8e5, 3.0, 0.86, 200.0, 300.0, 1100.0, 2400.0, 275.0, 14400.0, 0.0, "", ""),
    ("single_b", 4e6, 150.0, 0.9, 215.0, 9e4, 5e4, 4000.0, 310.0, 14400.0, 8e3, 1900.0, 5820.0),
    ("single_c", 3e4, 0.8, 0.8, 240.0, 50.0, 250.0, 1000.0, 290.0, 9000.0, 80.0, 2100.0, 5640.0),
)
ONE_NODE_EVERY_S = 120.0
THREE_NODE_KEYS = (
    *("case", "C_chip", "C_loop", "C_rad", "UA1_W_K", "mdot_kg_s", "cp_J_kgK", "effectiveness"),
    *("A_m2", "eps", "Tsink_K", "P0_W", "P1_W", "t_step_s", "T0_K", "tend_s", "q_sun_W"),
    *("q_ir_W", "eclipse_s", "period_s", "leak_frac", "T_leak_ref_K", "T_leak_scale_K"),
    *("pump_fail_s", "pump_fail_factor"),
)
_PLANT = (5e5, 7e5, 1.3e6, 14e3, 4.5, 3400.0, 0.8, 240.0, 0.88, 205.0)
_NIGHT = (1500.0, 5780.0)
_LEAK = (338.15, 40.0)
THREE_NODE_CASES = (
    ("triple_a", *_PLANT, 4e4, 1.1e5, 2000.0, 295.0, 9000.0, 8e3, 1e4, *_NIGHT, 0.06, *_LEAK, 0, 1),
    (
        *("triple_b", *_PLANT, 1.2e5, 7e4, 6500.0, 305.0, 9000.0, 6e3, 1.1e4, *_NIGHT, 0.0, *_LEAK),
        *(3300.0, 0.6),
    ),
)
THREE_NODE_EVERY_S = 120.0
RADIATORS = [
    (t, sink, eps)
    for t in (285.0, 305.0, 325.0, 345.0)
    for sink in (0.0, 180.0, 225.0)
    for eps in (0.82, 0.92)
]


def thermal_one_node_cases() -> Rows:
    """Returns the cases, with what each tends to in full sunlight."""
    rows: Rows = []
    for values in ONE_NODE_CASES:
        case = dict(zip(ONE_NODE_KEYS, values, strict=True))
        grey = STEFAN_BOLTZMANN * case["eps"] * case["A_m2"]
        settled = ((case["P1_W"] + case["q_abs_W"]) / grey + case["Tsink_K"] ** 4) ** 0.25
        tau_s = case["C_J_per_K"] / (4.0 * grey * settled**3)
        rows.append(case | {"T_equilibrium_K": round(settled, 6), "tau_lin_s": round(tau_s, 3)})
    return rows


def thermal_one_node() -> Rows:
    """Returns the temperature of a single radiating body."""
    rows: Rows = []
    for case in thermal_one_node_cases():

        def slope(time_s: float, kelvin: Array, case: dict = case) -> Array:
            heat = _step(case, time_s) + case["q_abs_W"] * _is_lit(case, time_s)
            grey = STEFAN_BOLTZMANN * case["eps"] * case["A_m2"]
            return (heat - grey * (kelvin**4 - case["Tsink_K"] ** 4)) / case["C_J_per_K"]

        times = np.arange(0.0, case["tend_s"] + 1.0, ONE_NODE_EVERY_S)
        path = _integrate(slope, np.array([case["T0_K"]]), times, _events(case))
        rows += [
            {"case": case["case"], "t_s": float(t), "T_K": round(float(y[0]), 7)}
            for t, y in zip(times, path, strict=True)
        ]
    return rows


def thermal_three_node_cases() -> Rows:
    """Returns the cases of chip, loop and radiator."""
    return [dict(zip(THREE_NODE_KEYS, values, strict=True)) for values in THREE_NODE_CASES]


def thermal_three_node() -> Rows:
    """Returns the temperatures of chip, coolant loop and radiator."""
    rows: Rows = []
    for case in thermal_three_node_cases():
        times = np.arange(0.0, case["tend_s"] + 1.0, THREE_NODE_EVERY_S)
        path = _integrate(
            lambda t, y, case=case: _network(case, t, y),
            np.full(3, case["T0_K"]),
            times,
            _events(case),
        )
        names = ("T_chip_K", "T_loop_K", "T_rad_K")
        for time_s, state in zip(times, path, strict=True):
            kelvin = {name: round(float(y), 6) for name, y in zip(names, state, strict=True)}
            rows.append({"case": case["case"], "t_s": float(time_s), **kelvin})
    return rows


def _network(case: dict, time_s: float, kelvin: Array) -> Array:
    chip, loop, radiator = kelvin
    growth = np.exp((chip - case["T_leak_ref_K"]) / case["T_leak_scale_K"])
    heat = _step(case, time_s) * (1.0 - case["leak_frac"] + case["leak_frac"] * growth)
    is_failed = 0.0 < case["pump_fail_s"] <= time_s
    flow = case["mdot_kg_s"] * case["cp_J_kgK"] * case["effectiveness"]
    flow *= case["pump_fail_factor"] if is_failed else 1.0
    up, out = case["UA1_W_K"] * (chip - loop), flow * (loop - radiator)
    absorbed = case["q_ir_W"] + case["q_sun_W"] * _is_lit(case, time_s)
    grey = STEFAN_BOLTZMANN * case["eps"] * case["A_m2"]
    lost = grey * (radiator**4 - case["Tsink_K"] ** 4)
    return np.array(
        [
            (heat - up) / case["C_chip"],
            (up - out) / case["C_loop"],
            (out + absorbed - lost) / case["C_rad"],
        ]
    )


def _step(case: dict, time_s: float) -> float:
    return case["P1_W"] if time_s >= case["t_step_s"] else case["P0_W"]


def _is_lit(case: dict, time_s: float) -> float:
    if case["period_s"] == "":
        return 1.0
    return float(time_s % case["period_s"] < case["period_s"] - case["eclipse_s"])


def _events(case: dict) -> list[float]:
    """Returns when a right-hand side jumps: no step of the integrator may cross one."""
    events = [case["t_step_s"], case.get("pump_fail_s", 0.0)]
    if case["period_s"] != "":
        for turn in range(int(case["tend_s"] // case["period_s"]) + 1):
            end_s = (turn + 1) * case["period_s"]
            events += [end_s - case["eclipse_s"], end_s]
    return sorted({event for event in events if 0.0 < event < case["tend_s"]})


def _integrate(
    slope: Callable[[float, Array], Array], start: Array, times: Array, events: list[float]
) -> Array:
    """Returns the states at `times`, (n_times, n), integrated from event to event."""
    found = {float(times[0]): start}
    state, begin_s = start, float(times[0])
    for end_s in [*events, float(times[-1])]:
        wanted = [float(t) for t in times if begin_s < t < end_s] + [end_s]
        # Just inside the piece, so that its ends belong to it whatever the comparison.
        middle = 0.5 * (begin_s + end_s)
        clip = 1e-9 * (end_s - begin_s)
        path = solve_ivp(
            lambda t, y, lo=begin_s + clip, hi=end_s - clip: slope(min(max(t, lo), hi), y),
            (begin_s, end_s),
            state,
            "Radau",
            t_eval=wanted,
            rtol=TOLERANCE,
            atol=TOLERANCE,
        )
        assert path.success, (middle, path.message)
        found |= dict(zip(wanted, path.y.T, strict=True))
        state, begin_s = path.y[:, -1], end_s
    return np.array([found[float(t)] for t in times])


def radiator_area() -> Rows:
    """Returns net power and areas of radiators by the closed form."""
    rows: Rows = []
    for kelvin, sink, eps in RADIATORS:
        net = STEFAN_BOLTZMANN * eps * (kelvin**4 - sink**4)
        rows.append(
            {
                "T_rad_K": kelvin,
                "T_sink_K": sink,
                "eps": eps,
                "net_W_per_m2_one_side": round(net, 7),
                "area_one_side_m2_per_kW": round(1000.0 / net, 9),
                "panel_area_two_sided_m2_per_kW": round(500.0 / net, 9),
            }
        )
    return rows

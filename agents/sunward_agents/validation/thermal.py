"""Thermal networks against a stiff integrator (thermal_one_node.csv, thermal_three_node.csv)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sunward.physics import thermal
from sunward_agents.validation.check import Check, Errors, largest
from sunward_agents.validation.tables import LONGEST_S, Row, Spec, Table, number, numbers, word

#: README: one step a minute for a single node, 10 s for the stiff network; the simulator's is 15 s.
ONE_NODE_STEP_S = 60.0
SUBSTEP_S, SIMULATOR_SUBSTEP_S = 10.0, 15.0
#: Two times closer than this are one.
SAME_TIME_S = 1e-9

CYCLE = (
    number("eclipse_s", 0.0, may_be_empty=True),
    number("period_s", 1.0, may_be_empty=True),
)
ONE_NODE = Spec(
    "thermal_one_node.csv",
    (word("case"), number("t_s", 0.0, LONGEST_S), number("T_K", 0.0)),
    cases=Spec(
        "thermal_one_node_cases.csv",
        (
            word("case"),
            *numbers("C_J_per_K", "A_m2", low=1e-9),
            number("eps", 0.0, 1.0),
            *numbers("Tsink_K", "T0_K", low=0.0, high=5000.0),
            *numbers("P0_W", "P1_W", "t_step_s", "q_abs_W"),
            *CYCLE,
            number("T_equilibrium_K", 0.0, is_optional=True),
        ),
    ),
)
THREE_NODE = Spec(
    "thermal_three_node.csv",
    (
        word("case"),
        number("t_s", 0.0, LONGEST_S),
        *numbers("T_chip_K", "T_loop_K", "T_rad_K", low=0.0),
    ),
    cases=Spec(
        "thermal_three_node_cases.csv",
        (
            word("case"),
            *numbers("C_chip", "C_loop", "C_rad", "A_m2", low=1e-9),
            *numbers("UA1_W_K", "mdot_kg_s", "cp_J_kgK", low=0.0),
            *numbers("effectiveness", "eps", low=0.0, high=1.0),
            *numbers("Tsink_K", "T0_K", low=0.0, high=5000.0),
            *numbers("P0_W", "P1_W", "t_step_s", "q_sun_W", "q_ir_W", "T_leak_ref_K"),
            *CYCLE,
            number("leak_frac", 0.0, 1.0),
            number("T_leak_scale_K", 1e-6),
            *numbers("pump_fail_s", "pump_fail_factor", low=0.0),
        ),
    ),
)

Nodes = tuple[float, float, float]


def lit_share(case: Row, start_s: float, span_s: float) -> float:
    """Returns the share of a time that is sunlit: the last eclipse_s of each period are dark."""
    period_s = case["period_s"]
    if math.isnan(period_s) or math.isnan(case["eclipse_s"]):
        return 1.0
    lit_s = period_s - case["eclipse_s"]

    def lit_until(time_s: float) -> float:
        turns = math.floor(time_s / period_s)
        return turns * lit_s + min(time_s - turns * period_s, lit_s)

    return (lit_until(start_s + span_s) - lit_until(start_s)) / span_s


def load_w(case: Row, start_s: float, span_s: float) -> float:
    """Returns the mean heat of a time: P0 until t_step_s, P1 from then on."""
    before = min(max((case["t_step_s"] - start_s) / span_s, 0.0), 1.0)
    return before * case["P0_W"] + (1.0 - before) * case["P1_W"]


def spans(now_s: float, end_s: float, greatest_s: float) -> Iterator[tuple[float, float]]:
    """Yields (start, length) of steps up to a time, none longer than `greatest_s`."""
    while now_s < end_s - SAME_TIME_S:
        span_s = min(greatest_s, end_s - now_s)
        yield now_s, span_s
        now_s += span_s


def one_node_errors(table: Table) -> Iterator[float]:
    """Yields how far our single node is from the table's in K."""
    for case, rows in table.by_case():
        kelvin, now_s = case["T0_K"], 0.0
        for row in rows:
            with table.blame(row):
                for start_s, span_s in spans(now_s, row["t_s"], ONE_NODE_STEP_S):
                    kelvin = one_node(case, kelvin, start_s, span_s)
            now_s = row["t_s"]
            yield abs(kelvin - row["T_K"])


def one_node(case: Row, kelvin: float, start_s: float, span_s: float) -> float:
    """Returns the temperature of a case's node after a step in K."""
    heat_w = load_w(case, start_s, span_s) + lit_share(case, start_s, span_s) * case["q_abs_W"]
    body = case["A_m2"], case["eps"], case["Tsink_K"], case["C_J_per_K"]
    return thermal.one_node_step(kelvin, heat_w, *body, span_s).node_k


def equilibrium_errors(table: Table) -> Iterator[float]:
    """Yields how far the temperature each case tends to in full sunlight is from the table's."""
    for case in table.cases.values():
        if "T_equilibrium_K" in case:
            heat_w = case["P1_W"] + case["q_abs_W"]
            ours = thermal.equilibrium_temperature_k(
                heat_w, case["Tsink_K"], case["A_m2"], case["eps"]
            )
            yield abs(ours - case["T_equilibrium_K"])


def three_node_errors(substep_s: float) -> Errors:
    """Returns how far the farthest of our three nodes is from the table's in K."""

    def errors(table: Table) -> Iterator[float]:
        for _, row, nodes in histories(table, substep_s):
            truth = row["T_chip_K"], row["T_loop_K"], row["T_rad_K"]
            yield largest(abs(a - b) for a, b in zip(nodes, truth, strict=True))

    return errors


def histories(table: Table, substep_s: float) -> list[tuple[Row, Row, Nodes]]:
    """Returns (case, row, our nodes) of every row."""
    found = []
    for case, rows in table.by_case():
        nodes: Nodes = (case["T0_K"],) * 3
        now_s, heat_w = 0.0, case["P0_W"]
        for row in rows:
            with table.blame(row):
                for start_s, span_s in substeps(case, now_s, row["t_s"], substep_s):
                    heat_w = leaking_heat_w(case, nodes, heat_w, start_s, span_s)
                    nodes = three_nodes(case, nodes, heat_w, start_s, span_s)
            now_s = row["t_s"]
            found.append((case, row, nodes))
    return found


def substeps(
    case: Row, now_s: float, end_s: float, greatest_s: float
) -> Iterator[tuple[float, float]]:
    """Yields sub-steps that end where load and pump change, as they do in the simulator."""
    events = sorted({min(max(case[key], now_s), end_s) for key in ("t_step_s", "pump_fail_s")})
    for event_s in (*events, end_s):
        yield from spans(now_s, event_s, greatest_s)
        now_s = max(now_s, event_s)


def leaking_heat_w(
    case: Row, nodes: Nodes, last_heat_w: float, start_s: float, span_s: float
) -> float:
    """Returns the chips' heat, leakage at the temperature expected halfway."""
    middle_k = thermal.chip_at_half_step_k(
        nodes[0], nodes[1], last_heat_w, case["UA1_W_K"], case["C_chip"], span_s
    )
    leakage = case["leak_frac"], case["T_leak_ref_K"], case["T_leak_scale_K"]
    return load_w(case, start_s, span_s) * thermal.leakage_factor(middle_k, *leakage)


def three_nodes(case: Row, nodes: Nodes, heat_w: float, start_s: float, span_s: float) -> Nodes:
    """Returns the temperatures of a case's network after a sub-step in K."""
    is_failed = 0.0 < case["pump_fail_s"] <= start_s + SAME_TIME_S
    flow = case["mdot_kg_s"] * case["cp_J_kgK"] * case["effectiveness"]
    flow *= case["pump_fail_factor"] if is_failed else 1.0
    absorbed_w = case["q_ir_W"] + case["q_sun_W"] * lit_share(case, start_s, span_s)
    radiator = case["A_m2"], case["eps"], case["Tsink_K"]
    capacities = case["C_chip"], case["C_loop"], case["C_rad"]
    after = thermal.three_node_step(
        *nodes, heat_w, case["UA1_W_K"], flow, *radiator, *capacities, absorbed_w, span_s
    )
    return after.chip_k, after.loop_k, after.radiator_k


CHECKS = (
    Check(ONE_NODE, "temperature, 60 s steps", "K", 0.1, one_node_errors),
    Check(ONE_NODE, "temperature in the end", "K", 1e-3, equilibrium_errors, is_own=True),
    Check(THREE_NODE, "temperatures, 10 s sub-steps", "K", 0.02, three_node_errors(SUBSTEP_S)),
    Check(
        THREE_NODE,
        "temperatures, the simulator's 15 s",
        "K",
        0.02,
        three_node_errors(SIMULATOR_SUBSTEP_S),
        is_own=True,
    ),
)

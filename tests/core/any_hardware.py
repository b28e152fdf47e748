"""Draws hardware from all that its model admits: scales from a watt to gigawatts, extremes too.

Heat capacities follow from drawn settling times and areas from drawn fluxes: independent draws
over fifteen decades would nearly always break a rule that ties figures together.
"""

from __future__ import annotations

import math
from datetime import date
from itertools import accumulate
from typing import Any

from hypothesis import strategies as st

from sunward.core.params import N_SUBSTEPS
from sunward.core.satellite import EARTHSHINE_W_M2
from sunward.physics.constants import SOLAR_CONSTANT_W_M2, STEFAN_BOLTZMANN_W_M2_K4
from sunward.physics.power import cell_temperature_k
from sunward.physics.stability import cell_feedback, radiation_conductance_w_k
from sunward.scenario.figure import Quantity, Section, file_key
from sunward.scenario.hardware import (
    GREATEST_FEEDBACK,
    GREATEST_PACK_RISE_K,
    HOTTEST_K,
    LEAST_ARRAY_SHARE,
    LEAST_GAP_K,
    Battery,
    Compute,
    Faults,
    Hardware,
    Links,
    Power,
    Spread,
    Thermal,
)
from sunward.scenario.stable import GREATEST_RISE_K, GREATEST_STEP
from sunward.scenario.units import si_unit

#: Keeps a figure that is derived at a rule's edge on its right side.
INSIDE = 0.999


def quantities(section: type[Section]) -> dict[str, Quantity]:
    """Returns the kind and bounds of every field of a section."""
    return {
        name: next(item for item in field.metadata if isinstance(item, Quantity))
        for name, field in section.model_fields.items()
    }


def linear(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, width=64)


def decades(low: float, high: float) -> st.SearchStrategy[float]:
    """Draws log-evenly, ends included."""
    exponents = linear(math.log(low), math.log(high))
    return exponents.map(lambda x: min(max(math.exp(x), low), high))


def rates(low: float, high: float) -> st.SearchStrategy[float]:
    return st.just(0.0) | decades(low, high)


def within(section: type[Section], values: dict[str, float]) -> dict[str, Any]:
    """Returns the section's part of a file, figures held within their own bounds."""
    part = {}
    for name, quantity in quantities(section).items():
        low = quantity.at_least if quantity.at_least is not None else quantity.above
        high = quantity.at_most
        assert low is not None
        assert high is not None
        part[file_key(name)] = {
            "value": min(max(values[name], low), high),
            "unit": si_unit(quantity.kind),
            "source": "drawn",
            "date": date(2026, 11, 22),
            "confidence": "assumption",
        }
    return part


@st.composite
def computes(draw: st.DrawFn, peak_power_w: float) -> dict[str, Any]:
    coldest_k, hottest_k = 50.0, 500.0
    recover_k = draw(linear(coldest_k, hottest_k - 6.0 * LEAST_GAP_K))
    widest_k = (hottest_k - recover_k) / 3.0 * INSIDE
    gaps = [draw(decades(1.01 * LEAST_GAP_K, widest_k)) for _ in range(3)]
    recover, start, end, trip = accumulate([recover_k, *gaps])
    values = {
        "accelerators": draw(decades(1.0, 1e7).map(round)),
        "peak_power_w": peak_power_w,
        "idle_fraction": draw(linear(0.0, 1.0)),
        "min_clock_fraction": draw(linear(0.05, 1.0)),
        "flat_voltage_below": draw(linear(0.0, 0.99)),
        "min_voltage_fraction": draw(linear(0.01, 1.0)),
        "leak_fraction": draw(linear(0.0, 1.0)),
        "leak_reference_k": draw(linear(coldest_k, hottest_k)),
        "leak_scale_k": draw(decades(1.0, 1e4)),
        "recover_k": recover,
        "throttle_start_k": start,
        "throttle_end_k": end,
        "trip_k": trip,
    }
    return within(Compute, values)


@st.composite
def powers(draw: st.DrawFn, peak_power_w: float) -> dict[str, Any]:
    absorptivity = draw(linear(0.01, 1.0))
    efficiency = draw(linear(0.01, absorptivity))
    kept_w_m2 = (absorptivity - efficiency) * SOLAR_CONSTANT_W_M2 + EARTHSHINE_W_M2
    least = kept_w_m2 / (2.0 * STEFAN_BOLTZMANN_W_M2_K4 * HOTTEST_K**4)
    emissivity = draw(linear(min(1.0, max(0.01, least / INSIDE)), 1.0))
    reference_k = draw(linear(50.0, 500.0))

    def cell_k(loss_per_k: float) -> float:
        return cell_temperature_k(
            SOLAR_CONSTANT_W_M2,
            absorptivity,
            efficiency,
            reference_k,
            loss_per_k,
            emissivity,
            EARTHSHINE_W_M2,
        )

    a_kelvin = cell_feedback(SOLAR_CONSTANT_W_M2, efficiency, 1.0, cell_k(0.0), emissivity)
    steepest = min(0.02, INSIDE * GREATEST_FEEDBACK / a_kelvin)
    loss_per_k = steepest * draw(linear(0.0, 1.0))
    # With feedback the cells warm by up to twice as much: half the loss leaves them some power.
    warming_k = max(2.0 * (cell_k(0.0) - reference_k), 1.0)
    loss_per_k = min(loss_per_k, 0.9 / warming_k)
    left = 1.0 - loss_per_k * (cell_k(loss_per_k) - reference_k)
    years = draw(linear(0.0, 30.0))
    # What age may leave beside the heat; colder cells than the reference give more than all.
    worst = min(1.0, 1.01 * LEAST_ARRAY_SHARE / left)
    greatest = min(0.99, 1.0 - worst ** (1.0 / max(years, 1e-3)))
    values = {
        "array_area_m2": peak_power_w / draw(decades(1.0, 1e5)),
        "array_efficiency": efficiency,
        "cell_absorptivity": absorptivity,
        "cell_emissivity": emissivity,
        "cell_reference_k": reference_k,
        "temperature_loss_per_k": loss_per_k,
        "degradation_per_year": greatest * draw(linear(0.0, 1.0)),
        "age_years": years,
        "mppt_efficiency": draw(linear(0.01, 1.0)),
        "bus_power_w": peak_power_w * draw(decades(1e-4, 10.0)),
        "safe_bus_fraction": draw(linear(0.01, 1.0)),
    }
    return within(Power, values)


@st.composite
def batteries(draw: st.DrawFn, peak_power_w: float) -> dict[str, Any]:
    floor = draw(linear(0.0, 0.98))
    capacity_j = min(max(peak_power_w * draw(decades(0.1, 1e6)), 1.0), 1e15)
    values = {
        "capacity_j": capacity_j,
        "charge_efficiency": draw(linear(0.01, 1.0)),
        "discharge_efficiency": draw(linear(0.01, 1.0)),
        "charge_rate_per_s": draw(decades(1e-9, 1.0)),
        "discharge_rate_per_s": draw(decades(1e-9, 1.0)),
        "taper_start_fraction": draw(linear(0.0, 0.99)),
        "compute_floor_fraction": floor,
        "safe_exit_fraction": draw(linear(floor + 0.01, 1.0)),
        "min_charge_temperature_k": draw(linear(50.0, 500.0)),
        "pack_interface_k": draw(linear(50.0, 500.0)),
    }
    loss_w = capacity_j * max(
        values["charge_rate_per_s"] * (1.0 - values["charge_efficiency"]),
        values["discharge_rate_per_s"] * (1.0 / values["discharge_efficiency"] - 1.0),
    )
    conductance = loss_w / draw(decades(1e-3, INSIDE * GREATEST_PACK_RISE_K))
    # A pack so great that no conductance cools it is refused: hold what is drawn on this side.
    values["pack_conductance_w_k"] = min(max(conductance, 1e-6), 1e12)
    if loss_w / values["pack_conductance_w_k"] > GREATEST_PACK_RISE_K:
        values["charge_rate_per_s"] = values["discharge_rate_per_s"] = 1e-9
    values["pack_heat_capacity_j_k"] = values["pack_conductance_w_k"] * draw(decades(1e-3, 1e6))
    return within(Battery, values)


def clipped(section: type[Section], name: str, value: float) -> float:
    """Returns a figure as `within` will hold it: what hangs on it must see the same."""
    quantity = quantities(section)[name]
    assert quantity.at_least is not None
    assert quantity.at_most is not None
    return min(max(value, quantity.at_least), quantity.at_most)


@st.composite
def thermals(
    draw: st.DrawFn, peak_power_w: float, substep_s: float, deviation: float
) -> dict[str, Any]:
    def settling() -> float:
        return INSIDE * draw(decades(1e-4, GREATEST_STEP)) / substep_s

    least_chip_j_k = peak_power_w * substep_s / (INSIDE * GREATEST_RISE_K)
    chip_j_k = clipped(Thermal, "chip_capacity_j_k", least_chip_j_k * draw(decades(1.0, 1e4)))
    chip_w_k = clipped(Thermal, "chip_conductance_w_k", 0.5 * chip_j_k * settling())
    coolant = draw(decades(100.0, 2e4))
    effectiveness = draw(linear(0.01, 1.0))
    flow_kg_s = clipped(
        Thermal,
        "coolant_flow_kg_s",
        chip_w_k * draw(decades(1e-3, 1e2)) / (coolant * effectiveness),
    )
    flow_w_k = flow_kg_s * coolant * effectiveness
    loop_j_k = 2.0 * (chip_w_k + flow_w_k) / settling()
    emissivity = draw(linear(0.01, 1.0))
    area_m2 = clipped(Thermal, "radiator_area_m2", peak_power_w / draw(decades(1.0, 1e5)))
    radiation_w_k = radiation_conductance_w_k(
        HOTTEST_K, 2.0 * area_m2, emissivity * (1.0 + 3.0 * deviation)
    )
    values = {
        "radiator_area_m2": area_m2,
        "emissivity": emissivity,
        # Together no more than a radiator of HOTTEST_K sends away: 3,544 W/m2 times emissivity.
        "solar_absorptivity": draw(linear(0.0, min(1.0, 2.0 * emissivity))),
        "pointing_error_rad": draw(linear(0.0, math.pi / 2.0)),
        "parasitic_flux_w_m2": draw(linear(0.0, 1400.0 * emissivity)),
        "chip_capacity_j_k": chip_j_k,
        "loop_capacity_j_k": loop_j_k,
        "radiator_capacity_j_k": (2.0 * flow_w_k + radiation_w_k) / settling(),
        "chip_conductance_w_k": chip_w_k,
        "coolant_flow_kg_s": flow_kg_s,
        "min_flow_fraction": draw(linear(0.01, 1.0)),
        "coolant_specific_heat_j_kg_k": coolant,
        "exchanger_effectiveness": effectiveness,
        "pump_power_w": peak_power_w * draw(decades(1e-5, 1.0)),
        "failed_loop_fraction": draw(linear(0.0, 1.0)),
    }
    return within(Thermal, values)


@st.composite
def links(draw: st.DrawFn) -> dict[str, Any]:
    values = {
        "rate_bit_s": draw(decades(1.0, 1e18)),
        "max_range_m": draw(decades(1.0, 1e8)),
        "clearance_m": draw(decades(1.0, 1e7)),
        "energy_j_bit": draw(rates(1e-15, 1e-3)),
        "outage_rate_per_s": draw(rates(1e-9, 1e6)),
        "outage_duration_s": draw(decades(1e-3, 1e9)),
    }
    return within(Links, values)


@st.composite
def faults(draw: st.DrawFn) -> dict[str, Any]:
    values = {
        "upset_rate_per_s": draw(rates(1e-12, 1e6)),
        "upset_floor_fraction": draw(linear(0.0, 1.0)),
        "upset_recovery_s": draw(decades(1e-3, 1e9)),
        "accelerator_failure_rate_per_s": draw(rates(1e-12, 1e-3)),
        "pump_failure_rate_per_s": draw(rates(1e-12, 1e-3)),
    }
    return within(Faults, values)


@st.composite
def spreads(draw: st.DrawFn, leak_fraction: float) -> dict[str, Any]:
    values = {name: draw(linear(0.0, 0.3)) for name in quantities(Spread)}
    room = (1.0 - leak_fraction) / 3.0
    values["leak_std_fraction"] *= min(1.0, INSIDE * room / (0.3 * max(leak_fraction, 1e-9)))
    return within(Spread, values)


@st.composite
def hardware_documents(draw: st.DrawFn, step_s: float = 60.0) -> dict[str, Any]:
    """Draws the mapping that a file of hardware holds, for control steps of a length."""
    peak_power_w = draw(decades(0.01, 1e10))
    compute = draw(computes(peak_power_w))
    spread = draw(spreads(compute["leak_fraction"]["value"]))
    return {
        "id": "drawn",
        "description": "drawn",
        "compute": compute,
        "power": draw(powers(peak_power_w)),
        "battery": draw(batteries(peak_power_w)),
        "thermal": draw(
            thermals(
                peak_power_w,
                step_s / N_SUBSTEPS,
                spread["radiator_std_fraction"]["value"],
            )
        ),
        "links": draw(links()),
        "faults": draw(faults()),
        "spread": spread,
    }


def any_hardware(step_s: float = 60.0) -> st.SearchStrategy[Hardware]:
    """Draws hardware that the model admits, for control steps of a length."""
    return hardware_documents(step_s).map(Hardware.model_validate)

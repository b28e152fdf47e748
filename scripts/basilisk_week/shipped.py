"""What `ai1` has and Basilisk's modules have not: each figure put back alone, and its effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scripts.basilisk_week import ours
from scripts.basilisk_week.cases import LOADS, Case, Week
from scripts.basilisk_week.differences import SETTLED, array_gain

KWH_J = 3.6e6
#: Overrides in the units of `like-for-like.yaml`.
SHIPPED = {
    "cells lose 0.35 % a kelvin": {"hardware.power.temperature_loss": 0.0035},
    "battery losses of 4 % each way": {
        "hardware.battery.charge_efficiency": 0.96,
        "hardware.battery.discharge_efficiency": 0.96,
        # Rates without a limit would boil the pack on paper; its warmth does nothing to the week.
        "hardware.battery.pack_conductance": 10.0,
    },
    "charging at 0.5 C at most, taper from 90 %": {
        "hardware.battery.charge_rate": 0.5,
        "hardware.battery.taper_start_fraction": 0.9,
    },
    "heat capacity of chips, loop, radiator 0.4, 0.8, 1.1 MJ/K": {
        "hardware.thermal.chip_capacity": 0.4,
        "hardware.thermal.loop_capacity": 0.8,
        "hardware.thermal.radiator_capacity": 1.1,
    },
    "radiator 2 degrees from edge-on to the Sun": {"hardware.thermal.pointing_error": 2.0},
}
LOADED = list(LOADS).index("load")


@dataclass(frozen=True)
class Effect:
    """A week with one figure put back, at the fixed load."""

    name: str
    array_percent: float  # energy of the week, against the week without it
    lowest_kwh: float
    coldest_k: float
    warmest_k: float


def effects(case: Case, plain: Week) -> list[Effect]:
    """Returns the week as compared, then with each figure of `SHIPPED` put back alone."""
    weeks = {"as compared": plain} | {
        name: ours.fly(case, ours.params_of(case, changes), np.float32)
        for name, changes in SHIPPED.items()
    }
    return [effect(name, week, plain) for name, week in weeks.items()]


def effect(name: str, week: Week, plain: Week) -> Effect:
    """Returns the `Effect` of a week."""
    node_k = week.node_k[SETTLED:, LOADED]
    return Effect(
        name,
        array_gain(week, plain),
        float(week.stored_j[:, LOADED].min() / KWH_J),
        float(node_k.min()),
        float(node_k.max()),
    )

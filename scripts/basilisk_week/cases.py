"""The two orbits, the two loads, and what a week of either program leaves behind."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from sunward.core.params import Hardware
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.physics.orbit import sun_synchronous_inclination_rad
from sunward.physics.sun import node_from_local_time_rad
from sunward.scenario.build import days_since_j2000

SCENARIO = Path(__file__).with_name("like-for-like.yaml")
STEP_S = 60.0
N_STEPS = 7 * 1440
#: Share of the accelerators that are on: the least there is, and half of them.
LOADS = {"idle": 0.05, "load": 0.5}
START_C = 20.0


@dataclass(frozen=True)
class Case:
    """One orbit: circular mean elements at 00:00 UTC of a date, equator and equinox of date."""

    name: str
    title: str
    start: date
    altitude_km: float
    inclination_deg: float | None  # None: Sun-synchronous
    node_deg: float | None  # None: from `ltan_h`
    ltan_h: float | None
    argument_deg: float

    @property
    def days(self) -> float:
        """Start in days since J2000, UTC."""
        return days_since_j2000(self.start)

    @property
    def radius_m(self) -> float:
        """Mean semi-major axis in m."""
        return EARTH_RADIUS_M + 1e3 * self.altitude_km

    @property
    def inclination_rad(self) -> float:
        """Mean inclination in rad."""
        if self.inclination_deg is None:
            return sun_synchronous_inclination_rad(self.radius_m)
        return math.radians(self.inclination_deg)

    @property
    def node_rad(self) -> float:
        """Right ascension of the ascending node at the start in rad."""
        if self.ltan_h is not None:
            return node_from_local_time_rad(self.days, self.ltan_h)
        assert self.node_deg is not None
        return math.radians(self.node_deg)

    @property
    def argument_rad(self) -> float:
        """Argument of latitude at the start in rad."""
        return math.radians(self.argument_deg)

    @property
    def overrides(self) -> dict[str, Any]:
        """What of the scenario is this orbit's."""
        return {
            "start.date": self.start.isoformat(),
            "constellation.altitude_km": self.altitude_km,
            "constellation.inclination_deg": self.inclination_deg,
            "constellation.sun_synchronous": self.inclination_deg is None,
            "constellation.ltan_h": self.ltan_h,
        }


CASES = (
    Case("walker", "53 deg, 550 km", date(2026, 12, 21), 550.0, 53.0, 30.0, None, 0.0),
    # With an ascending node at dusk the Sun is lowest over the plane in June: eclipses of 20 min.
    Case("dawn-dusk", "dawn-dusk, 650 km, June", date(2027, 6, 14), 650.0, None, None, 18.0, 0.0),
)


@dataclass
class Week:
    """What one program says of one orbit; rows are minutes, columns of the last two the loads."""

    light: np.ndarray  # (N_STEPS,) share of the Sun's disc, mean over the minute
    array_j: np.ndarray  # (N_STEPS,) in the minute
    stored_j: np.ndarray  # (N_STEPS + 1, 2) at its end; the first row is the start
    node_k: np.ndarray  # (N_STEPS + 1, 2) of the radiating node
    entry_s: np.ndarray = field(default_factory=lambda: np.zeros(0))  # half of the disc is covered
    exit_s: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Satellite:
    """What both programs are told of the satellite, beyond its orbit."""

    panel_area_m2: float
    panel_efficiency: float
    capacity_j: float
    start_j: float
    base_w: float  # bus and pump
    compute_w: tuple[float, float]  # heats the radiator
    face_m2: float  # one of the radiator's two
    emissivity: float
    absorptivity: float
    heat_capacity_j_k: float
    constant_w: float  # infrared of the Earth and of the satellite's own parts


def satellite(hw: Hardware, start_fraction: float, earth_view: float, infrared: float) -> Satellite:
    """Returns the satellite of a scenario as Basilisk's modules take it.

    Args:
        hw: The scenario's hardware.
        start_fraction: Charge at the start over capacity.
        earth_view: View factor of the Earth from either face of the radiator.
        infrared: Emitted by the Earth in W/m2.
    """
    absorbed_w_m2 = hw.parasitic_w_m2 + hw.emissivity * earth_view * infrared
    return Satellite(
        panel_area_m2=hw.array_area_m2,
        panel_efficiency=hw.array_efficiency * hw.mppt_efficiency,
        capacity_j=hw.capacity_j,
        start_j=start_fraction * hw.capacity_j,
        base_w=hw.bus_power_w + hw.pump_power_w,
        compute_w=(LOADS["idle"] * hw.peak_power_w, LOADS["load"] * hw.peak_power_w),
        face_m2=0.5 * hw.emitting_area_m2,
        emissivity=hw.emissivity,
        absorptivity=hw.absorptivity,
        heat_capacity_j_k=hw.chip_capacity_j_k + hw.loop_capacity_j_k + hw.radiator_capacity_j_k,
        constant_w=absorbed_w_m2 * hw.emitting_area_m2,
    )

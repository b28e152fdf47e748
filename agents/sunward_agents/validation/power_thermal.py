"""Orbit, eclipse, array, battery and one thermal node together (basilisk_power_thermal.csv)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sunward.physics import battery, eclipse, power, thermal
from sunward.physics.constants import (
    AU_M,
    SECONDS_PER_HOUR,
    SOLAR_CONSTANT_W_M2,
    STEFAN_BOLTZMANN_W_M2_K4,
    TWO_PI,
    ZERO_CELSIUS_K,
)
from sunward_agents.validation.check import Check
from sunward_agents.validation.geometry import (
    ALTITUDE_KM,
    INCLINATION_DEG,
    dot,
    position,
    radius_m,
    xyz,
)
from sunward_agents.validation.tables import (
    LONGEST_S,
    Row,
    Spec,
    Table,
    number,
    numbers,
    vector,
    word,
)

#: Two constants that Basilisk's sensorThermal carries in its source and takes no input for: a
#: Stefan-Boltzmann constant with two digits swapped, and sunlight of 1,366 W/m2 at any distance.
#: With ours instead the node is 0.6 K off.
EMISSION_IN_BASILISK = 5.76051e-8 / STEFAN_BOLTZMANN_W_M2_K4
SUNLIGHT_IN_BASILISK_W_M2 = 1366.0
#: An exchange without losses or limits, and an array without temperature.
NO_LIMIT_W = 1e12
CELL_K, LOSS_PER_K = 301.0, 0.0
SAME_TIME_S = 1e-6

POWER_THERMAL = Spec(
    "basilisk_power_thermal.csv",
    (
        word("case"),
        number("t_s", 0.0, LONGEST_S),
        number("illumination", 0.0, 1.0),
        *numbers("panel_w", "stored_wh", "T_node_C"),
    ),
    cases=Spec(
        "basilisk_power_thermal_cases.csv",
        (
            word("case"),
            number("altitude_km", *ALTITUDE_KM),
            number("inc_deg", *INCLINATION_DEG),
            number("raan_deg"),
            *numbers("sun_gcrf_x", "sun_gcrf_y", "sun_gcrf_z", low=-1.001, high=1.001),
            number("sun_dist_km", 1e8, 2e8),
            number("period_s", 1.0),
            vector("panel_normal_gcrf"),
            *numbers("panel_area_m2", "battery_wh", "node_mass_kg", "node_cp", low=1e-9),
            number("dt_s", 0.01, 3600.0),
            *numbers("panel_eff", "soc0", "node_alpha", "node_eps", low=0.0, high=1.0),
            *numbers("load_w", "node_area_m2", "node_power_w", "node_T0_C"),
        ),
    ),
)


@dataclass(frozen=True)
class Moment:
    """What our functions give for one row of the table."""

    case: Row
    row: Row
    light: float
    panel_w: float
    stored_j: float
    node_k: float


def moments(table: Table) -> list[Moment]:
    """Returns our history beside every row, each case from its own start."""
    found = []
    for case, rows in table.by_case():
        now_s = 0.0
        stored_j = case["soc0"] * capacity_j(case)
        node_k = case["node_T0_C"] + ZERO_CELSIUS_K
        for row in rows:
            with table.blame(row):
                while now_s < row["t_s"] - SAME_TIME_S:
                    now_s += case["dt_s"]
                    # Basilisk's modules use the light at the end of their step.
                    light = illumination(case, now_s)
                    stored_j = store(case, stored_j, panel_w(case, light) - case["load_w"])
                    node_k = warm(case, node_k, light)
                light = illumination(case, row["t_s"])
                panel = panel_w(case, row["illumination"])
            found.append(Moment(case, row, light, panel, stored_j, node_k))
    return found


def illumination(case: Row, time_s: float) -> float:
    """Returns the share of the Sun in view, on a circular orbit that starts at its node."""
    point = position(
        TWO_PI * time_s / case["period_s"],
        math.radians(case["raan_deg"]),
        math.radians(case["inc_deg"]),
    )
    cosine = dot(point, xyz(case, "sun_gcrf_"))
    sin_limb, _ = eclipse.limb_sines(radius_m(case))
    sun_radius = eclipse.sun_angular_radius_rad(distance_au(case))
    separation = math.acos(max(min(-cosine, 1.0), -1.0))
    return eclipse.two_disc_illumination(sun_radius, math.asin(sin_limb), separation)


def distance_au(case: Row) -> float:
    """Returns the distance to the Sun in AU."""
    return case["sun_dist_km"] * 1e3 / AU_M


def capacity_j(case: Row) -> float:
    """Returns the energy of the full battery in J."""
    return case["battery_wh"] * SECONDS_PER_HOUR


def facing(case: Row) -> float:
    """Returns the cosine between the Sun and the normal that panel and node share."""
    return dot(case["panel_normal_gcrf"], xyz(case, "sun_gcrf_"))


def panel_w(case: Row, light: float) -> float:
    """Returns the array's power in W."""
    irradiance = power.irradiance_w_m2(light, facing(case), distance_au(case))
    array = case["panel_area_m2"], case["panel_eff"], CELL_K, CELL_K, LOSS_PER_K, 1.0
    return power.array_power_w(irradiance, *array)


def store(case: Row, stored_j: float, net_w: float) -> float:
    """Returns the charge of a battery without losses or limits of power after a step in J."""
    return battery.battery_exchange(
        stored_j, capacity_j(case), net_w, NO_LIMIT_W, NO_LIMIT_W, 1.0, 1.0, case["dt_s"]
    ).charge_j


def warm(case: Row, node_k: float, light: float) -> float:
    """Returns the temperature of Basilisk's node after a step in K."""
    sunlight_w = SUNLIGHT_IN_BASILISK_W_M2 * light * max(facing(case), 0.0) * case["node_area_m2"]
    heat_w = case["node_power_w"] + case["node_alpha"] * sunlight_w
    capacity = case["node_mass_kg"] * case["node_cp"]
    emissivity = case["node_eps"] * EMISSION_IN_BASILISK
    return thermal.one_node_step(
        node_k, heat_w, case["node_area_m2"], emissivity, 0.0, capacity, case["dt_s"]
    ).node_k


def panel_errors(table: Table) -> Iterator[float]:
    """Yields the errors of the array's power in the table's light, as a share of full power."""
    for now in table.once(moments):
        full_w = SOLAR_CONSTANT_W_M2 * now.case["panel_area_m2"] * now.case["panel_eff"]
        yield abs(now.panel_w - now.row["panel_w"]) / full_w


def stored_errors(table: Table) -> Iterator[float]:
    """Yields the errors of the stored energy as a share of capacity."""
    for now in table.once(moments):
        stored_j = now.row["stored_wh"] * SECONDS_PER_HOUR
        yield abs(now.stored_j - stored_j) / capacity_j(now.case)


def node_errors(table: Table) -> Iterator[float]:
    """Yields the errors of the node's temperature in K."""
    for now in table.once(moments):
        yield abs(now.node_k - ZERO_CELSIUS_K - now.row["T_node_C"])


def light_errors(table: Table) -> Iterator[float]:
    """Yields the errors of the light on our own orbit."""
    for now in table.once(moments):
        yield abs(now.light - now.row["illumination"])


CHECKS = (
    Check(POWER_THERMAL, "array power", "", 0.001, panel_errors),
    Check(POWER_THERMAL, "stored energy over capacity", "", 0.005, stored_errors),
    Check(POWER_THERMAL, "temperature of the node", "K", 0.5, node_errors),
    # A sample in the penumbra moves by a tenth for each second the two orbits are apart: the mean.
    Check(POWER_THERMAL, "light", "", 2e-4, light_errors, statistic="mean", is_own=True),
)

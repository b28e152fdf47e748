"""Density of the upper air, decay and upkeep against NRLMSIS 2.1 (atmosphere_decay.csv)."""

from __future__ import annotations

from collections.abc import Callable

from sunward.physics import atmosphere, drag
from sunward_agents.validation.check import Check, each_row
from sunward_agents.validation.geometry import ALTITUDE_KM
from sunward_agents.validation.tables import Row, Spec, number

M_PER_S_TO_KM_PER_DAY = 86.4
#: README: "a table interpolation: within 5 %".
LIMIT = 0.05

ATMOSPHERE_DECAY = Spec(
    "atmosphere_decay.csv",
    (
        number("altitude_km", *ALTITUDE_KM),
        number("f107", 50.0, 400.0),
        number("ap", 0.0, 400.0),
        number("rho_mean_kg_m3", 1e-30, 1.0),
        number("dadt_km_per_day_per_unit_CdA_m", -1e9, -1e-30),
        number("dv_m_s_per_year_per_unit_CdA_m", 1e-30, 1e9),
    ),
)


def place_and_activity(row: Row) -> tuple[float, float, float]:
    """Returns (altitude in m, F10.7, ap)."""
    return 1e3 * row["altitude_km"], row["f107"], row["ap"]


def density_kg_m3(row: Row) -> float:
    """Returns our mean density."""
    return atmosphere.density_kg_m3(*place_and_activity(row))


def decay_km_per_day(row: Row) -> float:
    """Returns our change of the orbit's radius with one square metre of drag area a kilogram."""
    altitude_m, f107, ap = place_and_activity(row)
    return M_PER_S_TO_KM_PER_DAY * drag.decay_rate_m_s(altitude_m, 1.0, f107, ap)


def upkeep_m_s_per_year(row: Row) -> float:
    """Returns our yearly change of speed with one square metre of drag area a kilogram."""
    altitude_m, f107, ap = place_and_activity(row)
    return drag.upkeep_m_s_per_year(altitude_m, 1.0, f107, ap)


def relative(column: str, ours: Callable[[Row], float]) -> Callable[[Row], float]:
    """Returns the function that gives our relative error in a column."""
    return lambda row: abs(ours(row) / row[column] - 1.0)


def check(quantity: str, column: str, ours: Callable[[Row], float]) -> Check:
    """Returns the check of one column."""
    return Check(ATMOSPHERE_DECAY, quantity, "", LIMIT, each_row(relative(column, ours)))


CHECKS = (
    check("mean density", "rho_mean_kg_m3", density_kg_m3),
    check("decay of the orbit", "dadt_km_per_day_per_unit_CdA_m", decay_km_per_day),
    check("upkeep", "dv_m_s_per_year_per_unit_CdA_m", upkeep_m_s_per_year),
)

"""Radiator areas against the closed form (radiator_area.csv)."""

from __future__ import annotations

from collections.abc import Iterator

from sunward.physics import thermal
from sunward_agents.validation.check import Check, Errors, beyond_rounding, written_decimals
from sunward_agents.validation.tables import Row, Spec, Table, number

COLUMNS = ("net_W_per_m2_one_side", "area_one_side_m2_per_kW", "panel_area_two_sided_m2_per_kW")

RADIATOR_AREA = Spec(
    "radiator_area.csv",
    (
        number("T_rad_K", 1.0, 2000.0),
        number("T_sink_K", 0.0, 2000.0),
        number("eps", 1e-6, 1.0),
        *(number(name) for name in COLUMNS),
    ),
)


def net_w_m2(row: Row) -> float:
    """Returns the net power of one face in W/m2."""
    return thermal.radiated_power_w(row["T_rad_K"], row["T_sink_K"], 1.0, row["eps"])


def relative(column: str, kilowatts: float) -> Errors:
    """Returns the relative errors of a column, power or area for `kilowatts`, beyond its rounding.

    The tables give areas to five decimals: that is coarser than the accuracy asked for.
    """

    def errors(table: Table) -> Iterator[float]:
        decimals = written_decimals(row[column] for row in table.rows)
        for row in table.rows:
            net = net_w_m2(row)
            if net > 0.0:  # a radiator colder than its sink has no area
                ours = 1000.0 * kilowatts / net if kilowatts else net
                yield beyond_rounding(ours, row[column], decimals) / ours

    return errors


CHECKS = (
    Check(RADIATOR_AREA, "net power of a face", "", 1e-6, relative("net_W_per_m2_one_side", 0.0)),
    Check(
        RADIATOR_AREA,
        "area a kW, one face",
        "",
        1e-6,
        relative("area_one_side_m2_per_kW", 1.0),
    ),
    Check(
        RADIATOR_AREA,
        "area a kW, two faces",
        "",
        1e-6,
        relative("panel_area_two_sided_m2_per_kW", 0.5),
    ),
)

"""Ageing of our battery's chemistry against BLAST-Lite (battery_ageing_blast.csv)."""

from __future__ import annotations

from collections.abc import Iterator

from sunward.physics.ageing import relative_capacity
from sunward.physics.constants import ZERO_CELSIUS_K
from sunward_agents.validation.check import Check, each_row
from sunward_agents.validation.tables import Row, Spec, Table, number, word

#: Rows of other chemistries do not count.
OUR_LAW = "Schmalstieg"
MINUTES_PER_DAY = 1440.0
#: Of two rows that differ by less than this the table itself does not know the order.
CLEAR_DIFFERENCE = 0.01
STRESSORS = ("dod", "temp_C", "eclipse_min", "soc_max", "season_share", "orbits_per_day", "years")

BATTERY_AGEING = Spec(
    "battery_ageing_blast.csv",
    (
        word("model"),
        number("dod", 0.0, 1.0),
        number("temp_C", -40.0, 80.0),
        number("eclipse_min", 0.0, 60.0),
        number("soc_max", 0.0, 1.0),
        number("season_share", 0.0, 1.0),
        number("orbits_per_day", 0.0, 20.0),
        number("years", 0.0, 30.0),
        number("q_rel", 0.0, 1.0),
    ),
)


def is_ours(row: Row) -> bool:
    """True where the row is of the chemistry whose law we follow."""
    return OUR_LAW in row["model"]


def capacity(row: Row) -> float:
    """Returns what we say is left of the row's battery."""
    return relative_capacity(
        row["years"],
        row["orbits_per_day"],
        row["dod"],
        row["temp_C"] + ZERO_CELSIUS_K,
        row["eclipse_min"] * row["orbits_per_day"] / MINUTES_PER_DAY,
        row["season_share"],
        row["soc_max"],
    )


def error(row: Row) -> float | None:
    """Returns the error of the capacity left."""
    return abs(capacity(row) - row["q_rel"]) if is_ours(row) else None


def wrong_orders(table: Table) -> Iterator[float]:
    """Yields 1 for each pair, one stressor apart, that we put in the wrong order, else 0."""
    rows = [(row, capacity(row)) for row in table.rows if is_ours(row)]
    for place, (one, ours) in enumerate(rows):
        for other, theirs in rows[:place]:
            n_changes = sum(one[name] != other[name] for name in STRESSORS)
            difference = one["q_rel"] - other["q_rel"]
            if n_changes == 1 and abs(difference) > CLEAR_DIFFERENCE:
                yield float((ours - theirs) * difference <= 0.0)


CHECKS = (
    Check(BATTERY_AGEING, "capacity left, NMC111", "", 0.03, each_row(error)),
    Check(BATTERY_AGEING, "order of the stressors", "", 0.0, wrong_orders, statistic="count"),
)

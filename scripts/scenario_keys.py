"""Writes the tables of scenario keys in docs/scenarios.md from the models that check them.

`python scripts/scenario_keys.py` rewrites the part between the two marks; a key without a meaning
here, or a meaning without a key, stops it.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic.fields import FieldInfo

from sunward.scenario.constellation import ElementSets, MixedShells, Shell, Start
from sunward.scenario.game import Demand, Episode, Ground, Network, Reward, SafeMode
from sunward.scenario.model import Model

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scenarios.md"
BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"

#: The last word of a key -> unit.
UNITS = {
    "km": "km",
    "deg": "deg",
    "h": "h",
    "hours": "h",
    "min": "min",
    "minutes": "min",
    "s": "s",
    "c": "degC",
    "fraction": "1",
    "spread": "days",
    "load": "1",
    "kwh": "1 per kWh",
}
SECTIONS: dict[str, type[Model]] = {
    "constellation, one pattern": Shell,
    "constellation, mixed shells": MixedShells,
    "constellation, element sets": ElementSets,
    "start": Start,
    "episode": Episode,
    "demand": Demand,
    "network": Network,
    "ground, which may be left out": Ground,
    "reward": Reward,
    "safe_mode": SafeMode,
}
MEANING = {
    Shell: {
        "pattern": "nodes over a whole turn, half a turn, or one plane",
        "satellites": "of all planes",
        "planes": "must divide `satellites`",
        "phasing": "Walker's F: a plane is F / T of a turn ahead of the one to its west",
        "altitude_km": "above the equatorial radius of 6378.1363 km",
        "inclination_deg": "this or `sun_synchronous`",
        "sun_synchronous": "the inclination follows from the altitude, the node from the Sun",
        "ltan_h": "mean local time at the ascending node of the first plane; Sun-synchronous only",
    },
    MixedShells: {"shells": "patterns as above, at most 1,000,000 satellites together"},
    ElementSets: {"elements": "TLE, OMM CSV or OMM JSON; a relative path counts from the scenario"},
    Start: {
        "date": "00:00 UTC; the time of day is drawn",
        "day_spread": "the day is drawn evenly from this many before to as many after",
        "charge_min_fraction": "of the battery, drawn for each satellite",
        "charge_max_fraction": "at least `charge_min_fraction`",
        "queue_max_fraction": "deferrable work that waits, drawn from 0 to this",
        "temperature_c": "of all thermal nodes, 10 degrees at most above it",
        "solar_activity": "of the cycle, for trapped protons: 0 minimum, 1 maximum",
        "node_spread_deg": "all planes are turned by up to this, either way, Sun-synchronous too",
    },
    Episode: {"hours": "length of an episode", "step_s": "between decisions; divides `hours`"},
    Demand: {
        "profile": "fitted figures: a shipped name or a path",
        "sites": "cities with weights and clocks: a shipped name or a path",
        "interactive_load": "mean, as a share of what the fleet does at full clock",
        "deferrable_load": "the same of work that can wait",
        "ingress_radius_km": "of the cap within which a site's requests reach a satellite",
        "shortest_deadline_min": "deferrable deadlines are drawn between the two",
        "longest_deadline_min": "at least `shortest_deadline_min`",
        "trace": "plays a trace file; a relative path counts from the scenario",
        "trace_scale": "scaled to the loads, or as recorded",
    },
    Network: {
        "neighbours": "+Grid within each shell, with links between pairs of rings, or no links",
        "transfer_gain": "share of the movable work sent per unit of price difference",
        "transfer_limit_satellite_min": "full-clock work of a satellite that a link takes a step",
        "carries_interactive": "links take requests; else they are answered where they come down",
    },
    Ground: {
        "price": "what the data centre asks: work flows down from satellites that ask more",
        "cost": "of a satellite-step of work there, in the unit of `reward`",
        "limit_satellite_min": "full-clock work of a satellite that it sends down a step at most",
    },
    Reward: {
        "value_interactive": "for a satellite-step of work at full clock",
        "value_deferrable": "the same of deferrable work",
        "miss_interactive": "penalty of a satellite-step lost",
        "miss_deferrable": "penalty of a satellite-step past its deadline",
        "wear_per_kwh": "of energy that leaves the battery",
        "brownout": "penalty of one",
        "trip": "penalty of one",
        "sender_credit": "share of a handed-over job's outcome that goes to its sender",
        "team_share": "0: a satellite's own reward, 1: the mean over the fleet",
    },
    SafeMode: {"minutes": "shortest stay in safe mode after a brown-out"},
}


def main() -> None:
    """Rewrites the tables of the page."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def with_tables(page: str) -> str:
    """Returns the page with the part between the marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "".join(tables()) + END + after


def tables() -> Iterator[str]:
    """Yields the lines of all tables."""
    for title, model in SECTIONS.items():
        meaning, fields = MEANING[model], model.model_fields
        if set(meaning) != set(fields):
            raise ValueError(f"{title}: keys and meanings differ: {set(meaning) ^ set(fields)}")
        yield f"\n### {title}\n\n"
        yield "| key | unit | values | default | meaning |\n|---|---|---|---|---|\n"
        for key, field in fields.items():
            default = "needed" if field.is_required() else f"{field.default}".lower()
            cells = (f"`{key}`", unit(key), values(field), default, meaning[key])
            yield f"| {' | '.join(cells)} |\n"
    yield "\n"


def unit(key: str) -> str:
    """Returns the unit that a key's last word names, or nothing."""
    return UNITS.get(key.rpartition("_")[2], "")


def values(field: FieldInfo) -> str:
    """Returns what a field takes: its choices, or its type and bounds."""
    kind, bounds = _kind_and_bounds(field)
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{choice}`" for choice in typing.get_args(kind))
    names = {float: "number", int: "whole number", str: "text", bool: "true or false"}
    name = names.get(kind, "date" if getattr(kind, "__name__", "") == "date" else "list")
    if kind is str:
        return name
    return f"{name} {' '.join(_bound(item) for item in bounds)}".strip()


def _kind_and_bounds(field: FieldInfo) -> tuple[Any, list[Any]]:
    """Returns the type of a field without `| None`, and all bounds on it."""
    kind, bounds = field.annotation, list(field.metadata)
    options = [item for item in typing.get_args(kind) if item is not NoneType]
    if NoneType in typing.get_args(kind):
        kind = options[0]
    if hasattr(kind, "__metadata__"):
        for item in kind.__metadata__:
            bounds += getattr(item, "metadata", [item])
        kind = kind.__origin__
    return kind, [item for item in bounds if _bound(item)]


def _bound(item: Any) -> str:
    match item:
        case Ge(ge=value):
            return f"from {value:,g}" if isinstance(value, float) else f"from {value:,}"
        case Gt(gt=value):
            return f"above {value:g}"
        case Le(le=value):
            return f"to {value:g}" if isinstance(value, float) else f"to {value:,}"
        case Lt(lt=value):
            return f"below {value:g}"
        case MinLen(min_length=value):
            return f"of {value}"
        case MaxLen(max_length=value):
            return f"to {value:,}"
        case _:
            return ""


if __name__ == "__main__":
    main()

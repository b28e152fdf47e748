"""Worlds whose bounds are tested: short ones, of a satellite or a small ring."""

from __future__ import annotations

from sunward import build_params, load_scenario
from sunward.core.params import Params

#: Eight satellites in a ring that just see each other.
RING = {"constellation.satellites": 8}
#: The same, where links take queues by far and no requests.
STAYING = RING | {
    "network.carries_interactive": False,
    "network.transfer_gain": 8.0,
    "network.transfer_limit_satellite_min": 60.0,
}
#: A data centre that is worth its cost for requests, and for batch work that would be missed.
GROUND = {"ground": {"price": 0.4, "cost": 0.7, "limit_satellite_min": 0.3}}


def params_of(scenario: str, hours: float = 2.0, **overrides) -> Params:
    return build_params(load_scenario(scenario, **{"episode.hours": hours}, **overrides))

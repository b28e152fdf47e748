"""All checks, in the order they are shown."""

from __future__ import annotations

from sunward_agents.validation import (
    ageing,
    drag,
    eclipse,
    ground,
    links,
    orbits,
    power_thermal,
    radiator,
    relative,
    saa,
    season,
    sun,
    thermal,
    view,
)
from sunward_agents.validation.check import Check

MODULES = (
    sun,
    eclipse,
    season,
    orbits,
    ground,
    links,
    power_thermal,
    thermal,
    radiator,
    view,
    relative,
    drag,
    saa,
    ageing,
)
CHECKS: tuple[Check, ...] = tuple(check for module in MODULES for check in module.CHECKS)

"""All checks, in the order they are shown."""

from __future__ import annotations

from sunward_agents.validation import (
    eclipse,
    ground,
    links,
    orbits,
    power_thermal,
    radiator,
    relative,
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
)
CHECKS: tuple[Check, ...] = tuple(check for module in MODULES for check in module.CHECKS)

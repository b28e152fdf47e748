"""From a plan's columns to the levels of a satellite's actions."""

from __future__ import annotations

import numpy as np

from sunward.core.params import Hardware
from sunward_agents.planners.operating_points import power_fraction
from sunward_agents.planners.satellite import Satellite

#: Deferrable work below this share of a satellite is none.
NONE = 1.0e-4


class ClockTable:
    """The clock action for the power of a full accelerator."""

    def __init__(self, hardware: Hardware) -> None:
        self._levels = np.linspace(0.0, 1.0, 201)
        clocks = hardware.min_clock + (1.0 - hardware.min_clock) * self._levels
        self._power = np.array([power_fraction(clock, hardware) for clock in clocks])

    def level(self, power: np.ndarray) -> np.ndarray:
        """Returns levels in [0, 1] of the clock action."""
        return np.interp(power, self._power, self._levels)


def planned_levels(
    satellite: Satellite, solution: np.ndarray, n_blocks: int, clocks: ClockTable
) -> np.ndarray:
    """Returns the levels (n_blocks, 3) of clock, deferrable energy and active share.

    Args:
        solution: columns of the program that the satellite is part of.
        n_blocks: blocks that are looked at, from the first on.
    """
    interactive = solution[satellite.interactive[:n_blocks]]
    deferrable = solution[satellite.deferrable[:n_blocks]]
    points = satellite.design
    power = interactive @ points.interactive.power + deferrable @ points.deferrable.power
    busy = interactive.sum(axis=1) + deferrable.sum(axis=1)
    clock = clocks.level(power / np.maximum(busy, 1e-6))
    low = satellite.hardware.min_active_share
    share = (np.clip(busy, low, 1.0) - low) / (1.0 - low)
    return np.stack([clock, deferrable.sum(axis=1) > NONE, share], axis=1)

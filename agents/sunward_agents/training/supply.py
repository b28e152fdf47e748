"""What clock the power of a satellite carries: round an orbit, and through a night."""

from __future__ import annotations

import numpy as np

from sunward.training.features import in_units
from sunward.training.params import TrainingParams
from sunward_agents.planners.operating_points import power_fraction

#: Clocks between which the curve of power is taken as straight.
N_CLOCKS = 200
#: Steps that a night lasts at least, for a division.
SHORTEST_NIGHT_S = 60.0


class Supply:
    """Power of a scenario's hardware against clock, at full coolant flow and nominal leakage."""

    def __init__(self, params: TrainingParams) -> None:
        hw = params.hardware
        self.hardware = hw
        self._clocks = np.linspace(hw.min_clock, 1.0, N_CLOCKS)
        self._power_w = hw.peak_power_w * np.array(
            [power_fraction(float(clock), hw) for clock in self._clocks]
        )
        self._base_w = hw.bus_power_w + hw.pump_power_w

    def clock_of(self, power_w: np.ndarray) -> np.ndarray:
        """Returns the clock of all accelerators that takes a power, the lowest at least."""
        return np.interp(power_w, self._power_w, self._clocks)

    def power_w(self, clock: float) -> float:
        """Returns what a satellite draws with all its accelerators at a clock, bus and pump too."""
        return float(np.interp(clock, self._clocks, self._power_w)) + self._base_w

    def orbit_clock(self, observations: np.ndarray) -> np.ndarray:
        """Returns the clock that a satellite could hold all round its orbit, by its mean light.

        What the night takes goes through the battery, and costs its losses.
        """
        hw = self.hardware
        dark = in_units(observations, "eclipse_fraction")
        round_trip = hw.charge_efficiency * hw.discharge_efficiency
        mean_w = hw.nominal_array_w * (1.0 - dark) / (1.0 - dark + dark / round_trip)
        return self.clock_of(mean_w - self._base_w)

    def day_clock(self, observations: np.ndarray) -> np.ndarray:
        """Returns the clock that a satellite could hold in sunlight if it rests in shadow."""
        hw = self.hardware
        dark = in_units(observations, "eclipse_fraction")
        round_trip = hw.charge_efficiency * hw.discharge_efficiency
        for_night_w = hw.bus_power_w * dark / (1.0 - dark) / round_trip
        return self.clock_of(hw.nominal_array_w - self._base_w - for_night_w)

    def night_clock(self, observations: np.ndarray) -> np.ndarray:
        """Returns the clock that the emptiest member can hold until the last one sees the Sun.

        Full clock where all members are in sunlight.
        """
        hw = self.hardware
        night_s = in_units(observations, "longest_night")
        spare = np.maximum(in_units(observations, "least_charge") - hw.compute_floor, 0.0)
        spare_j = spare * hw.capacity_j * hw.discharge_efficiency
        held = self.clock_of(spare_j / np.maximum(night_s, SHORTEST_NIGHT_S) - self._base_w)
        return np.where(night_s > 0.0, held, 1.0)

    def raw_clock(self, clock: np.ndarray) -> np.ndarray:
        """Returns the action, -1 to 1, of a clock; beyond full clock is full."""
        low = self.hardware.min_clock
        return np.clip(2.0 * (clock - low) / (1.0 - low) - 1.0, -1.0, 1.0)

    def raw_share(self, share: np.ndarray) -> np.ndarray:
        """Returns the action, -1 to 1, of a share of the accelerators that is switched on."""
        low = self.hardware.min_active_share
        return np.clip(2.0 * (share - low) / (1.0 - low) - 1.0, -1.0, 1.0)

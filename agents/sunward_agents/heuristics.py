"""Hand-written rules: what a trained policy has to beat.

Every rule reads the observation by name, acts for all satellites at once and keeps no memory.
The constants are those that `scripts/tune_rules.py` found on training worlds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sunward.core.actions import INDEX, N_ACTIONS
from sunward.core.observations import in_units

Levels = np.ndarray | float


def action_rows(n: int, **levels: Levels) -> np.ndarray:
    """Returns actions (n, N_ACTIONS) from levels in [0, 1] by name; unnamed ones are 0.5."""
    rows = np.zeros((n, N_ACTIONS), np.float32)
    for name, level in levels.items():
        rows[:, INDEX[name]] = np.clip(2.0 * np.asarray(level, np.float32) - 1.0, -1.0, 1.0)
    return rows


def ramp(value: np.ndarray, start: float, width: float) -> np.ndarray:
    """Returns 0 below `start`, 1 above `start + width`, a straight line between."""
    return np.clip((value - start) / width, 0.0, 1.0)


class Rule:
    """A policy without memory."""

    def reset(self, n_envs: int, seed: int) -> None:
        """Forgets nothing: a rule keeps nothing."""

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        """Returns actions float32 (n, N_ACTIONS)."""
        raise NotImplementedError


class Idle(Rule):
    """Lowest clock, no deferrable work, fewest accelerators, lowest flow."""

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        return action_rows(
            len(observations), clock=0.0, deferrable_energy=0.0, coolant_flow=0.0, active_share=0.0
        )


class FlatOut(Rule):
    """Everything at full, nothing handed over."""

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        return action_rows(
            len(observations), clock=1.0, deferrable_energy=1.0, coolant_flow=1.0, active_share=1.0
        )


class Random:
    """Draws every action evenly; each world has a stream of its own, whatever the batch."""

    def __init__(self) -> None:
        self._streams: list[np.random.Generator] = []

    def reset(self, n_envs: int, seed: int) -> None:
        self._streams = [np.random.default_rng((seed, env)) for env in range(n_envs)]

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        n_sats = len(observations) // len(self._streams)
        draws = [stream.random((n_sats, N_ACTIONS), np.float32) for stream in self._streams]
        return 2.0 * np.concatenate(draws) - 1.0


@dataclass(frozen=True)
class ThermostatConstants:
    """Where the ramps of the thermostat begin and how wide they are."""

    hot_start_c: float = 88.0  # chip temperature at which the clock starts to fall
    hot_width_c: float = 8.83
    flow_start_c: float = 70.0  # chip temperature at which the pump speeds up
    flow_width_c: float = 53.6
    sunlit_charge: float = 0.0363  # charge from which a sunlit satellite works at full
    sunlit_width: float = 0.466
    sunlit_least: float = 0.537  # share that works below it
    dark_charge: float = 0.462  # charge from which one in shadow works at all
    dark_width: float = 0.02
    dark_most: float = 0.269  # share that works above the ramp
    dark_clock: float = 0.348  # its clock
    dark_deferrable: float = 1.0  # its energy for deferrable work


@dataclass(frozen=True)
class Thermostat(Rule):
    """Slows the clock as chips warm, switches accelerators off as the battery empties."""

    constants: ThermostatConstants = field(default_factory=ThermostatConstants)

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        return action_rows(len(observations), **self.levels(observations))

    def levels(self, observations: np.ndarray) -> dict[str, Levels]:
        """Returns the level of every action but the price, in [0, 1]."""
        constants = self.constants
        chip_c = in_units(observations, "chip_temperature")
        charge = in_units(observations, "charge_fraction")
        is_lit = in_units(observations, "illumination") > 0.5
        cool = 1.0 - ramp(chip_c, constants.hot_start_c, constants.hot_width_c)
        fed = ramp(charge, constants.sunlit_charge, constants.sunlit_width)
        fed = constants.sunlit_least + (1.0 - constants.sunlit_least) * fed
        spare = ramp(charge, constants.dark_charge, constants.dark_width)
        return {
            "clock": cool * np.where(is_lit, 1.0, constants.dark_clock),
            "deferrable_energy": cool * np.where(is_lit, 1.0, constants.dark_deferrable * spare),
            "coolant_flow": ramp(chip_c, constants.flow_start_c, constants.flow_width_c),
            "active_share": np.where(is_lit, fed, constants.dark_most * spare),
        }


@dataclass(frozen=True)
class PacingConstants:
    """How much more than what is due the pacing rule switches on."""

    margin: float = 2.5  # capacity offered over capacity asked for
    least_share: float = 0.0
    pace_clock: float = 0.836
    pace_flow: float = 0.387


@dataclass(frozen=True)
class DeadlinePacing(Rule):
    """Serves the earliest deadline first, just in time; blind to heat, charge and neighbours."""

    constants: PacingConstants = field(default_factory=PacingConstants)

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        constants = self.constants
        due = constants.margin * deferrable_due(observations)
        interactive = constants.margin * interactive_due(observations)
        return action_rows(
            len(observations),
            clock=constants.pace_clock,
            deferrable_energy=np.clip(due / np.maximum(1.0 - interactive, 0.05), 0.0, 1.0),
            coolant_flow=constants.pace_flow,
            active_share=np.clip(interactive + due, constants.least_share, 1.0),
        )


def interactive_due(observations: np.ndarray) -> np.ndarray:
    """Returns the interactive work of the coming step over capacity."""
    return in_units(observations, "interactive_expected") + in_units(
        observations, "interactive_incoming"
    )


def deferrable_due(observations: np.ndarray) -> np.ndarray:
    """Returns the share of capacity that keeps every deadline: the steepest of four horizons.

    The queue is a share of what the longest deadline can hold, its parts are due within 1, 3 and
    6 twelfths of that deadline, so that part over horizon is a share of capacity.
    """
    urgent = in_units(observations, "queue_urgent")
    soon = urgent + in_units(observations, "queue_soon")
    middle = soon + in_units(observations, "queue_middle")
    steepest = np.maximum(np.maximum(12.0 * urgent, 4.0 * soon), 2.0 * middle)
    return np.maximum(steepest, in_units(observations, "queue"))


@dataclass(frozen=True)
class BalancingConstants:
    """What makes work dear on a satellite: each weight is the most that it adds to the price."""

    thermostat: ThermostatConstants = field(default_factory=ThermostatConstants)
    base: float = 0.0
    shadow: float = 0.393  # full shadow
    charge: float = 0.00382  # empty battery
    heat: float = 0.0  # chips at the start of the thermostat's ramp
    queue: float = 2.63  # a queue as long as the longest deadline can hold
    demand: float = 0.566  # interactive work as large as capacity


@dataclass(frozen=True)
class LoadBalancing(Rule):
    """The thermostat, with a price that is low where it is sunlit, charged, cool and quiet."""

    constants: BalancingConstants = field(default_factory=BalancingConstants)

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        levels = Thermostat(self.constants.thermostat).levels(observations)
        return action_rows(len(observations), **levels, price=self.price(observations))

    def price(self, observations: np.ndarray) -> np.ndarray:
        """Returns the price of work here, in [0, 1]."""
        constants = self.constants
        hot_c = constants.thermostat.hot_start_c
        price = (
            constants.base
            + constants.shadow * (1.0 - in_units(observations, "illumination"))
            + constants.charge * (1.0 - in_units(observations, "charge_fraction"))
            + constants.heat * ramp(in_units(observations, "chip_temperature"), 40.0, hot_c - 40.0)
            + constants.queue * in_units(observations, "queue")
            + constants.demand * interactive_due(observations)
        )
        return np.clip(price, 0.0, 1.0)

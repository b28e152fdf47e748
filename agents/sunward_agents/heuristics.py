"""Hand-written rules: what a trained policy has to beat.

Every rule reads the observation by name, acts for all satellites at once and keeps no memory.
The constants are those that `scripts/tune_rules.py` found on training worlds; each stands with the
range in which it is looked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sunward.core.actions import INDEX, N_ACTIONS
from sunward.core.observations import in_units
from sunward.core.simulator import Simulator
from sunward_agents.ground.offer import Offer, offer_of, relieving_price

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


def constant(default: float, low: float, high: float) -> float:
    """Returns a dataclass field of a rule's constant, to be searched from `low` to `high`."""
    return field(default=default, metadata={"range": (low, high)})


class Rule(ABC):
    """A policy without memory."""

    def reset(self, n_envs: int, seed: int) -> None:  # noqa: B027 - a rule may leave it as it is
        """Forgets nothing: a rule keeps nothing."""

    @abstractmethod
    def act(self, observations: np.ndarray) -> np.ndarray:
        """Returns actions float32 (n, numbers of an action) in [-1, 1]."""


class Idle(Rule):
    """Lowest clock, no deferrable work, fewest accelerators, lowest flow."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        return action_rows(
            len(observations), clock=0.0, deferrable_energy=0.0, coolant_flow=0.0, active_share=0.0
        )


class FlatOut(Rule):
    """Everything at full, nothing handed over."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        return action_rows(
            len(observations), clock=1.0, deferrable_energy=1.0, coolant_flow=1.0, active_share=1.0
        )


class Random:
    """Draws every action evenly; each world has a stream of its own, whatever the batch.

    Args:
        n_numbers: of an agent's action.
    """

    def __init__(self, n_numbers: int = N_ACTIONS) -> None:
        self._n_numbers = n_numbers
        self._streams: list[np.random.Generator] = []

    def reset(self, n_envs: int, seed: int) -> None:
        self._streams = [np.random.default_rng((seed, env)) for env in range(n_envs)]

    def act(self, observations: np.ndarray) -> np.ndarray:
        shape = (len(observations) // len(self._streams), self._n_numbers)
        draws = [stream.random(shape, np.float32) for stream in self._streams]
        return 2.0 * np.concatenate(draws) - 1.0


@dataclass(frozen=True)
class ThermostatConstants:
    """Where the ramps of the thermostat begin and how wide they are."""

    hot_start_c: float = constant(
        88.0, 55.0, 88.0
    )  # chip temperature at which the clock starts to fall
    hot_width_c: float = constant(8.83, 1.0, 25.0)
    flow_start_c: float = constant(70.0, -10.0, 70.0)  # chips at which the pump speeds up
    flow_width_c: float = constant(53.6, 1.0, 60.0)
    sunlit_charge: float = constant(0.0363, 0.0, 0.7)  # from which a sunlit satellite works at full
    sunlit_width: float = constant(0.466, 0.02, 0.6)
    sunlit_least: float = constant(0.537, 0.0, 1.0)  # share that works below it
    dark_charge: float = constant(0.462, 0.0, 0.9)  # charge from which one in shadow works at all
    dark_width: float = constant(0.02, 0.02, 0.6)
    dark_most: float = constant(0.269, 0.0, 1.0)  # share that works above the ramp
    dark_clock: float = constant(0.348, 0.0, 1.0)  # its clock
    dark_deferrable: float = constant(1.0, 0.0, 1.0)  # its energy for deferrable work


@dataclass(frozen=True)
class Thermostat(Rule):
    """Slows the clock as chips warm, switches accelerators off as the battery empties."""

    constants: ThermostatConstants = field(default_factory=ThermostatConstants)

    def act(self, observations: np.ndarray) -> np.ndarray:
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
class EnergyConstants:
    """How the clock follows the battery, and how the battery is spread over an eclipse."""

    hot_start_c: float = constant(88.0, 55.0, 88.0)  # as of the thermostat
    hot_width_c: float = constant(12.0, 1.0, 25.0)
    flow_start_c: float = constant(31.5, -10.0, 70.0)
    flow_width_c: float = constant(56.5, 1.0, 60.0)
    sunlit_clock: float = constant(0.798, 0.0, 1.0)  # at the charge aimed at, with little to do
    charge_aim: float = constant(0.404, 0.0, 1.0)
    charge_gain: float = constant(0.0, 0.0, 4.0)  # clock for a whole battery more
    rush: float = constant(0.0, 0.0, 1.0)  # clock for work as large as capacity
    margin: float = constant(3.18, 0.8, 4.0)  # accelerators switched on over work that is due
    least_share: float = constant(0.603, 0.0, 1.0)  # that a sunlit satellite switches on
    dark_reserve: float = constant(0.167, 0.0, 0.9)  # charge that is kept in the dark
    dark_spending: float = constant(0.332, 0.0, 3.0)  # share at work for a battery a half-hour
    dark_clock: float = constant(0.252, 0.0, 1.0)
    dark_deferrable: float = constant(0.111, 0.0, 1.0)


@dataclass(frozen=True)
class EnergyPacing(Rule):
    """Sets the clock by what the battery allows and the work asks, and rations it in the dark."""

    constants: EnergyConstants = field(default_factory=EnergyConstants)

    def act(self, observations: np.ndarray) -> np.ndarray:
        return action_rows(len(observations), **self.levels(observations))

    def levels(self, observations: np.ndarray) -> dict[str, Levels]:
        """Returns the level of every action but the price, in [0, 1]."""
        constants = self.constants
        chip_c = in_units(observations, "chip_temperature")
        is_lit = in_units(observations, "illumination") > 0.5
        cool = 1.0 - ramp(chip_c, constants.hot_start_c, constants.hot_width_c)
        ration = self._ration(observations)
        interactive = interactive_due(observations)
        due = constants.margin * (interactive + deferrable_due(observations))
        clock = np.where(is_lit, self._sunlit_clock(observations), constants.dark_clock)
        return {
            "clock": cool * np.clip(clock, 0.0, 1.0),
            "deferrable_energy": cool * np.where(is_lit, 1.0, constants.dark_deferrable),
            "coolant_flow": ramp(chip_c, constants.flow_start_c, constants.flow_width_c),
            "active_share": np.where(
                is_lit, np.maximum(due, constants.least_share), np.minimum(due, ration)
            ),
        }

    def _sunlit_clock(self, observations: np.ndarray) -> np.ndarray:
        constants = self.constants
        spare = in_units(observations, "charge_fraction") - constants.charge_aim
        asked = np.minimum(interactive_due(observations) + deferrable_due(observations), 1.0)
        return constants.sunlit_clock + constants.charge_gain * spare + constants.rush * asked

    def _ration(self, observations: np.ndarray) -> np.ndarray:
        """Returns the share at work that the battery carries to the next sunrise."""
        charge = in_units(observations, "charge_fraction") - self.constants.dark_reserve
        half_hours = in_units(observations, "time_to_sunrise") / 1800.0 + 0.05
        return self.constants.dark_spending * np.maximum(charge, 0.0) / half_hours


@dataclass(frozen=True)
class PacingConstants:
    """How much more than what is due the pacing rule switches on."""

    margin: float = constant(2.5, 0.8, 2.5)  # capacity offered over capacity asked for
    least_share: float = constant(0.0, 0.0, 1.0)
    pace_clock: float = constant(0.836, 0.0, 1.0)
    pace_flow: float = constant(0.387, 0.0, 1.0)


@dataclass(frozen=True)
class DeadlinePacing(Rule):
    """Serves the earliest deadline first, just in time; blind to heat, charge and neighbours."""

    constants: PacingConstants = field(default_factory=PacingConstants)

    def act(self, observations: np.ndarray) -> np.ndarray:
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
class PriceConstants:
    """What makes work dear on a satellite: each weight is the most that it adds to the price."""

    base: float = constant(0.0, 0.0, 0.5)
    shadow: float = constant(0.393, 0.0, 1.5)  # full shadow
    charge: float = constant(0.00382, 0.0, 1.0)  # empty battery
    heat: float = constant(0.0, 0.0, 1.0)  # chips at the start of the thermostat's ramp
    queue: float = constant(2.63, 0.0, 5.0)  # a queue as long as the longest deadline can hold
    demand: float = constant(0.566, 0.0, 1.0)  # interactive work as large as capacity


def asked_price(
    observations: np.ndarray, constants: PriceConstants, hot_start_c: float
) -> np.ndarray:
    """Returns a price of work that is low where it is sunlit, charged, cool and quiet, in [0, 1].

    Args:
        hot_start_c: chip temperature at which a satellite counts as hot.
    """
    chip_c = in_units(observations, "chip_temperature")
    price = (
        constants.base
        + constants.shadow * (1.0 - in_units(observations, "illumination"))
        + constants.charge * (1.0 - in_units(observations, "charge_fraction"))
        + constants.heat * ramp(chip_c, 40.0, hot_start_c - 40.0)
        + constants.queue * in_units(observations, "queue")
        + constants.demand * interactive_due(observations)
    )
    return np.clip(price, 0.0, 1.0)


def excess_share(observations: np.ndarray, active_share: Levels) -> np.ndarray:
    """Returns the share of its requests that a satellite would miss, in [0, 1].

    Args:
        active_share: of the accelerators that it means to switch on.
    """
    is_off = in_units(observations, "tripped") + in_units(observations, "safe_mode") > 0.0
    able = np.minimum(active_share, in_units(observations, "available_share"))
    due = interactive_due(observations)
    left = np.maximum(due - np.where(is_off, 0.0, able), 0.0)
    return left / np.maximum(due, 1e-6)


class Sharing(Rule):
    """A rule that asks a price; over a data centre it sends down what it would miss."""

    _offer: Offer | None = None

    def attach(self, simulator: Simulator, seeds: Sequence[int], split: str) -> None:
        """Learns for what the ground takes work in the worlds that are about to be played."""
        self._offer = offer_of(simulator.params)

    def act(self, observations: np.ndarray) -> np.ndarray:
        levels, price = self.levels(observations), self.price(observations)
        if self._offer is not None:
            excess = excess_share(observations, levels["active_share"])
            price = relieving_price(price, excess, self._offer)
        return action_rows(len(observations), **levels, price=price)

    @abstractmethod
    def levels(self, observations: np.ndarray) -> dict[str, Levels]:
        """Returns the level of every action but the price, in [0, 1]."""

    @abstractmethod
    def price(self, observations: np.ndarray) -> np.ndarray:
        """Returns the price of work here among neighbours, in [0, 1]."""


@dataclass(frozen=True)
class BalancingConstants(PriceConstants):
    """Those of the price, and of the thermostat that runs the satellite."""

    thermostat: ThermostatConstants = field(default_factory=ThermostatConstants)


@dataclass
class LoadBalancing(Sharing):
    """The thermostat, with a price that is low where it is sunlit, charged, cool and quiet."""

    constants: BalancingConstants = field(default_factory=BalancingConstants)

    def levels(self, observations: np.ndarray) -> dict[str, Levels]:
        return Thermostat(self.constants.thermostat).levels(observations)

    def price(self, observations: np.ndarray) -> np.ndarray:
        constants = self.constants
        return asked_price(observations, constants, constants.thermostat.hot_start_c)


@dataclass(frozen=True)
class EnergyBalancingConstants(PriceConstants):
    """Those of the price, and of the energy pacing that runs the satellite."""

    base: float = constant(0.102, 0.0, 0.5)
    shadow: float = constant(0.469, 0.0, 1.5)
    charge: float = constant(0.189, 0.0, 1.0)
    heat: float = constant(0.201, 0.0, 1.0)
    queue: float = constant(1.26, 0.0, 5.0)
    demand: float = constant(1.0, 0.0, 1.0)
    energy: EnergyConstants = field(default_factory=EnergyConstants)


@dataclass
class EnergyBalancing(Sharing):
    """Energy pacing, with the price of load balancing."""

    constants: EnergyBalancingConstants = field(default_factory=EnergyBalancingConstants)

    def levels(self, observations: np.ndarray) -> dict[str, Levels]:
        return EnergyPacing(self.constants.energy).levels(observations)

    def price(self, observations: np.ndarray) -> np.ndarray:
        return asked_price(observations, self.constants, self.constants.energy.hot_start_c)

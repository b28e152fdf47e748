"""Hand-written policies of a gang: what a trained one has to beat.

Every rule reads the observation by name, acts for all satellites at once and keeps no memory. The
constants of `Paced` are those that `scripts/tune_training.py` found on training worlds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from sunward.training.controls import INDEX, N_CONTROLS
from sunward.training.features import HOUR_S, MINUTE_S, in_units
from sunward.training.params import TrainingParams
from sunward_agents import heuristics
from sunward_agents.heuristics import Levels, constant, ramp
from sunward_agents.policies import Entry, Policy, made_for
from sunward_agents.training.intervals import daly_interval_s
from sunward_agents.training.supply import Supply

YES, NO = 1.0, -1.0
#: Satellites that are further apart along their orbit see eclipse at different times.
SPREAD_RAD = 0.1
#: Mean time between upsets where there are none, s.
NEVER_S = 1e9
#: Bound of the feature `time_to_eclipse`.
LONGEST_LIGHT_S = 6000.0


def control_rows(n: int, **values: Levels) -> np.ndarray:
    """Returns actions (n, N_CONTROLS) from values in [-1, 1] by name; unnamed ones are 1."""
    rows = np.ones((n, N_CONTROLS), np.float32)
    for name, value in values.items():
        rows[:, INDEX[name]] = np.clip(value, -1.0, 1.0)
    return rows


def mean_failure_s(params: TrainingParams, members: np.ndarray) -> np.ndarray:
    """Returns the mean time between upsets of a gang in s, at the mean flux of its orbit."""
    gang = params.gang
    rate_per_s = gang.upset_rate * gang.accelerators * np.maximum(members, 1.0)
    return 1.0 / np.maximum(rate_per_s, 1.0 / NEVER_S)


class Rule(heuristics.Rule):
    """A policy of a gang without memory."""

    def __init__(self, params: TrainingParams) -> None:
        self.params = params

    def daly_wish(self, observations: np.ndarray) -> np.ndarray:
        """Returns the wish for a checkpoint by Daly's interval, the rate of upsets known."""
        members = in_units(observations, "member_share") * self.params.n_sats
        interval_s = daly_interval_s(
            self.params.gang.checkpoint_s, mean_failure_s(self.params, members)
        )
        since_s = in_units(observations, "since_save") * MINUTE_S
        return np.where(since_s >= interval_s, YES, NO)


class Idle(Rule):
    """Lowest clock and flow, nobody in the gang."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        return np.full((len(observations), N_CONTROLS), NO, np.float32)


class FlatOut(Rule):
    """Full clock, everybody in the gang, a checkpoint at every step."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        return control_rows(len(observations))


class DalyCheckpoints(Rule):
    """Flat out, with checkpoints at Daly's interval."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        return control_rows(len(observations), checkpoint=self.daly_wish(observations))


@dataclass(frozen=True)
class ThermostatConstants:
    """Where the ramps of the thermostat begin and how wide they are."""

    hot_c: float = constant(80.0, 55.0, 88.0)  # own chips, from which the clock falls
    hot_width_c: float = constant(8.0, 1.0, 25.0)
    flow_c: float = constant(35.0, -10.0, 70.0)  # own chips, from which the pump speeds up
    flow_width_c: float = constant(35.0, 1.0, 60.0)
    charge: float = constant(0.1, 0.0, 0.7)  # own, from which the clock rises above its least
    charge_width: float = constant(0.5, 0.02, 0.6)
    least_clock: float = constant(0.5, 0.3, 1.0)  # of full clock
    dark_clock: float = constant(0.65, 0.3, 1.0)  # at most, in shadow


class Thermostat(Rule):
    """Each by its own battery and chips, all always in the gang, checkpoints at Daly's interval."""

    def __init__(
        self, params: TrainingParams, constants: ThermostatConstants | None = None
    ) -> None:
        super().__init__(params)
        self.supply = Supply(params)
        self.constants = ThermostatConstants() if constants is None else constants

    def act(self, observations: np.ndarray) -> np.ndarray:
        constants = self.constants
        chip_c = in_units(observations, "chip_temperature")
        charge = in_units(observations, "charge_fraction")
        is_lit = in_units(observations, "illumination") > 0.5
        fed = ramp(charge, constants.charge, constants.charge_width)
        clock = constants.least_clock + (1.0 - constants.least_clock) * fed
        clock = np.minimum(clock, np.where(is_lit, 1.0, constants.dark_clock))
        cool = 1.0 - ramp(chip_c, constants.hot_c, constants.hot_width_c)
        flow = ramp(chip_c, constants.flow_c, constants.flow_width_c)
        return control_rows(
            len(observations),
            clock=self.supply.raw_clock(clock * cool),
            coolant_flow=2.0 * flow - 1.0,
            checkpoint=self.daly_wish(observations),
        )


class LeaveInEclipse(Rule):
    """As `DalyCheckpoints`; satellites in shadow leave the gang and switch off."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        is_lit = in_units(observations, "illumination") > 0.5
        on = np.where(is_lit, YES, NO)
        return control_rows(
            len(observations),
            clock=on,
            coolant_flow=on,
            active_share=on,
            join=on,
            checkpoint=self.daly_wish(observations),
        )


class EqualPace(Rule):
    """As `DalyCheckpoints`, at the pace that the slowest member can keep up round the orbit."""

    def __init__(self, params: TrainingParams) -> None:
        super().__init__(params)
        self.supply = Supply(params)

    def act(self, observations: np.ndarray) -> np.ndarray:
        clock = np.minimum(
            self.supply.orbit_clock(observations), self.supply.night_clock(observations)
        )
        return control_rows(
            len(observations),
            clock=self.supply.raw_clock(clock / available(observations)),
            checkpoint=self.daly_wish(observations),
        )


def available(observations: np.ndarray) -> np.ndarray:
    """Returns the share of each satellite's accelerators that works, a tenth at least."""
    return np.maximum(in_units(observations, "available_share"), 0.1)


@dataclass(frozen=True)
class PacedConstants:
    """What the paced rule makes of the energy of an orbit, of heat, of shadow and of upsets."""

    orbit: float = constant(1.08, 0.5, 1.5)  # of the clock that the orbit's energy carries
    day: float = constant(1.07, 0.5, 1.5)  # of the one that does so for those who rest at night
    night: float = constant(0.924, 0.3, 2.0)  # of the clock that the emptiest carries to sunrise
    charge: float = constant(0.355, 0.0, 0.9)  # of the emptiest member, below which all slow down
    charge_clock: float = constant(0.861, 0.3, 1.0)  # of that clock, with nothing left
    hot_c: float = constant(87.4, 70.0, 90.0)  # of the hottest member, from which all slow down
    hot_width_c: float = constant(3.95, 1.0, 30.0)
    interval: float = constant(1.29, 0.3, 3.0)  # of Daly's, at the flux of now
    calm: float = constant(0.526, 0.02, 1.0)  # of the mean rate of upsets, expected at least
    leave_charge: float = constant(0.842, 0.0, 1.0)  # a dark member leaves below it, if spread
    rest_charge: float = constant(0.12, 0.0, 0.6)  # any member does so in a formation
    return_charge: float = constant(0.201, 0.0, 0.9)  # a lit satellite joins above it
    margin_s: float = constant(2520.0, 0.0, 3000.0)  # light ahead that it needs for that
    swap: float = constant(0.0, 0.0, 0.5)  # share of places vacant from which others are let in


class Paced(Rule):
    """Paces by energy and heat, saves by the upsets to come, trades the dark for the lit."""

    def __init__(self, params: TrainingParams, constants: PacedConstants | None = None) -> None:
        super().__init__(params)
        self.supply = Supply(params)
        self.constants = PacedConstants() if constants is None else constants
        # In a formation all are dark at once, and to leave would be to stop.
        self.is_spread = bool(np.ptp(params.orbits.argument_rad) > SPREAD_RAD)

    def act(self, observations: np.ndarray) -> np.ndarray:
        join = self.join(observations)
        is_on = np.where(in_units(observations, "member") > 0.5, join > NO, join > 0.0)
        return control_rows(
            len(observations),
            clock=self.supply.raw_clock(self.clock(observations) / available(observations)),
            coolant_flow=np.where(is_on, YES, NO),
            active_share=np.where(is_on, YES, NO),
            join=join,
            checkpoint=self.checkpoint(observations),
        )

    def clock(self, observations: np.ndarray) -> np.ndarray:
        """Returns the clock that all members are meant to keep, of full clock."""
        constants = self.constants
        if self.is_spread:
            fed = constants.day * self.supply.day_clock(observations)
        else:
            by_orbit = constants.orbit * self.supply.orbit_clock(observations)
            by_night = constants.night * self.supply.night_clock(observations)
            fed = np.minimum(by_orbit, by_night)
        heat = ramp(in_units(observations, "hottest_chip"), constants.hot_c, constants.hot_width_c)
        charged = ramp(in_units(observations, "least_charge"), 0.0, max(constants.charge, 1e-3))
        charged = constants.charge_clock + (1.0 - constants.charge_clock) * charged
        return np.minimum(fed, 1.0) * charged * (1.0 - heat)

    def join(self, observations: np.ndarray) -> np.ndarray:
        """Returns the wish to be in the gang: the more light ahead, the stronger."""
        constants = self.constants
        is_lit = in_units(observations, "illumination") > 0.5
        charge = in_units(observations, "charge_fraction")
        light_s = in_units(observations, "time_to_eclipse")
        fit = is_lit & (charge >= constants.return_charge) & (light_s >= constants.margin_s)
        # A gang that nobody is in yet takes whoever works: its start costs time anyway.
        fit |= in_units(observations, "member_share") <= 0.0
        wanted = in_units(observations, "vacant_share") >= constants.swap
        wish = 0.6 + 0.4 * light_s / LONGEST_LIGHT_S
        if self.is_spread:
            leaves = ~is_lit & (charge < constants.leave_charge)
        else:
            leaves = charge < constants.rest_charge
        return np.where(leaves, NO, np.where(fit & wanted, wish, 0.0))

    def checkpoint(self, observations: np.ndarray) -> np.ndarray:
        """Returns the wish for a checkpoint: Daly's interval for the upsets of now."""
        constants, gang = self.constants, self.params.gang
        members = in_units(observations, "member_share") * self.params.n_sats
        calm_per_h = constants.calm * HOUR_S / mean_failure_s(self.params, members)
        rate_per_h = np.maximum(in_units(observations, "hazard"), calm_per_h)
        interval_s = daly_interval_s(gang.checkpoint_s, HOUR_S / rate_per_h)
        since_s = in_units(observations, "since_save") * MINUTE_S
        return np.where(since_s >= constants.interval * interval_s, YES, NO)


def _random(params: TrainingParams) -> Policy:
    return heuristics.Random(N_CONTROLS)


def _mpc(params: TrainingParams, *, foresees: bool = False) -> Policy:
    from sunward_agents.training.mpc import GangMpc  # SciPy takes a moment

    return GangMpc(foresees=foresees)


POLICIES: dict[str, Entry] = {
    "idle": Entry(Idle, "nobody in the gang: the safe floor"),
    "random": Entry(_random, "every control drawn evenly in each step"),
    "flat_out": Entry(FlatOut, "full clock, all in the gang, a checkpoint at every step"),
    "daly": Entry(DalyCheckpoints, "flat out, checkpoints at the interval of Young and Daly"),
    "thermostat": Entry(Thermostat, "each by its own battery and chips, saves as daly"),
    "leave_in_eclipse": Entry(LeaveInEclipse, "the same, satellites in shadow leave the gang"),
    "equal_pace": Entry(EqualPace, "the same, all at the pace that the orbit's energy carries"),
    "paced": Entry(Paced, "paces by energy and heat, saves by the flux, trades places, tuned"),
}

#: Policies that look into the simulator itself; they take a minute a world.
PLANNERS: dict[str, Entry] = {
    "mpc": Entry(_mpc, "plans pace, members and saves on a linear model, with upsets to expect"),
    "mpc_foresight": Entry(
        partial(_mpc, foresees=True), "the same, with upsets, faults and jobs foreseen exactly"
    ),
}


def make_policy(name: str, params: TrainingParams) -> Policy:
    """Returns the policy of that name for a scenario.

    Raises: UsageError naming the nearest known policy.
    """
    return made_for(params, name, POLICIES | PLANNERS, "gang")

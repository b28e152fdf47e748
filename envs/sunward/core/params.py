"""Everything the kernel needs to know about a scenario, in SI units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

#: Deadline slots of the deferrable queue; the last one holds the longest deadline.
N_SLOTS = 12
#: Thermal and electrical sub-steps of a control step. RK4 of the three thermal nodes is within
#: 0.02 K of a stiff integrator at 15 s, and diverges at 60 s.
N_SUBSTEPS = 4


class Hardware(NamedTuple):
    """One design of satellite; each satellite differs from it by its own spread factors."""

    accelerators: float
    peak_power_w: float  # all accelerators, full clock, full batches, leakage at its reference
    idle_fraction: float
    min_clock: float
    knee_clock: float  # voltage is flat below it
    knee_voltage: float
    leak_fraction: float
    leak_reference_k: float
    leak_scale_k: float
    throttle_start_k: float
    throttle_end_k: float
    trip_k: float
    recover_k: float
    array_area_m2: float
    array_efficiency: float
    array_temperature_coefficient_per_k: float
    array_absorptance: float
    array_emissivity: float
    array_reference_k: float
    mppt_efficiency: float
    nominal_array_w: float  # in full light at the mean distance from the Sun
    bus_power_w: float
    safe_bus_fraction: float
    capacity_j: float
    charge_efficiency: float
    discharge_efficiency: float
    charge_c_rate_per_h: float
    discharge_c_rate_per_h: float
    taper_start: float
    freezing_k: float  # no charging below
    compute_floor: float  # charge fraction below which the accelerators get array power only
    safe_exit: float  # charge fraction at which safe mode may end
    pack_capacity_j_k: float
    pack_conductance_w_k: float
    pack_interface_k: float
    emitting_area_m2: float
    emissivity: float
    absorptivity: float
    pointing_sine: float
    parasitic_w_m2: float  # heat through the insulation, over the emitting area
    chip_capacity_j_k: float
    loop_capacity_j_k: float
    radiator_capacity_j_k: float
    chip_conductance_w_k: float
    flow_conductance_w_k: float
    min_flow: float
    pump_power_w: float
    pump_failure_factor: float
    min_active_share: float


class Service(NamedTuple):
    """Demand, network, faults and the length of things."""

    step_s: float
    substep_s: float
    interactive_prefill_share: float
    deferrable_prefill_share: float
    ingress_cosine: float  # cos of the cap within which a site's requests reach a satellite
    ingress_gain: float  # makes the mean demand equal the scenario's load
    looks_ahead: float  # 1: demand ahead is worked out; 0: it is what the fore neighbour sees
    interactive_daily: float  # how much of the daily shape a class follows
    deferrable_daily: float
    short_weight: float  # octaves of the slow modulation, squares sum to 1
    long_weight: float
    plays_trace: float
    transfer_gain: float
    carries_interactive: float  # 1: links take requests too; 0: they are answered where they enter
    link_work: float  # GPU-s a link carries in a step
    link_range_m: float
    link_clearance_m: float
    link_energy_j: float  # per GPU-s moved
    outage_probability: float  # per link and step
    outage_steps: float
    upset_rate: float  # per accelerator and step at the mean flux of the reference orbit
    upset_floor: float  # part of it that does not follow the trapped protons
    recovery_share: float  # of the accelerators that are down, per step
    failure_probability: float  # permanent, per accelerator and step
    pump_failure_probability: float  # per step
    solar_activity: float  # 0: minimum of the cycle, 1: maximum
    peak_flux: float  # on this orbit, to scale the observation
    safe_steps: float
    capacity_work: float  # GPU-s of all accelerators in a step at full clock
    queue_scale: float  # GPU-s that the longest deadline can hold
    ground_price: float  # that the data centre on the ground asks, on the scale of the action
    ground_work: float  # GPU-s that it takes from a satellite in a step; 0: there is none


class Weights(NamedTuple):
    """What the reward pays, per satellite-step of work, per event, or per battery."""

    value_interactive: float
    value_deferrable: float
    missed_interactive: float
    missed_deferrable: float
    wear: float  # per whole battery
    brownout: float
    trip: float
    sender_credit: float
    team_share: float  # 0: own reward, 1: mean over the fleet
    ground_cost: float  # of a satellite-step of work that is done on the ground


class Spread(NamedTuple):
    """Relative standard deviation of the hardware between satellites, and start conditions."""

    array: float
    radiator: float
    leak: float
    capacity: float
    charge_low: float
    charge_high: float
    queue_high: float  # initial queue, uniform from 0 to this share of queue_scale
    temperature_k: float


@dataclass(frozen=True)
class Sites:
    """Demand sites on the ground, each array of shape (n_sites,)."""

    latitude_rad: np.ndarray
    longitude_rad: np.ndarray
    interactive_work: np.ndarray  # mean GPU-s a step before the ingress gain
    deferrable_work: np.ndarray
    daily_cosine: np.ndarray  # (n_sites, 2) harmonics 1 and 2 against UTC
    daily_sine: np.ndarray  # (n_sites, 2)
    fast_interactive: np.ndarray  # log-deviation of the step-to-step noise
    fast_deferrable: np.ndarray
    slow_interactive: np.ndarray  # log-deviation of the slow modulation
    slow_deferrable: np.ndarray


@dataclass(frozen=True)
class Orbits:
    """Circular mean elements at the epoch, each of shape (n_sats,)."""

    semi_major_axis_m: np.ndarray
    inclination_rad: np.ndarray
    node_rad: np.ndarray  # relative to the mean Sun for sun-synchronous orbits
    argument_rad: np.ndarray
    is_sun_synchronous: np.ndarray
    shell: np.ndarray  # number of the shell
    node_spread_rad: float  # the constellation's node is turned by up to this, either way


@dataclass(frozen=True)
class Params:
    """A scenario ready for the kernel."""

    scenario_id: str
    content_hash: str
    n_sats: int
    episode_steps: int
    epoch_days: float  # days since J2000 of the scenario's date, 00:00 UTC
    epoch_spread_days: float
    knot_steps: tuple[int, int]  # between knots of the two octaves of slow modulation
    slot_steps: int  # control steps a deadline slot lasts
    deadline_share: np.ndarray  # (N_SLOTS,) where new deferrable work enters; sums to 1
    hardware: Hardware
    service: Service
    weights: Weights
    spread: Spread
    sites: Sites
    orbits: Orbits
    neighbours: np.ndarray  # (n_sats, 4) int32: fore, aft, left, right; -1 where none
    trace: np.ndarray  # (n_steps, 2) multipliers of interactive and deferrable work, or (0, 2)
    trace_starts_at_random: bool

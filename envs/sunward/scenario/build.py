"""From a scenario to the kernel's parameters: the one place where one becomes the other."""

from __future__ import annotations

import datetime
import math

import numpy as np

from sunward.core.params import (
    N_SLOTS,
    N_SUBSTEPS,
    Hardware,
    Orbits,
    Params,
    Service,
    Spread,
    Weights,
)
from sunward.core.satellite import full_array_w
from sunward.physics.ageing import array_power_share, cycle_wear_fraction
from sunward.physics.belt import MEAN_FLUX_SSO_650_CM2_S, greatest_proton_flux
from sunward.physics.constants import EARTH_RADIUS_M, SOLAR_CONSTANT_W_M2
from sunward.scenario.build_demand import DemandParts, build_demand
from sunward.scenario.build_orbits import build_orbits
from sunward.scenario.fingerprint import content_hash
from sunward.scenario.scenario import Scenario

J2000 = datetime.datetime(2000, 1, 1, 12)
#: A satellite keeps at least this share of its accelerators switched on.
MIN_ACTIVE_SHARE = 0.05
KWH_J = 3.6e6
#: `wear_per_kwh` is the price of a kWh in a cycle of this depth; parts its wear is added up from.
REFERENCE_DEPTH = 0.3
N_PARTS = 30


def build_params(scenario: Scenario) -> Params:
    """Returns the parameters of a scenario, in SI units.

    Raises:
        ScenarioError: a file of the demand is missing or malformed.
    """
    orbits, neighbours = build_orbits(scenario)
    epoch_days = days_since_j2000(scenario.start.date)
    hardware = build_hardware(scenario)
    demand = build_demand(scenario, orbits, epoch_days, hardware)
    return Params(
        scenario_id=scenario.id,
        content_hash=content_hash(scenario),
        n_sats=len(orbits.node_rad),
        episode_steps=scenario.episode.steps,
        epoch_days=epoch_days,
        epoch_spread_days=float(scenario.start.day_spread),
        knot_steps=demand.knot_steps,
        slot_steps=slot_steps(scenario),
        deadline_share=deadline_share(scenario),
        hardware=hardware,
        service=build_service(scenario, hardware, demand, orbits, neighbours),
        weights=build_weights(scenario),
        spread=build_spread(scenario),
        sites=demand.sites,
        orbits=orbits,
        neighbours=neighbours,
        trace=demand.trace,
        trace_starts_at_random=scenario.demand.trace_scale == "load",
    )


def days_since_j2000(date: datetime.date) -> float:
    """Returns days from J2000 to 00:00 UTC of a date."""
    midnight = datetime.datetime(date.year, date.month, date.day)
    return (midnight - J2000) / datetime.timedelta(days=1)


def slot_steps(scenario: Scenario) -> int:
    """Returns the control steps a deadline slot lasts: a twelfth of the longest deadline."""
    return max(1, round(scenario.demand.longest_deadline_s / N_SLOTS / scenario.episode.step_s))


def deadline_share(scenario: Scenario) -> np.ndarray:
    """Returns where new deferrable work enters the queue, (N_SLOTS,), for uniform deadlines.

    A slot closes at a common time, so a deadline is rounded down to the slot that closes before
    it: up to one slot early, never late.
    """
    width_s = slot_steps(scenario) * scenario.episode.step_s
    low = scenario.demand.shortest_deadline_s / width_s
    high = max(scenario.demand.longest_deadline_s / width_s, low + 1e-9)
    edges = np.arange(1, N_SLOTS + 2, dtype=float)
    edges[0], edges[-1] = 0.0, np.inf
    below = np.clip((edges - low) / (high - low), 0.0, 1.0)
    return np.diff(below)


def build_hardware(scenario: Scenario) -> Hardware:
    """Returns the kernel's view of a kind of satellite."""
    kind = scenario.hardware
    compute, power, battery, thermal = kind.compute, kind.power, kind.battery, kind.thermal
    ageing = array_power_share(power.degradation_per_year, power.age_years)
    hardware = Hardware(
        accelerators=float(compute.accelerators),
        peak_power_w=compute.peak_power_w,
        idle_fraction=compute.idle_fraction,
        min_clock=compute.min_clock_fraction,
        knee_clock=compute.flat_voltage_below,
        knee_voltage=compute.min_voltage_fraction,
        leak_fraction=compute.leak_fraction,
        leak_reference_k=compute.leak_reference_k,
        leak_scale_k=compute.leak_scale_k,
        throttle_start_k=compute.throttle_start_k,
        throttle_end_k=compute.throttle_end_k,
        trip_k=compute.trip_k,
        recover_k=compute.recover_k,
        array_area_m2=power.array_area_m2,
        array_efficiency=power.array_efficiency * ageing,
        array_temperature_coefficient_per_k=power.temperature_loss_per_k,
        array_absorptance=power.cell_absorptivity,
        array_emissivity=power.cell_emissivity,
        array_reference_k=power.cell_reference_k,
        mppt_efficiency=power.mppt_efficiency,
        nominal_array_w=1.0,
        bus_power_w=power.bus_power_w,
        safe_bus_fraction=power.safe_bus_fraction,
        capacity_j=battery.capacity_j,
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        charge_c_rate_per_h=battery.charge_rate_per_s * 3600.0,
        discharge_c_rate_per_h=battery.discharge_rate_per_s * 3600.0,
        taper_start=battery.taper_start_fraction,
        freezing_k=battery.min_charge_temperature_k,
        compute_floor=battery.compute_floor_fraction,
        safe_exit=battery.safe_exit_fraction,
        pack_capacity_j_k=battery.pack_heat_capacity_j_k,
        pack_conductance_w_k=battery.pack_conductance_w_k,
        pack_interface_k=battery.pack_interface_k,
        emitting_area_m2=2.0 * thermal.radiator_area_m2,
        emissivity=thermal.emissivity,
        absorptivity=thermal.solar_absorptivity,
        pointing_sine=math.sin(thermal.pointing_error_rad),
        parasitic_w_m2=thermal.parasitic_flux_w_m2,
        chip_capacity_j_k=thermal.chip_capacity_j_k,
        loop_capacity_j_k=thermal.loop_capacity_j_k,
        radiator_capacity_j_k=thermal.radiator_capacity_j_k,
        chip_conductance_w_k=thermal.chip_conductance_w_k,
        flow_conductance_w_k=thermal.flow_conductance_w_k,
        min_flow=thermal.min_flow_fraction,
        pump_power_w=thermal.pump_power_w,
        pump_failure_factor=thermal.failed_loop_fraction,
        min_active_share=MIN_ACTIVE_SHARE,
    )
    return hardware._replace(nominal_array_w=full_array_w(SOLAR_CONSTANT_W_M2, 1.0, hardware))


def build_service(
    scenario: Scenario,
    hardware: Hardware,
    demand: DemandParts,
    orbits: Orbits,
    neighbours: np.ndarray,
) -> Service:
    """Returns demand, network, faults and durations as the kernel takes them."""
    step_s = float(scenario.episode.step_s)
    ground = scenario.ground
    network, links, faults = scenario.network, scenario.hardware.links, scenario.hardware.faults
    capacity_work = hardware.accelerators * step_s
    by_rate = links.rate_bit_s * step_s / demand.bits_per_gpu_s
    return Service(
        step_s=step_s,
        substep_s=step_s / N_SUBSTEPS,
        interactive_prefill_share=demand.interactive_prefill_share,
        deferrable_prefill_share=demand.deferrable_prefill_share,
        ingress_cosine=math.cos(scenario.demand.ingress_radius_m / EARTH_RADIUS_M),
        ingress_gain=demand.ingress_gain,
        looks_ahead=float((neighbours[:, 0] < 0).any()),
        interactive_daily=demand.interactive_daily,
        deferrable_daily=demand.deferrable_daily,
        short_weight=demand.octave_weights[0],
        long_weight=demand.octave_weights[1],
        plays_trace=float(len(demand.trace) > 0),
        transfer_gain=network.transfer_gain,
        carries_interactive=float(network.carries_interactive),
        link_work=min(network.transfer_limit_s * hardware.accelerators, by_rate),
        link_range_m=links.max_range_m,
        link_clearance_m=links.clearance_m,
        link_energy_j=links.energy_j_bit * demand.bits_per_gpu_s,
        outage_probability=links.outage_rate_per_s * step_s,
        outage_steps=max(1.0, round(links.outage_duration_s / step_s)),
        upset_rate=faults.upset_rate_per_s * step_s,
        upset_floor=faults.upset_floor_fraction,
        recovery_share=-math.expm1(-step_s / faults.upset_recovery_s),
        failure_probability=faults.accelerator_failure_rate_per_s * step_s,
        pump_failure_probability=faults.pump_failure_rate_per_s * step_s,
        solar_activity=scenario.start.solar_activity,
        peak_flux=peak_flux(orbits, scenario.start.solar_activity),
        safe_steps=max(1.0, round(scenario.safe_mode.duration_s / step_s)),
        capacity_work=capacity_work,
        queue_scale=capacity_work * scenario.demand.longest_deadline_s / step_s,
        ground_price=0.0 if ground is None else ground.price,
        ground_work=0.0 if ground is None else ground.limit_s * hardware.accelerators,
    )


def peak_flux(orbits: Orbits, solar_activity: float) -> float:
    """Returns the greatest flux of protons that a satellite of any shell meets, over the mean."""
    altitudes_m = np.unique(orbits.semi_major_axis_m) - EARTH_RADIUS_M
    # Flux grows with altitude up to the belt's middle, which lies above every orbit here.
    greatest = greatest_proton_flux(float(altitudes_m.max()), solar_activity)
    return greatest / MEAN_FLUX_SSO_650_CM2_S


def build_weights(scenario: Scenario) -> Weights:
    """Returns what the reward pays; wear is priced by the energy that wears a battery out."""
    reward = scenario.reward
    capacity_kwh = scenario.hardware.battery.capacity_j / KWH_J
    return Weights(
        value_interactive=reward.value_interactive,
        value_deferrable=reward.value_deferrable,
        missed_interactive=reward.miss_interactive,
        missed_deferrable=reward.miss_deferrable,
        wear=reward.wear_per_kwh * REFERENCE_DEPTH * capacity_kwh / reference_wear(),
        brownout=reward.brownout,
        trip=reward.trip,
        sender_credit=reward.sender_credit,
        team_share=reward.team_share,
        ground_cost=0.0 if scenario.ground is None else scenario.ground.cost,
    )


def reference_wear() -> float:
    """Returns the capacity that one discharge from full to `REFERENCE_DEPTH` costs."""
    parts = [REFERENCE_DEPTH * (part + 0.5) / N_PARTS for part in range(N_PARTS)]
    return sum(cycle_wear_fraction(REFERENCE_DEPTH / N_PARTS, 1.0, depth) for depth in parts)


def build_spread(scenario: Scenario) -> Spread:
    """Returns how satellites differ, and how worlds start."""
    spread, start = scenario.hardware.spread, scenario.start
    return Spread(
        array=spread.array_std_fraction,
        radiator=spread.radiator_std_fraction,
        leak=spread.leak_std_fraction,
        capacity=spread.battery_std_fraction,
        charge_low=start.charge_min_fraction,
        charge_high=start.charge_max_fraction,
        queue_high=start.queue_max_fraction,
        temperature_k=start.temperature_k,
    )

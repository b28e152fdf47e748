"""What one satellite does in a step: scalar functions that the kernel runs lane by lane."""

from __future__ import annotations

from typing import NamedTuple

from sunward.core.params import Hardware, Service
from sunward.physics.approximation import clamp, maximum, minimum, select
from sunward.physics.battery import (
    battery_exchange,
    charge_limit_w,
    discharge_limit_w,
    rated_power_w,
)
from sunward.physics.compute import (
    batch_power_fraction,
    decode_rate,
    dynamic_power_fraction,
    mixed_rate,
)
from sunward.physics.power import array_power_w, cell_temperature_k
from sunward.physics.scalar import scalar
from sunward.physics.thermal import (
    chip_at_half_step_k,
    leakage_factor,
    pump_power_w,
    three_node_step,
    throttle_factor,
    trip_state,
)

#: Keeps a quotient finite where nothing is offered or nothing runs (GPU-s, W).
TINY = 1.0e-6
#: Infrared and albedo on both faces of the array (W/m2), a mean over the orbit.
EARTHSHINE_W_M2 = 150.0
#: Unmet energy in a step below this is rounding, not a brown-out (J).
BROWNOUT_J = 1.0


class Body(NamedTuple):
    """What a sub-step changes."""

    charge_j: float
    chip_k: float
    loop_k: float
    radiator_k: float
    tripped: float
    interactive_left: float  # GPU-s
    deferrable_left: float


class Setting(NamedTuple):
    """What holds for a whole step."""

    clock: float  # asked for, of full clock
    deferrable_energy: float
    flow: float  # coolant, of full flow
    operating: float  # accelerators that are on and work, of all
    full_array_w: float  # electrical, in full light
    bus_w: float
    absorbed_w: float
    emissivity: float
    leak_fraction: float
    capacity_j: float
    pack_k: float
    interactive_per_substep: float


class Flows(NamedTuple):
    """What a sub-step moved."""

    array_j: float
    curtailed_j: float
    bus_j: float
    compute_j: float
    loss_j: float
    discharged_j: float
    unmet_j: float
    radiated_j: float
    interactive_done: float
    deferrable_done: float
    clock: float
    fill: float
    hot_s: float  # above the throttle temperature
    trip: float  # 1 if the accelerators tripped


class Load(NamedTuple):
    """What the accelerators would do with all the power they ask for."""

    power_w: float
    clock: float
    interactive_work: float  # GPU-s
    deferrable_work: float
    fill: float


@scalar
def from_action(raw, low):
    """Returns the physical value in [low, 1] of an action in [-1, 1]; beyond is clipped."""
    return low + (1.0 - low) * 0.5 * (1.0 + clamp(raw, -1.0, 1.0))


@scalar
def share_from_action(raw):
    """Returns the share in [0, 1] of an action in [-1, 1]; beyond is clipped."""
    return from_action(raw, 0.0)


@scalar
def complement(share):
    """Returns what is left of one."""
    return 1.0 - share


@scalar
def depth_of_discharge(charge_j, capacity_j):
    """Returns the share of the capacity that has been drawn."""
    return 1.0 - charge_j / capacity_j


@scalar
def accelerator_load(
    body: Body, interactive_left, setting: Setting, hw: Hardware, service: Service
) -> Load:
    """Returns what the accelerators do in a sub-step: interactive work first, then deferrable."""
    throttle = throttle_factor(body.chip_k, hw.throttle_start_k, hw.throttle_end_k)
    highest = hw.min_clock + (1.0 - hw.min_clock) * throttle
    clock = minimum(setting.clock, highest)
    operating = setting.operating * (1.0 - body.tripped)
    accelerator_s = operating * hw.accelerators * service.substep_s
    clock_period = 1.0 / clock
    decode_period = 1.0 / decode_rate(clock)
    interactive_full = accelerator_s * mixed_rate(
        clock_period, decode_period, service.interactive_prefill_share
    )
    deferrable_full = accelerator_s * mixed_rate(
        clock_period, decode_period, service.deferrable_prefill_share
    )

    interactive_fill = minimum(1.0, interactive_left / (interactive_full + TINY))
    offered = setting.deferrable_energy * (1.0 - interactive_fill)
    deferrable_fill = minimum(offered, body.deferrable_left / (deferrable_full + TINY))
    fill = interactive_fill + deferrable_fill

    busy = batch_power_fraction(fill) * dynamic_power_fraction(
        clock, hw.knee_clock, hw.knee_voltage
    )
    share_of_peak = hw.idle_fraction + (1.0 - hw.idle_fraction) * busy
    cool_w = operating * hw.peak_power_w * share_of_peak
    chip_k = chip_at_half_step_k(
        body.chip_k,
        body.loop_k,
        cool_w,
        hw.chip_conductance_w_k,
        hw.chip_capacity_j_k,
        service.substep_s,
    )
    return Load(
        cool_w
        * leakage_factor(chip_k, setting.leak_fraction, hw.leak_reference_k, hw.leak_scale_k),
        clock,
        interactive_fill * interactive_full,
        deferrable_fill * deferrable_full,
        fill * operating,
    )


@scalar
def power_share(load_w, array_w, bus_w, from_battery_w):
    """Returns the share of the accelerators' power that array and battery can give, 0 to 1.

    Below the compute floor the battery serves the bus alone; the rest of the accelerators is
    gated, which scales their power and their work alike.
    """
    budget_w = maximum(array_w + from_battery_w - bus_w, 0.0)
    return minimum(budget_w / (load_w + TINY), 1.0)


@scalar
def advance_substep(
    body: Body, setting: Setting, illumination, hw: Hardware, service: Service
) -> tuple[Body, Flows]:
    """Returns the satellite after a sub-step, and what moved in it."""
    time_s = service.substep_s
    interactive_left = body.interactive_left + setting.interactive_per_substep
    load = accelerator_load(body, interactive_left, setting, hw, service)
    array_w = setting.full_array_w * illumination
    charging_w = charge_limit_w(
        body.charge_j,
        setting.capacity_j,
        hw.charge_c_rate_per_h,
        setting.pack_k,
        hw.taper_start,
        hw.freezing_k,
    )
    above_floor_w = discharge_limit_w(
        body.charge_j,
        hw.compute_floor * setting.capacity_j,
        setting.capacity_j,
        hw.discharge_c_rate_per_h,
        hw.discharge_efficiency,
        time_s,
    )
    share = power_share(load.power_w, array_w, setting.bus_w, above_floor_w)
    compute_w = share * load.power_w
    exchange = battery_exchange(
        body.charge_j,
        setting.capacity_j,
        array_w - setting.bus_w - compute_w,
        charging_w,
        rated_power_w(setting.capacity_j, hw.discharge_c_rate_per_h),
        hw.charge_efficiency,
        hw.discharge_efficiency,
        time_s,
    )
    nodes = three_node_step(
        body.chip_k,
        body.loop_k,
        body.radiator_k,
        compute_w,
        hw.chip_conductance_w_k,
        setting.flow * hw.flow_conductance_w_k,
        hw.emitting_area_m2,
        setting.emissivity,
        0.0,  # all that comes from outside is in `absorbed_w`
        hw.chip_capacity_j_k,
        hw.loop_capacity_j_k,
        hw.radiator_capacity_j_k,
        setting.absorbed_w,
        time_s,
    )
    after = Body(
        exchange.charge_j,
        nodes.chip_k,
        nodes.loop_k,
        nodes.radiator_k,
        trip_state(body.tripped, nodes.chip_k, hw.trip_k, hw.recover_k),
        maximum(interactive_left - share * load.interactive_work, 0.0),
        maximum(body.deferrable_left - share * load.deferrable_work, 0.0),
    )
    flows = Flows(
        array_w * time_s,
        exchange.curtailed_w * time_s,
        (setting.bus_w - exchange.unmet_w) * time_s,
        compute_w * time_s,
        exchange.loss_w * time_s,
        maximum(body.charge_j - exchange.charge_j, 0.0),
        exchange.unmet_w * time_s,
        nodes.radiated_j,
        share * load.interactive_work,
        share * load.deferrable_work,
        load.clock,
        share * load.fill,
        select(nodes.chip_k > hw.throttle_start_k, time_s, 0.0),
        maximum(after.tripped - body.tripped, 0.0),
    )
    return after, flows


@scalar
def operating_share(active_share, available, safe_steps, alive):
    """Returns the share of all accelerators that are switched on and work."""
    is_on = select(safe_steps > 0.0, 0.0, 1.0)
    return minimum(active_share, available) * is_on * alive


@scalar
def bus_load_w(flow, safe_steps, sent_work, hw: Hardware, service: Service):
    """Returns the power of bus, pump and lasers in W; safe mode cuts the bus and idles the pump."""
    is_safe = safe_steps > 0.0
    bus_w = select(is_safe, hw.safe_bus_fraction * hw.bus_power_w, hw.bus_power_w)
    lasers_w = sent_work * service.link_energy_j / service.step_s
    return bus_w + lasers_w + pump_power_w(select(is_safe, hw.min_flow, flow), hw.pump_power_w)


@scalar
def safe_mode(safe_steps, unmet_j, charge_fraction, hw: Hardware, service: Service):
    """Returns (steps of safe mode to come, 1 if the satellite fell into it in this step)."""
    is_starved = unmet_j > BROWNOUT_J
    waited = maximum(safe_steps - 1.0, 0.0)
    may_leave = charge_fraction >= hw.safe_exit
    floor = select(may_leave, 0.0, minimum(safe_steps, 1.0))
    remaining = maximum(waited, floor)
    fell = select(is_starved & (safe_steps <= 0.0), 1.0, 0.0)
    return select(is_starved, service.safe_steps, remaining), fell


@scalar
def serve_slot(queued, left):
    """Returns (work left in a deadline slot, work still to serve) after serving what there is."""
    served = minimum(queued, left)
    return queued - served, left - served


@scalar
def share_of(part, whole):
    """Returns part / whole, 0 where the whole is nothing."""
    return part / (whole + TINY)


@scalar
def upset_outcome(word, flux, available, working, hw: Hardware, service: Service):
    """Returns (accelerators available, 1 if one was hit) at the end of a step.

    Args:
        word: Random 24-bit integer as a float.
        flux: Trapped-proton flux over the reference orbit's mean.
        available, working: Shares of all accelerators: up now, and not lost for good.
    """
    rate = service.upset_rate * (service.upset_floor + (1.0 - service.upset_floor) * flux)
    probability = minimum(rate * available * hw.accelerators, 0.5)
    is_hit = word * 5.9604644775390625e-08 < probability
    recovered = available + service.recovery_share * (working - available)
    hit = select(is_hit, 1.0, 0.0)
    return clamp(recovered - hit / hw.accelerators, 0.0, working), hit


@scalar
def permanent_failures(word, working, pump_health, hw: Hardware, service: Service):
    """Returns (share of accelerators not lost for good, pump health) at the end of a step."""
    uniform = word * 5.9604644775390625e-08
    pump_fails = uniform < service.pump_failure_probability
    chip_fails = uniform > 1.0 - service.failure_probability * hw.accelerators
    lost = select(chip_fails, working - 1.0 / hw.accelerators, working)
    health = select(pump_fails, minimum(pump_health, hw.pump_failure_factor), pump_health)
    return maximum(lost, 0.0), health


@scalar
def outage_after(steps_down, word, service: Service):
    """Returns the steps until a laser works again, at the end of a step."""
    waited = maximum(steps_down - 1.0, 0.0)
    fails = (word * 5.9604644775390625e-08 < service.outage_probability) & (steps_down <= 0.0)
    return select(fails, service.outage_steps, waited)


@scalar
def full_array_w(irradiance_w_m2, factor, hw: Hardware):
    """Returns a satellite's array power in W in full light, its own factor included."""
    cell_k = cell_temperature_k(
        irradiance_w_m2,
        hw.array_absorptance,
        hw.array_efficiency,
        hw.array_reference_k,
        hw.array_temperature_coefficient_per_k,
        hw.array_emissivity,
        EARTHSHINE_W_M2,
    )
    return factor * array_power_w(
        irradiance_w_m2,
        hw.array_area_m2,
        hw.array_efficiency,
        cell_k,
        hw.array_reference_k,
        hw.array_temperature_coefficient_per_k,
        hw.mppt_efficiency,
    )

"""What one satellite does once a step: scalar functions that the kernel runs lane by lane."""

from __future__ import annotations

from sunward.physics.approximation import clamp, maximum, minimum, select
from sunward.physics.power import array_power_w, cell_temperature_k
from sunward.physics.radiation import upset_probability, upset_rate_per_s
from sunward.physics.scalar import scalar
from sunward.physics.thermal import pump_power_w, trip_state

from .params import Hardware, Service
from .substep import TINY

#: Unmet energy in a step below this is rounding, not a brown-out (J).
BROWNOUT_J = 1.0
#: Infrared and albedo on both faces of the array (W/m2), a mean over the orbit.
EARTHSHINE_W_M2 = 150.0


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
def operating_share(active_share, available, safe_steps, alive):
    """Returns the share of all accelerators that are switched on and work."""
    is_on = select(safe_steps > 0.0, 0.0, 1.0)
    return minimum(active_share, available) * is_on * alive


@scalar
def lasers_w(sent_work, service: Service):
    """Returns the power in W of the lasers that send so many GPU-s in a step."""
    return sent_work * service.link_energy_j / service.step_s


@scalar
def bus_load_w(flow, safe_steps, sent_work, hw: Hardware, service: Service):
    """Returns the power of bus, pump and lasers in W; safe mode cuts the bus and idles the pump."""
    is_safe = safe_steps > 0.0
    bus_w = select(is_safe, hw.safe_bus_fraction * hw.bus_power_w, hw.bus_power_w)
    return (
        bus_w
        + lasers_w(sent_work, service)
        + pump_power_w(select(is_safe, hw.min_flow, flow), hw.pump_power_w)
    )


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
def no_sink_k(hw: Hardware):
    """Returns 0 K, in the width of the hardware's figures."""
    return hw.emissivity * 0.0


@scalar
def trip_outcome(tripped, chip_k, hw: Hardware, service: Service):
    """Returns (1 while tripped, 1 if tripped just now, seconds above the throttle temperature)."""
    after = trip_state(tripped, chip_k, hw.trip_k, hw.recover_k)
    hot_s = select(chip_k > hw.throttle_start_k, service.substep_s, 0.0)
    return after, maximum(after - tripped, 0.0), hot_s


@scalar
def violation_cost(hot_s, trips, brownouts, service: Service):
    """Returns the cost of a step's violated constraints: hot share of it, trips, brown-outs."""
    return hot_s / service.step_s + trips + brownouts


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
    # The flux comes as a share of its mean, so the mean is one; the rate is per step.
    rate = upset_rate_per_s(flux, service.upset_rate, 1.0, service.upset_floor)
    probability = upset_probability(rate * available * hw.accelerators, 1.0)
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

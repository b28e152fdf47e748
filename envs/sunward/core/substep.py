"""What one satellite does in a sub-step: plan the work, settle the power, settle the heat.

Three short scalar functions, run one after another over a block: a processor overlaps the lanes of
a short loop, which a loop of all three, with its long chain of dependent steps, does not allow.
"""

from __future__ import annotations

from typing import NamedTuple

from sunward.physics.approximation import maximum, minimum
from sunward.physics.battery import (
    battery_exchange,
    charge_limit_w,
    discharge_limit_w,
    rated_power_w,
)
from sunward.physics.compute import (
    accelerator_power_w,
    batch_power_fraction,
    decode_time,
    dynamic_power_fraction,
    mixed_time,
)
from sunward.physics.eclipse import limb_height, limb_illumination
from sunward.physics.scalar import scalar
from sunward.physics.thermal import chip_at_half_step_k, leakage_factor, throttle_factor

from .params import Hardware, Service

#: Keeps a quotient finite where nothing is offered or nothing runs (GPU-s, W).
TINY = 1.0e-6
#: Parts of a sub-step in which light or battery change; an odd number, so that one is its middle.
N_PARTS = 5
PART = 1.0 / N_PARTS
#: From the middle of the first part to that of the sub-step, in parts.
FIRST_TO_MIDDLE = 0.5 * (N_PARTS - 1)
#: A battery below this many times its compute floor counts as having come to it.
AT_THE_FLOOR = 1.0001


class Waiting(NamedTuple):
    """Work that could be done, and how willing the satellite is."""

    interactive_left: float  # GPU-s
    deferrable_left: float
    clock: float  # asked for, of full clock
    deferrable_energy: float
    operating: float  # accelerators that are on and work, of all


class Load(NamedTuple):
    """What the accelerators would do with all the power they ask for."""

    power_w: float
    clock: float
    interactive_work: float  # GPU-s
    deferrable_work: float
    fill: float


class Supply(NamedTuple):
    """Where the power of a sub-step may come from."""

    array_w: float
    bus_w: float
    charge_j: float
    capacity_j: float
    pack_k: float


class Power(NamedTuple):
    """What a sub-step did with its power."""

    charge_j: float
    share: float  # of the load that got its power
    compute_w: float
    curtailed_w: float
    loss_w: float
    unmet_w: float
    discharged_j: float


class Sight(NamedTuple):
    """Where the Sun stands in the middle of a sub-step, and how it moves."""

    cos_sun: float  # of the angle between zenith and Sun
    cos_sun_rate: float  # its derivative by the argument of latitude
    sin_part: float  # of the orbital angle of a part
    cos_limb: float
    sin_limb: float
    sun_radius_rad: float


class Settled(NamedTuple):
    """What a whole sub-step did with its power."""

    charge_j: float
    illumination: float  # mean
    share: float  # of the load that got its power, mean
    compute_j: float
    early_j_s: float  # moment of that about the middle of the sub-step: above 0 if it came early
    curtailed_j: float
    loss_j: float
    unmet_j: float
    discharged_j: float


@scalar
def plan_load(
    waiting: Waiting, chip_k, loop_k, leak_fraction, hw: Hardware, service: Service
) -> Load:
    """Returns what the accelerators do in a sub-step: interactive work first, then deferrable."""
    throttle = throttle_factor(chip_k, hw.throttle_start_k, hw.throttle_end_k)
    highest = hw.min_clock + (1.0 - hw.min_clock) * throttle
    clock = minimum(waiting.clock, highest)
    accelerator_s = waiting.operating * hw.accelerators * service.substep_s
    decode = decode_time(clock)
    interactive_time = mixed_time(decode, service.interactive_prefill_share)
    deferrable_time = mixed_time(decode, service.deferrable_prefill_share)
    # Both rates are clock over time: one division for the two.
    clock_s = accelerator_s * clock / (interactive_time * deferrable_time)
    interactive_full = clock_s * deferrable_time
    deferrable_full = clock_s * interactive_time

    interactive_fill = minimum(1.0, waiting.interactive_left / (interactive_full + TINY))
    offered = waiting.deferrable_energy * (1.0 - interactive_fill)
    deferrable_fill = minimum(offered, waiting.deferrable_left / (deferrable_full + TINY))
    fill = interactive_fill + deferrable_fill

    cool_w = accelerator_power_w(
        hw.peak_power_w,
        hw.idle_fraction,
        waiting.operating,
        dynamic_power_fraction(clock, hw.knee_clock, hw.knee_voltage),
        batch_power_fraction(fill),
    )
    later_k = chip_at_half_step_k(
        chip_k, loop_k, cool_w, hw.chip_conductance_w_k, hw.chip_capacity_j_k, service.substep_s
    )
    return Load(
        cool_w * leakage_factor(later_k, leak_fraction, hw.leak_reference_k, hw.leak_scale_k),
        clock,
        interactive_fill * interactive_full,
        deferrable_fill * deferrable_full,
        fill * waiting.operating,
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
def settle_power(supply: Supply, load_w, hw: Hardware, time_s) -> Power:
    """Returns how bus, accelerators and battery share the power of a sub-step."""
    charging_w = charge_limit_w(
        supply.charge_j,
        supply.capacity_j,
        hw.charge_c_rate_per_h,
        supply.pack_k,
        hw.taper_start,
        hw.freezing_k,
    )
    above_floor_w = discharge_limit_w(
        supply.charge_j,
        hw.compute_floor * supply.capacity_j,
        supply.capacity_j,
        hw.discharge_c_rate_per_h,
        hw.discharge_efficiency,
        time_s,
    )
    share = power_share(load_w, supply.array_w, supply.bus_w, above_floor_w)
    compute_w = share * load_w
    exchange = battery_exchange(
        supply.charge_j,
        supply.capacity_j,
        supply.array_w - supply.bus_w - compute_w,
        charging_w,
        rated_power_w(supply.capacity_j, hw.discharge_c_rate_per_h),
        hw.charge_efficiency,
        hw.discharge_efficiency,
        time_s,
    )
    return Power(
        exchange.charge_j,
        share,
        compute_w,
        exchange.curtailed_w,
        exchange.loss_w,
        exchange.unmet_w,
        maximum(supply.charge_j - exchange.charge_j, 0.0),
    )


@scalar
def settle_whole(supply: Supply, illumination, load_w, hw: Hardware, time_s) -> Settled:
    """Returns what a sub-step in one light does with its power.

    Args:
        supply: With the array's power in full light.
        illumination: Share of the Sun's disc.
        load_w: What the accelerators would draw.
        hw: The figures of the hardware.
        time_s: Length of the sub-step.
    """
    power = settle_power(lit(supply, illumination), load_w, hw, time_s)
    return Settled(
        power.charge_j,
        illumination,
        power.share,
        power.compute_w * time_s,
        load_w * 0.0,  # in the width of the load
        power.curtailed_w * time_s,
        power.loss_w * time_s,
        power.unmet_w * time_s,
        power.discharged_j,
    )


@scalar
def settle_parts(supply: Supply, sight: Sight, load_w, hw: Hardware, time_s) -> Settled:
    """Returns what a sub-step does with its power, settled part by part.

    Charging is limited, so the light of a sunrise must not be averaged before it is shared out; and
    a sub-step that took one light for all of it would move the sunrise by up to half its length.
    A load that loses its battery part of the way is hot in the first part only.

    Args:
        supply: With the array's power in full light.
        sight: Where the Sun stands.
        load_w, hw, time_s: As in `settle_whole`.
    """
    part_s = time_s * PART
    nothing = load_w * 0.0
    light = share = compute_j = early_j_s = nothing
    curtailed_j = loss_j = unmet_j = discharged_j = nothing
    lead = nothing + FIRST_TO_MIDDLE  # of a part before the middle, in parts
    for _ in range(N_PARTS):
        illumination = light_in(turned(sight, -lead))
        power = settle_power(lit(supply, illumination), load_w, hw, part_s)
        supply = charged(supply, power.charge_j)
        light += illumination * PART
        share += power.share * PART
        compute_j += power.compute_w * part_s
        early_j_s += power.compute_w * part_s * part_s * lead
        curtailed_j += power.curtailed_w * part_s
        loss_j += power.loss_w * part_s
        unmet_j += power.unmet_w * part_s
        discharged_j += power.discharged_j
        lead -= 1.0
    return Settled(
        supply.charge_j,
        light,
        share,
        compute_j,
        early_j_s,
        curtailed_j,
        loss_j,
        unmet_j,
        discharged_j,
    )


@scalar
def turned(sight: Sight, parts) -> Sight:
    """Returns what is seen some parts of a sub-step later, or earlier; -2 to 2 of them."""
    # Exact in the middle; the angle of a part is below 0.01, so higher orders are below rounding.
    sine = sight.sin_part * parts
    cosine = 1.0 - 0.5 * sine * sine
    return Sight(
        sight.cos_sun * cosine + sight.cos_sun_rate * sine,
        sight.cos_sun_rate * cosine - sight.cos_sun * sine,
        sight.sin_part,
        sight.cos_limb,
        sight.sin_limb,
        sight.sun_radius_rad,
    )


@scalar
def light_in(sight: Sight):
    """Returns the share of the Sun's disc that is seen."""
    return limb_illumination(sight.cos_sun, sight.cos_limb, sight.sin_limb, sight.sun_radius_rad)


@scalar
def is_twilight(sight: Sight):
    """Returns whether light may change within a sub-step."""
    height = limb_height(sight.cos_sun, sight.cos_limb, sight.sin_limb)
    return maximum(height, -height) < sight.sun_radius_rad + FIRST_TO_MIDDLE * sight.sin_part


@scalar
def runs_out(supply: Supply, charge_after_j, hw: Hardware):
    """Returns whether the battery comes to its compute floor within a sub-step."""
    floor_j = AT_THE_FLOOR * hw.compute_floor * supply.capacity_j
    return (supply.charge_j > floor_j) & (charge_after_j <= floor_j)


@scalar
def lit(supply: Supply, illumination) -> Supply:
    """Returns a supply in full light as it is in some light."""
    return Supply(
        supply.array_w * illumination,
        supply.bus_w,
        supply.charge_j,
        supply.capacity_j,
        supply.pack_k,
    )


@scalar
def charged(supply: Supply, charge_j) -> Supply:
    """Returns a supply with another charge."""
    return Supply(supply.array_w, supply.bus_w, charge_j, supply.capacity_j, supply.pack_k)


@scalar
def work_left(left, done):
    """Returns the work still to do; rounding does not make it negative."""
    return maximum(left - done, 0.0)

"""What one satellite does in a sub-step: plan the work, settle the power, settle the heat.

Three short scalar functions, run one after another over a block: a processor overlaps the lanes of
a short loop, which a loop of all three, with its long chain of dependent steps, does not allow.
"""

from __future__ import annotations

from typing import NamedTuple

from sunward.core.params import Hardware, Service
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
from sunward.physics.scalar import scalar
from sunward.physics.thermal import chip_at_half_step_k, leakage_factor, throttle_factor

#: Keeps a quotient finite where nothing is offered or nothing runs (GPU-s, W).
TINY = 1.0e-6


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
def work_left(left, done):
    """Returns the work still to do; rounding does not make it negative."""
    return maximum(left - done, 0.0)

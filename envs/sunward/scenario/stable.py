"""Whether a satellite's heat can be stepped: hardware and length of the sub-steps together."""

from __future__ import annotations

from sunward.physics.stability import greatest_decay_rates_per_s, radiation_conductance_w_k
from sunward.scenario.hardware import Hardware

#: Sub-step over the shortest time constant; classical Runge-Kutta diverges at 2.785.
GREATEST_STEP = 2.0
#: Warming of the chips at full power within a sub-step: more would leap over the throttle.
GREATEST_RISE_K = 20.0
NODES = ("chip", "loop", "radiator")


def check_stable(hardware: Hardware, substep_s: float) -> None:
    """Raises ValueError where a sub-step is too long for the heat capacities.

    Args:
        hardware: Of one satellite.
        substep_s: Length of a thermal sub-step.
    """
    rise_k = hardware.compute.peak_power_w * substep_s / hardware.thermal.chip_capacity_j_k
    if rise_k > GREATEST_RISE_K:
        raise ValueError(
            f"has sub-steps of {substep_s:g} s, in which full power warms the chips by "
            f"{rise_k:.3g} K, must be at most {GREATEST_RISE_K:g} K: shorten step_s or raise "
            "thermal.chip_capacity"
        )
    for node, rate_per_s in zip(NODES, decay_rates_per_s(hardware), strict=True):
        if substep_s * rate_per_s > GREATEST_STEP:
            raise ValueError(
                f"has sub-steps of {substep_s:g} s, {substep_s * rate_per_s:.3g} times what the "
                f"{node} takes to settle, must be at most {GREATEST_STEP:g}: shorten step_s or "
                f"raise thermal.{node}_capacity"
            )


def decay_rates_per_s(hardware: Hardware) -> tuple[float, float, float]:
    """Returns bounds on the rates at which chips, loop and radiator settle, 1/s."""
    thermal, spread = hardware.thermal, hardware.spread
    hottest_k = max(hardware.compute.trip_k, thermal.sink_k)
    radiation_w_k = radiation_conductance_w_k(
        hottest_k,
        2.0 * thermal.radiator_area_m2,
        thermal.emissivity * (1.0 + 3.0 * spread.radiator_std_fraction),
    )
    return greatest_decay_rates_per_s(
        thermal.chip_conductance_w_k,
        thermal.flow_conductance_w_k,
        radiation_w_k,
        thermal.chip_capacity_j_k,
        thermal.loop_capacity_j_k,
        thermal.radiator_capacity_j_k,
    )

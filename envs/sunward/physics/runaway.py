"""Thermal run-away: the load above which leakage outgrows cooling (not for the kernel).

Heat warms the chips, warm chips leak more, and leakage is heat. Up to a certain load the loop
settles; above it no steady state exists and the chips warm until something stops them: in the
simulator the throttle and the trip, and at the end of all the bound on the leakage's exponent
(`thermal.leakage_factor`). The limit here is that of the unbounded law.

References: K. Banerjee et al., A self-consistent junction temperature estimation methodology for
nanometer scale ICs, IEDM 2003; the condition is that of tangency, as in Semenov's theory of
thermal explosion (1928).
"""

import math
from typing import NamedTuple

from sunward.physics.scalar import scalar
from sunward.physics.thermal import equilibrium_temperature_k

N_HALVINGS = 60


class Cooling(NamedTuple):
    """The way of heat from the chips to space."""

    #: From chips to coolant, and from coolant to radiator, in W/K.
    chip_conductance_w_k: float
    flow_conductance_w_k: float
    #: Of the radiator, and what it sees.
    emitting_area_m2: float
    emissivity: float
    sink_k: float
    #: Heat put into the radiator from outside in W, beyond what the sink holds.
    absorbed_w: float


class Leakage(NamedTuple):
    """Chip power over that at the reference temperature: 1 - f + f exp((T - T_ref) / s)."""

    fraction: float
    reference_k: float
    scale_k: float


class RunawayLimit(NamedTuple):
    """The largest load with a steady state, and the chips' temperature there."""

    load_w: float
    chip_k: float


@scalar
def steady_chip_k(heat_w: float, cooling: Cooling) -> float:
    """Returns the chips' temperature in K that carries a heat away, leakage included in it.

    Args:
        heat_w: Made in the chips in W, at least 0.
        cooling: The `Cooling`.
    """
    radiator_k = equilibrium_temperature_k(
        heat_w + cooling.absorbed_w, cooling.sink_k, cooling.emitting_area_m2, cooling.emissivity
    )
    resistance = 1.0 / cooling.chip_conductance_w_k + 1.0 / cooling.flow_conductance_w_k
    return radiator_k + heat_w * resistance


@scalar
def cooling_slope_w_k(heat_w: float, cooling: Cooling) -> float:
    """Returns how much more heat goes away for each kelvin the chips are warmer, in W/K.

    Args:
        heat_w, cooling: As in `steady_chip_k`.
    """
    total_w = heat_w + cooling.absorbed_w
    radiator_k = equilibrium_temperature_k(
        total_w, cooling.sink_k, cooling.emitting_area_m2, cooling.emissivity
    )
    emitted_w = total_w * radiator_k**4 / (radiator_k**4 - cooling.sink_k**4)
    resistance = 1.0 / cooling.chip_conductance_w_k + 1.0 / cooling.flow_conductance_w_k
    return 1.0 / (resistance + radiator_k / (4.0 * emitted_w))


@scalar
def leakage_growth(chip_k: float, leakage: Leakage) -> tuple[float, float]:
    """Returns (chip power over that at the reference temperature, its change per kelvin)."""
    leaked = leakage.fraction * math.exp((chip_k - leakage.reference_k) / leakage.scale_k)
    return 1.0 - leakage.fraction + leaked, leaked / leakage.scale_k


@scalar
def is_stable(heat_w: float, cooling: Cooling, leakage: Leakage) -> bool:
    """Returns True if the steady state with this heat holds: cooling grows faster than leakage.

    Args:
        heat_w: Of the steady state in W, leakage included, above 0.
        cooling, leakage: `Cooling` and `Leakage`.
    """
    factor, slope = leakage_growth(steady_chip_k(heat_w, cooling), leakage)
    return heat_w * slope / factor < cooling_slope_w_k(heat_w, cooling)


@scalar
def runaway_limit(cooling: Cooling, leakage: Leakage) -> RunawayLimit:
    """Returns the `RunawayLimit`: where leakage and cooling grow alike.

    Of all steady states, load = heat / leakage factor, this one has the largest load. The heat is
    found by bisection between none and as much as warms the chips by twelve scales of leakage.

    Args:
        cooling: The `Cooling`.
        leakage: The `Leakage`, fraction above 0.
    """
    low_w, high_w = 0.0, cooling.chip_conductance_w_k * 12.0 * leakage.scale_k
    for _ in range(N_HALVINGS):
        middle_w = 0.5 * (low_w + high_w)
        if is_stable(middle_w, cooling, leakage):
            low_w = middle_w
        else:
            high_w = middle_w
    chip_k = steady_chip_k(low_w, cooling)
    return RunawayLimit(load_w=low_w / leakage_growth(chip_k, leakage)[0], chip_k=chip_k)

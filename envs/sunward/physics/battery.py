"""Battery: what it may take and give, one exchange with the bus, and its temperature.

Powers are counted at the bus; the losses of charging and discharging lie between bus and cells.
"""

from typing import NamedTuple

from sunward.physics.approximation import clamp, exponential, maximum, minimum
from sunward.physics.constants import SECONDS_PER_HOUR, ZERO_CELSIUS_K
from sunward.physics.scalar import scalar

#: Share of the charge above which charging falls linearly to zero (constant-voltage phase).
TAPER_START = 0.9
#: Charging falls to zero over this many kelvins above freezing (lithium plating).
COLD_RAMP_K = 2.0


class Exchange(NamedTuple):
    """What one exchange between battery and bus did; all powers are means over its duration."""

    #: Charge afterwards in J.
    charge_j: float
    #: Power from the bus into the battery in W; negative when the battery feeds the bus.
    bus_power_w: float
    #: Demand of the bus that nobody met in W, at least 0.
    unmet_w: float
    #: Power on offer that nobody took in W, at least 0.
    curtailed_w: float
    #: Heat in the battery in W, at least 0.
    loss_w: float


@scalar
def charge_limit_w(
    charge_j: float,
    capacity_j: float,
    c_rate_per_h: float,
    temperature_k: float,
    taper_start: float = TAPER_START,
    freezing_k: float = ZERO_CELSIUS_K,
) -> float:
    """Returns the greatest power the battery takes from the bus in W.

    The C-rate, a linear taper to zero at full charge, and a ramp from nothing at the freezing
    point to all 2 K above it: below, lithium plates out.

    Args:
        charge_j: Energy in the cells in J, 0 to capacity_j.
        capacity_j: Energy of the full battery in J, above 0.
        c_rate_per_h: Greatest charging power over capacity, per hour (0.5).
        temperature_k: Temperature of the cells in K.
        taper_start: Share of the charge at which the taper begins, below 1 (0.9).
        freezing_k: Temperature below which nothing is taken in K.
    """
    room = 1.0 - charge_j / capacity_j
    taper = clamp(room * (1.0 / (1.0 - taper_start)), 0.0, 1.0)
    warmth = clamp((temperature_k - freezing_k) * (1.0 / COLD_RAMP_K), 0.0, 1.0)
    return rated_power_w(capacity_j, c_rate_per_h) * taper * warmth


@scalar
def rated_power_w(capacity_j: float, c_rate_per_h: float) -> float:
    """Returns the power in W that a C-rate means for a battery of this capacity in J."""
    return c_rate_per_h / SECONDS_PER_HOUR * capacity_j


@scalar
def discharge_limit_w(
    charge_j: float,
    floor_j: float,
    capacity_j: float,
    c_rate_per_h: float,
    discharge_efficiency: float,
    duration_s: float,
) -> float:
    """Returns the greatest mean power the battery gives to the bus in W.

    Args:
        charge_j: Energy in the cells in J.
        floor_j: Energy that stays in the cells in J; nothing is given below it.
        capacity_j: Energy of the full battery in J.
        c_rate_per_h: Greatest power at the bus over capacity, per hour (1).
        discharge_efficiency: Energy at the bus over energy from the cells, 0 to 1.
        duration_s: For how long the power is to last in s, above 0.
    """
    rated_w = rated_power_w(capacity_j, c_rate_per_h)
    stored_w = maximum(charge_j - floor_j, 0.0) * (discharge_efficiency / duration_s)
    return minimum(rated_w, stored_w)


@scalar
def battery_exchange(
    charge_j: float,
    capacity_j: float,
    surplus_w: float,
    charge_limit: float,
    discharge_limit: float,
    charge_efficiency: float,
    discharge_efficiency: float,
    duration_s: float,
) -> Exchange:
    """Returns the `Exchange` of the battery with the bus.

    A surplus charges, a deficit discharges, each up to its limit and to full or empty.
    surplus = bus_power + curtailed - unmet, and bus_power * duration = change of charge +
    loss * duration, both to the last rounding.

    Args:
        charge_j: Energy in the cells in J, 0 to capacity_j.
        capacity_j: Energy of the full battery in J.
        surplus_w: Power left on the bus by array and loads in W, negative for a deficit.
        charge_limit, discharge_limit: Greatest powers at the bus in W, at least 0.
        charge_efficiency, discharge_efficiency: Each way, above 0, at most 1.
        duration_s: Length of the exchange in s, above 0.

    References: Larson and Wertz, Space Mission Analysis and Design (1999), section 11.4.
    """
    offered_w = maximum(surplus_w, 0.0)
    wanted_w = maximum(-surplus_w, 0.0)
    room_w = maximum(capacity_j - charge_j, 0.0) * (1.0 / (charge_efficiency * duration_s))
    stored_w = maximum(charge_j, 0.0) * (discharge_efficiency / duration_s)
    taken_w = minimum(offered_w, minimum(charge_limit, room_w))
    given_w = minimum(wanted_w, minimum(discharge_limit, stored_w))
    stored_gain_w = charge_efficiency * taken_w
    stored_drain_w = given_w * (1.0 / discharge_efficiency)
    return Exchange(
        # Rounding leads neither below empty nor above full.
        charge_j=minimum(
            maximum(charge_j + (stored_gain_w - stored_drain_w) * duration_s, 0.0 * charge_j),
            capacity_j,
        ),
        bus_power_w=taken_w - given_w,
        unmet_w=wanted_w - given_w,
        curtailed_w=offered_w - taken_w,
        loss_w=(taken_w - stored_gain_w) + (stored_drain_w - given_w),
    )


@scalar
def pack_temperature_step(
    pack_k: float,
    surroundings_k: float,
    loss_w: float,
    conductance_w_k: float,
    heat_capacity_j_k: float,
    duration_s: float,
) -> float:
    """Returns the battery's temperature in K after a step, by the exact solution.

    Args:
        pack_k, surroundings_k: Temperatures of the cells and of what they are mounted on in K.
        loss_w: Heat made in the cells in W.
        conductance_w_k: Conductance to the surroundings in W/K, above 0.
        heat_capacity_j_k: Of the cells in J/K, above 0.
        duration_s: Length of the step in s.
    """
    settled_k = surroundings_k + loss_w / conductance_w_k
    remembered = exponential(-conductance_w_k * duration_s / heat_capacity_j_k)
    return settled_k + (pack_k - settled_k) * remembered

"""Battery: what it may take and give, one exchange with the bus, wear and temperature.

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
#: Wear doubles with this much warming.
WEAR_DOUBLING_K = 15.0
WEAR_RATE_PER_K = 0.6931471805599453 / WEAR_DOUBLING_K
WEAR_REFERENCE_K = 293.15
#: Schmalstieg's cyclic ageing at the mean voltage: a + b depth, per square root of ampere-hours.
WEAR_BASE = 7.6e-4
WEAR_PER_DEPTH = 4.081e-3
#: Twice `WEAR_PER_DEPTH`: the price of the next joule where a cycle costs a D + b D^2.
WEAR_SLOPE = 2.0 * WEAR_PER_DEPTH
#: Sets the cost of one full-to-30 %-and-back cycle at 20 C to 4e-5 of capacity.
WEAR_SCALE = 4.0e-5 / (0.3 * (WEAR_BASE + WEAR_PER_DEPTH * 0.3))


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
        charge_j=charge_j + (stored_gain_w - stored_drain_w) * duration_s,
        bus_power_w=taken_w - given_w,
        unmet_w=wanted_w - given_w,
        curtailed_w=offered_w - taken_w,
        loss_w=(taken_w - stored_gain_w) + (stored_drain_w - given_w),
    )


@scalar
def cycle_wear_fraction(
    discharged_j: float, capacity_j: float, depth_of_discharge: float, temperature_k: float
) -> float:
    """Returns the capacity lost for good by one discharge, as a share of capacity.

    A shadow price, not a state: the wear of the next joule drawn at a depth is
    K (a + 2 b depth), so that a cycle from full to depth D costs K D (a + b D), the form of
    Schmalstieg's cyclic ageing. K makes a 30 % cycle cost 4e-5 at 20 C; a 50 % cycle at the same
    age then costs 9.4e-5 (6e-5 is what each costs a battery that never did anything else, as its
    wear slows down with age). Doubles every 15 K: an assumption between the measured chemistries.

    Args:
        discharged_j: Energy taken from the cells in J, at least 0.
        capacity_j: Energy of the full battery in J.
        depth_of_discharge: 1 - charge / capacity while it is taken, 0 to 1.
        temperature_k: Temperature of the cells in K, 253 to 333.

    References: Schmalstieg et al., A holistic aging model for Li(NiMnCo)O2 based 18650 batteries,
    J. Power Sources 257 (2014) 325; level of the price: BLAST-Lite, NMC111, first year.
    """
    price = WEAR_SCALE * (WEAR_BASE + WEAR_SLOPE * depth_of_discharge)
    warmth = exponential(WEAR_RATE_PER_K * (temperature_k - WEAR_REFERENCE_K))
    return price * warmth * discharged_j / capacity_j


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


@scalar
def calendar_loss_fraction(voltage_v: float, temperature_k: float, age_days: float) -> float:
    """Returns the share of capacity an NMC cell loses by age alone (not for the kernel).

    References: Schmalstieg et al. (2014), eq. 22: alpha_cap t^0.75.
    """
    return (7.543 * voltage_v - 23.75) * 1.0e6 * _arrhenius(temperature_k) * age_days**0.75


@scalar
def cyclic_loss_fraction(
    mean_voltage_v: float, depth_of_discharge: float, charge_ah: float
) -> float:
    """Returns the share of capacity an NMC cell of 2.15 Ah loses by use alone (not for the kernel).

    Args:
        mean_voltage_v: Mean voltage of the cycle in V, 3.4 to 4.1.
        depth_of_discharge: Of the cycle, 0 to 1.
        charge_ah: Charge moved in both directions together in Ah.

    References: Schmalstieg et al. (2014), eq. 24: beta_cap sqrt(Q).
    """
    above = mean_voltage_v - 3.667
    beta = 7.348e-3 * above * above + WEAR_BASE + WEAR_PER_DEPTH * depth_of_discharge
    return beta * charge_ah**0.5


@scalar
def _arrhenius(temperature_k: float) -> float:
    return 2.718281828459045 ** (-6976.0 / temperature_k)

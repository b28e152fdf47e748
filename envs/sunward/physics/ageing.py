"""Ageing: how a battery and an array lose capacity over years, and what a step's share of it costs.

One chemistry by its published law: the NMC111 cell of Schmalstieg et al. (2014). Two losses add up,
one of age (calendar), alpha(V, T) t^0.75, and one of use (cyclic), beta(V, depth) sqrt(Q), with V
the cell's voltage, t days and Q ampere-hours through a cell of 2.15 Ah. Temperature acts on age
alone: the cells were cycled at 35 C only, at 1C, so neither temperature nor rate is in beta. The
law has no knee; past a loss of a third it is too kind. Against BLAST-Lite's own run of the law,
satellites of 1 to 5 years: within 0.015 of capacity.

A loss that slows down has no fixed price. Prices here are means over a life that ends when one
cause alone has taken `LIFE_LOSS`, which is what the same use costs every battery of a fleet.
"""

import math

from sunward.physics.approximation import exponential, logarithm, maximum
from sunward.physics.constants import SECONDS_PER_DAY
from sunward.physics.scalar import scalar

#: Calendar loss (eq. 22): (A V - B) 1e6 exp(-C / T) t^p.
CALENDAR_PER_VOLT, CALENDAR_OFFSET = 7.543, 23.75
CALENDAR_SCALE = 1.0e6
CALENDAR_ACTIVATION_K = 6976.0
CALENDAR_EXPONENT = 0.75
#: Cyclic loss (eq. 24): (A (V - V0)^2 + B + C depth) sqrt(Q).
CYCLE_PER_SQUARE_VOLT, CYCLE_MIDDLE_V = 7.348e-3, 3.667
CYCLE_BASE, CYCLE_PER_DEPTH = 7.6e-4, 4.081e-3
CYCLE_EXPONENT = 0.5
CELL_AH = 2.15

#: Open-circuit voltage: two straight lines that meet at half charge.
LOW_V, LOW_SLOPE_V = 3.50, 0.39
HIGH_V, HIGH_SLOPE_V = 3.22, 0.945

#: Loss of capacity that ends a battery's life: the usual 80 % of the first capacity are left.
LIFE_LOSS = 0.2
#: `cycle_price`: voltage above the middle at full charge, and its fall per depth of a discharge.
FULL_ABOVE_V = HIGH_V + HIGH_SLOPE_V - CYCLE_MIDDLE_V
MEAN_SLOPE_V = 0.5 * HIGH_SLOPE_V
CYCLE_VOLTAGE_SLOPE = -2.0 * CYCLE_PER_SQUARE_VOLT * MEAN_SLOPE_V
#: A discharge of depth 1 and the charge that makes it good move twice the cell's charge.
PRICE_SCALE = 2.0 * CELL_AH / LIFE_LOSS
#: `calendar_wear_fraction`: loss a second at 20 C and full charge, (alpha^4 / loss)^(1/3) a day.
REFERENCE_K = 293.15
REFERENCE_CALENDAR = CALENDAR_PER_VOLT * (HIGH_V + HIGH_SLOPE_V) - CALENDAR_OFFSET
REFERENCE_ALPHA = (
    CALENDAR_SCALE * REFERENCE_CALENDAR * math.exp(-CALENDAR_ACTIVATION_K / REFERENCE_K)
)
REFERENCE_WEAR_PER_S = (REFERENCE_ALPHA**4 / LIFE_LOSS) ** (1.0 / 3.0) / SECONDS_PER_DAY
CALENDAR_PRICE_EXPONENT = 1.0 / CALENDAR_EXPONENT
ACTIVATION_TURNS = CALENDAR_ACTIVATION_K / REFERENCE_K

DAYS_PER_YEAR = 365.0
STEPS_PER_YEAR = 52
#: Points of the mean voltage over a discharge.
N_POINTS = 16


@scalar
def open_circuit_voltage_v(charge_fraction: float) -> float:
    """Returns the cell's open-circuit voltage in V.

    Within 0.015 V of the measured curve from 15 % of charge to full.

    Args:
        charge_fraction: Charge over capacity, 0 to 1.

    References: Ecker et al., J. Power Sources 248 (2014) 839, the curve as in Schmalstieg et al.
    (2014), fig. 1.
    """
    low = LOW_V + LOW_SLOPE_V * charge_fraction
    high = HIGH_V + HIGH_SLOPE_V * charge_fraction
    return maximum(low, high)


@scalar
def calendar_rate(voltage_v: float, temperature_k: float) -> float:
    """Returns alpha: the share of capacity lost by age in the first day.

    Args:
        voltage_v: Open-circuit voltage at which the cell rests in V, 3.2 to 4.2.
        temperature_k: Temperature of the cells in K.

    References: Schmalstieg et al., A holistic aging model for Li(NiMnCo)O2 based 18650 batteries,
    J. Power Sources 257 (2014) 325, eq. 22.
    """
    level = CALENDAR_PER_VOLT * voltage_v - CALENDAR_OFFSET
    return CALENDAR_SCALE * level * math.exp(-CALENDAR_ACTIVATION_K / temperature_k)


@scalar
def cycle_rate(mean_voltage_v: float, depth_of_discharge: float) -> float:
    """Returns beta: the share of capacity lost by the first ampere-hour, either way.

    Args:
        mean_voltage_v: Mean voltage of the cycle in V.
        depth_of_discharge: Of the cycle, 0 to 1.

    References: Schmalstieg et al. (2014), eq. 24.
    """
    above = mean_voltage_v - CYCLE_MIDDLE_V
    return CYCLE_PER_SQUARE_VOLT * above * above + CYCLE_BASE + CYCLE_PER_DEPTH * depth_of_discharge


@scalar
def grown_loss(loss: float, rate: float, amount: float, exponent: float) -> float:
    """Returns a loss that follows rate x^exponent after more of x, whatever it came from before.

    The state is the loss, not x: the cell goes on from the x that would have made today's loss at
    today's rate ("equivalent time").

    Args:
        loss: Before, as a share of capacity, at least 0.
        rate: Loss at x = 1 under today's stress, above 0.
        amount: More of x, at least 0: days, or ampere-hours.
        exponent: Of the law, above 0.

    References: the incremental form that Schmalstieg et al. (2014) use for varying stress.
    """
    equivalent = (loss / rate) ** (1.0 / exponent)
    return rate * (equivalent + amount) ** exponent


@scalar
def mean_cycle_voltage_v(
    full_fraction: float, depth_of_discharge: float, rest_share: float
) -> float:
    """Returns the mean voltage of an orbit's cycle in V.

    Args:
        full_fraction: Charge that the battery is filled to, 0 to 1.
        depth_of_discharge: Of the cycle, at most full_fraction.
        rest_share: Share of the time it rests full; else it charges or discharges evenly.
    """
    total = 0.0
    for point in range(N_POINTS):
        drawn = depth_of_discharge * (point + 0.5) / N_POINTS
        total += open_circuit_voltage_v(full_fraction - drawn)
    rest_v = open_circuit_voltage_v(full_fraction)
    return rest_share * rest_v + (1.0 - rest_share) * total / N_POINTS


@scalar
def relative_capacity(
    years: float,
    orbits_per_day: float,
    depth_of_discharge: float,
    temperature_k: float,
    eclipse_share: float,
    season_share: float = 1.0,
    full_fraction: float = 0.9,
) -> float:
    """Returns what is left of a battery's capacity, 1 when new; it can fall below 0.

    Every orbit of the eclipse season discharges to the depth (a share of what is left), charges at
    the same rate and rests full; out of season it rests full. Weekly steps.

    Args:
        years: Age in years, at least 0.
        orbits_per_day: 11 to 16 in low orbit.
        depth_of_discharge: Of the cycle, 0 to full_fraction.
        temperature_k: Of the cells in K, 273 to 333; the law was measured from 308 to 323.
        eclipse_share: Share of the orbit in the dark, 0 to 0.5.
        season_share: Share of the orbits that have an eclipse, 0 to 1.
        full_fraction: Charge that the battery is filled to, 0 to 1.

    References: Schmalstieg et al. (2014); compare Smith et al., BLAST-Lite, NREL.
    """
    rest_share = max(0.0, 1.0 - 2.0 * eclipse_share)
    cycle_v = mean_cycle_voltage_v(full_fraction, depth_of_discharge, rest_share)
    rest_v = open_circuit_voltage_v(full_fraction)
    alpha_cycling = calendar_rate(cycle_v, temperature_k)
    alpha_resting = calendar_rate(rest_v, temperature_k)
    beta = cycle_rate(cycle_v, depth_of_discharge)
    n_steps = max(1, math.ceil(years * STEPS_PER_YEAR))
    days = years * DAYS_PER_YEAR / n_steps
    full_ah = 2.0 * CELL_AH * depth_of_discharge * orbits_per_day * season_share * days
    by_age = by_use = 0.0
    for _ in range(n_steps):
        left = max(1.0 - by_age - by_use, 0.0)
        by_age = grown_loss(by_age, alpha_cycling, season_share * days, CALENDAR_EXPONENT)
        by_age = grown_loss(by_age, alpha_resting, (1.0 - season_share) * days, CALENDAR_EXPONENT)
        by_use = grown_loss(by_use, beta, full_ah * left, CYCLE_EXPONENT)
    return 1.0 - by_age - by_use


@scalar
def cycle_wear_fraction(discharged_j: float, capacity_j: float, depth_of_discharge: float) -> float:
    """Returns the capacity lost for good by one discharge, as a share of capacity: a price.

    Derived from the law: a life of cycles of depth D ends after Q = (L / beta)^2 ampere-hours, L
    being `LIFE_LOSS`, so that on average over the life an ampere-hour costs L / Q = beta^2 / L, and
    a cycle, which moves 2 C D of them through a cell of C ampere-hours, 2 C D beta(D)^2 / L. The
    next joule at the depth D costs the derivative, 2 C / L beta (beta + 2 D beta'). beta takes the
    mean voltage of a discharge from full to D. A 30 % cycle costs 5.5e-5, one of 50 % 1.2e-4: what
    the same cycles cost at a loss of L / 2, where the law's slope beta^2 / (2 loss) has its mean.

    No temperature: the law's cyclic part has none (`calendar_wear_fraction` has).

    Args:
        discharged_j: Energy taken from the cells in J, at least 0.
        capacity_j: Energy of the full battery in J.
        depth_of_discharge: 1 - charge / capacity while it is taken, 0 to 1.

    References: Schmalstieg et al. (2014), eq. 24.
    """
    above = FULL_ABOVE_V - MEAN_SLOPE_V * depth_of_discharge
    beta = CYCLE_BASE + CYCLE_PER_SQUARE_VOLT * above * above + CYCLE_PER_DEPTH * depth_of_discharge
    slope = CYCLE_PER_DEPTH + CYCLE_VOLTAGE_SLOPE * above
    price = PRICE_SCALE * beta * (beta + 2.0 * depth_of_discharge * slope)
    return price * discharged_j / capacity_j


@scalar
def calendar_wear_fraction(
    charge_fraction: float, temperature_k: float, duration_s: float
) -> float:
    """Returns the capacity lost for good by the mere passing of time, as a share of capacity.

    A life at rest ends after t = (L / alpha)^(4/3) days, so that on average over it a day costs
    L / t = alpha^(4/3) / L^(1/3): 4.3e-5 a day, full and at 20 C, a twentieth of what fifteen
    cycles of 30 % cost. Nobody can stop it; a lower charge and a cooler pack slow it down (half
    charge: to 44 %; 10 K less: to a third).

    Args:
        charge_fraction: Charge over capacity, 0 to 1.
        temperature_k: Temperature of the cells in K, 253 to 333.
        duration_s: Time in s, at least 0.

    References: Schmalstieg et al. (2014), eq. 22.
    """
    voltage_v = open_circuit_voltage_v(charge_fraction)
    level = (CALENDAR_PER_VOLT * voltage_v - CALENDAR_OFFSET) / REFERENCE_CALENDAR
    warmth = ACTIVATION_TURNS * (1.0 - REFERENCE_K / temperature_k)
    stress = exponential(CALENDAR_PRICE_EXPONENT * (logarithm(level) + warmth))
    return REFERENCE_WEAR_PER_S * stress * duration_s


@scalar
def wear_fraction(
    discharged_j: float,
    capacity_j: float,
    depth_of_discharge: float,
    temperature_k: float,
    duration_s: float,
) -> float:
    """Returns the capacity that a step costs by use and by age, as a share of capacity.

    Args:
        discharged_j, capacity_j, depth_of_discharge: As in `cycle_wear_fraction`.
        temperature_k: Temperature of the cells in K, 253 to 333.
        duration_s: Length of the step in s.
    """
    by_use = cycle_wear_fraction(discharged_j, capacity_j, depth_of_discharge)
    return by_use + calendar_wear_fraction(1.0 - depth_of_discharge, temperature_k, duration_s)


@scalar
def array_power_share(degradation_per_year: float, years: float) -> float:
    """Returns what is left of an array's power: the yearly loss compounds.

    Args:
        degradation_per_year: Share of the power lost in a year, 0 to 1: 0.002 to 0.01 for triple
            junctions behind glass, 0.08 for bare silicon in low orbit (an assumption).
        years: Age in years, at least 0.

    References: Larson and Wertz (1999), section 11.4: (1 - d)^years.
    """
    return (1.0 - degradation_per_year) ** years

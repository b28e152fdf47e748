"""Air drag in orbit: how fast a satellite sinks, and what it costs to stay (not for the kernel).

Circular orbits, air at rest (it turns with the Earth: on an eastward orbit round the equator drag
is 13 % less, on a polar one the same), density from `sunward.physics.atmosphere`. `drag_area` is
the drag coefficient times the area across the flow, C_d A, over mass; C_d is about 2.2 in free
molecular flow.
"""

import math

from sunward.physics.atmosphere import density_kg_m3
from sunward.physics.constants import EARTH_RADIUS_M, MU_M3_S2, PI, SECONDS_PER_DAY
from sunward.physics.scalar import scalar

SECONDS_PER_YEAR = 365.25 * SECONDS_PER_DAY
#: Standard gravity, in which specific impulse is told (exact).
STANDARD_GRAVITY_M_S2 = 9.80665


@scalar
def circular_speed_m_s(altitude_m: float) -> float:
    """Returns the speed on a circular orbit in m/s."""
    return math.sqrt(MU_M3_S2 / (EARTH_RADIUS_M + altitude_m))


@scalar
def drag_acceleration_m_s2(
    altitude_m: float, drag_area_m2_kg: float, f107: float, ap: float
) -> float:
    """Returns the deceleration by the air in m/s2, at least 0.

    Args:
        altitude_m: Height above the Earth's sphere in m, 150 to 2,000 km.
        drag_area_m2_kg: C_d A over mass in m2/kg (0.7 for a large array face-on, 0.02 edge-on).
        f107, ap: Solar and geomagnetic activity as in `density_kg_m3`.

    References: Vallado (2013), eq. 8-28: rho v^2 C_d A / (2 m).
    """
    speed_m_s = circular_speed_m_s(altitude_m)
    return 0.5 * density_kg_m3(altitude_m, f107, ap) * speed_m_s * speed_m_s * drag_area_m2_kg


@scalar
def decay_rate_m_s(altitude_m: float, drag_area_m2_kg: float, f107: float, ap: float) -> float:
    """Returns how fast a circular orbit's radius changes in m/s, negative: -sqrt(mu a) rho C_d A/m.

    Args:
        altitude_m, drag_area_m2_kg, f107, ap: As in `drag_acceleration_m_s2`.

    References: King-Hele, Satellite orbits in an atmosphere (1987), for circular orbits.
    """
    radius_m = EARTH_RADIUS_M + altitude_m
    density = density_kg_m3(altitude_m, f107, ap)
    return -math.sqrt(MU_M3_S2 * radius_m) * density * drag_area_m2_kg


@scalar
def upkeep_m_s_per_year(altitude_m: float, drag_area_m2_kg: float, f107: float, ap: float) -> float:
    """Returns the change of speed that makes good a year of drag in m/s.

    Args:
        altitude_m, drag_area_m2_kg, f107, ap: As in `drag_acceleration_m_s2`.
    """
    return drag_acceleration_m_s2(altitude_m, drag_area_m2_kg, f107, ap) * SECONDS_PER_YEAR


@scalar
def propellant_kg(
    dry_mass_kg: float, change_of_speed_m_s: float, specific_impulse_s: float
) -> float:
    """Returns the propellant for a change of speed in kg: m (exp(dv / (g0 I_sp)) - 1).

    Args:
        dry_mass_kg: Mass when all is burnt in kg.
        change_of_speed_m_s: Over the whole life in m/s, at least 0.
        specific_impulse_s: Of the thruster in s (300 chemical, 1,500 to 2,000 electric).

    References: Tsiolkovsky's equation; Larson and Wertz (1999), eq. 17-6.
    """
    return dry_mass_kg * math.expm1(
        change_of_speed_m_s / (STANDARD_GRAVITY_M_S2 * specific_impulse_s)
    )


@scalar
def fleet_propellant_kg_per_year(
    n_sats: float,
    dry_mass_kg: float,
    upkeep_m_s_per_year: float,
    life_years: float,
    specific_impulse_s: float,
) -> float:
    """Returns the propellant that a steady fleet burns in a year in kg.

    Each satellite is launched with the propellant of its whole life and replaced at its end.

    Args:
        n_sats: Satellites in orbit.
        dry_mass_kg: Of each in kg.
        upkeep_m_s_per_year: From `upkeep_m_s_per_year`, mean over the solar cycle, in m/s.
        life_years: Of each in years, above 0.
        specific_impulse_s: Of the thrusters in s.
    """
    whole_life = propellant_kg(dry_mass_kg, upkeep_m_s_per_year * life_years, specific_impulse_s)
    return n_sats * whole_life / life_years


@scalar
def tracking_drag_share(sin_beta: float) -> float:
    """Returns the mean drag area over one orbit of a plate that faces the Sun, over its full area.

    The velocity turns once in the orbit's plane, the Sun stands at beta from it: the mean of
    |cos beta cos u| is 2 cos(beta) / pi. 0.64 where the Sun lies in the plane, 0 on a dawn-dusk
    orbit, whose arrays always fly edge-on.

    Args:
        sin_beta: Sine of the Sun's angle above the orbit's plane, -1 to 1.
    """
    return 2.0 / PI * math.sqrt(max(1.0 - sin_beta * sin_beta, 0.0))

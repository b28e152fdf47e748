"""Solar array: irradiance, temperature of the cells, electrical power at the bus."""

from sunward.physics.approximation import maximum, square_root
from sunward.physics.constants import SOLAR_CONSTANT_W_M2, STEFAN_BOLTZMANN_W_M2_K4
from sunward.physics.scalar import scalar

TWO_STEFAN_BOLTZMANN = 2.0 * STEFAN_BOLTZMANN_W_M2_K4
EIGHT_STEFAN_BOLTZMANN = 8.0 * STEFAN_BOLTZMANN_W_M2_K4


@scalar
def irradiance_w_m2(illumination: float, cos_incidence: float, distance_au: float) -> float:
    """Returns the sunlight on one square metre of the array in W.

    Args:
        illumination: Share of the Sun's disc in view, 0 to 1.
        cos_incidence: Cosine of the angle between the array's normal and the Sun; no light below 0.
        distance_au: Distance to the Sun in AU, 0.98 to 1.02.
    """
    facing = maximum(cos_incidence, 0.0)
    return SOLAR_CONSTANT_W_M2 * illumination * facing / (distance_au * distance_au)


@scalar
def cell_efficiency(
    efficiency: float,
    cell_temperature_k: float,
    reference_k: float,
    temperature_coefficient_per_k: float,
) -> float:
    """Returns the share of sunlight the cells turn into electricity at their temperature.

    Args:
        efficiency: Share at the reference temperature, ageing included, 0 to 0.4.
        cell_temperature_k: Temperature of the cells in K.
        reference_k: Temperature the efficiency was measured at in K (301).
        temperature_coefficient_per_k: Relative loss per kelvin (0.002 GaAs, 0.0035 silicon).

    References: Larson and Wertz (1999), section 11.4.
    """
    warming = cell_temperature_k - reference_k
    return efficiency * maximum(1.0 - temperature_coefficient_per_k * warming, 0.0)


@scalar
def cell_temperature_k(
    irradiance: float,
    absorptance: float,
    efficiency: float,
    reference_k: float,
    temperature_coefficient_per_k: float,
    emissivity: float,
    background_w_m2: float,
) -> float:
    """Returns the temperature of the cells in K where they radiate from both faces what they keep.

    alpha S + q = 2 eps sigma T^4 + eta S (1 - k (T - T_ref)): the root without the temperature
    coefficient, then one Newton step. Within 0.25 K of the root for S <= 1450 W/m2, k <= 0.004
    and q >= 100 W/m2. A thin array follows the Sun within minutes, so the steady state stands
    for it.

    Args:
        irradiance: Sunlight on the front in W/m2.
        absorptance: Share of it absorbed, 0.8 to 0.95.
        efficiency: Share of it made electric at the reference temperature.
        reference_k: That temperature in K.
        temperature_coefficient_per_k: Relative loss of efficiency per kelvin.
        emissivity: Of each face, 0 to 1.
        background_w_m2: Absorbed from the Earth, both faces, W/m2; above 0 (150 in low orbit).

    References: Larson and Wertz (1999), section 11.4.
    """
    kept = (absorptance - efficiency) * irradiance + background_w_m2
    squared = square_root(kept / (TWO_STEFAN_BOLTZMANN * emissivity))
    first = square_root(squared)
    # At `first` emission equals `kept`: only the electric power's change with temperature is left.
    lost_w_m2_k = efficiency * temperature_coefficient_per_k * irradiance
    slope = EIGHT_STEFAN_BOLTZMANN * emissivity * squared * first - lost_w_m2_k
    return first + lost_w_m2_k * (first - reference_k) / slope


@scalar
def array_power_w(
    irradiance: float,
    area_m2: float,
    efficiency: float,
    cell_temperature: float,
    reference_k: float,
    coefficient_per_k: float,
    mppt: float,
) -> float:
    """Returns the array's electrical power at the bus in W.

    Args:
        irradiance: Sunlight on the front in W/m2 (`irradiance_w_m2`).
        area_m2: Area of the cells in m2.
        efficiency: Of the cells at the reference temperature, ageing included.
        cell_temperature: Temperature of the cells in K.
        reference_k: Temperature the efficiency was measured at in K.
        coefficient_per_k: Relative loss of efficiency per kelvin.
        mppt: Efficiency of the maximum-power tracker and converter, 0 to 1.

    References: Larson and Wertz (1999), section 11.4.
    """
    eta = cell_efficiency(efficiency, cell_temperature, reference_k, coefficient_per_k)
    return irradiance * area_m2 * eta * mppt

"""What keeps explicit steps and a single Newton step from diverging (not for the kernel)."""

from sunward.physics.constants import STEFAN_BOLTZMANN_W_M2_K4
from sunward.physics.scalar import scalar


@scalar
def radiation_conductance_w_k(temperature_k: float, area_m2: float, emissivity: float) -> float:
    """Returns the growth of a grey surface's emission with its temperature in W/K.

    Args:
        temperature_k: Of the surface in K.
        area_m2: Emitting area in m2.
        emissivity: 0 to 1.
    """
    cube = temperature_k * temperature_k * temperature_k
    return 4.0 * STEFAN_BOLTZMANN_W_M2_K4 * emissivity * area_m2 * cube


@scalar
def greatest_decay_rates_per_s(
    chip_conductance_w_k: float,
    flow_conductance_w_k: float,
    radiation_w_k: float,
    chip_capacity_j_k: float,
    loop_capacity_j_k: float,
    radiator_capacity_j_k: float,
) -> tuple[float, float, float]:
    """Returns (chip, loop, radiator) bounds in 1/s: no mode of the network decays faster than all.

    The network's matrix has real eigenvalues, each within one of its rows' Gershgorin circles. A
    classical Runge-Kutta step stays stable while step x rate is below 2.785; up to 2 it is also
    within a fifth of the exact decay of its fastest mode.

    Args:
        chip_conductance_w_k: From chips to coolant in W/K.
        flow_conductance_w_k: From coolant to radiator in W/K.
        radiation_w_k: From `radiation_conductance_w_k` at the hottest the radiator gets.
        chip_capacity_j_k, loop_capacity_j_k, radiator_capacity_j_k: Heat capacities in J/K.

    References: Hairer and Wanner, Solving Ordinary Differential Equations II (1996), section IV.2.
    """
    return (
        2.0 * chip_conductance_w_k / chip_capacity_j_k,
        2.0 * (chip_conductance_w_k + flow_conductance_w_k) / loop_capacity_j_k,
        (2.0 * flow_conductance_w_k + radiation_w_k) / radiator_capacity_j_k,
    )


@scalar
def cell_feedback(
    irradiance: float,
    efficiency: float,
    temperature_coefficient_per_k: float,
    cell_k: float,
    emissivity: float,
) -> float:
    """Returns how much of a cell's warming its own loss of power gives back, as a share.

    Warmer cells turn less light into electricity and keep more as heat; at 1 they run away, and
    the single Newton step of `sunward.physics.power.cell_temperature_k` needs it well below.

    Args:
        irradiance: Sunlight on the front in W/m2.
        efficiency: Share of it made electric at the reference temperature.
        temperature_coefficient_per_k: Relative loss of efficiency per kelvin.
        cell_k: Temperature of the cells in K, without that loss.
        emissivity: Of each of the two faces.
    """
    kept_w_m2_k = efficiency * temperature_coefficient_per_k * irradiance
    return kept_w_m2_k / radiation_conductance_w_k(cell_k, 2.0, emissivity)

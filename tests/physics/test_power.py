"""Irradiance and efficiency by their laws, cell temperature against its own heat balance."""

import pytest

from sunward.physics import power
from sunward.physics.constants import SOLAR_CONSTANT_W_M2, STEFAN_BOLTZMANN_W_M2_K4


def test_an_array_turned_away_gets_nothing():
    assert power.irradiance_w_m2(1.0, -0.5, 1.0) == 0.0
    assert power.irradiance_w_m2(0.0, 1.0, 1.0) == 0.0


def test_sunlight_falls_with_the_square_of_distance():
    assert power.irradiance_w_m2(1.0, 1.0, 1.0) == SOLAR_CONSTANT_W_M2
    assert power.irradiance_w_m2(1.0, 1.0, 0.983) == pytest.approx(1408.5, abs=0.5)
    assert power.irradiance_w_m2(1.0, 1.0, 1.017) == pytest.approx(1315.9, abs=0.5)


@pytest.mark.parametrize("light", [0.0, 200.0, 800.0, 1361.0, 1450.0])
@pytest.mark.parametrize("coefficient", [0.0, 0.002, 0.004])
@pytest.mark.parametrize("background", [100.0, 200.0])
def test_cell_temperature_balances_heat(light, coefficient, background):
    absorptance, efficiency, reference, emissivity = 0.9, 0.3, 301.0, 0.85
    kelvin = power.cell_temperature_k(
        light, absorptance, efficiency, reference, coefficient, emissivity, background
    )
    low, high = 100.0, 600.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        emitted = 2.0 * emissivity * STEFAN_BOLTZMANN_W_M2_K4 * middle**4
        electric = efficiency * light * (1.0 - coefficient * (middle - reference))
        is_too_cold = emitted + electric < absorptance * light + background
        low, high = (middle, high) if is_too_cold else (low, middle)
    assert abs(kelvin - low) < 0.25


def test_hot_cells_lose_power_and_never_below_zero():
    assert power.cell_efficiency(0.3, 301.0, 301.0, 0.002) == 0.3
    assert power.cell_efficiency(0.3, 351.0, 301.0, 0.002) == pytest.approx(0.27)
    assert power.cell_efficiency(0.3, 2000.0, 301.0, 0.002) == 0.0

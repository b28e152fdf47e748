"""The unit table against known conversions."""

import math

import pytest

from sunward.scenario.figure import file_key
from sunward.scenario.units import UNITS, to_si


@pytest.mark.parametrize(
    ("value", "unit", "kind", "si"),
    [
        (20.0, "kWh", "energy", 7.2e7),
        (150.0, "kW", "power", 1.5e5),
        (83.0, "degC", "temperature", 356.15),
        (40.0, "K", "temperature difference", 40.0),
        (7.0, "percent", "fraction", 0.07),
        (180.0, "deg", "angle", math.pi),
        (1.0, "Tb/s", "data rate", 1e12),
        (800.0, "Gb/s", "data rate", 8e11),
        (4.0, "C", "rate", 4.0 / 3600.0),
        (1.0, "1/yr", "rate", 1.0 / 31_557_600.0),
        (1.1, "MJ/K", "heat capacity", 1.1e6),
        (90.0, "min", "time", 5400.0),
        (550.0, "km", "length", 5.5e5),
        (0.15, "J/Gb", "energy per bit", 1.5e-10),
    ],
)
def test_a_unit_converts_to_si(value, unit, kind, si):
    assert to_si(value, unit, kind) == pytest.approx(si, rel=1e-12)


def test_the_first_unit_of_each_kind_is_si_itself():
    for kind, units in UNITS.items():
        assert to_si(3.25, next(iter(units)), kind) == 3.25


def test_a_difference_of_temperatures_has_no_celsius():
    assert "degC" not in UNITS["temperature difference"]


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("peak_power_w", "peak_power"),
        ("charge_rate_per_s", "charge_rate"),
        ("coolant_specific_heat_j_kg_k", "coolant_specific_heat"),
        ("energy_j_bit", "energy"),
        ("idle_fraction", "idle_fraction"),
        ("age_years", "age_years"),
    ],
)
def test_the_key_in_the_file_is_the_field_less_its_unit(field, key):
    assert file_key(field) == key

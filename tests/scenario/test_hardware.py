"""The shipped figures: sourced, consistent with each other and with what was announced."""

import pytest

from sunward.scenario import list_hardware, load_hardware
from sunward.scenario.figure import Section, file_key
from sunward.scenario.hardware import Hardware

SOLAR_CONSTANT_W_M2 = 1361.0


def sections(name: str) -> dict[str, Section]:
    hardware = load_hardware(name)
    parts = {key: getattr(hardware, key) for key in Hardware.model_fields}
    return {key: part for key, part in parts.items() if isinstance(part, Section)}


@pytest.mark.parametrize("name", list_hardware())
def test_every_figure_has_unit_source_date_and_confidence(name):
    for part in sections(name).values():
        keys = {file_key(field) for field in type(part).model_fields}
        assert set(part.figures) == keys
        for figure in part.figures.values():
            assert figure.unit
            assert len(figure.source) >= 3
            assert 2015 <= figure.date.year <= 2030


@pytest.mark.parametrize("name", list_hardware())
def test_hardware_loads_under_its_own_name(name):
    assert load_hardware(name).id == name


def test_the_array_of_ai1_gives_the_announced_power():
    power = load_hardware("ai1").power
    array_w = (
        power.array_area_m2 * power.array_efficiency * power.mppt_efficiency * SOLAR_CONSTANT_W_M2
    )
    assert array_w == pytest.approx(150e3, rel=1e-3)


def test_the_array_of_starlink_v3_gives_the_reported_power():
    power = load_hardware("starlink-v3").power
    flux_w_m2 = power.array_efficiency * power.mppt_efficiency * SOLAR_CONSTANT_W_M2
    assert flux_w_m2 == pytest.approx(196.0, rel=0.01)


def test_the_pump_takes_its_share_of_the_heat_moved():
    hardware = load_hardware("ai1")
    assert hardware.thermal.pump_power_w / hardware.compute.peak_power_w == pytest.approx(
        0.015, rel=0.05
    )


def test_a_derived_kind_differs_only_where_its_file_says():
    new, aged = sections("ai1"), sections("ai1-aged")
    changed = {
        f"{part}.{key}"
        for part in new
        for key, figure in aged[part].figures.items()
        if figure != new[part].figures[key]
    }
    assert changed == {
        "power.age_years",
        "thermal.radiator_area",
        "thermal.emissivity",
        "thermal.solar_absorptivity",
        "thermal.parasitic_flux",
    }


def test_a_replaced_figure_brings_its_own_source():
    figure = load_hardware("ai1-aged").thermal.figures["radiator_area"]
    assert "AI1 presentation" not in figure.source
    assert figure.confidence == "assumption"

"""Figures that pass one by one and make no satellite together: one line says so."""

import pytest

from sunward.scenario import ScenarioError, list_hardware, load_hardware, load_scenario
from sunward.scenario.scenario import N_SUBSTEPS
from sunward.scenario.stable import GREATEST_STEP, check_stable, decay_rates_per_s

BATTERY = "hardware.battery."
POWER = "hardware.power."
THERMAL = "hardware.thermal."


@pytest.mark.parametrize(
    ("overrides", "line"),
    [
        (
            {POWER + "array_efficiency": 0.95, POWER + "cell_absorptivity": 0.5},
            "hardware.power has array_efficiency 0.95, must be at most cell_absorptivity 0.5: "
            "lower it",
        ),
        (
            {POWER + "cell_emissivity": 0.05},
            "hardware.power has cells of 666 K in sunlight, must be at most 500 K: raise "
            "cell_emissivity 0.05",
        ),
        (
            {POWER + "degradation_per_year": "60 percent", POWER + "age_years": 10},
            "hardware.power has 0.0094 % of array_efficiency left in sunlight, must be at least "
            "1 %: lower temperature_loss, degradation_per_year or age_years",
        ),
        (
            {THERMAL + "emissivity": 0.01},
            "hardware.thermal has a radiator that sees 645 K, must be at most 500 K: raise "
            "emissivity, or lower solar_absorptivity, pointing_error or parasitic_flux",
        ),
        (
            {BATTERY + "pack_conductance": "1 W/K"},
            "hardware.battery has a pack 3333 K above its interface at full power, must be at "
            "most 100 K: raise pack_conductance or lower the rates",
        ),
        (
            {"hardware.compute.leak_fraction": 0.9},
            "hardware has compute.leak_fraction 0.9, with three times spread.leak_std_fraction "
            "1.17, must be at most 1: lower either",
        ),
        (
            {THERMAL + "chip_capacity": "0.1 MJ/K"},
            "episode has sub-steps of 15 s, in which full power warms the chips by 22.5 K, must "
            "be at most 20 K: shorten step_s or raise thermal.chip_capacity",
        ),
        (
            {THERMAL + "loop_capacity": "0.1 MJ/K"},
            "episode has sub-steps of 15 s, 7.17 times what the loop takes to settle, must be at "
            "most 2: shorten step_s or raise thermal.loop_capacity",
        ),
        (
            {"hardware.spread.array_std_fraction": "40 percent"},
            "hardware.spread.array_std_fraction is 40 percent, must be at most 0.3: lower it",
        ),
        (
            {BATTERY + "taper_start_fraction": 1.0},
            "hardware.battery.taper_start_fraction is 1, must be at most 0.99: lower it",
        ),
        (
            {"hardware.compute.throttle_end": "83.05 degC"},
            "hardware.compute has recover 70 degC, throttle_start 83 degC, throttle_end 83.05 "
            "degC, trip 92 degC: each must be at least 0.1 K above the one before it",
        ),
        (
            {"network.transfer_gain": 1e30},
            "network.transfer_gain is 1e+30, must be at most 1e+06: lower it",
        ),
        (
            {"demand.ingress_radius_km": 30000},
            "demand.ingress_radius_km is 30000, must be at most 20000: lower it",
        ),
    ],
)
def test_a_meaningless_satellite_is_refused_in_one_line(overrides, line):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("walker-53-66-v0", **overrides)
    (problem,) = caught.value.problems
    assert problem.partition(": ")[2] == line


@pytest.mark.parametrize("name", list_hardware())
def test_shipped_hardware_can_be_stepped_at_the_longest_step(name):
    check_stable(load_hardware(name), 120.0 / N_SUBSTEPS)


def test_the_rates_bound_what_the_step_is_stable_for():
    rates = decay_rates_per_s(load_hardware("ai1"))
    check_stable(load_hardware("ai1"), 0.99 * GREATEST_STEP / max(rates))
    with pytest.raises(ValueError, match="times what the chip takes to settle"):
        check_stable(load_hardware("ai1"), 1.01 * GREATEST_STEP / max(rates))


def test_a_game_without_work_can_be_played():
    from sunward import build_params

    idle = {"demand.interactive_load": 0.0, "demand.deferrable_load": 0.0}
    params = build_params(load_scenario("single-walker-v0", **idle))
    assert params.service.ingress_gain == 1.0

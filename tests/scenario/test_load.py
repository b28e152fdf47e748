"""What loading gives: SI values, overrides, frozen and picklable models."""

import copy
import pickle
from datetime import date

import pytest
from pydantic import ValidationError

from sunward.scenario import (
    ScenarioError,
    list_scenarios,
    list_suites,
    load_scenario,
    load_suite,
    resolved,
)

WALKER = "walker-53-66-v0"


@pytest.mark.parametrize("name", list_scenarios())
def test_a_shipped_scenario_loads_under_its_own_id(name):
    assert load_scenario(name).id == name


def test_the_promised_scenarios_are_shipped():
    promised = {WALKER, "dawn-dusk-24-v0", "single-walker-v0", "single-dawn-dusk-v0"}
    promised |= {"two-seasons-96-v0", "mixed-shells-288-v0", "mega-10k-v0", "million-v0"}
    assert promised <= set(list_scenarios())


@pytest.mark.parametrize("name", list_suites())
def test_a_shipped_suite_names_shipped_scenarios(name):
    suite = load_suite(name)
    assert suite.id == name
    assert {entry.scenario for entry in suite.entries} <= set(list_scenarios())


def test_hardware_is_in_si():
    hardware = load_scenario(WALKER).hardware
    assert hardware.compute.peak_power_w == 150e3
    assert hardware.compute.trip_k == pytest.approx(365.15)
    assert hardware.battery.capacity_j == pytest.approx(20 * 3.6e6)
    assert hardware.battery.discharge_rate_per_s * 3600 == pytest.approx(4.0)
    assert hardware.links.rate_bit_s == 1e12


def test_scenario_quantities_have_si_properties():
    scenario = load_scenario(WALKER)
    assert scenario.constellation.altitude_m == 550e3
    assert scenario.constellation.inclination_rad == pytest.approx(0.925, abs=1e-3)
    assert scenario.constellation.satellites_per_plane == 11
    assert scenario.episode.steps == 480
    assert scenario.demand.shortest_deadline_s == 1800.0
    assert scenario.safe_mode.duration_s == 600.0
    assert scenario.network.transfer_limit_s == pytest.approx(120.0)


def test_a_sun_synchronous_plane_leaves_its_inclination_to_physics():
    constellation = load_scenario("dawn-dusk-24-v0").constellation
    assert constellation.sun_synchronous
    assert constellation.inclination_rad is None
    assert constellation.ltan_h == 6.0


def test_a_scenario_changes_single_figures_of_its_hardware():
    scenario = load_scenario("dawn-dusk-24-v0")
    assert scenario.hardware.id == "ai1-aged"
    assert scenario.hardware.thermal.radiator_area_m2 == 80.0  # of ai1-aged
    assert scenario.hardware.battery.capacity_j == pytest.approx(7.2e7)  # of the scenario
    assert scenario.hardware.compute.peak_power_w == 150e3  # of ai1


def test_overrides_take_values_text_and_quantities():
    scenario = load_scenario(
        WALKER,
        **{
            "demand.interactive_load": 0.7,
            "episode.hours": "12",
            "start.date": "2026-06-21",
            "reward.trip": "1e1",
            "hardware.battery.capacity": "30 kWh",
            "hardware.thermal.radiator_area": 90,
        },
    )
    assert scenario.demand.interactive_load == 0.7
    assert scenario.episode.hours == 12.0
    assert scenario.start.date == date(2026, 6, 21)
    assert scenario.reward.trip == 10.0
    assert scenario.hardware.battery.capacity_j == pytest.approx(30 * 3.6e6)
    assert scenario.hardware.battery.figures["capacity"].source == "override"
    assert scenario.hardware.thermal.radiator_area_m2 == 90.0


def test_an_override_swaps_the_whole_hardware():
    assert load_scenario(WALKER, hardware="starlink-v3").hardware.id == "starlink-v3"


def test_a_wrong_override_names_the_nearest_key():
    with pytest.raises(ScenarioError) as caught:
        load_scenario(WALKER, **{"demand.interactve_load": 0.7})
    assert caught.value.problems == (
        "override: demand.interactve_load is unknown: did you mean interactive_load?",
    )


def test_a_trace_path_in_a_file_counts_from_the_file(tmp_path):
    from sunward.resources import config_dir

    text = (config_dir() / "scenarios" / f"{WALKER}.yaml").read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("demand:\n", "demand:\n  trace: t.csv\n"), encoding="utf-8")
    assert load_scenario(path).demand.trace == str(tmp_path / "t.csv")
    assert load_scenario(path, **{"demand.trace": "here.csv"}).demand.trace == "here.csv"


def test_a_scenario_is_frozen_picklable_and_copyable():
    scenario = load_scenario(WALKER)
    with pytest.raises(ValidationError):
        scenario.reward.trip = 1.0
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert copy.deepcopy(scenario) == scenario


def test_resolved_lists_every_value_by_dotted_name():
    values = resolved(load_scenario(WALKER))
    assert values["hardware.thermal.radiator_area_m2"] == 110.0
    assert values["constellation.altitude_km"] == 550.0
    assert not any(isinstance(value, dict) for value in values.values())


def test_a_scenario_is_laid_over_its_base(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(f"base: {WALKER}\nid: own-v0\ndescription: mine\nstart: {{day_spread: 3}}\n")
    own, base = load_scenario(path), load_scenario(WALKER)
    assert own.start.day_spread == 3
    same = {"id": base.id, "description": base.description, "start": base.start}
    assert own.model_copy(update=same) == base


def test_a_scenario_needs_words_of_its_own_and_a_base_that_is_shipped(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(f"base: {WALKER}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert caught.value.problems == (
        "own.yaml: id is missing: add it",
        "own.yaml: description is missing: add it",
    )
    path.write_text("base: walker-53-66-v1\n")
    with pytest.raises(ScenarioError, match=r"own\.yaml:1: no scenario 'walker-53-66-v1': did you"):
        load_scenario(path)


def test_a_ground_can_be_taken_away_but_not_given_in_part():
    assert load_scenario("constellation-ground-v0", ground=None).ground is None
    with pytest.raises(ScenarioError) as caught:
        load_scenario(WALKER, **{"ground.price": 0.5})
    assert caught.value.problems == (
        "override: ground.cost is missing: add it",
        "override: ground.limit_satellite_min is missing: add it",
    )

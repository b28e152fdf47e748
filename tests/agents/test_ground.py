"""Work in orbit beside the same work on the ground: by hand, in the limits, and as reported."""

import json

import pytest
import yaml

from sunward.resources import config_dir
from sunward.scenario import ScenarioError, load_scenario
from sunward_agents.cli import main
from sunward_agents.evaluate import evaluate, scenario_worlds, stages
from sunward_agents.ground.account import compared, ground_cost
from sunward_agents.ground.report import as_json, comparisons, ground_table
from sunward_agents.ground.site import list_sites, load_site
from sunward_agents.policies import load_policy
from sunward_agents.results import Result

SCENARIO = "single-walker-v0"
METRICS = {
    "interactive_done": 3600.0,
    "deferrable_done": 7200.0,
    "interactive_missed": 1800.0,
    "interactive_ground": 900.0,
    "deferrable_ground": 6300.0,
    "deferrable_missed": 1800.0,
    "bus_energy": 3.6e6,
    "compute_energy": 7.2e6,
    "battery_loss": 1.8e6,
}


@pytest.mark.parametrize("name", list_sites())
def test_a_shipped_site_carries_its_name_and_sourced_figures(name):
    site = load_site(name)
    assert site.id == name
    assert len(site.figures.figures) == len(type(site.figures).model_fields) == 5
    assert all(len(figure.source) > 10 for figure in site.figures.figures.values())


def test_an_hour_of_work_is_counted_as_by_hand():
    cost = ground_cost(3600.0, 2000.0, load_site("virginia"))
    assert cost.gpu_hours == 1.0
    assert cost.energy_kwh == pytest.approx(2.0 * 1.09)
    assert cost.carbon_kg == pytest.approx(2.0 * 1.09 * 0.370)
    assert cost.water_l == pytest.approx(2.0 * 0.9)  # per kWh of the computers, not of the building
    assert cost.electricity_usd == pytest.approx(2.0 * 1.09 * 0.045)
    assert cost.rent_usd == 8.0


def test_done_and_missed_work_are_kept_apart():
    one = compared(METRICS, 2000.0, (1000.0, 500.0), load_site("france"))
    assert one.orbit_kwh == pytest.approx(3.5)
    assert one.same_work.gpu_hours == 3.0
    assert one.sent_down.gpu_hours == 2.0
    assert one.sent_down.carbon_kg == pytest.approx(2.0 * 2.0 * 1.09 * 0.05)
    assert one.overflow.gpu_hours == 1.0
    assert one.million_tokens == pytest.approx(3600 * 1000e-6 + 7200 * 500e-6)
    assert one.orbit_kwh_per_gpu_hour() == pytest.approx(3.5 / 3.0)
    assert one.orbit_kwh_per_million_tokens() == pytest.approx(3.5 / 7.2)


def test_no_work_costs_nothing_and_divides_by_nothing():
    idle = dict.fromkeys(METRICS, 0.0) | {"bus_energy": 3.6e6}
    one = compared(idle, 2000.0, (1000.0, 500.0), load_site("us-2023"))
    assert one.same_work == one.sent_down == one.overflow == (0.0,) * 6
    assert one.orbit_kwh == 1.0
    assert one.orbit_kwh_per_gpu_hour() == one.orbit_kwh_per_million_tokens() == 0.0


def test_a_cleaner_grid_moves_carbon_alone():
    dirty = ground_cost(3600.0, 2000.0, load_site("virginia"))
    clean = ground_cost(3600.0, 2000.0, load_site("france"))
    assert clean.carbon_kg == pytest.approx(dirty.carbon_kg * 50 / 370)
    assert (clean.energy_kwh, clean.water_l) == (dirty.energy_kwh, dirty.water_l)


def test_a_report_adds_up_the_worlds_of_a_result():
    worlds, site = scenario_worlds(SCENARIO, 2), load_site("virginia")
    result = evaluate(load_policy("thermostat"), "thermostat", stages([worlds]))
    (one,) = comparisons(result, [worlds.scenario], site).values()
    work_gpu_s = sum(result.column("interactive_done")) + sum(result.column("deferrable_done"))
    compute = load_scenario(SCENARIO).hardware.compute
    by_hand = ground_cost(work_gpu_s, compute.peak_power_w / compute.accelerators, site)
    assert list(one.same_work) == pytest.approx(list(by_hand))
    # An accelerator of AI1 takes 2.1 kW at full; a throttled one with its bus is of that order.
    assert 1.0 < one.orbit_kwh_per_gpu_hour() < 4.0
    told = as_json(site, {SCENARIO: one})
    assert told["figures"]["carbon"]["value"] == 370
    assert told["scenarios"][SCENARIO]["same_work_on_ground"]["gpu_hours"] == pytest.approx(
        work_gpu_s / 3600
    )
    assert ground_table(site, {SCENARIO: one}).row_count == 18


def test_evaluate_tells_the_ground_and_its_result_can_be_read_again(capsys):
    args = ["evaluate", "--policy", "idle", "--scenario", SCENARIO, "--worlds", "1"]
    assert main([*args, "--ground", "iceland", "--json", "-"]) == 0
    result = Result.model_validate(json.loads(capsys.readouterr().out))
    assert result.ground is not None
    assert result.ground["site"] == "iceland"
    assert result.ground["scenarios"][SCENARIO]["same_work_on_ground"]["water_l"] == 0.0


def test_an_unknown_site_is_told_the_nearest(capsys):
    args = ["evaluate", "--policy", "idle", "--scenario", SCENARIO, "--ground", "virgina"]
    assert main(args) == 2
    told = capsys.readouterr().err
    assert "did you mean virginia" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("key", "figure", "message"),
    [
        ("pue", {"value": 0.9}, r"pue is 0\.9, must be at least 1: raise"),
        ("carbon", {"unit": "kg"}, r"carbon has unit 'kg', .* carbon per energy"),
        ("water", {"value": -1}, "water is -1 L/kWh, must be at least 0"),
    ],
)
def test_a_figure_out_of_bounds_is_told_in_one_line(tmp_path, key, figure, message):
    site = yaml.safe_load((config_dir() / "ground" / "texas.yaml").read_text())
    site["figures"][key] |= figure
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(site))
    with pytest.raises(ScenarioError, match=message) as refused:
        load_site(path)
    assert "\n" not in str(refused.value)


def test_a_report_tells_what_the_satellites_sent_down():
    worlds, site = scenario_worlds("constellation-ground-v0", 1), load_site("iceland")
    result = evaluate(load_policy("energy_balancing"), "energy_balancing", stages([worlds]))
    (one,) = comparisons(result, [worlds.scenario], site).values()
    sent_gpu_s = sum(result.column("interactive_ground")) + sum(result.column("deferrable_ground"))
    assert sent_gpu_s > 0.0
    told = as_json(site, {"constellation-ground-v0": one})["scenarios"]["constellation-ground-v0"]
    assert told["sent_to_ground"]["gpu_hours"] == pytest.approx(sent_gpu_s / 3600)
    assert told["same_work_on_ground"]["gpu_hours"] != told["sent_to_ground"]["gpu_hours"]

"""Each kind of bad input gets one line with place, path, value, bound and fix."""

import re

import pytest

from sunward.scenario import ScenarioError, load_hardware, load_scenario, load_suite

FIGURE = 'date: 2026-11-22, confidence: assumption, source: "test"'


@pytest.mark.parametrize(
    ("replacement", "line"),
    [
        (
            ("altitude_km: 550", "altitude_km: 150"),
            "constellation.altitude_km is 150, must be at least 200: raise it",
        ),
        (
            ("altitude_km: 550", "altitude_km: 2500"),
            "constellation.altitude_km is 2500, must be at most 2000: lower it",
        ),
        (
            ("sender_credit: 0.5", "sender_credit: 1.5"),
            "reward.sender_credit is 1.5, must be at most 1: lower it",
        ),
        (
            ("planes: 6", "planes: 5"),
            "constellation.planes is 5, which does not divide satellites 66: "
            "use 6 planes or 70 satellites",
        ),
        (
            ("phasing: 1", "phasing: 6"),
            "constellation.phasing is 6, must be below planes 6: lower it",
        ),
        (
            ("step_s: 60", "step_s: 70"),
            "episode.step_s is 70, which does not divide hours 8: use hours 7.99167",
        ),
        (
            ("interactive_load: 0.35", "interactive_load: lots"),
            "demand.interactive_load is 'lots', must be a number: change it",
        ),
        (
            ("interactive_load: 0.35", "interactive_load: .nan"),
            "demand.interactive_load is nan, must be a finite number: change it",
        ),
        (
            ("satellites: 66", "satellites: 66.5"),
            "constellation.satellites is 66.5, must be a whole number: change it",
        ),
        (
            ("walker-delta", "walker-detla"),
            "constellation.pattern is 'walker-detla', must be 'walker-delta', 'walker-star' or "
            "'single-plane': did you mean walker-delta?",
        ),
        (
            ("id: walker-53-66-v0", "id: Walker"),
            "id is 'Walker', must be lower-case words joined by hyphens (an id ends in -v0): "
            "rename it",
        ),
        (("  minutes: 10", "  minutes: -1"), "safe_mode.minutes is -1, must be above 0: raise it"),
        (
            ("value: 20, unit: kWh", "value: -20, unit: kWh"),
            "hardware.battery.capacity is -20 kWh, must be at least 1 J: raise it",
        ),
        (
            ("value: 20, unit: kWh", "value: 20, unit: kW"),
            "hardware.battery.capacity has unit 'kW', which does not measure energy: "
            "did you mean kWh?",
        ),
        (
            ("charge_max_fraction: 0.9", "charge_max_fraction: 0.1"),
            "start.charge_max_fraction is 0.1, must be at least charge_min_fraction 0.4: raise it",
        ),
        (
            ("date: 2026-12-21", "date: soon"),
            "start.date is 'soon', must be a date such as 2026-12-21: change it",
        ),
        (
            ("inclination_deg: 53", "inclination_deg: 53\n  ltan_h: 6"),
            "constellation.ltan_h is 6.0 beside sun_synchronous false: a Sun-synchronous orbit "
            "needs one, another has none",
        ),
        (
            ("inclination_deg: 53", "sun_synchronous: false"),
            "constellation.sun_synchronous is false beside inclination_deg None: "
            "give exactly one of the two",
        ),
    ],
)
def test_a_bad_value_gets_path_value_bound_and_fix(broken, replacement, line):
    (problem,) = broken(replacement)
    place, _, rest = problem.partition(": ")
    assert re.fullmatch(r"walker\.yaml:[0-9]+", place)
    assert rest == line


def test_the_line_number_is_that_of_the_key(broken, tmp_path):
    (problem,) = broken(("altitude_km: 550", "altitude_km: 150"))
    number = int(problem.split(":")[1])
    lines = (tmp_path / "walker.yaml").read_text(encoding="utf-8").splitlines()
    assert "altitude_km" in lines[number - 1]


@pytest.mark.parametrize(
    ("replacement", "advice"),
    [
        (("phasing: 1", "phasin: 1"), "constellation.phasin is unknown: did you mean phasing?"),
        (("    capacity: {", "    capacty: {"), "hardware.battery.capacty is unknown: "),
        (("network:", "newtork:"), "newtork is unknown: did you mean network?"),
        (("unit: kWh,", "unit: kWh, conf: low,"), "hardware.battery.capacity.conf is unknown: "),
    ],
)
def test_an_unknown_key_gets_the_nearest_known_name(broken, replacement, advice):
    assert any(advice in problem for problem in broken(replacement))


def test_all_problems_of_a_file_come_at_once(broken):
    problems = broken(
        ("altitude_km: 550", "altitude_km: 150"),
        ("planes: 6", "planes: 5"),
        ("trip: 5.0", "tripp: 5.0"),
        ("value: 20, unit: kWh", "value: 0, unit: kWh"),
    )
    assert [problem.split(": ")[1].split(" ")[0] for problem in problems] == [
        "hardware.battery.capacity",
        "constellation.planes",
        "constellation.altitude_km",
        "reward.trip",
        "reward.tripp",
    ]


def test_a_doubled_key_is_an_error(broken):
    (problem,) = broken(("  hours: 8", "  hours: 8\n  hours: 9"))
    assert "episode.hours stands twice, first in line" in problem


def test_text_that_is_no_yaml_names_the_line(broken):
    (problem,) = broken(("  hours: 8", "  hours: [8"))
    assert re.match(r"walker\.yaml:[0-9]+: not YAML: ", problem)


def test_a_hardware_figure_without_a_source_is_an_error(broken):
    (problem,) = broken((', source: "chosen so that energy binds"', ""))
    assert problem.endswith("hardware.battery.capacity.source is missing: add it")


def test_a_negative_area_is_an_error():
    with pytest.raises(ScenarioError, match=r"radiator_area is -3 m2, must be at least 0\.0001 m2"):
        load_scenario("walker-53-66-v0", **{"hardware.thermal.radiator_area": "-3 m2"})


def test_an_efficiency_above_one_is_an_error():
    with pytest.raises(ScenarioError, match=r"charge_efficiency is 1\.2, must be at most 1: lower"):
        load_scenario("walker-53-66-v0", **{"hardware.battery.charge_efficiency": 1.2})


def test_temperatures_out_of_order_are_an_error():
    with pytest.raises(ScenarioError, match="throttle_end 90 degC, trip 60 degC"):
        load_scenario("walker-53-66-v0", **{"hardware.compute.trip": "60 degC"})


def test_the_satellite_task_has_one_satellite():
    with pytest.raises(ScenarioError, match="has satellites 66, task satellite has one"):
        load_scenario("walker-53-66-v0", task="satellite")


@pytest.mark.parametrize(
    ("load", "name", "message"),
    [
        (
            load_scenario,
            "walker-53-66-v1",
            "no scenario 'walker-53-66-v1': did you mean walker-53-66-v0?",
        ),
        (load_hardware, "ai2", "no hardware 'ai2': did you mean ai1?"),
        (load_suite, "quik-v0", "no suite 'quik-v0': did you mean quick-v0?"),
        (load_scenario, "my/own.yaml", "my/own.yaml: no such file"),
    ],
)
def test_a_wrong_name_gets_the_nearest_known_one(load, name, message):
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert str(caught.value).startswith(message)


def test_an_unknown_base_names_the_nearest_hardware(broken):
    (problem,) = broken(("base: ai1", "base: ai11"))
    assert problem.startswith("walker.yaml:")
    assert "no hardware 'ai11': did you mean ai1?" in problem


def test_the_error_survives_a_process_boundary():
    import pickle

    error = ScenarioError(["one", "two"])
    assert pickle.loads(pickle.dumps(error)).problems == ("one", "two")
    assert isinstance(error, ValueError)

"""Stress suites: variants that are told apart, and that change what they are named for."""

import numpy as np
import pytest
import yaml

import sunward
from sunward.core.chunks import CHUNK_SATELLITES
from sunward.scenario import ScenarioError, load_scenario, load_suite
from sunward_agents.evaluate import evaluate, play, stages, suite_worlds
from sunward_agents.losses import lost_satellites
from sunward_agents.policies import load_policy

STRESS = "stress-v0"
WALKER = "walker-53-66-v0"


def write_suite(folder, *entries):
    suite = {"id": "mine-v0", "description": "a suite", "entries": list(entries)}
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(suite))
    return path


def entry(**more):
    return {"scenario": "single-walker-v0", "split": "test", "worlds": 1, **more}


def test_every_entry_of_the_stress_suite_is_played_under_an_id_of_its_own():
    worlds = suite_worlds(STRESS)
    ids = [one.scenario.id for one in worlds]
    assert len(set(ids)) == len(ids)
    assert {"walker-53-66-surge-v0", "walker-53-66-tenth-lost-v0", WALKER} <= set(ids)


def test_variants_change_what_they_say_and_nothing_else():
    plain = load_scenario(WALKER)
    worlds = {one.scenario.id: one for one in suite_worlds(STRESS)}
    surge = worlds["walker-53-66-surge-v0"].scenario
    assert surge.demand.interactive_load > plain.demand.interactive_load
    assert (surge.hardware, surge.start) == (plain.hardware, plain.start)
    uneven = worlds["walker-53-66-uneven-v0"].scenario.hardware.spread
    assert uneven.leak_std_fraction == pytest.approx(3 * plain.hardware.spread.leak_std_fraction)
    storm = worlds["walker-53-66-storm-v0"].scenario.hardware.faults
    assert storm.upset_rate_per_s == pytest.approx(100 * plain.hardware.faults.upset_rate_per_s)
    assert worlds["walker-53-66-solar-maximum-v0"].scenario.start.solar_activity == 1.0
    assert worlds["dawn-dusk-24-june-v0"].scenario.start.date.month == 6
    lost = worlds["walker-53-66-tenth-lost-v0"]
    assert lost.scenario == plain.model_copy(update={"id": lost.scenario.id})
    assert lost.lost_share == 0.1


def test_lost_satellites_are_a_share_of_the_fleet_and_the_same_for_every_policy():
    first = lost_satellites(3, 66, 0.1)
    assert len(set(first.tolist())) == 7
    assert np.array_equal(first, lost_satellites(3, 66, 0.1))
    assert not np.array_equal(first, lost_satellites(4, 66, 0.1))
    assert first.max() < 66
    everyone = [lost_satellites(seed, 10, 0.5) for seed in range(400)]
    assert np.bincount(np.concatenate(everyone)) == pytest.approx(200, rel=0.25)


def test_the_lost_ones_of_each_world_do_no_work_and_the_others_do():
    n_worlds = CHUNK_SATELLITES // 40 + 4  # a second chunk, which is not full
    small = {"constellation.satellites": 40, "constellation.planes": 4, "episode.hours": 0.5}
    simulator = sunward.make_simulator(WALKER, n_worlds, **small)
    play(load_policy("thermostat"), simulator, split="train", lost_share=0.2)
    done = simulator.satellite_sums("interactive_done") + simulator.satellite_sums(
        "deferrable_done"
    )
    for seed in range(n_worlds):
        lost = lost_satellites(seed, 40, 0.2)
        assert (done[seed, lost] == 0.0).all()
        assert (np.delete(done[seed], lost) > 0.0).all()
        assert np.array_equal(np.flatnonzero(~simulator.alive[seed]), lost)
    play(load_policy("thermostat"), simulator, split="train")
    assert simulator.alive.all()


def test_a_lost_share_of_a_suite_costs_value(tmp_path):
    fleet = {"scenario": WALKER, "split": "test", "worlds": 2}
    short = {"episode.hours": 1, "constellation.satellites": 12, "constellation.planes": 6}
    path = write_suite(
        tmp_path,
        {**fleet, "variant": "small", "overrides": short},
        {**fleet, "variant": "small-lost", "overrides": short, "lost_share": 0.5},
    )
    result = evaluate(load_policy("thermostat"), "thermostat", stages(suite_worlds(path)))
    value = {
        name: np.mean([one.metrics["value"] for one in result.episodes if one.scenario == name])
        for name in result.scenarios
    }
    assert value["walker-53-66-small-lost-v0"] < value["walker-53-66-small-v0"]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([entry(overrides={"start.solar_activity": 1.0})], "variant is missing: name what is"),
        ([entry(lost_share=0.1)], "variant is missing"),
        ([entry(lost_share=0.95, variant="x")], "must be at most 0.9"),
        ([entry(), entry()], "play single-walker-v0 twice: give each a variant"),
        ([entry(variant="Bad Name")], "variant"),
        ([entry(split="secret")], "split"),
    ],
)
def test_a_suite_that_cannot_be_told_apart_is_refused(tmp_path, entries, message):
    with pytest.raises(ScenarioError, match=message):
        load_suite(write_suite(tmp_path, *entries))


def test_a_misspelt_override_of_a_suite_gets_the_nearest_key(tmp_path):
    path = write_suite(tmp_path, entry(variant="x", overrides={"start.solar_activty": 1.0}))
    with pytest.raises(ScenarioError, match="did you mean solar_activity"):
        suite_worlds(path)

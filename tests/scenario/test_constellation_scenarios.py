"""What the shipped constellations promise: how many satellites, which seasons, binding limits."""

import numpy as np
import pytest

import sunward
from sunward.core.actions import N_ACTIONS
from sunward.core.observations import in_units
from sunward.scenario import list_scenarios, load_scenario
from sunward_agents.evaluate import play
from sunward_agents.policies import load_policy
from sunward_agents.statistics import paired_difference

SIZES = {
    "two-seasons-96-v0": 96,
    "mixed-shells-288-v0": 288,
    "mega-10k-v0": 10_000,
    "million-v0": 1_000_000,
}
#: Small enough to be played here, all worlds of a table in seconds.
PLAYED = ("two-seasons-96-v0", "mixed-shells-288-v0")


@pytest.mark.parametrize("name", SIZES)
def test_a_constellation_has_the_satellites_of_its_name(name):
    assert load_scenario(name).constellation.satellites == SIZES[name]


def test_the_million_flies_from_500_to_2000_km_in_shells_that_keep_apart():
    heights_km = sorted(s.altitude_km for s in load_scenario("million-v0").constellation.shells)
    assert (heights_km[0], heights_km[-1]) == (500.0, 2000.0)
    assert np.diff(heights_km).min() > 50.0  # shells up to 50 km thick


def test_the_eclipse_seasons_of_the_two_planes_never_overlap():
    simulator = sunward.make_simulator("two-seasons-96-v0", 64)
    simulator.reset([(seed, 0) for seed in range(64)])
    simulator.step(np.zeros((64, 96, N_ACTIONS), np.float32))
    shares = in_units(simulator.observations, "eclipse_fraction").reshape(64, 2, 48).mean(axis=2)
    dawn, dusk = shares.T > 0.0
    assert dawn.any()
    assert dusk.any()
    assert not (dawn & dusk).any()


@pytest.mark.parametrize("name", PLAYED)
def test_limits_bind_so_that_better_rules_score_more(name):
    simulator = sunward.make_simulator(name, 6)
    value = {
        rule: play(load_policy(rule), simulator, split="train")["value"]
        for rule in ("idle", "random", "thermostat", "load_balancing")
    }
    assert paired_difference(value["thermostat"], value["random"]).is_above_zero
    assert paired_difference(value["load_balancing"], value["thermostat"]).is_above_zero
    # Energy and heat leave something undone even by the best rule here.
    best = play(load_policy("load_balancing"), simulator, split="train")
    for kind in ("interactive", "deferrable"):
        done = best[f"{kind}_done"].sum() / best[f"{kind}_arrived"].sum()
        assert 0.3 < done < 0.9


def test_every_shipped_constellation_is_described_in_one_line():
    for name in list_scenarios():
        assert "\n" not in load_scenario(name).description

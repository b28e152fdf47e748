"""The bound of a gang: above every policy, equal to what can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.training.conftest import SMALL

from sunward.core.random import world_key
from sunward.physics.thermal import pump_power_w
from sunward.training.controls import INDEX, N_CONTROLS
from sunward.training.worlds import build_gangs
from sunward_agents.evaluate import play
from sunward_agents.planners.foresight import foresee
from sunward_agents.planners.operating_points import power_fraction
from sunward_agents.planners.world import Relaxations, World, design_of, even_blocks
from sunward_agents.training.bound import bounds, world_bound
from sunward_agents.training.gang_program import GangProgram
from sunward_agents.training.jobs_ahead import Jobs, jobs_ahead
from sunward_agents.training.rules import POLICIES, make_policy

SCENARIOS = ("training-easy-v0", "training-formation-81-v0", "training-plane-24-v0")
#: Rounding of the float32 state against sums in float64.
ROUNDING = 1.0e-6
#: Nothing fails, nothing gets hot, light is plenty, and saving takes no time.
IDEAL = {
    "start.date": "2026-06-21",
    "hardware.faults.upset_rate": "0 1/yr",
    "hardware.faults.accelerator_failure_rate": "0 1/yr",
    "hardware.faults.pump_failure_rate": "0 1/yr",
    "hardware.thermal.radiator_area": "60 m2",
    "hardware.power.array_area": "300 m2",
    "gang.state": "1 GB",
}
#: Upsets and restarts in every world, and jobs that end within the episode.
STORMY = {"hardware.faults.upset_rate": "2000 1/yr", "gang.restart": "1 min"}


class BangBang:
    """All or nothing for a few steps each, half of the gang in turn, saves now and then."""

    def reset(self, n_envs: int, seed: int) -> None:
        self.step = 0

    def act(self, observations: np.ndarray) -> np.ndarray:
        self.step += 1
        actions = np.ones((len(observations), N_CONTROLS), np.float32)
        even = np.arange(len(actions)) % 2 == 0
        actions[:, INDEX["join"]] = np.where(even | (self.step % 40 < 20), 1.0, -1.0)
        actions[:, INDEX["clock"]] = 1.0 if self.step % 5 < 3 else -1.0
        actions[:, INDEX["coolant_flow"]] = 1.0 if self.step % 7 < 3 else -1.0
        actions[:, INDEX["checkpoint"]] = 1.0 if self.step % 11 == 0 else -1.0
        return actions


@pytest.mark.parametrize("changes", [{}, STORMY], ids=["as it is", "stormy"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_policy_exceeds_the_bound_in_any_world(scenario, changes):
    worlds = build_gangs(scenario, 3, overrides={**SMALL, "episode.hours": 4.0, **changes})
    policies = {name: make_policy(name, worlds.params) for name in POLICIES}
    policies["bang-bang"] = BangBang()
    values = {
        name: play(policy, worlds, split="test")["value"] for name, policy in policies.items()
    }
    for seed in range(3):
        found = [world_bound(worlds.params, seed, block_steps=steps).value for steps in (4, 15)]
        assert max(value[seed] for value in values.values()) <= min(found) * (1.0 + ROUNDING)
        assert max(found) <= 1.0


def test_an_ideal_gang_comes_within_three_per_cent_of_the_bound():
    worlds = build_gangs("training-easy-v0", 4, overrides={**SMALL, **IDEAL})
    found = bounds(worlds.params, range(4), "test")
    value = play(make_policy("flat_out", worlds.params), worlds, split="test")["value"]
    assert (value <= found).all()
    np.testing.assert_allclose(value, found, rtol=0.03)


def simple(array_w: list[float], hours: float = 1.0) -> World:
    """Returns a world in constant light, an array's power a satellite, without a battery."""
    changes = {"constellation.satellites": 4, "episode.hours": hours}
    params = build_gangs("training-easy-v0", 1, overrides=changes).params
    foresight, start = foresee(params, 0)
    whole = np.ones_like(foresight.array_j)
    foresight = replace(
        foresight,
        array_j=whole * np.array(array_w) * params.service.step_s,
        available=whole,
        hardware=foresight.hardware | {"battery_capacity_j": np.ones(4)},
    )
    start = replace(start, charge_j=np.zeros(4))
    lengths = even_blocks(foresight.n_steps, 10)
    return World(foresight, start, lengths, Relaxations(heat=False, wear=False))


def optimum(world: World, jobs: Jobs) -> float:
    solution = GangProgram(world, jobs, 1.0).program.solve()
    assert solution.bound == pytest.approx(solution.value, rel=1e-6)
    return solution.bound


def endless(places: float, pause: float = 0.0) -> Jobs:
    return Jobs(np.array([places]), np.array([1e6]), np.array([pause]))


PLENTY = 1e6


def test_who_is_short_of_energy_works_at_the_pace_of_the_others_while_it_can():
    """At full clock it does less with a joule than at the best clock, which it may not choose."""
    power = 0.2
    world = simple([PLENTY, PLENTY, PLENTY, 0.0])
    hw = world.params.hardware
    bus_w = hw.bus_power_w + pump_power_w(hw.min_flow, hw.pump_power_w)
    leak = design_of(world).box.leak_low
    world = simple([PLENTY, PLENTY, PLENTY, bus_w + power * leak * hw.peak_power_w])
    found = optimum(world, endless(4.0)) / world.foresight.n_steps
    assert found == pytest.approx(3.0 + power, rel=1e-3)
    alone = power * hw.knee_clock / power_fraction(hw.knee_clock, hw)
    assert found < 3.0 + alone - 0.05


def test_no_more_than_the_places_of_a_job_are_worth_anything():
    world = simple([PLENTY] * 4)
    n = world.foresight.n_steps
    assert optimum(world, endless(2.0)) == pytest.approx(2.0 * n, rel=1e-4)
    assert optimum(world, endless(2.0, pause=15.0)) == pytest.approx(2.0 * (n - 15), rel=1e-4)


def test_a_job_begins_when_the_one_before_is_done_and_its_pause_is_over():
    world = simple([PLENTY] * 4)
    n = world.foresight.n_steps
    short = Jobs(np.array([4.0, 2.0]), np.array([4.0 * 20, 1e6]), np.array([5.0, 10.0]))
    by_hand = 4.0 * 20 + 2.0 * (n - 5 - 20 - 10)
    assert optimum(world, short) == pytest.approx(by_hand, rel=1e-4)
    last = Jobs(short.places[:1], short.work[:1], short.pause[:1])
    assert optimum(world, last) == pytest.approx(4.0 * 20, rel=1e-4)


def test_the_jobs_ahead_are_those_that_a_gang_without_bounds_gets_to():
    params = build_gangs("training-easy-v0", 1).params
    restart = params.gang.restart_s / params.gang.step_s
    counts = set()
    for seed in range(50):
        jobs = jobs_ahead(params, world_key("test", seed, 0))
        spent = jobs.pause + jobs.work / jobs.places
        assert (jobs.pause == restart).all()
        assert spent[:-1].sum() < params.episode_steps - restart <= spent.sum()
        counts.add(len(jobs.work))
    assert len(counts) > 2


def test_any_dual_vector_proves_a_bound():
    world = simple([20e3, 15e3, 12e3, 8e3], hours=0.5)
    program = GangProgram(world, endless(4.0), 1.0).program
    best = program.solve()
    rng = np.random.default_rng(0)
    for spread in (0.0, 1e-3, 1.0):
        noise = spread * rng.normal(size=program.n_rows)
        assert program.dual_bound(best.duals + noise) >= best.value - 1e-9
    assert program.dual_bound(np.zeros(program.n_rows)) > best.bound

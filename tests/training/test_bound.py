"""The bound: no rule exceeds it, it is reached where nothing is in the way, it sums up right."""

from __future__ import annotations

import numpy as np
import pytest

from sunward.core.random import world_key
from sunward.training.worlds import build_gangs
from sunward_agents.evaluate import play
from sunward_agents.planners.operating_points import power_fraction
from sunward_agents.training.bound import energy_bound_gpu_s, job_bound_gpu_s, value_bounds
from sunward_agents.training.rules import POLICIES, make_policy

#: Nothing fails, nothing gets hot, light is plenty, and saving takes no time.
IDEAL = {
    "hardware.faults.upset_rate": "0 1/yr",
    "hardware.faults.accelerator_failure_rate": "0 1/yr",
    "hardware.faults.pump_failure_rate": "0 1/yr",
    "hardware.thermal.radiator_area": "60 m2",
    "hardware.power.array_area": "300 m2",
    "gang.state": "1 GB",
}


@pytest.mark.parametrize("scenario", ["training-easy-v0", "training-medium-v0", "training-hard-v0"])
def test_no_rule_exceeds_the_bound_in_any_world(scenario):
    worlds = build_gangs(scenario, 6)
    bounds = value_bounds(worlds, split="test")
    assert (bounds <= 1.0).all()
    for name in POLICIES:
        value = play(make_policy(name, worlds.params), worlds, split="test")["value"]
        assert (value <= bounds).all(), name


def test_an_ideal_gang_comes_within_two_per_cent_of_the_bound():
    worlds = build_gangs("training-easy-v0", 8, overrides=IDEAL)
    bounds = value_bounds(worlds, split="test")
    value = play(make_policy("flat_out", worlds.params), worlds, split="test")["value"]
    assert (value <= bounds).all()
    np.testing.assert_allclose(value, bounds, rtol=0.02)


def test_jobs_bound_the_work_by_the_time_that_is_left_of_their_restarts():
    params = build_gangs("training-easy-v0", 1).params
    keys = np.array([world_key("test", seed, 0) for seed in range(50)])
    bound = job_bound_gpu_s(params, keys)
    whole_s = params.episode_steps * params.gang.step_s
    most = (whole_s - params.gang.restart_s) * params.n_sats * params.gang.accelerators
    assert (bound > 0.0).all()
    assert bound.max() == pytest.approx(most)  # one job for all satellites and all of the time
    assert (bound <= most * (1 + 1e-12)).all()


def test_the_energy_bound_is_what_a_steady_clock_does_with_the_energy():
    params = build_gangs("training-easy-v0", 1).params
    hw, gang = params.hardware, params.gang
    whole_s = params.episode_steps * gang.step_s
    for clock in (0.7, 0.85, 1.0):
        spent_w = hw.peak_power_w * power_fraction(clock, hw) + hw.bus_power_w
        found = energy_bound_gpu_s(params, np.array([[spent_w * whole_s]]), np.zeros((1, 1)))[0, 0]
        done = clock * gang.accelerators * whole_s
        assert done * (1.0 - 1e-9) <= found <= 1.01 * done


def test_with_little_energy_it_is_best_to_work_for_a_part_of_the_time():
    """Then the bus takes its power for that part alone, so less energy is not just less work."""
    params = build_gangs("training-easy-v0", 1).params
    hw, whole_s = params.hardware, params.episode_steps * params.gang.step_s
    little_j = 0.5 * hw.bus_power_w * whole_s
    found = energy_bound_gpu_s(params, np.array([[little_j, 2.0 * little_j]]), np.zeros((1, 2)))
    assert found[0, 0] > 0.0
    assert found[0, 1] == pytest.approx(2.0 * found[0, 0], rel=1e-6)


def test_leakage_that_may_vanish_raises_the_bound():
    params = build_gangs("training-easy-v0", 1).params
    energy_j = np.full((1, 2), 1.0e4 * params.episode_steps * params.gang.step_s)
    none, some = energy_bound_gpu_s(params, energy_j, np.array([[0.0, 0.08]]))[0]
    assert some > none

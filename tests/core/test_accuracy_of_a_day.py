"""A day of one satellite in single precision against the scalar physics in double.

Like with like: both see the same actions, the same work offered in each control step and the same
faults. What is left is the simulator's own: float32, sub-steps of 15 s, and the heat from Earth and
Sun that it holds for a control step.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from tests.core.one_second import NODES, Reference, outside_of, state_of

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import INDEX, N_ACTIONS

DAY_STEPS = 1440
LIMIT_K, LIMIT_SHARE = 0.05, 1e-3
#: Scenario and share of the accelerators in use, as an action: what its eclipses leave charge for.
#: A brown-out or a trip would turn a difference of seconds into one of minutes.
ORBITS = {"single-dawn-dusk-v0": -0.2, "single-walker-v0": -1.0}
WORK = ("idle", "fixed load", "varying clock")


class Errors(NamedTuple):
    """Greatest errors of a day."""

    node_k: float  # chips, loop, radiator, pack
    charge: float  # share of the capacity
    brownouts: float
    chip_range_k: float  # what there was to follow
    charge_range: float


def actions(orbit, work, step):
    """Returns actions (1, 1, N_ACTIONS)."""
    raw = np.full((1, 1, N_ACTIONS), -1, np.float32)
    raw[..., INDEX["coolant_flow"]] = 1
    if work != "idle":
        raw[..., INDEX["clock"]] = 0 if work == "fixed load" else np.sin(step / 17)
        raw[..., INDEX["deferrable_energy"]] = -0.5
        raw[..., INDEX["active_share"]] = ORBITS[orbit]
    return raw


@cache
def errors(orbit, work, substep_s, holds_heat):
    """Returns the greatest errors of the simulator over a day."""
    params = build_params(load_scenario(orbit, **{"episode.hours": 24}))
    simulator = Simulator(params, 1)
    simulator.reset([(3, 0)])
    reference = Reference(simulator, substep_s, holds_heat)
    node_k = charge = 0.0
    chips, charges = [], []
    for step in range(DAY_STEPS):
        outside = outside_of(simulator, actions(orbit, work, step))
        simulator.step(actions(orbit, work, step))
        reference.step(outside)
        ours, theirs = state_of(simulator), reference.state
        node_k = max(node_k, *(abs(getattr(ours, n) - getattr(theirs, n)) for n in NODES))
        capacity_j = reference.own["battery_capacity_j"]
        charge = max(charge, abs(ours.charge_j - theirs.charge_j) / capacity_j)
        chips.append(theirs.chip_k)
        charges.append(theirs.charge_j / capacity_j)
    brownouts = float(simulator.metrics()["brownouts"][0])
    return Errors(node_k, charge, brownouts, float(np.ptp(chips)), float(np.ptp(charges)))


@pytest.mark.parametrize("orbit", ORBITS)
@pytest.mark.parametrize("work", WORK)
def test_single_precision_costs_less_than_the_limit(orbit, work):
    found = errors(orbit, work, 15.0, True)
    assert found.node_k < LIMIT_K
    assert found.charge < LIMIT_SHARE


@pytest.mark.parametrize("orbit", ORBITS)
@pytest.mark.parametrize("work", WORK)
def test_a_day_has_something_to_follow(orbit, work):
    found = errors(orbit, work, 15.0, True)
    assert found.chip_range_k > (3.0 if work == "idle" else 20.0)
    assert found.charge_range > 0.05


@pytest.mark.xfail(
    strict=True,
    reason="missed: 0.11 to 0.35 % of the charge and up to 0.39 K, as sub-steps of 15 s see a "
    "sunrise up to 7.5 s early or late; 0.051 to 0.057 K, as the heat of Earth and Sun is that of "
    "the control step's start. Sub-steps of 5 s and heat of its middle would reach the limits",
)
@pytest.mark.parametrize("orbit", ORBITS)
@pytest.mark.parametrize("work", WORK)
def test_a_day_follows_steps_of_one_second(orbit, work):
    found = errors(orbit, work, 1.0, False)
    assert found.node_k < LIMIT_K
    assert found.charge < LIMIT_SHARE

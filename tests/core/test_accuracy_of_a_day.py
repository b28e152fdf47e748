"""A day of one satellite in single precision against the scalar physics in double.

Like with like: both see the same actions, the same work offered in each control step and the same
faults. What is left is the simulator's own: float32, sub-steps of 15 s, and the heat from Earth and
Sun that it holds for a control step.

`python -m tests.core.test_accuracy_of_a_day` prints the errors that docs/physics.md tells.
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


class Day(NamedTuple):
    """How the simulator did, and what there was to follow."""

    to_second_steps: Errors
    to_double_precision: Errors
    chip_range_k: float
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


def started(orbit, dtype):
    """Returns a simulator of one satellite at the start of a day."""
    params = build_params(load_scenario(orbit, **{"episode.hours": 24}))
    simulator = Simulator(params, 1, dtype=dtype)
    simulator.reset([(3, 0)])
    return simulator


def difference(ours, theirs, capacity_j):
    """Returns how far one state is from another."""
    node_k = max(abs(getattr(ours, name) - getattr(theirs, name)) for name in NODES)
    return Errors(node_k, abs(ours.charge_j - theirs.charge_j) / capacity_j)


def greatest(differences):
    """Returns the greatest of each error."""
    return Errors(*(max(column) for column in zip(*differences, strict=True)))


@cache
def day(orbit, work):
    """Returns a day of the simulator beside double precision, and beside steps of a second."""
    simulator, double = started(orbit, np.float32), started(orbit, np.float64)
    reference = Reference(simulator)
    capacity_j = reference.own["battery_capacity_j"]
    to_double, to_seconds, chips, charges = [], [], [], []
    for step in range(DAY_STEPS):
        chosen = actions(orbit, work, step)
        reference.step(outside_of(simulator, chosen))
        simulator.step(chosen)
        double.step(chosen)
        state = state_of(simulator)
        to_seconds.append(difference(state, reference.state, capacity_j))
        to_double.append(difference(state, state_of(double), capacity_j))
        chips.append(reference.state.chip_k)
        charges.append(reference.state.charge_j / capacity_j)
    return Day(
        greatest(to_seconds), greatest(to_double), float(np.ptp(chips)), float(np.ptp(charges))
    )


@pytest.mark.parametrize("orbit", ORBITS)
@pytest.mark.parametrize("work", WORK)
def test_a_day_follows_steps_of_one_second(orbit, work):
    found = day(orbit, work).to_second_steps
    assert found.node_k < LIMIT_K
    assert found.charge < LIMIT_SHARE


@pytest.mark.parametrize("orbit", ORBITS)
@pytest.mark.parametrize("work", WORK)
def test_single_precision_costs_little_of_the_limit(orbit, work):
    found = day(orbit, work).to_double_precision
    assert found.node_k < 0.5 * LIMIT_K
    assert found.charge < 0.5 * LIMIT_SHARE


@pytest.mark.parametrize("orbit", ORBITS)
@pytest.mark.parametrize("work", WORK)
def test_a_day_has_something_to_follow(orbit, work):
    found = day(orbit, work)
    assert found.chip_range_k > (3.0 if work == "idle" else 20.0)
    assert found.charge_range > 0.05


if __name__ == "__main__":
    for name in ORBITS:
        for kind in WORK:
            for beside in ("to_double_precision", "to_second_steps"):
                found = getattr(day(name, kind), beside)
                told = f"{found.node_k:.4f} K, {100 * found.charge:.4f} % of charge"
                print(f"{name}, {kind}, {beside}: {told}")  # noqa: T201

"""Links between two rings: mutual, in sight when geometry says so, worth having."""

import math

import numpy as np
import pytest

from sunward import Simulator, build_params
from sunward.core.actions import N_ACTIONS
from sunward.core.observations import in_units
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.scenario import ScenarioError, load_scenario
from sunward.scenario.build_orbits import build_orbits

TWO_SEASONS, MIXED = "two-seasons-96-v0", "mixed-shells-288-v0"
FORE, AFT, LEFT, RIGHT = range(4)


@pytest.mark.parametrize("name", [TWO_SEASONS, MIXED])
def test_whoever_is_a_neighbour_has_one_on_the_opposite_side(name):
    _, neighbours = build_orbits(load_scenario(name))
    everyone = np.arange(len(neighbours))
    assert (neighbours >= 0).all()
    for side, opposite in ((FORE, AFT), (RIGHT, LEFT)):
        assert (neighbours[neighbours[:, side], opposite] == everyone).all()
        assert (neighbours[neighbours[:, opposite], side] == everyone).all()


def test_rings_are_joined_across_and_other_shells_stay_apart():
    _, neighbours = build_orbits(load_scenario(MIXED))
    ring = np.arange(len(neighbours)) // 48
    assert (ring[neighbours[:48, LEFT]] == 1).all()
    assert (ring[neighbours[:48, RIGHT]] == 1).all()
    assert (neighbours[:48, LEFT] != neighbours[:48, RIGHT]).all()
    assert neighbours[96:].min() == 96


def test_a_plain_grid_joins_no_rings():
    scenario = load_scenario(TWO_SEASONS, **{"network.neighbours": "grid"})
    _, neighbours = build_orbits(scenario)
    assert (neighbours[:, [LEFT, RIGHT]] == -1).all()


def share_of_links_up(simulator, side):
    """Returns the share of satellites with a working link on a side, step by step of an orbit."""
    idle = np.full((simulator.n_envs, simulator.n_sats, N_ACTIONS), -1.0, np.float32)
    shares = []
    for _ in range(98):  # minutes of an orbit at 650 km
        simulator.step(idle)
        shares.append(in_units(simulator.observations, f"{side}_link").mean())
    return np.array(shares)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_crossing_link_is_up_as_long_as_two_satellites_see_each_other(side):
    quiet = {"hardware.links.outage_rate": 0}
    simulator = Simulator(build_params(load_scenario(TWO_SEASONS, **quiet)), 2)
    simulator.reset([(0, 0), (1, 0)])
    shares = share_of_links_up(simulator, side)
    # On one great circle, met twice an orbit: in sight within the angle that 5400 km span.
    radius_m = EARTH_RADIUS_M + 650e3
    in_reach = 2.0 * math.asin(5400e3 / 2.0 / radius_m)
    # The planes lie 16 degrees apart, so that most pairs pass beside each other, and see less.
    assert 0.75 * in_reach / math.pi < shares.mean() < in_reach / math.pi
    # At every moment other satellites meet: hand-over between the planes never stops.
    assert shares.min() > 0.1


def test_rings_that_make_no_pairs_are_refused_in_one_line():
    odd = load_scenario(
        MIXED, **{"constellation": {"shells": [ring(24, 6), ring(24, 18), ring(24, 6)]}}
    )
    with pytest.raises(ScenarioError, match=r"\[24, 24, 24\] satellites: give pairs of equal size"):
        build_orbits(odd)
    unequal = load_scenario(MIXED, **{"constellation": {"shells": [ring(24, 6), ring(30, 18)]}})
    with pytest.raises(ScenarioError, match=r"crossed-grid joins .* \[24, 30\]"):
        build_orbits(unequal)
    walker = load_scenario("walker-53-66-v0", **{"network.neighbours": "crossed-grid"})
    with pytest.raises(ScenarioError, match=r"of \[\] satellites"):
        build_orbits(walker)


def ring(satellites, ltan_h):
    return {
        "pattern": "single-plane",
        "satellites": satellites,
        "planes": 1,
        "altitude_km": 650,
        "sun_synchronous": True,
        "ltan_h": ltan_h,
    }

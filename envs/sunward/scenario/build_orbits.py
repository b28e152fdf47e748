"""Orbits of a constellation, and who its +Grid neighbours are."""

from __future__ import annotations

import math

import numpy as np

from sunward.core.params import Orbits
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.physics.orbit import sun_synchronous_inclination_rad, walker_angles
from sunward.scenario.scenario import Scenario

#: What the nodes of a pattern are spread over.
NODE_SPREAD_RAD = {"walker-delta": 2.0 * math.pi, "walker-star": math.pi, "single-plane": 0.0}
NOON_H = 12.0


def build_orbits(scenario: Scenario) -> Orbits:
    """Returns the circular orbits of a constellation at its epoch."""
    pattern = scenario.constellation
    radius_m = EARTH_RADIUS_M + pattern.altitude_m
    inclination_rad = pattern.inclination_rad
    if inclination_rad is None:
        inclination_rad = sun_synchronous_inclination_rad(radius_m)
    spread_rad = NODE_SPREAD_RAD[pattern.pattern]
    angles = np.array(
        [
            walker_angles(index, pattern.satellites, pattern.planes, pattern.phasing, spread_rad)
            for index in range(pattern.satellites)
        ]
    )
    first_node_rad = 0.0
    if pattern.ltan_h is not None:
        first_node_rad = math.radians(15.0 * (pattern.ltan_h - NOON_H))
    return Orbits(
        semi_major_axis_m=np.full(pattern.satellites, radius_m),
        inclination_rad=np.full(pattern.satellites, inclination_rad),
        node_rad=first_node_rad + angles[:, 0],
        argument_rad=angles[:, 1],
        is_sun_synchronous=bool(pattern.sun_synchronous),
        node_spread_rad=scenario.start.node_spread_rad,
    )


def grid_neighbours(scenario: Scenario) -> np.ndarray:
    """Returns the +Grid (n_sats, 4): fore, aft, left and right neighbour; -1 where there is none.

    Crossing the seam of a delta pattern shifts the slot by the phasing. A star pattern has no
    links across its seam, where neighbours fly against each other.
    """
    pattern = scenario.constellation
    n_planes, n_slots = pattern.planes, pattern.satellites_per_plane
    neighbours = np.full((pattern.satellites, 4), -1, np.int32)
    if scenario.network.neighbours == "none":
        return neighbours
    plane, slot = np.divmod(np.arange(pattern.satellites), n_slots)
    if n_slots > 2:
        neighbours[:, 0] = plane * n_slots + (slot + 1) % n_slots
        neighbours[:, 1] = plane * n_slots + (slot - 1) % n_slots
    if n_planes > 2:
        is_last = plane == n_planes - 1
        right_slot = np.where(is_last, slot + pattern.phasing, slot) % n_slots
        right = (plane + 1) % n_planes * n_slots + right_slot
        if pattern.pattern == "walker-star":
            right = np.where(is_last, -1, right)
        neighbours[:, 3] = right
        has_right = right >= 0
        neighbours[right[has_right], 2] = np.arange(pattern.satellites)[has_right]
    return neighbours

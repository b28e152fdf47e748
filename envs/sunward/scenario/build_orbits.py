"""Orbits of a constellation, and who its +Grid neighbours are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sunward.core.params import Orbits
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.physics.orbit import sun_synchronous_inclination_rad, walker_angles
from sunward.scenario.constellation import ElementSets, Shell
from sunward.scenario.crossings import cross_rings
from sunward.scenario.elements import ElementTable, load_elements
from sunward.scenario.errors import ScenarioError
from sunward.scenario.fingerprint import element_file
from sunward.scenario.scenario import Scenario

#: What the nodes of a pattern are spread over.
NODE_SPREAD_RAD = {"walker-delta": 2.0 * math.pi, "walker-star": math.pi, "single-plane": 0.0}
NOON_H = 12.0


def build_orbits(scenario: Scenario) -> tuple[Orbits, np.ndarray]:
    """Returns circular orbits at the epoch and the +Grid (n_sats, 4): fore, aft, left, right.

    Satellites are numbered shell by shell, plane by plane. Links stay within a shell, but for those
    between rings of a crossed grid; -1 stands where there is none.

    Raises:
        ScenarioError: the file of element sets cannot be used, or does not fit the task.
    """
    constellation, spread_rad = scenario.constellation, scenario.start.node_spread_rad
    if isinstance(constellation, ElementSets):
        table = load_elements(element_file(constellation))
        _check_task(scenario, len(table.shell))
        orbits, neighbours = element_orbits(table, spread_rad), table.neighbours()
    else:
        orbits = shell_orbits(constellation.shells, spread_rad)
        neighbours = grid_neighbours(constellation.shells)
        if scenario.network.neighbours == "crossed-grid":
            cross_rings(neighbours, constellation.shells)
    if scenario.network.neighbours == "none":
        neighbours = np.full_like(neighbours, -1)
    return orbits, neighbours


def _check_task(scenario: Scenario, n_sats: int) -> None:
    if scenario.task == "satellite" and n_sats != 1:
        raise ScenarioError(
            f"{scenario.id}: constellation.elements has satellites {n_sats}, task satellite has "
            "one: set task to constellation"
        )


def shell_orbits(shells: tuple[Shell, ...], node_spread_rad: float) -> Orbits:
    """Returns the orbits of patterns, one shell after another."""
    counts = [shell.satellites for shell in shells]
    angles = [shell_angles(shell) for shell in shells]

    def each(values: list[Any]) -> np.ndarray:
        return np.repeat(np.array(values), counts)

    return Orbits(
        semi_major_axis_m=each([EARTH_RADIUS_M + shell.altitude_m for shell in shells]),
        inclination_rad=each([shell_inclination_rad(shell) for shell in shells]),
        node_rad=np.concatenate([node for node, _ in angles]),
        argument_rad=np.concatenate([argument for _, argument in angles]),
        is_sun_synchronous=each([shell.sun_synchronous for shell in shells]),
        shell=each(list(range(len(shells)))),
        node_spread_rad=node_spread_rad,
    )


def shell_inclination_rad(shell: Shell) -> float:
    """Returns a shell's inclination in rad: its own, or that of its Sun-synchronous altitude."""
    if shell.inclination_rad is not None:
        return shell.inclination_rad
    return sun_synchronous_inclination_rad(EARTH_RADIUS_M + shell.altitude_m)


def shell_angles(shell: Shell) -> tuple[np.ndarray, np.ndarray]:
    """Returns (node, argument of latitude) in rad of a shell's satellites, each (n_sats,)."""
    # The scalar formula has no branch and holds for arrays as well; its annotations do not say so.
    pattern: Any = walker_angles
    node_rad, argument_rad = pattern(
        np.arange(shell.satellites),
        shell.satellites,
        shell.planes,
        shell.phasing,
        NODE_SPREAD_RAD[shell.pattern],
    )
    first_node_rad = 0.0 if shell.ltan_h is None else math.radians(15.0 * (shell.ltan_h - NOON_H))
    return first_node_rad + node_rad, argument_rad


def element_orbits(table: ElementTable, node_spread_rad: float) -> Orbits:
    """Returns the orbits of element sets: inertial, whatever their inclination."""
    return Orbits(
        semi_major_axis_m=table.semi_major_axis_m,
        inclination_rad=table.inclination_rad,
        node_rad=table.node_rad,
        argument_rad=table.argument_rad,
        is_sun_synchronous=np.zeros(len(table.shell), bool),
        shell=table.shell,
        node_spread_rad=node_spread_rad,
    )


def grid_neighbours(shells: tuple[Shell, ...]) -> np.ndarray:
    """Returns the +Grid (n_sats, 4) of patterns: each shell its own, none between shells."""
    grids = [shell_neighbours(shell) for shell in shells]
    first = np.cumsum([0] + [len(grid) for grid in grids[:-1]])
    for grid, offset in zip(grids, first, strict=True):
        grid[grid >= 0] += offset
    return np.concatenate(grids)


def shell_neighbours(shell: Shell) -> np.ndarray:
    """Returns a shell's +Grid (n_sats, 4): fore, aft, left and right; -1 where there is none.

    Crossing the seam of a delta pattern shifts the slot by the phasing. A star pattern has no
    links across its seam, where neighbours fly against each other.
    """
    n_planes, n_slots = shell.planes, shell.satellites_per_plane
    neighbours = np.full((shell.satellites, 4), -1, np.int32)
    plane, slot = np.divmod(np.arange(shell.satellites), n_slots)
    if n_slots > 2:
        neighbours[:, 0] = plane * n_slots + (slot + 1) % n_slots
        neighbours[:, 1] = plane * n_slots + (slot - 1) % n_slots
    if n_planes > 2:
        is_last = plane == n_planes - 1
        right_slot = np.where(is_last, slot + shell.phasing, slot) % n_slots
        right = (plane + 1) % n_planes * n_slots + right_slot
        if shell.pattern == "walker-star":
            right = np.where(is_last, -1, right)
        neighbours[:, 3] = right
        has_right = right >= 0
        neighbours[right[has_right], 2] = np.arange(shell.satellites)[has_right]
    return neighbours

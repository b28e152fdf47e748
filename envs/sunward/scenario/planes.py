"""Finds the shells and planes that satellites fly in, and who neighbours whom.

The rule is single linkage in one dimension at a time: sorted values belong together until a gap.
On Starlink of May 2025 it gives 72 planes in each of the two shells of 72, and every plane keeps
its satellites.

- Shells: inclinations until a gap of 0.05 deg, then altitudes until a gap of 1 km.
- Planes of a shell: nodes, all round, until a gap of 1 deg. Planes that lie closer are taken for
  one.
- Fore and aft: the next satellites of the plane, all round; none in a plane of fewer than three.
- Right: in the next plane to the east, if that is less than half a turn away (the seam of a star
  pattern is more), the satellite nearest in argument of latitude, if each is the other's nearest.

Whether a link holds (range, line of sight) is for the simulator to say, step by step.
"""

from __future__ import annotations

import math

import numpy as np

INCLINATION_GAP_RAD = math.radians(0.05)
ALTITUDE_GAP_M = 1e3
NODE_GAP_RAD = math.radians(1.0)
TURN = 2.0 * math.pi
#: Halfway between two satellites, the one ahead counts as nearer, seen from either plane.
TIE_RAD = 1e-6


def find_shells(inclination_rad: np.ndarray, radius_m: np.ndarray) -> np.ndarray:
    """Returns the shell of each satellite, (n_sats,), counted by inclination, then altitude."""
    tilt = _runs(np.zeros(len(radius_m), int), inclination_rad, INCLINATION_GAP_RAD)
    return _runs(tilt, radius_m, ALTITUDE_GAP_M)


def find_planes(shell: np.ndarray, node_rad: np.ndarray) -> np.ndarray:
    """Returns the plane of each satellite, (n_sats,), counted shell by shell, eastward.

    Args:
        shell: (n_sats,), from 0, none left out.
        node_rad: In [0, 2 pi).
    """
    turned = node_rad.copy()
    for number in range(shell.max() + 1):
        members = shell == number
        # Begins east of the widest gap, so that no plane is cut in two at zero.
        turned[members] = (node_rad[members] - _east_of_widest_gap(node_rad[members])) % TURN
    return _runs(shell, turned, NODE_GAP_RAD)


def _east_of_widest_gap(angle_rad: np.ndarray) -> float:
    """Returns the angle that stands just east of the widest gap, all round."""
    ordered = np.sort(angle_rad)
    return float(ordered[np.argmax(np.diff(ordered, prepend=ordered[-1] - TURN))])


def _runs(group: np.ndarray, value: np.ndarray, gap: float) -> np.ndarray:
    """Returns the number of the run of near values, within a group, that each entry is in."""
    order = np.lexsort((value, group))
    starts = (np.diff(group[order]) != 0) | (np.diff(value[order]) > gap)
    runs = np.empty(len(order), int)
    runs[order] = np.concatenate([[0], np.cumsum(starts)])
    return runs


def plane_neighbours(
    shell: np.ndarray, plane: np.ndarray, node_rad: np.ndarray, argument_rad: np.ndarray
) -> np.ndarray:
    """Returns the +Grid (n_sats, 4): fore, aft, left and right neighbour; -1 where there is none.

    Args:
        shell, plane, node_rad, argument_rad: (n_sats,), sorted by shell, plane and argument;
            angles in [0, 2 pi).
    """
    neighbours = np.full((len(plane), 4), -1, np.int32)
    first = np.flatnonzero(np.diff(plane, prepend=-1))  # of each plane
    last = np.append(first[1:], len(plane))
    _link_along(neighbours, first, last)
    planes = zip(first, last, strict=True)
    node = np.array([_mean_angle(node_rad[low:high]) for low, high in planes])
    for here, there in _eastward(shell[first], node):
        _link_across(
            neighbours, argument_rad, (first[here], last[here]), (first[there], last[there])
        )
    return neighbours


def _link_along(neighbours: np.ndarray, first: np.ndarray, last: np.ndarray) -> None:
    """Links each plane of three or more all round."""
    for low, high in zip(first.tolist(), last.tolist(), strict=True):
        if high - low > 2:
            members = np.arange(low, high)
            neighbours[members, 0] = np.roll(members, -1)
            neighbours[members, 1] = np.roll(members, 1)


def _mean_angle(angle_rad: np.ndarray) -> float:
    """Returns the direction of the sum of unit vectors, rad."""
    return math.atan2(np.sin(angle_rad).sum(), np.cos(angle_rad).sum())


def _eastward(shell: np.ndarray, node_rad: np.ndarray) -> list[tuple[int, int]]:
    """Returns (plane, next plane of its shell to the east) where that is under half a turn away."""
    pairs: list[tuple[int, int]] = []
    for number in np.unique(shell):
        members = np.flatnonzero(shell == number)
        members = members[np.argsort(node_rad[members] % TURN)]
        for here, there in zip(members, np.roll(members, -1), strict=True):
            if 0.0 < (node_rad[there] - node_rad[here]) % TURN < math.pi:
                pairs.append((int(here), int(there)))
    return pairs


def _link_across(
    neighbours: np.ndarray,
    argument_rad: np.ndarray,
    here: tuple[int, int],
    there: tuple[int, int],
) -> None:
    """Links the pairs of two planes that are each other's nearest in argument of latitude."""
    ours = (argument_rad[slice(*here)] + TIE_RAD) % TURN
    theirs = argument_rad[slice(*there)]
    mine, yours = _nearest(ours, theirs), _nearest(theirs, ours)
    mutual = np.flatnonzero(yours[mine] == np.arange(len(ours)))
    neighbours[here[0] + mutual, 3] = there[0] + mine[mutual]
    neighbours[there[0] + mine[mutual], 2] = here[0] + mutual


def _nearest(angle_rad: np.ndarray, others_rad: np.ndarray) -> np.ndarray:
    """Returns the index of the nearest of `others_rad` to each angle, all round."""
    order = np.argsort(others_rad)
    after = np.searchsorted(others_rad, angle_rad, sorter=order)
    ahead, behind = order[after % len(order)], order[after - 1]
    is_ahead = (others_rad[ahead] - angle_rad) % TURN < (angle_rad - others_rad[behind]) % TURN
    return np.where(is_ahead, ahead, behind)

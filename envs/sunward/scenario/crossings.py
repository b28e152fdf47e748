"""Links between two rings that fly against each other, such as the planes of 06 h and 18 h.

A Sun-synchronous plane of 06 h and one of 18 h lie 16 degrees apart, and their
satellites fly in opposite senses: any two meet twice an orbit. A terminal that keeps to one partner
has it in sight for about a quarter of the time; the kernel judges range and air in every step.
"""

from __future__ import annotations

import numpy as np

from sunward.scenario.constellation import Shell
from sunward.scenario.errors import ScenarioError

_LEFT, _RIGHT = 2, 3
#: Below this many satellites both terminals of a ring would keep to the same partner.
FEWEST = 3


def cross_rings(neighbours: np.ndarray, shells: tuple[Shell, ...]) -> None:
    """Joins the first ring with the second, the third with the fourth, and so on.

    The terminals to the right of satellite k in the first ring and to the left of k in the second
    keep to each other; those to the left in the first keep to the right of the one half a ring
    further. Half a ring apart, the two windows of a satellite alternate; and as every k meets its
    partner at another time, so do those of the ring.

    Args:
        neighbours: int32 (n_sats, 4), the +Grid of all shells; its free sides are filled.
        shells: in the order of their satellites; those of one plane are rings.

    Raises:
        ScenarioError: rings that cannot be joined in pairs.
    """
    firsts = np.cumsum([0] + [shell.satellites for shell in shells])
    rings = [number for number, shell in enumerate(shells) if shell.planes == 1]
    _check_pairs([shells[number].satellites for number in rings])
    for one, other in zip(rings[::2], rings[1::2], strict=True):
        slots = np.arange(shells[one].satellites)
        opposite = (slots + len(slots) // 2) % len(slots)
        here = firsts[one] + slots
        neighbours[here, _RIGHT] = firsts[other] + slots
        neighbours[firsts[other] + slots, _LEFT] = here
        neighbours[here, _LEFT] = firsts[other] + opposite
        neighbours[firsts[other] + opposite, _RIGHT] = here


def _check_pairs(counts: list[int]) -> None:
    pairs = list(zip(counts[::2], counts[1::2], strict=False))
    alike = all(one == other >= FEWEST for one, other in pairs)
    if not counts or len(counts) % 2 or not alike:
        raise ScenarioError(
            f"network.neighbours crossed-grid joins shells of one plane two by two, here of "
            f"{counts} satellites: give pairs of equal size from {FEWEST}, or set it to grid"
        )

"""Which satellites a stress test takes out of service before an episode begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sunward.core.simulator import Simulator

#: Keeps these draws apart from every other use of a world's seed.
_STREAM = 0x10557


def lost_satellites(seed: int, n_sats: int, share: float) -> np.ndarray:
    """Returns the lost ones of a world, ascending; the same for every policy.

    Args:
        seed: of the world.
        n_sats: satellites of the fleet.
        share: of them that are lost, 0 to below 1; rounded to whole satellites.
    """
    draw = np.random.Generator(np.random.Philox(key=[seed, _STREAM]))
    return np.sort(draw.choice(n_sats, round(share * n_sats), replace=False))


def lose_satellites(simulator: Simulator, seeds: Sequence[int], share: float) -> None:
    """Takes satellites of every world out of service for the rest of its episode."""
    for env, seed in enumerate(seeds):
        simulator.lose(env, lost_satellites(seed, simulator.n_sats, share))

"""How far a receding plan looks, and in which blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Horizon:
    """How far apart plans are, how their blocks grow, and where they end."""

    replan_steps: int = 5
    fine_steps: int = 15  # blocks of one step
    growth: float = 1.3  # of each block over the one before, after that
    longest_steps: int = 15
    reach_steps: int = 100_000  # what lies beyond is left out

    def lengths(self, n_steps: int) -> np.ndarray:
        """Returns the blocks of a plan where `n_steps` steps are left."""
        n_steps = min(n_steps, self.reach_steps)
        lengths = [1] * min(self.fine_steps, n_steps)
        size = 1.0
        while (left := n_steps - sum(lengths)) > 0:
            size = min(size * self.growth, self.longest_steps)
            lengths.append(min(round(size), left))
        return np.array(lengths)


#: A satellite by itself is planned to the end of the episode.
ALONE = Horizon()
#: A fleet's program grows with every block: single steps up to the next plan, as a mean over a
#: burst of requests loses its peak, and two hours, which hold a deadline and more than an orbit.
FLEET = Horizon(fine_steps=5, growth=1.6, longest_steps=30, reach_steps=120)

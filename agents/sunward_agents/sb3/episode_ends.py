"""When the episodes of a batch of worlds end: the first ones are cut, so that ends spread out."""

from __future__ import annotations

import numpy as np


class EpisodeEnds:
    """The step at which each world's episode ends.

    With `n_phases` the first episode of world `k` of `n` is cut after `ceil((k + 1) p / n) / p` of
    its steps, p the phases: later on worlds end in `n_phases` groups one after another, and a
    rollout holds every phase of an episode. With one phase no episode is cut.

    limits: int64 (n_worlds,), 0 before `begin`.

    Args:
        n_worlds: worlds in the batch.
        episode_steps: of an episode that is not cut.
        n_phases: groups of worlds that end together, 1 to `n_worlds`.
    """

    def __init__(self, n_worlds: int, episode_steps: int, n_phases: int) -> None:
        phases = -(-np.arange(1, n_worlds + 1) * n_phases // n_worlds)
        self._first = np.maximum(1, episode_steps * phases // n_phases)
        self._episode_steps = episode_steps
        self.limits = np.zeros(n_worlds, np.int64)

    def begin(self) -> None:
        """Lets all worlds begin their first episode."""
        self.limits[:] = self._first

    def check_begun(self) -> None:
        """Raises: RuntimeError before `begin`."""
        if not self.limits[0]:
            raise RuntimeError("reset() comes before the first step()")

    def due(self, step_count: np.ndarray) -> np.ndarray:
        """Returns which worlds' episodes end at these steps, bool (n_worlds,)."""
        return step_count >= self.limits

    def renew(self, ended: np.ndarray) -> np.ndarray:
        """Lets worlds begin their next episode, never cut; returns which of them ended uncut."""
        uncut = self.limits[ended] == self._episode_steps
        self.limits[ended] = self._episode_steps
        return uncut

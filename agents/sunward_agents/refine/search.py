"""Augmented random search: a gradient from pairs of random changes that play the same worlds.

Both changes of a pair, and all pairs of an iteration, meet on the same worlds: what those worlds
are worth by themselves, their upsets and bursts of demand, falls out of every difference.

Reference: H. Mania, A. Guy, B. Recht, Simple random search of static linear policies is competitive
for reinforcement learning (2018), algorithm 1 with steps scaled by the deviation of the returns.
Observations are in [-1, 1] by their tables and need no normalising.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: From weights (candidates, ...) to what each is worth, (candidates,), on the same worlds.
Worth = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Pace:
    """How wide is looked, and how far is gone."""

    directions: int = 16  # pairs of changes an iteration
    noise: float = 0.03  # spread of a change of a weight
    step: float = 0.02  # that a weight goes along a gradient of one deviation


def improved(weights: np.ndarray, worth: Worth, pace: Pace, rng: np.random.Generator) -> np.ndarray:
    """Returns `weights` after one iteration; two evaluations for each direction."""
    changes = rng.standard_normal((pace.directions, *weights.shape))
    candidates = weights + pace.noise * np.concatenate([changes, -changes])
    worths = worth(candidates)
    deviation = float(worths.std())
    if deviation == 0.0:
        return weights  # nothing that was tried makes a difference
    gains = worths[: pace.directions] - worths[pace.directions :]
    gradient = np.tensordot(gains, changes, axes=1) / (pace.directions * deviation)
    return weights + pace.step * gradient

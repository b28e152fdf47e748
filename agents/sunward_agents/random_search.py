"""Random search for the constants of a rule: a few even draws, then small changes of the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

Constants = dict[str, float]
#: name -> where a constant is looked for, in its own unit.
Ranges = Mapping[str, tuple[float, float]]
#: What constants are worth; the more, the better.
Value = Callable[[Constants], float]
#: Called after each candidate with how many were tried, and the best value so far.
Progress = Callable[[int, float], None]

N_FINALISTS = 10
#: One candidate in so many is drawn evenly; then small changes of the best find more.
EVEN_SHARE = 4
#: Finalists meet on so many times as many worlds as candidates.
FINAL_FACTOR = 4


class Found(NamedTuple):
    """The best constants, what they are worth in the final, and what those in use are worth."""

    constants: Constants
    value: float
    value_before: float


def search(
    value: Value,
    final_value: Value,
    in_use: Constants,
    ranges: Ranges,
    *,
    candidates: int,
    seed: int,
    progress: Progress | None = None,
) -> Found:
    """Returns the best constants found.

    Args:
        value: of candidates, on a few worlds.
        final_value: of the best `N_FINALISTS` and of those in use, on more and other worlds.
        in_use: where the search starts.
        candidates: sets of constants that are tried.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    tried = [(value(in_use), in_use)]
    for index in range(candidates):
        is_local = index >= candidates // EVEN_SHARE
        parent = max(tried, key=lambda pair: pair[0])[1] if is_local else None
        constants = _drawn(rng, ranges, parent)
        tried.append((value(constants), constants))
        if progress is not None:
            progress(index + 1, max(reached for reached, _ in tried))
    finalists = sorted(tried, key=lambda pair: -pair[0])[:N_FINALISTS]
    final = [
        (final_value(constants), constants)
        for constants in [in_use, *(constants for _, constants in finalists)]
    ]
    best, constants = max(final, key=lambda pair: pair[0])
    return Found(constants, best, final[0][0])


def _drawn(rng: np.random.Generator, ranges: Ranges, parent: Constants | None) -> Constants:
    """Returns new constants: even draws, or a third of the parent's moved by a tenth of a range."""
    constants = {}
    for name, (low, high) in ranges.items():
        if parent is None:
            constants[name] = float(rng.uniform(low, high))
        else:
            move = rng.normal(0.0, 0.1 * (high - low)) * (rng.random() < 1 / 3)
            constants[name] = float(np.clip(parent[name] + move, low, high))
    return constants

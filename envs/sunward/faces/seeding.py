"""Which world comes next: a stream of (seed, episode) pairs for each world of a batch."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np


def checked_seed(seed: Any) -> int:
    """Returns the seed as a Python int; raises ValueError, in one line, for anything else."""
    try:
        value = operator.index(seed)
    except TypeError:
        raise ValueError(f"seed is {seed!r}, must be a whole number of at least 0") from None
    if value < 0:
        raise ValueError(f"seed is {value}, must be at least 0: drop the sign")
    return value


def fresh_seed() -> int:
    """Returns a seed from the system's entropy; no global generator is read or moved."""
    return int(np.random.SeedSequence().generate_state(1, np.uint64)[0])


def spread_seed(seed: int | Sequence[int | None] | None, n_worlds: int) -> list[int | None]:
    """Returns one seed a world: `s + world` for a number `s`, None for worlds that go on.

    Raises:
        ValueError: a seed that is no whole number of at least 0, or a list of another length.
    """
    if seed is None:
        return [None] * n_worlds
    if isinstance(seed, Sequence | np.ndarray) and not isinstance(seed, str):
        if len(seed) != n_worlds:
            raise ValueError(f"seed has {len(seed)} entries, expected {n_worlds}: one a world")
        return [None if one is None else checked_seed(one) for one in seed]
    first = checked_seed(seed)
    return [first + world for world in range(n_worlds)]


class SeedStreams:
    """What each world of a batch plays: a seed, and how many episodes of it went before.

    `reset(seed=s)` plays episode 0 of seed `s`, each later reset the next episode of that seed,
    so that one seed determines everything that follows. A world that never got a seed draws one
    from the system's entropy, once.
    """

    def __init__(self, n_worlds: int) -> None:
        self.seeds: list[int | None] = [None] * n_worlds
        self.episodes = [0] * n_worlds

    def advance(self, worlds: Sequence[int], seeds: Sequence[int | None]) -> list[tuple[int, int]]:
        """Returns the (seed, episode) that each of `worlds` plays next; None goes on."""
        return [self._next(world, seed) for world, seed in zip(worlds, seeds, strict=True)]

    def _next(self, world: int, seed: int | None) -> tuple[int, int]:
        if seed is None and self.seeds[world] is not None:
            self.episodes[world] += 1
        else:
            self.seeds[world] = fresh_seed() if seed is None else seed
            self.episodes[world] = 0
        played = self.seeds[world]
        assert played is not None
        return played, self.episodes[world]

    def get_state(self) -> dict[str, list[Any]]:
        return {"seeds": list(self.seeds), "episodes": list(self.episodes)}

    def set_state(self, state: dict[str, list[Any]]) -> None:
        self.seeds = list(state["seeds"])
        self.episodes = list(state["episodes"])

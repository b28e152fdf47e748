"""What every batch of worlds does alike, whatever steps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .random import world_key


def chosen_worlds(envs: Sequence[int] | np.ndarray | None, n_envs: int) -> np.ndarray:
    """Returns the worlds that are meant, int64: all where None is given."""
    return np.arange(n_envs) if envs is None else np.asarray(envs, np.int64)


def check_seeds(seeds: Sequence[tuple[int, int]], n_worlds: int) -> None:
    """Raises ValueError where there is not one (seed, episode) for each world to be started."""
    if len(seeds) != n_worlds:
        raise ValueError(f"{len(seeds)} seeds for {n_worlds} worlds: give one a world")


def world_keys(seeds: Sequence[tuple[int, int]], n_worlds: int, split: str) -> np.ndarray:
    """Returns the random keys of worlds, int64 (n_worlds, 2).

    Args:
        seeds: One (seed, episode) a world; with scenario and split it names the world.
        n_worlds: How many are to be started.
        split: Namespace of worlds: those of one split never appear in another.
    """
    check_seeds(seeds, n_worlds)
    keys = [world_key(split, int(seed), int(episode)) for seed, episode in seeds]
    return np.array(keys, np.int64).reshape(-1, 2)


def check_state(state: Mapping[str, np.ndarray], kept: Mapping[str, Any]) -> None:
    """Raises ValueError where a state lacks an array that is kept, or has it in another shape."""
    for name, array in kept.items():
        if name not in state:
            raise ValueError(f"state has no {name}: it was saved by another version, start anew")
        if state[name].shape != tuple(array.shape):
            raise ValueError(
                f"state {name} has shape {state[name].shape}, expected {tuple(array.shape)}: "
                "it is of another scenario or number of worlds"
            )

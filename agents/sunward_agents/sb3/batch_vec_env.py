"""What every batch of worlds behind Stable-Baselines3's `VecEnv` has in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gymnasium as gym
import numpy as np
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import VecEnv

from sunward.faces import seeding

Indices = int | Iterable[int] | None
Infos = list[dict[str, Any]]


class BatchVecEnv(VecEnv):
    """Slots without an environment of their own: attributes and methods are those of the batch.

    Args:
        n_worlds, slots_per_world: slot `world * slots_per_world + place` belongs to `world`, which
            plays seed `seed + world`.
        seed: of the first reset; None draws one from the system's entropy.
    """

    def __init__(
        self,
        n_worlds: int,
        slots_per_world: int,
        observation_space: gym.Space[Any],
        action_space: gym.Space[Any],
        *,
        seed: int | None,
    ) -> None:
        self.render_mode = None
        super().__init__(n_worlds * slots_per_world, observation_space, action_space)
        self._slots_per_world = slots_per_world
        self._next_seed: int | None = None
        self.seed(seed)

    def seed(self, seed: int | None = None) -> list[int | None]:
        """Sets the seed of world 0 for the next reset; returns each slot's seed."""
        first = seeding.fresh_seed() if seed is None else seeding.checked_seed(seed)
        self._next_seed = first
        return [first + slot // self._slots_per_world for slot in range(self.num_envs)]

    def close(self) -> None:
        """Does nothing: there is no process to close."""

    def get_attr(self, attr_name: str, indices: Indices = None) -> list[Any]:
        value = getattr(self, attr_name)
        return [value for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Indices = None) -> None:
        setattr(self, attr_name, value)

    def env_method(
        self, method_name: str, *args: Any, indices: Indices = None, **kwargs: Any
    ) -> list[Any]:
        """Calls a method once; a result with a row a slot is handed out row by row."""
        result = getattr(self, method_name)(*args, **kwargs)
        if isinstance(result, np.ndarray) and len(result) == self.num_envs:
            return [result[slot] for slot in self._get_indices(indices)]
        return [result for _ in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: type, indices: Indices = None) -> list[bool]:
        """Tells that a Monitor is there, since infos carry `episode`, and no other wrapper."""
        return [issubclass(wrapper_class, Monitor) for _ in self._get_indices(indices)]

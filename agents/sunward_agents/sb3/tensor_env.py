"""A tensor fleet as Stable-Baselines3's `VecEnv`: the same slots, seeds and ends, no NumPy."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from sunward.core.ledger import ENTRIES
from sunward.core.score import episode_metrics
from sunward.faces import spaces
from sunward.faces.batch import Batch
from sunward_agents.sb3.batch_vec_env import BatchVecEnv
from sunward_agents.sb3.episode_ends import EpisodeEnds
from sunward_agents.sb3.tensor_fleet import TensorFleet

#: Groups of worlds that end together, at most. On a GPU the reset of one world goes over all of
#: them, so that thousands of worlds that end one by one would cost a reset in every step.
N_PHASES = 32

_NAMES = [name for name, _ in ENTRIES]


class TensorVecEnv(BatchVecEnv):
    """Worlds as `SatelliteVecEnv` plays them, as tensors on the device of the fleet.

    Observations are a view that the next step overwrites. Rewards (n_slots,) and dones, bool
    (n_slots,), are the caller's. Infos are empty but in a step where worlds end; then one holds
    `slots` that ended, int64 (n,), and their `terminal_observation` (n, N_OBS).

    Up to `N_PHASES` worlds end one by one, more of them in that many groups.

    Args:
        fleet: what is stepped.
        seed: of the first reset; world `k` plays seed `seed + k`. None: from the system's entropy.
        split: worlds of "train", "validation" or "test".
        window: finished worlds whose metrics `episode_metrics` holds.
    """

    def __init__(
        self,
        fleet: TensorFleet,
        *,
        seed: int | None = None,
        split: str = "train",
        window: int = 100,
    ) -> None:
        self.fleet, self.simulator = fleet, fleet.simulator
        self.worlds = Batch[Any](self.simulator, split=split)
        self.n_worlds, self.n_sats = self.worlds.n_envs, self.simulator.n_sats
        kind = "continuous"
        observation_space = spaces.observations("box", kind)
        action_space = spaces.satellite_actions(kind)
        super().__init__(self.n_worlds, self.n_sats, observation_space, action_space, seed=seed)
        n_phases = min(self.n_worlds, N_PHASES)
        self._ends = EpisodeEnds(self.n_worlds, self.simulator.episode_steps, n_phases)
        self._none_ended = torch.zeros_like(fleet.rewards, dtype=torch.bool)
        self._dones = self._none_ended
        self._ended_books: list[torch.Tensor] = []
        self._metrics: deque[dict[str, float]] = deque(maxlen=window)

    def reset(self) -> torch.Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Starts the seed that was set, or else the next episode of every world."""
        self.worlds.reset(self._next_seed)
        self._next_seed = None
        self._ends.begin()
        self._dones = self._none_ended
        return self.fleet.observations

    def step_async(self, actions: torch.Tensor) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._actions = actions

    def step_wait(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, list[dict[str, Any]]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._ends.check_begun()
        self.fleet.step(self._actions)
        rewards, self._dones, infos = self.fleet.rewards.clone(), self._none_ended, []
        ended = self._ends.due(self.simulator.step_count)
        if ended.any():
            infos = [self._end(np.flatnonzero(ended))]
        return self.fleet.observations, rewards, self._dones, infos

    def _end(self, ended: np.ndarray) -> dict[str, Any]:
        """Returns how worlds ended, after their next episodes have begun."""
        places = ended[:, None] * self.n_sats + np.arange(self.n_sats)
        slots = torch.from_numpy(places.ravel()).to(self._none_ended.device)
        info = {"slots": slots, "terminal_observation": self.fleet.observations[slots]}
        self._dones = self._none_ended.index_fill(0, slots, True)
        uncut = ended[self._ends.renew(ended)]
        if len(uncut):
            self._ended_books.append(self.fleet.book_sums(uncut))
        self.worlds.reset(None, ended)
        return info

    @property
    def episode_metrics(self) -> deque[dict[str, float]]:
        """Metrics of the last worlds that ended uncut; waits for the device."""
        for books in self._ended_books:
            rows = books.cpu().numpy()
            by_world = dict(zip(_NAMES, rows[:, :, None], strict=True))
            metrics = episode_metrics(by_world.__getitem__, self.simulator.params)
            for world in range(rows.shape[1]):
                self._metrics.append({name: float(sums[world]) for name, sums in metrics.items()})
        self._ended_books.clear()
        return self._metrics

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        return {
            "worlds": self.worlds.get_state(),
            "limits": self._ends.limits.copy(),
            "dones": self._dones.cpu().numpy(),
            "next_seed": self._next_seed,
            "episode_metrics": [dict(metrics) for metrics in self.episode_metrics],
        }

    def set_state(self, state: Mapping[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
        """Takes up a state; returns the observations and dones that the last step returned."""
        self.worlds.set_state(state["worlds"])
        self._ends.limits[:] = state["limits"]
        self._dones = torch.from_numpy(state["dones"]).to(self._none_ended.device)
        self._next_seed = state["next_seed"]
        self._ended_books.clear()
        self._metrics.clear()
        self._metrics.extend(state["episode_metrics"])
        return self.fleet.observations, self._dones

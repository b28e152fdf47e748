"""A rollout in tensors on the device of the learner: advantages and minibatches are made there."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import torch
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.type_aliases import RolloutBufferSamples

#: Satellite-steps that the explained variance is told from, at most. It is only logged, and of
#: millions NumPy would take a good part of the time of an update.
N_SAMPLED = 65_536


class TensorRolloutBuffer(RolloutBuffer):
    """SB3's rollout buffer without NumPy; what a step holds is written in two parts.

    Every tensor is (n_steps, n_slots, ...), by the names of `RolloutBufferSamples` beside
    `rewards` and `starts`. `values` and `returns` are the NumPy arrays that SB3's `train` tells the
    explained variance from: a regular sample of the rollout, all of it where it is small.
    """

    def reset(self) -> None:
        """Begins a rollout in the memory of the one before."""
        if not hasattr(self, "rows"):
            self.rows = self._allocated()
        self.pos, self.full = 0, False

    def _allocated(self) -> dict[str, torch.Tensor]:
        shape = (self.buffer_size, self.n_envs)
        widths = {"observations": self.obs_shape, "actions": (self.action_dim,)}
        names = (*RolloutBufferSamples._fields, "rewards", "starts")
        return {
            name: torch.zeros((*shape, *widths.get(name, ())), device=self.device) for name in names
        }

    def open_step(self, observations: torch.Tensor, starts: Any) -> torch.Tensor:
        """Keeps what a step begins with, before worlds overwrite it; returns the observations kept.

        Args:
            observations: (n_slots, N_OBS).
            starts: bool (n_slots,), whether an episode begins here; of NumPy in the first step.
        """
        kept = self.rows["observations"][self.pos]
        kept.copy_(observations)
        self.rows["starts"][self.pos].copy_(torch.as_tensor(starts))
        return kept

    def close_step(
        self,
        actions: torch.Tensor,
        rewards: torch.Tensor,
        values: torch.Tensor,
        log_probs: torch.Tensor,
    ) -> None:
        """Keeps what was done and what came of it: (n_slots, ...) each."""
        self.rows["actions"][self.pos] = actions
        self.rows["rewards"][self.pos] = rewards
        self.rows["old_values"][self.pos] = values.flatten()
        self.rows["old_log_prob"][self.pos] = log_probs
        self.pos += 1
        self.full = self.pos == self.buffer_size

    def compute_returns_and_advantage(self, last_values: torch.Tensor, dones: Any) -> None:
        """Writes generalised advantages and the returns that the critic learns.

        Schulman et al., High-dimensional continuous control using generalized advantage
        estimation, ICLR 2016, equation 16.

        Args:
            last_values: (n_slots, 1), of what follows the last step.
            dones: bool (n_slots,), whether an episode ended with the last step.
        """
        rows, decay = self.rows, self.gamma * self.gae_lambda
        next_values, ended = last_values.flatten(), torch.as_tensor(dones, device=self.device)
        advantage, goes_on = torch.zeros_like(next_values), 1.0 - ended.float()
        for step in reversed(range(self.buffer_size)):
            values = rows["old_values"][step]
            delta = rows["rewards"][step] + self.gamma * next_values * goes_on - values
            advantage = delta + decay * goes_on * advantage
            rows["advantages"][step] = advantage
            next_values, goes_on = values, 1.0 - rows["starts"][step]
        torch.add(rows["advantages"], rows["old_values"], out=rows["returns"])
        self.values, self.returns = map(self._sampled, ("old_values", "returns"))

    def _sampled(self, name: str) -> np.ndarray:
        flat = self.rows[name].flatten()
        return flat[:: -(-len(flat) // N_SAMPLED)].cpu().numpy()

    def get(self, batch_size: int | None = None) -> Generator[RolloutBufferSamples, None, None]:
        """Yields the rollout in minibatches, shuffled anew at each call."""
        assert self.full
        n_rows = self.buffer_size * self.n_envs
        flat = [self.rows[name].flatten(0, 1) for name in RolloutBufferSamples._fields]
        for chosen in torch.randperm(n_rows, device=self.device).split(batch_size or n_rows):
            yield RolloutBufferSamples(*(rows.index_select(0, chosen) for rows in flat))

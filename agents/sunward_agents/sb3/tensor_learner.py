"""PPO whose rollouts never leave the device of the learner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.distributions import Distribution

from sunward_agents.sb3.learner import ENVIRONMENT, FORWARD, FleetPPO
from sunward_agents.sb3.tensor_buffer import TensorRolloutBuffer
from sunward_agents.sb3.tensor_env import TensorVecEnv


class TensorPPO(FleetPPO):
    """`FleetPPO` over tensors: a rollout as its, with nothing copied to the host in between.

    A step only queues work; where worlds end, it tells the device which. The host reads from the
    device once a rollout, to log what came of it, and in SB3's `train`, once a minibatch.

    Args:
        env: worlds on the device that is given as the option `device`.
        options: those of `FleetPPO`.
    """

    def __init__(self, env: TensorVecEnv, **options: Any) -> None:
        super().__init__(env, rollout_buffer_class=TensorRolloutBuffer, **options)
        self._term_sums = torch.zeros(len(self.terms), dtype=torch.float64, device=self.device)

    def collect(self) -> None:
        """Fills the rollout buffer with `n_steps` steps of every slot."""
        self._term_sums.zero_()
        with _unchecked_distributions():
            super().collect()
        self.reward_terms[:] = self._term_sums.cpu().numpy() / self.n_steps

    def _collect_step(self) -> None:
        buffer: Any = self.rollout_buffer
        with self.clock.part(FORWARD), torch.no_grad():
            seen = buffer.open_step(self._last_obs, self._last_episode_starts)
            actions, values, log_probs = self.policy(seen)
        with self.clock.part(ENVIRONMENT):
            # The simulator clips to the bounds itself.
            self._last_obs, rewards, self._last_episode_starts, ends = self.worlds.step(actions)
            self._term_sums += self.worlds.fleet.mean_terms()
        self.num_timesteps += self.worlds.num_envs
        rewards *= float(self.reward_scale)
        for end in ends:
            rewards.index_add_(0, end["slots"], self._cut_off_value(end["terminal_observation"]))
        buffer.close_step(actions, rewards, values, log_probs)

    def _cut_off_value(self, last: torch.Tensor) -> torch.Tensor:
        """Returns the discounted value of what the time limit cut off, (n,)."""
        with torch.no_grad():
            return self.gamma * self.policy.predict_values(last).flatten()

    def _maybe_recommend_cpu(self, mlp_class_name: str = "ActorCriticPolicy") -> None:
        """Says nothing: SB3 warns of small nets on a GPU, whose worlds it expects elsewhere."""


@contextmanager
def _unchecked_distributions() -> Iterator[None]:
    """Spares the look at every number that torch takes, for which the host waits each time.

    The update checks them all the same.
    """
    checks = Distribution._validate_args
    Distribution.set_default_validate_args(False)
    try:
        yield
    finally:
        Distribution.set_default_validate_args(checks)

"""Stable-Baselines3's PPO with a rollout loop made for thousands of slots that end together."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from sunward.core.reward import REWARD_TERMS, Term
from sunward_agents.sb3.batch_vec_env import BatchVecEnv
from sunward_agents.sb3.imitation import TaughtPPO, Teacher
from sunward_agents.sb3.stopwatch import Stopwatch

#: Parts of an iteration that `clock` tells apart; the rest is its `OTHER`.
ENVIRONMENT, FORWARD, ADVANTAGES, UPDATE = "environment", "policy forward", "advantages", "update"


class FleetPPO(TaughtPPO):
    """PPO whose rollouts cost one forward a step, also in steps where whole worlds end.

    SB3 bootstraps each ended slot by a forward of its own (0.15 ms a row, 10 ms where a world of
    66 satellites ends) and looks into every slot's info. Here ended slots are bootstrapped in
    one batch, and what worlds achieved is taken from the environment. `train` is SB3's own.

    Args:
        env: worlds that may end together: a `SatelliteVecEnv`.
        reward_scale: factor on the reward before it is learnt from.
        terms: of the worlds' reward, for the log.
        teacher: that the actor follows before it learns from the reward.
        options: those of `stable_baselines3.PPO`.
    """

    def __init__(
        self,
        env: BatchVecEnv,
        *,
        reward_scale: float = 1.0,
        terms: tuple[Term, ...] = REWARD_TERMS,
        teacher: Teacher | None = None,
        **options: Any,
    ) -> None:
        self.worlds: Any = env
        self.reward_scale = np.float32(reward_scale)
        self.clock = Stopwatch()
        self._first_step = 0
        self.terms, self.teacher = terms, teacher
        self.reward_terms = np.zeros(len(terms))
        super().__init__("MlpPolicy", env, **options)

    def begin(self, total_steps: int) -> None:
        """Resets all worlds; `total_steps` satellite-steps are what the schedules run over."""
        self._setup_learn(total_steps)

    def time_exactly(self) -> None:
        """Lets the clock wait for a GPU at the end of every part, which costs some of its speed."""
        if self._is_on_gpu:
            self.clock.wait = torch.cuda.synchronize

    @property
    def _is_on_gpu(self) -> bool:
        return self.device.type == "cuda"

    @property
    def steps_per_s(self) -> float:
        """Satellite-steps a second of collecting and learning, since this process began."""
        return (self.num_timesteps - self._first_step) / max(self.clock.total_s, 1e-9)

    def iterate(self) -> None:
        """Collects one rollout, learns from it, and logs both under the same step."""
        if not self.clock.total_s:
            self._first_step = self.num_timesteps
        with self.clock.whole():
            self.collect()
            self._update_current_progress_remaining(self.num_timesteps, self._total_timesteps)
            with self.clock.part(UPDATE):
                self.train()
        self._record_rollout()
        self._record_pace()

    def collect(self) -> None:
        """Fills the rollout buffer with `n_steps` steps of every slot."""
        self.policy.set_training_mode(False)
        self.rollout_buffer.reset()
        self.reward_terms[:] = 0.0
        for _ in range(self.n_steps):
            self._collect_step()
        assert self._last_episode_starts is not None
        with self.clock.part(ADVANTAGES), torch.no_grad():
            last = self.policy.predict_values(self._tensor(self._last_obs))
            self.rollout_buffer.compute_returns_and_advantage(last, self._last_episode_starts)
        self.reward_terms /= self.n_steps

    def _collect_step(self) -> None:
        assert self._last_obs is not None
        assert self._last_episode_starts is not None
        with self.clock.part(FORWARD), torch.no_grad():
            actions, values, log_probs = self.policy(self._tensor(self._last_obs))
            actions = actions.cpu().numpy()
        with self.clock.part(ENVIRONMENT):
            # The simulator clips to the bounds itself.
            observations, rewards, dones, infos = self.worlds.step(actions)
            terms = self.worlds.simulator.reward_terms
            self.reward_terms += terms.mean(axis=(0, 1), dtype=np.float64)
        self.num_timesteps += self.worlds.num_envs
        rewards = rewards * self.reward_scale
        if dones.any():
            ended = np.flatnonzero(dones)
            rewards[ended] += self._cut_off_values(infos, ended)
        self.rollout_buffer.add(
            self._last_obs,  # pyright: ignore[reportArgumentType]
            actions,
            rewards,
            self._last_episode_starts,
            values,
            log_probs,
        )
        # SB3's own type allows for spaces that this environment does not have.
        self._last_obs = observations  # pyright: ignore[reportAttributeAccessIssue]
        self._last_episode_starts = dones

    def _cut_off_values(self, infos: list[dict[str, Any]], ended: np.ndarray) -> np.ndarray:
        """Returns the discounted value of what the time limit cut off in each ended slot."""
        last = np.stack([infos[slot]["terminal_observation"] for slot in ended])
        with torch.no_grad():
            values = self.policy.predict_values(self._tensor(last))
        return self.gamma * values.cpu().numpy().ravel()

    def _tensor(self, observations: Any) -> torch.Tensor:
        return torch.as_tensor(observations, device=self.device)

    def _record_rollout(self) -> None:
        """Logs the mean reward of each term, and the metrics of the last worlds that ended."""
        for term, mean in zip(self.terms, self.reward_terms, strict=True):
            self.logger.record(f"reward/{term.name}", float(mean))
        ended = self.worlds.episode_metrics
        if not ended:
            return
        means = {name: float(np.mean([world[name] for world in ended])) for name in ended[0]}
        for name, mean in means.items():
            self.logger.record(f"env/{name}", mean)
        self.logger.record("rollout/ep_rew_mean", means["reward"] / self.worlds.n_sats)
        self.logger.record("rollout/ep_len_mean", float(self.worlds.simulator.episode_steps))

    def _record_pace(self) -> None:
        """Logs what differs from run to run: pace, and the environment's share of the time.

        A GPU works on when a call has returned: without waiting for it no share is known.
        """
        self.logger.record("time/fps", self.steps_per_s)
        if self.clock.wait or not self._is_on_gpu:
            self.logger.record("time/env_share", self.clock.share(ENVIRONMENT))

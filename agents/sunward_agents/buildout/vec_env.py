"""A batch of companies as Stable-Baselines3 wants it: one slot a world."""

from __future__ import annotations

import time
from collections import deque

import numpy as np

from sunward.buildout.simulator import BuildoutSimulator
from sunward.faces import checks, seeding
from sunward.faces.spaces import signed_box
from sunward_agents.sb3.batch_vec_env import BatchVecEnv, Infos


class BuildoutVecEnv(BatchVecEnv):
    """Slot `k` plays seed `seed + k`, episode after episode, the continuous face.

    Infos of worlds that end carry `terminal_observation` and `episode` (`r`, `l`, `t`); their
    metrics come in `episode_metrics`. Between ends all slots share one empty info. The first
    episode of slot `k` of `n` begins where nothing has happened, as every other: worlds end
    together, unless a company is insolvent.

    Args:
        simulator: The worlds.
        seed: Of slot 0.
        split: Namespace of the worlds.
        reward_scale: Factor on the reward; episode returns are told unscaled.
    """

    def __init__(
        self,
        simulator: BuildoutSimulator,
        *,
        seed: int,
        split: str = "train",
        reward_scale: float = 1.0,
    ) -> None:
        self.simulator = simulator
        n = simulator.n_envs
        seen, done = signed_box(len(simulator.features)), signed_box(len(simulator.levers))
        super().__init__(n, 1, seen, done, seed=seed)
        self._split, self._scale = checks.chosen("split", split, checks.SPLITS), reward_scale
        self._streams = seeding.SeedStreams(n)
        self._returns, self._lengths = np.zeros(n), np.zeros(n, np.int64)
        self._no_infos: Infos = [{}] * n
        self._started = time.perf_counter()
        self._actions = np.zeros((n, len(simulator.levers)))
        self.episode_metrics: deque[dict[str, float]] = deque(maxlen=100)

    def reset(self) -> np.ndarray:
        """Starts the seed that was set, or else the next episode of every world."""
        worlds = range(self.num_envs)
        spread = seeding.spread_seed(self._next_seed, self.num_envs)
        self.simulator.reset(self._streams.advance(worlds, spread), split=self._split)
        self._next_seed = None
        self._returns[:], self._lengths[:] = 0.0, 0
        return self.simulator.observations.copy()

    def step_async(self, actions: np.ndarray) -> None:
        self._actions = actions

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, Infos]:
        self.simulator.step(self._actions)
        rewards, dones = self.simulator.rewards.copy(), self.simulator.terminated.copy()
        self._returns += rewards
        self._lengths += 1
        infos = self._end(np.flatnonzero(dones)) if dones.any() else self._no_infos
        scaled = (self._scale * rewards).astype(np.float32)
        return self.simulator.observations.copy(), scaled, dones, infos

    def _end(self, ended: np.ndarray) -> Infos:
        """Returns infos that tell how worlds ended, after their next episodes have begun."""
        infos, seconds = self._no_infos.copy(), round(time.perf_counter() - self._started, 6)
        metrics = self.simulator.metrics()
        for world in ended.tolist():
            told = {"r": float(self._returns[world]), "l": int(self._lengths[world]), "t": seconds}
            last = self.simulator.observations[world].copy()
            infos[world] = {"terminal_observation": last, "episode": told}
            own = {name: float(values[world]) for name, values in metrics.items()}
            self.episode_metrics.append(own)
        pairs = self._streams.advance(ended.tolist(), [None] * len(ended))
        self.simulator.reset(pairs, envs=ended, split=self._split)
        self._returns[ended], self._lengths[ended] = 0.0, 0
        return infos

"""A batch of worlds as Stable-Baselines3 wants it: one slot for each satellite of each world."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sunward.core.simulator import Simulator
from sunward.core.varied import VariedSimulator
from sunward.faces import checks
from sunward.faces.worlds import Worlds, build_simulator
from sunward.scenario.scenario import Scenario
from sunward_agents.sb3.batch_vec_env import BatchVecEnv, Infos
from sunward_agents.sb3.episode_ends import EpisodeEnds


class SatelliteVecEnv(BatchVecEnv):
    """Satellites share one policy: slot `world * n_sats + sat`, `n_worlds * n_sats` slots in all.

    **Few copies.** SB3 keeps the last observations and dones until the next step, so each of the
    two alternates between two buffers: what a call returned is overwritten by the call after the
    next. Between episode ends all slots share one empty info: do not write to it.

    **Episodes.** All satellites of a world end together, truncated, and the world goes on with its
    next episode at once. Their infos carry `terminal_observation`, `TimeLimit.truncated` and
    `episode` (`r`, `l`, `t`), so that neither Monitor nor VecMonitor is needed. The metrics of the
    world come as `metrics` in the info of its first satellite, and in `episode_metrics`.

    **Staggered.** With `stagger` the first episode of world `k` of `n` is cut after `(k + 1) / n`
    of its steps, so that later on worlds end one after another and a rollout holds every phase of
    an episode. Episodes that were cut tell neither `episode` nor metrics.

    **Bootstrapping.** SB3's own PPO values each truncated slot in a call of its own, about 0.15 ms
    each, 10 ms for a world of 66 satellites; a learner that takes all slots with a
    `terminal_observation` in one batch is spared that.

    Args:
        scenario: id, path, loaded scenario, or a simulator (`n_worlds` is then its own).
        n_worlds: worlds in the batch; world `k` plays seed `seed + k`.
        seed: of the first reset; None draws one from the system's entropy.
        split: worlds of "train", "validation" or "test".
        action: "continuous" or "discrete".
        stagger: whether first episodes are cut.
        overrides: values of the scenario by dotted path.
        n_threads: threads of the kernel.
        worlds: how the simulator is stepped: `Worlds`, or a kind of it with tables of its own.
        window: finished worlds whose metrics `episode_metrics` holds.
    """

    def __init__(
        self,
        scenario: str | Path | Scenario | Simulator | VariedSimulator,
        n_worlds: int = 1,
        *,
        seed: int | None = None,
        split: str = "train",
        action: str = "continuous",
        stagger: bool = True,
        overrides: Mapping[str, Any] | None = None,
        n_threads: int = 1,
        worlds: type[Worlds] = Worlds,
        window: int = 100,
    ) -> None:
        self.simulator: Any
        if isinstance(scenario, Simulator | VariedSimulator):
            self.simulator = scenario
        else:
            n_worlds = checks.at_least_one("n_worlds", n_worlds)
            self.simulator = build_simulator(
                scenario, n_worlds, overrides=overrides, n_threads=n_threads
            )
        self.worlds = worlds(self.simulator, action=action, split=split)
        self.n_worlds, self.n_sats = self.worlds.n_envs, self.worlds.n_sats
        observation_space, action_space = self.worlds.satellite_spaces()
        super().__init__(self.n_worlds, self.n_sats, observation_space, action_space, seed=seed)
        n_slots = self.num_envs
        self._action_shape = (n_slots, *(self.action_space.shape or ()))
        self._actions = np.zeros(self._action_shape)
        n_features = self.simulator.observations.shape[-1]
        self._observations = np.zeros((2, n_slots, n_features), np.float32)
        self._dones = np.zeros((2, self.n_worlds, self.n_sats), np.bool_)
        self._turn = 0
        n_phases = self.n_worlds if stagger else 1
        self._ends = EpisodeEnds(self.n_worlds, self.simulator.episode_steps, n_phases)
        self._returns = np.zeros((self.n_worlds, self.n_sats))
        self._no_infos: Infos = [{}] * n_slots
        self._started = time.perf_counter()
        self.episode_metrics: deque[dict[str, float]] = deque(maxlen=window)

    def reset(self) -> np.ndarray:
        """Starts the seed that was set, or else the next episode of every world."""
        self.worlds.reset(self._next_seed)
        self._next_seed = None
        self._ends.begin()
        self._returns[:] = 0.0
        return self._hand_out(np.zeros(self.n_worlds, np.bool_))[0]

    def step_async(self, actions: np.ndarray) -> None:
        self._actions = checks.shaped(actions, self._action_shape, "one row a satellite")

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, Infos]:
        self._ends.check_begun()
        self.worlds.step(self._actions)
        rewards = self.simulator.rewards.copy()
        self._returns += rewards
        infos, ended = self._no_infos, self._ends.due(self.simulator.step_count)
        if ended.any():
            infos = self._end(np.flatnonzero(ended))
        observations, dones = self._hand_out(ended)
        return observations, rewards.reshape(-1), dones, infos

    def _end(self, ended: np.ndarray) -> Infos:
        """Returns infos that tell how the worlds ended, after their next episodes have begun."""
        infos, seconds = self._no_infos.copy(), round(time.perf_counter() - self._started, 6)
        last, length = self.simulator.observations[ended], self.simulator.episode_steps
        metrics = self.simulator.metrics()
        uncut = self._ends.renew(ended)
        for world, rows, is_whole in zip(ended.tolist(), last, uncut, strict=True):
            first = world * self.n_sats
            for sat, row in enumerate(rows):
                infos[first + sat] = {"terminal_observation": row, "TimeLimit.truncated": True}
            if not is_whole:
                continue
            for sat, total in enumerate(self._returns[world].tolist()):
                infos[first + sat]["episode"] = {"r": total, "l": length, "t": seconds}
            infos[first]["metrics"] = {name: float(sums[world]) for name, sums in metrics.items()}
            self.episode_metrics.append(infos[first]["metrics"])
        self._returns[ended] = 0.0
        self.worlds.reset(None, ended)
        return infos

    def _hand_out(self, ended: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns observations and dones in the buffers that the last call left alone."""
        self._turn = 1 - self._turn
        observations, dones = self._observations[self._turn], self._dones[self._turn]
        observations[:] = self.simulator.observations.reshape(observations.shape)
        dones[:] = ended[:, None]
        return observations, dones.reshape(-1)

    def action_masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, bool (num_envs, N_DISCRETE)."""
        return self.worlds.masks().reshape(self.num_envs, -1)

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        return {
            "worlds": self.worlds.get_state(),
            "limits": self._ends.limits.copy(),
            "returns": self._returns.copy(),
            "dones": self._dones[self._turn].copy(),
            "next_seed": self._next_seed,
            "episode_metrics": [dict(metrics) for metrics in self.episode_metrics],
        }

    def set_state(self, state: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
        """Takes up a state; returns the observations and dones that the last step returned."""
        self.worlds.set_state(state["worlds"])
        self._ends.limits[:] = state["limits"]
        self._returns[:] = state["returns"]
        self._next_seed = state["next_seed"]
        self.episode_metrics.clear()
        self.episode_metrics.extend(state["episode_metrics"])
        return self._hand_out(np.asarray(state["dones"])[:, 0])

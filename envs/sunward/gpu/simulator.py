"""A batch of worlds in the memory of a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sunward.core.actions import N_ACTIONS
from sunward.core.batch import check_state, chosen_worlds, world_keys
from sunward.core.ledger import ENTRIES
from sunward.core.observations import N_OBS
from sunward.core.params import Params
from sunward.core.reward import N_TERMS
from sunward.core.score import episode_metrics
from sunward.gpu import kernels, plan
from sunward.gpu.passes import rows
from sunward.gpu.replay import Replay, run_all
from sunward.gpu.state import allocated
from sunward.gpu.tables import upload
from sunward.gpu.target import cuda


class NoGpuError(RuntimeError):
    """There is no GPU that Numba can use."""


class GpuSimulator:
    """Steps `n_envs` independent worlds of `params.n_sats` satellites on a GPU.

    A world is the same as in `Simulator` but for rounding: a GPU fuses multiplication and addition.
    Calls return before the GPU is done; copying something to the host waits for it.

    actions: device array float32 (n_envs * n_sats, N_ACTIONS), to be written by the policy.
    observation_rows: device array float32 (N_OBS, n_envs * n_sats), in [-1, 1]: feature by feature,
        as neighbouring threads write neighbouring numbers. Transposed it has a row a satellite.
    reward_row: device array float32 (n_envs * n_sats,)
    term_rows: device array float32 (N_TERMS, n_envs * n_sats), terms of the last step's reward
    book_rows: device array float64 (N_LEDGER, n_envs * n_sats), sums of the episode so far
    truncated: bool (n_envs,), the time limit was reached
    step_count: int64 (n_envs,)

    Args:
        params: The scenario.
        n_envs: Worlds, at least 1.

    Raises:
        NoGpuError: There is no GPU, or Numba's CUDA target is not installed.
    """

    def __init__(self, params: Params, n_envs: int) -> None:
        if n_envs < 1:
            raise ValueError(f"n_envs is {n_envs}, expected at least 1: the number of worlds")
        if not cuda.is_available():
            raise NoGpuError(
                "no CUDA GPU was found: use sunward.Simulator, which needs none, or install a "
                "driver and `pip install 'sunward[gpu]'`"
            )
        self.params = params
        self.n_envs = n_envs
        self.n_sats = params.n_sats
        self.episode_steps = params.episode_steps
        self.step_count = np.zeros(n_envs, np.int64)
        self.truncated = np.zeros(n_envs, bool)
        self._keys = np.zeros((n_envs, 2), np.int64)
        self._action_shapes = (
            (n_envs, self.n_sats, N_ACTIONS),
            (n_envs * self.n_sats, N_ACTIONS),
        )
        self._tables, self._state = upload(params, n_envs), allocated(params, n_envs)
        self.actions = self._state.actions
        self.observation_rows = self._state.work[rows.ROW.observed : rows.ROW.observed + N_OBS]
        self.reward_row = self._state.work[rows.ROW.reward]
        self.term_rows = self._state.work[rows.ROW.terms : rows.ROW.terms + N_TERMS]
        self.book_rows = self._state.books
        self._start = plan.starting(self._state, self._tables)
        self._step = plan.stepping(self._state, self._tables, params.weights.team_share)
        self._replay = Replay(self._step)

    def reset(
        self,
        seeds: Sequence[tuple[int, int]],
        *,
        envs: Sequence[int] | np.ndarray | None = None,
        split: str = "train",
    ) -> None:
        """Starts worlds anew: see `Simulator.reset`."""
        chosen = chosen_worlds(envs, self.n_envs)
        self._keys[chosen] = world_keys(seeds, len(chosen), split)
        starting = np.zeros(self.n_envs, bool)
        starting[chosen] = True
        self.truncated[chosen] = False
        self.step_count[chosen] = 0
        self._state.keys.copy_to_device(self._keys)
        self._state.starting.copy_to_device(starting)
        run_all(self._start)

    def step(self, actions: Any) -> None:
        """Takes every world through one control step.

        Args:
            actions: float32 (n_envs, n_sats, N_ACTIONS) or (n_envs * n_sats, N_ACTIONS) in
                [-1, 1], contiguous; beyond is clipped. What lies elsewhere, on the device
                (`__cuda_array_interface__`) or in NumPy, is copied to `self.actions`, which costs
                nothing where it is `self.actions` itself.
        """
        if tuple(actions.shape) not in self._action_shapes:
            raise ValueError(
                f"actions have shape {tuple(actions.shape)}, expected {self._action_shapes[0]}: "
                "one row per world, one column per satellite, one number per action"
            )
        if actions is not self.actions:
            self.actions.copy_to_device(_rows_of(actions))
        self._replay.run()
        self.step_count += 1
        np.greater_equal(self.step_count, self.episode_steps, self.truncated)

    #: What a step changes on the host; all else is in `State`.
    _ON_HOST = ("_keys", "step_count", "truncated")

    def get_state(self) -> dict[str, np.ndarray]:
        """Returns a copy of everything that `set_state` needs to go on exactly from here."""
        state = {name: array.copy_to_host() for name, array in vars(self._state).items()}
        return state | {name: getattr(self, name).copy() for name in self._ON_HOST}

    def set_state(self, state: dict[str, np.ndarray]) -> None:
        """Goes back to a state of a simulator of the same scenario and number of worlds."""
        check_state(state, vars(self._state))
        for name, array in vars(self._state).items():
            array.copy_to_device(state[name])
        for name in self._ON_HOST:
            getattr(self, name)[...] = state[name]

    def kernel_times(self, n_repeats: int = 20) -> dict[str, float]:
        """Returns milliseconds that each kernel of a step takes; the worlds go astray."""
        times = {}
        for launch in self._step:
            start, end = cuda.event(), cuda.event()
            launch.run()
            start.record()
            for _ in range(n_repeats):
                launch.run()
            end.record()
            end.synchronize()
            name = launch.kernel.py_func.__name__
            times[name] = cuda.event_elapsed_time(start, end) / n_repeats
        return times

    def row(self, name: str, number: int = 0) -> np.ndarray:
        """Returns a copy of one row of a quantity of `Rows` that is kept, (n_envs, n_sats).

        Args:
            name: As in `sunward.core.rows.Rows`, such as "charge_j" or "queue".
            number: Which row of it, where it has several: of the queue, the deadline slot.
        """
        first = kernels.HELD_QUEUE if name == "queue" else getattr(rows.ROW, name)
        return self._by_world(self._state.work[first + number])

    def observations(self) -> np.ndarray:
        """Returns a copy of the observations, float32 (n_envs, n_sats, N_OBS)."""
        shown = self.observation_rows.copy_to_host()
        return np.ascontiguousarray(shown.T).reshape(self.n_envs, self.n_sats, N_OBS)

    def rewards(self) -> np.ndarray:
        """Returns a copy of the rewards, float32 (n_envs, n_sats)."""
        return self._by_world(self.reward_row)

    def satellite_sums(self, name: str) -> np.ndarray:
        """Returns one running sum of the episode a satellite, float64 (n_envs, n_sats)."""
        return self._by_world(self._state.books[[entry for entry, _ in ENTRIES].index(name)])

    def metrics(self) -> dict[str, np.ndarray]:
        """Returns the metrics of the episode so far, each float64 (n_envs,)."""
        return episode_metrics(self.satellite_sums, self.params)

    def _by_world(self, row: Any) -> np.ndarray:
        return row.copy_to_host().reshape(self.n_envs, self.n_sats)


def _rows_of(actions: Any) -> Any:
    """Returns actions as an array (n_slots, N_ACTIONS), of NumPy or on the device."""
    if isinstance(actions, np.ndarray):
        return np.ascontiguousarray(actions, np.float32).reshape(-1, N_ACTIONS)
    return cuda.as_cuda_array(actions).reshape(-1, N_ACTIONS)

"""A batch of worlds in the memory of a GPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sunward.core.actions import N_ACTIONS
from sunward.core.ledger import ENTRIES, N_LEDGER
from sunward.core.observations import N_OBS
from sunward.core.params import Params
from sunward.core.random import world_key
from sunward.core.score import episode_metrics
from sunward.gpu import kernels
from sunward.gpu.passes import demand, rows, world
from sunward.gpu.tables import demand_sites, fixed_rows, upload
from sunward.gpu.target import cuda

#: Threads of a block: registers of a processor suffice for two blocks of the longest kernel.
THREADS = 128


class NoGpuError(RuntimeError):
    """There is no GPU that Numba can use."""


class GpuSimulator:
    """Steps `n_envs` independent worlds of `params.n_sats` satellites on a GPU.

    A world is the same as in `Simulator` but for rounding: a GPU fuses multiplication and addition.
    Calls return before the GPU is done; copying something to the host waits for it.

    observation_rows: device array float32 (N_OBS, n_envs * n_sats), in [-1, 1]: feature by feature,
        as neighbouring threads write neighbouring numbers. Transposed it has a row a satellite.
    reward_row: device array float32 (n_envs * n_sats,)
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
        self._tables = upload(params, n_envs)
        self._allocate()
        self._bind()

    def _allocate(self) -> None:
        n_envs, n_slots = self.n_envs, self.n_envs * self.n_sats
        work = np.zeros((kernels.N_ROWS, n_slots), np.float32)
        work[: rows.KEPT_START] = fixed_rows(self.params, n_envs)
        self._work = cuda.to_device(work)
        self._ints = cuda.to_device(np.zeros((rows.BLOCK_INTS, n_slots), np.int32))
        self._books = cuda.to_device(np.zeros((N_LEDGER, n_slots)))
        self._worlds = cuda.to_device(np.zeros((n_envs, 4)))
        self._device_keys = cuda.to_device(self._keys)
        self._steps = cuda.to_device(self.step_count)
        self._skies = cuda.to_device(np.zeros((n_envs, world.N_SKY)))
        self._hours = cuda.to_device(np.zeros((n_envs, len(demand.HOUR_FIELDS)), np.float32))
        self._sites = cuda.to_device(demand_sites(self.params, n_envs))
        knots = np.zeros((demand.KNOT_FLOATS, self._sites.shape[1]), np.float32)
        self._knots = cuda.to_device(knots)
        self._means = cuda.to_device(np.zeros(n_envs, np.float32))
        self.observation_rows = self._work[rows.ROW.observed : rows.ROW.observed + N_OBS]
        self.reward_row = self._work[rows.ROW.reward]

    def _bind(self) -> None:
        """Puts together once what each call launches."""
        tables, work = self._tables, self._work
        hardware, service, neighbours = tables.hardware, tables.service, tables.neighbours
        self._action_shape = (self.n_envs, self.n_sats, N_ACTIONS)
        by_world, by_satellite = _threads(self.n_envs), _threads(work.shape[1])
        by_site = _threads(self._sites.shape[1])
        show_worlds = (
            self._skies,
            self._hours,
            self._worlds,
            self._steps,
            tables.trace,
            tables.layout,
        )
        draw_demand = (
            self._sites,
            self._knots,
            self._hours,
            self._device_keys,
            self._steps,
            tables.layout,
        )
        advance = (work, self._ints, self._books, neighbours, hardware, service, tables.weights)
        team_share = np.float32(self.params.weights.team_share)
        self._starting = by_world, by_satellite
        self._deciding = kernels.decide_and_show_worlds[_beside(by_world, by_satellite)]
        self._decision = (
            *(tables.deadline_share, hardware, service),
            *(*show_worlds, by_world[0] * THREADS),
        )
        self._acting = [
            (
                kernels.advance_and_draw_demand[_beside(by_site, by_satellite)],
                (*advance, *draw_demand, by_site[0] * THREADS),
            ),
            (kernels.pay[by_satellite], (work, neighbours)),
        ]
        if team_share > 0:
            self._acting += [
                (kernels.mean_rewards[self.n_envs, kernels.ADDERS], (work, self._means)),
                (kernels.mix_rewards[by_satellite], (work, self._means, team_share)),
            ]
        self._acting += [(kernels.book_rewards[by_satellite], (work, self._books))]
        self._preparing = [
            (kernels.show_worlds[by_world], show_worlds),
            (kernels.draw_demand[by_site], (*draw_demand, service)),
        ]
        self._showing = [
            (
                kernels.place[by_satellite],
                (
                    work,
                    self._ints,
                    self._skies,
                    self._sites,
                    self._steps,
                    hardware,
                    service,
                    tables.layout,
                ),
            ),
            (kernels.find_links[by_satellite], (work, neighbours, service)),
            (
                kernels.describe[by_satellite],
                (work, neighbours, hardware, service, tables.scaling),
            ),
            (kernels.look_round[by_satellite], (work, neighbours)),
        ]

    def reset(
        self,
        seeds: Sequence[tuple[int, int]],
        *,
        envs: Sequence[int] | np.ndarray | None = None,
        split: str = "train",
    ) -> None:
        """Starts worlds anew: see `Simulator.reset`."""
        chosen = np.arange(self.n_envs) if envs is None else np.asarray(envs, np.int64)
        if len(seeds) != len(chosen):
            raise ValueError(f"{len(seeds)} seeds for {len(chosen)} worlds: give one a world")
        starting = np.zeros(self.n_envs, bool)
        starting[chosen] = True
        for env, (seed, episode) in zip(chosen, seeds, strict=True):
            self._keys[env] = world_key(split, int(seed), int(episode))
        self.truncated[chosen] = False
        self.step_count[chosen] = 0
        self._device_keys.copy_to_device(self._keys)
        self._start(cuda.to_device(starting))
        _launch(self._preparing)
        _launch(self._showing)

    def _start(self, starting: Any) -> None:
        tables = self._tables
        by_world, by_satellite = self._starting
        kernels.start_worlds[by_world](
            self._worlds,
            self._device_keys,
            self._steps,
            starting,
            tables.epoch,
            len(tables.trace),
        )
        kernels.start_satellites[by_satellite](
            self._work,
            self._ints,
            self._books,
            self._worlds,
            self._device_keys,
            starting,
            tables.orbits,
            tables.hardware,
            tables.service,
            tables.spread,
        )

    def step(self, actions: Any) -> None:
        """Takes every world through one control step.

        Args:
            actions: float32 (n_envs, n_sats, N_ACTIONS) in [-1, 1], contiguous; beyond is clipped.
                A device array (`__cuda_array_interface__`) is read where it lies, one of NumPy is
                copied first.
        """
        if tuple(actions.shape) != self._action_shape:
            raise ValueError(
                f"actions have shape {tuple(actions.shape)}, expected {self._action_shape}: one "
                "row per world, one column per satellite, one number per action"
            )
        action_rows = _on_device(actions).reshape(-1, N_ACTIONS)
        self._deciding(self._work, self._tables.neighbours, action_rows, *self._decision)
        _launch(self._acting)
        _launch(self._showing)
        self.step_count += 1
        np.greater_equal(self.step_count, self.episode_steps, self.truncated)

    def kernel_times(self, actions: Any, n_repeats: int = 20) -> dict[str, float]:
        """Returns milliseconds a launch of each kernel of a step; worlds go astray."""
        action_rows = _on_device(actions).reshape(-1, N_ACTIONS)
        decision = (self._work, self._tables.neighbours, action_rows, *self._decision)
        decide = (self._deciding, decision)
        times = {}
        for kernel, arguments in [decide, *self._acting, *self._showing]:
            start, end = cuda.event(), cuda.event()
            kernel(*arguments)
            start.record()
            for _ in range(n_repeats):
                kernel(*arguments)
            end.record()
            end.synchronize()
            name = kernel.dispatcher.py_func.__name__
            times[name] = cuda.event_elapsed_time(start, end) / n_repeats
        return times

    def row(self, offset: int) -> np.ndarray:
        """Returns a copy of one row, `sunward.gpu.passes.rows.ROW`, (n_envs, n_sats)."""
        return self._by_world(self._work[offset])

    def observations(self) -> np.ndarray:
        """Returns a copy of the observations, float32 (n_envs, n_sats, N_OBS)."""
        shown = self.observation_rows.copy_to_host()
        return np.ascontiguousarray(shown.T).reshape(self.n_envs, self.n_sats, N_OBS)

    def rewards(self) -> np.ndarray:
        """Returns a copy of the rewards, float32 (n_envs, n_sats)."""
        return self._by_world(self.reward_row)

    def satellite_sums(self, name: str) -> np.ndarray:
        """Returns one running sum of the episode a satellite, float64 (n_envs, n_sats)."""
        return self._by_world(self._books[[entry for entry, _ in ENTRIES].index(name)])

    def metrics(self) -> dict[str, np.ndarray]:
        """Returns the metrics of the episode so far, each float64 (n_envs,)."""
        return episode_metrics(self.satellite_sums, self.params)

    def _by_world(self, row: Any) -> np.ndarray:
        return row.copy_to_host().reshape(self.n_envs, self.n_sats)


def _on_device(actions: Any) -> Any:
    """Returns actions as a device array of Numba, copied only where they come from the host."""
    if isinstance(actions, np.ndarray):
        return cuda.to_device(np.ascontiguousarray(actions, np.float32))
    return cuda.as_cuda_array(actions)


def _threads(count: int) -> tuple[int, int]:
    """Returns (blocks, threads of a block) that make at least `count` threads."""
    return -(-count // THREADS), THREADS


def _beside(few: tuple[int, int], many: tuple[int, int]) -> tuple[int, int]:
    """Returns the blocks of two launches as one."""
    return few[0] + many[0], THREADS


def _launch(launches: list[tuple[Any, Any]]) -> None:
    for kernel, arguments in launches:
        kernel(*arguments)

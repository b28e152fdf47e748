"""A batch of worlds as tensors on the device of the learner: views of its memory, never copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch

from sunward.core.ledger import ENTRIES
from sunward.core.params import Params
from sunward.core.simulator import Simulator
from sunward_agents.errors import UsageError

if TYPE_CHECKING:
    from sunward.gpu import GpuSimulator  # needs Numba's CUDA target


class TensorFleet(Protocol):
    """One face for the simulators of both devices; slot `world * n_sats + sat` is a satellite.

    observations: float32 (n_slots, N_OBS), a view that the next step or reset overwrites.
    rewards: float32 (n_slots,), likewise.
    """

    observations: torch.Tensor
    rewards: torch.Tensor

    @property
    def simulator(self) -> Simulator | GpuSimulator:
        """What is stepped."""
        ...

    def step(self, actions: torch.Tensor) -> None:
        """Takes every world through one step; `actions` are float32 (n_slots, N_ACTIONS)."""
        ...

    def mean_terms(self) -> torch.Tensor:
        """Returns the mean of each term of the last step's reward, float64 (N_TERMS,)."""
        ...

    def book_sums(self, worlds: np.ndarray) -> torch.Tensor:
        """Returns the books of some worlds so far, float64 (N_LEDGER, len(worlds))."""
        ...


class HostFleet:
    """A fleet in the memory of the processor: tensors and the simulator's arrays are the same."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.observations = torch.from_numpy(simulator.observations).flatten(0, 1)
        self.rewards = torch.from_numpy(simulator.rewards).flatten()

    def step(self, actions: torch.Tensor) -> None:
        simulator = self.simulator
        simulator.step(actions.unflatten(0, (simulator.n_envs, simulator.n_sats)).numpy())

    def mean_terms(self) -> torch.Tensor:
        return torch.from_numpy(self.simulator.reward_terms.mean(axis=(0, 1), dtype=np.float64))

    def book_sums(self, worlds: np.ndarray) -> torch.Tensor:
        sums = [self.simulator.satellite_sums(name)[worlds].sum(axis=1) for name, _ in ENTRIES]
        return torch.from_numpy(np.stack(sums))


class GpuFleet:
    """A fleet in the memory of a GPU. Nothing here copies to the host, which would wait for it.

    Observations lie feature by feature there: seen as rows of satellites they are transposed.
    """

    def __init__(self, simulator: GpuSimulator) -> None:
        self.simulator = simulator
        self.observations = _shared(simulator.observation_rows).t()
        self.rewards = _shared(simulator.reward_row)
        self._actions = _shared(simulator.actions)
        self._terms = _shared(simulator.term_rows)
        shape = (simulator.n_envs, simulator.n_sats)
        self._books = _shared(simulator.book_rows).unflatten(1, shape)

    def step(self, actions: torch.Tensor) -> None:
        self._actions.copy_(actions)
        self.simulator.step(self.simulator.actions)

    def mean_terms(self) -> torch.Tensor:
        return self._terms.mean(dim=1, dtype=torch.float64)

    def book_sums(self, worlds: np.ndarray) -> torch.Tensor:
        return self._books[:, torch.from_numpy(worlds).to(self._books.device)].sum(dim=-1)


def make_fleet(params: Params, n_worlds: int, device: str, n_threads: int = 1) -> TensorFleet:
    """Returns a fleet on "cpu" or "cuda", not yet reset.

    Raises: UsageError where Numba finds no GPU.
    """
    if device == "cpu":
        return HostFleet(Simulator(params, n_worlds, n_threads=n_threads))
    from sunward.gpu import GpuSimulator, NoGpuError

    try:
        return GpuFleet(GpuSimulator(params, n_worlds))
    except NoGpuError as error:
        raise UsageError(
            "device is cuda, and Numba finds no CUDA GPU: install a driver and `pip install "
            "'sunward[gpu]'`, or use --device cpu"
        ) from error


def _shared(rows: Any) -> torch.Tensor:
    """Returns a tensor over the memory of one of Numba's device arrays."""
    return torch.as_tensor(rows, device="cuda")

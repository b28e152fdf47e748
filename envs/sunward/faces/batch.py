"""What every batch of worlds behind a face holds: a simulator, its split and its seed streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from sunward.faces import checks, seeding


class BatchSimulator(Protocol):
    """A simulator of `n_envs` worlds that are started by (seed, episode)."""

    n_envs: int

    def reset(
        self,
        seeds: Sequence[tuple[int, int]],
        *,
        envs: Sequence[int] | np.ndarray | None = None,
        split: str = "train",
    ) -> None: ...

    def get_state(self) -> Any: ...

    def set_state(self, state: Any) -> None: ...


Sim = TypeVar("Sim", bound=BatchSimulator)


class Batch(Generic[Sim]):
    """A batch of worlds behind a face; no physics, and no copy of a dynamics."""

    def __init__(self, simulator: Sim, *, split: str) -> None:
        self.simulator = simulator
        self.n_envs: int = simulator.n_envs
        self.split = checks.chosen("split", split, checks.SPLITS)
        self.streams = seeding.SeedStreams(self.n_envs)

    def reset(
        self,
        seeds: int | Sequence[int | None] | None = None,
        envs: np.ndarray | None = None,
    ) -> None:
        """Starts the next episode of `envs`, or of all; `seeds` has an entry for every world."""
        spread = seeding.spread_seed(seeds, self.n_envs)
        chosen = range(self.n_envs) if envs is None else envs.tolist()
        pairs = self.streams.advance(chosen, [spread[env] for env in chosen])
        self.simulator.reset(pairs, envs=envs, split=self.split)

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        return {"simulator": self.simulator.get_state(), "streams": self.streams.get_state()}

    def set_state(self, state: Mapping[str, Any]) -> None:
        self.simulator.set_state(state["simulator"])
        self.streams.set_state(state["streams"])

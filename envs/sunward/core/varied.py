"""A batch whose worlds belong to several scenarios of one fleet: domain randomisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .batch import check_seeds, chosen_worlds
from .params import Params
from .simulator import Simulator


class VariedSimulator:
    """Steps worlds of several variants of a scenario; used as a `Simulator` of them all.

    World `k` of `n` plays variant `k * len(variants) // n`: variants lie one after another, each a
    simulator of its own. A world is that of its variant, whatever plays beside it. Attributes are
    those of `Simulator`, copied together after each call; `params` are the first variant's.

    Args:
        variants: Scenarios with the same satellites and steps an episode, at most one a world.
        n_envs: Worlds in all.
        n_threads: Threads of each variant's simulator.

    Raises:
        ValueError: Variants that differ in satellites or steps, or more of them than worlds.
    """

    def __init__(self, variants: Sequence[Params], n_envs: int, *, n_threads: int = 1) -> None:
        if not 1 <= len(variants) <= n_envs:
            raise ValueError(
                f"{len(variants)} variants for {n_envs} worlds, expected 1 to {n_envs}: give each "
                "variant a world at least"
            )
        self.params = variants[0]
        for variant in variants:
            _check_same("satellites", variant.n_sats, self.params.n_sats)
            _check_same("steps an episode", variant.episode_steps, self.params.episode_steps)
        self.n_envs, self.n_threads = n_envs, n_threads
        self.n_sats, self.episode_steps = self.params.n_sats, self.params.episode_steps
        self._starts = [-(-index * n_envs // len(variants)) for index in range(len(variants) + 1)]
        self.parts = [
            Simulator(variant, end - start, n_threads=n_threads)
            for variant, start, end in zip(
                variants, self._starts[:-1], self._starts[1:], strict=True
            )
        ]
        self.observations = self._joined(lambda part: part.observations)
        self.rewards = self._joined(lambda part: part.rewards)
        self.truncated = self._joined(lambda part: part.truncated)
        self.step_count = self._joined(lambda part: part.step_count)

    def reset(
        self,
        seeds: Sequence[tuple[int, int]],
        *,
        envs: Sequence[int] | np.ndarray | None = None,
        split: str = "train",
    ) -> None:
        """Starts worlds anew: see `Simulator.reset`."""
        chosen = chosen_worlds(envs, self.n_envs)
        check_seeds(seeds, len(chosen))
        for part, start, end in self._ranges():
            here = [i for i, env in enumerate(chosen.tolist()) if start <= env < end]
            if here:
                part.reset([seeds[i] for i in here], envs=chosen[here] - start, split=split)
        self._gather()

    def step(self, actions: np.ndarray) -> None:
        """Takes every world through one control step: see `Simulator.step`."""
        for part, start, end in self._ranges():
            part.step(actions[start:end])
        self._gather()

    def _ranges(self) -> list[tuple[Simulator, int, int]]:
        return list(zip(self.parts, self._starts[:-1], self._starts[1:], strict=True))

    def _gather(self) -> None:
        for part, start, end in self._ranges():
            self.observations[start:end] = part.observations
            self.rewards[start:end] = part.rewards
            self.truncated[start:end] = part.truncated
            self.step_count[start:end] = part.step_count

    def _joined(self, shown: Callable[[Simulator], np.ndarray]) -> np.ndarray:
        return np.concatenate([shown(part) for part in self.parts])

    @property
    def reward_terms(self) -> np.ndarray:
        """Terms of the last step's reward, (n_envs, n_sats, N_TERMS)."""
        return self._joined(lambda part: part.reward_terms)

    @property
    def costs(self) -> np.ndarray:
        """Constraint cost of the last step (n_envs, n_sats)."""
        return self._joined(lambda part: part.costs)

    def discrete_masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, (n_envs, n_sats, N_DISCRETE)."""
        return self._joined(Simulator.discrete_masks)

    def metrics(self) -> dict[str, np.ndarray]:
        """Returns the metrics of the episode so far, each float64 (n_envs,)."""
        parts = [part.metrics() for part in self.parts]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def get_state(self) -> list[dict[str, np.ndarray]]:
        """Returns a copy of everything that `set_state` needs to go on exactly from here."""
        return [part.get_state() for part in self.parts]

    def set_state(self, state: list[dict[str, Any]]) -> None:
        """Goes back to a state of a simulator of the same variants and number of worlds."""
        for part, kept in zip(self.parts, state, strict=True):
            part.set_state(kept)
        self._gather()


def _check_same(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise ValueError(
            f"a variant has {found} {what}, expected {expected} as the first: vary what leaves the "
            "fleet and the length of its episodes alone"
        )

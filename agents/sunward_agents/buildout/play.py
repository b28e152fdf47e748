"""Plays build-out policies over fixed worlds: one whole episode a world, the same for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from sunward.buildout.load import load_buildout
from sunward.buildout.params import build_params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.evaluate import POLICY_SEED, Progress
from sunward_agents.policies import Policy


@runtime_checkable
class Planner(Policy, Protocol):
    """A policy that also looks into the simulator that it acts in."""

    def attach(self, simulator: BuildoutSimulator) -> None:
        """Is shown the worlds that are about to be played, after `reset`."""
        ...


def make_simulator(scenario: str, n_worlds: int) -> BuildoutSimulator:
    """Returns `n_worlds` worlds of a build-out scenario, not yet reset."""
    return BuildoutSimulator(build_params(load_buildout(scenario)), n_worlds)


def play(
    policy: Policy,
    simulator: BuildoutSimulator,
    *,
    split: str,
    seeds: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Plays one whole episode in every world of `simulator` and returns its metrics.

    A company that is insolvent does nothing more: its metrics are those of its last month.

    Args:
        policy: Is reset with `POLICY_SEED`, so that playing again gives the same bits.
        simulator: One world for each seed; is reset.
        split: "train", "validation" or "test".
        seeds: Of the worlds; 0, 1, 2 ... if None.
        progress: Called after each month.

    Returns: metric -> float64 (n_envs,), over the whole episode.
    """
    n_envs, n_steps = simulator.n_envs, simulator.episode_steps
    chosen = range(n_envs) if seeds is None else seeds
    simulator.reset([(seed, 0) for seed in chosen], split=split)
    policy.reset(n_envs, POLICY_SEED)
    if isinstance(policy, Planner):
        policy.attach(simulator)
    final: dict[str, np.ndarray] = {}
    was_over = np.zeros(n_envs, np.bool_)
    for step in range(n_steps):
        simulator.step(policy.act(simulator.observations))
        is_over = simulator.terminated
        if (is_over & ~was_over).any():
            now = simulator.metrics()
            final = {
                name: np.where(is_over & ~was_over, values, final.get(name, 0.0))
                for name, values in now.items()
            }
        was_over |= is_over
        if progress is not None:
            progress(step + 1, n_steps)
    return final

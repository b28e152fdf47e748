"""Plays policies over fixed worlds: the same seeds for each policy, one whole episode a world."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

import sunward
from sunward.core.simulator import Simulator
from sunward.scenario import Scenario, load_scenario, load_suite
from sunward.scenario.suite import Entry
from sunward_agents.losses import lose_satellites
from sunward_agents.policies import Planner, Policy
from sunward_agents.private_worlds import PRIVATE, commitment, namespace
from sunward_agents.results import Episode, Result, hardware, package_version

#: Called after each step with steps done and steps to do.
Progress = Callable[[int, int], None]
#: Seed of whatever a policy draws: part of the protocol, so that results repeat.
POLICY_SEED = 0


class Worlds(NamedTuple):
    """Seeds 0 to `n_worlds` - 1 of one split of a scenario, each in its episode 0."""

    scenario: Scenario
    split: str
    n_worlds: int
    lost_share: float = 0.0  # of the satellites, out of service from the start


class Stage(NamedTuple):
    """Worlds made ready; one stage serves any number of policies, one after another."""

    scenario_id: str
    split: str
    simulator: Simulator
    lost_share: float = 0.0


def stages(worlds: Iterable[Worlds], n_threads: int = 1) -> list[Stage]:
    """Returns simulators of `worlds`; building one takes up to a second."""
    return [
        Stage(
            one.scenario.id,
            one.split,
            sunward.make_simulator(one.scenario, one.n_worlds, n_threads=n_threads),
            one.lost_share,
        )
        for one in worlds
    ]


def scenario_worlds(
    name_or_path: str, count: int, *, split: str = "test", workload: str | None = None
) -> Worlds:
    """Returns `count` worlds of a scenario, with the trace `workload` in place of its demand."""
    overrides = {} if workload is None else {"demand.trace": workload}
    return Worlds(load_scenario(name_or_path, **overrides), split, count)


def suite_worlds(name_or_path: str) -> list[Worlds]:
    """Returns the worlds of a suite, in its order."""
    return [_entry_worlds(entry) for entry in load_suite(name_or_path).entries]


def _entry_worlds(entry: Entry) -> Worlds:
    changes = {**entry.overrides, "id": entry.played_id}
    return Worlds(
        load_scenario(entry.scenario, **changes), entry.split, entry.worlds, entry.lost_share
    )


def play(
    policy: Policy,
    simulator: Simulator,
    *,
    split: str,
    seeds: Sequence[int] | None = None,
    lost_share: float = 0.0,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Plays one whole episode in every world of `simulator` and returns its metrics.

    Args:
        policy: is reset with `POLICY_SEED`, so that playing again gives the same bits.
        simulator: one world for each seed; is reset.
        split: "train", "validation", "test", or "private" for an operator who has the salt.
        seeds: of the worlds; 0, 1, 2 ... if None.
        lost_share: of the satellites, drawn for each world, that are out of service.
        progress: called after each step.

    Returns: metric -> float64 (n_envs,), over the whole episode.
    """
    n_envs, n_sats, n_steps = simulator.n_envs, simulator.n_sats, simulator.episode_steps
    chosen = range(n_envs) if seeds is None else seeds
    split = namespace(split)
    simulator.reset([(seed, 0) for seed in chosen], split=split)
    lose_satellites(simulator, chosen, lost_share)
    policy.reset(n_envs, POLICY_SEED)
    if isinstance(policy, Planner):
        policy.attach(simulator, list(chosen), split)
    for step in range(n_steps):
        seen = simulator.observations.reshape(n_envs * n_sats, -1)
        simulator.step(policy.act(seen).reshape(n_envs, n_sats, -1))
        if progress is not None:
            progress(step + 1, n_steps)
    return simulator.metrics()


def evaluate(
    policy: Policy,
    name: str,
    ready: Sequence[Stage],
    *,
    suite: str | None = None,
    progress: Progress | None = None,
) -> Result:
    """Plays `policy` on every stage and returns metrics, scenario hashes and conditions."""
    started = time.perf_counter()
    episodes: list[Episode] = []
    hashes: dict[str, str] = {}
    for part, (scenario_id, split, simulator, lost_share) in enumerate(ready):
        hashes[scenario_id] = simulator.params.content_hash
        metrics = play(
            policy,
            simulator,
            split=split,
            lost_share=lost_share,
            progress=_part(progress, part, len(ready)),
        )
        episodes += episodes_of(scenario_id, split, metrics)
    return Result(
        package_version=package_version(),
        policy=name,
        policy_sha256=_weights_hash(policy),
        suite=suite,
        scenarios=hashes,
        private_commitment=commitment() if any(s.split == PRIVATE for s in ready) else None,
        episodes=episodes,
        hardware=hardware(),
        wall_time_s=round(time.perf_counter() - started, 3),
    )


def episodes_of(scenario_id: str, split: str, metrics: dict[str, np.ndarray]) -> Iterator[Episode]:
    """Yields the record of each world, from metrics float64 (n_worlds,) by name."""
    n_worlds = len(next(iter(metrics.values())))
    for seed in range(n_worlds):
        row = {name: float(values[seed]) for name, values in metrics.items()}
        yield Episode(scenario=scenario_id, split=split, seed=seed, metrics=row)


def _part(progress: Progress | None, part: int, n_parts: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, total: progress(part * total + done, n_parts * total)


def _weights_hash(policy: Policy) -> str | None:
    description = getattr(policy, "description", None)
    return None if description is None else description.weights_sha256

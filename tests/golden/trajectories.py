"""Hashes of trajectories: what a scenario's version stands for.

`python -m tests.golden.trajectories` prints the hashes of the present code; they go into
`hashes.yaml` only together with a new `-vN` of every scenario whose hash has changed.
"""

from __future__ import annotations

import hashlib
import sys

import numpy as np
import yaml

import sunward
from sunward.core.actions import N_ACTIONS
from sunward.core.simulator import Simulator
from sunward.scenario.constellation import ElementSets

N_STEPS = 60
SEEDS = (0, 1, 2, 3, 4)
#: Digits kept: what differs between processors in the last place does not change the hash.
DECIMALS = 4
#: Larger fleets have no hashes: five worlds of ten thousand take longer than all others together,
#: and the same kernel plays them.
MOST_SATELLITES = 1000


def actions(policy: str, simulator: Simulator, step: int) -> np.ndarray:
    """Returns the actions of one of three policies."""
    shape = (simulator.n_envs, simulator.n_sats, N_ACTIONS)
    if policy == "flat out":
        return np.ones(shape, np.float32)
    if policy == "random":
        draw = np.random.Generator(np.random.Philox(key=[step, 0])).random(shape, np.float32)
        return 2.0 * draw - 1.0
    return np.full(shape, -1.0, np.float32)


def trajectory_hash(scenario: str, policy: str) -> str:
    """Returns the hash of rewards and observations of five worlds over an hour."""
    simulator = sunward.make_simulator(scenario, len(SEEDS))
    simulator.reset([(seed, 0) for seed in SEEDS], split="golden")
    digest = hashlib.sha256()
    for step in range(N_STEPS):
        simulator.step(actions(policy, simulator, step))
        for values in (simulator.rewards, simulator.observations):
            digest.update((np.round(values, DECIMALS) + 0.0).tobytes())
    return digest.hexdigest()[:16]


POLICIES = ("idle", "random", "flat out")


def hashed_scenarios() -> list[str]:
    """Returns the shipped scenarios of at most `MOST_SATELLITES`."""
    names = sunward.list_scenarios()
    return [name for name in names if n_satellites(name) <= MOST_SATELLITES]


def n_satellites(scenario: str) -> int:
    """Returns the satellites of a shipped scenario; none of them is made of element sets."""
    constellation = sunward.load_scenario(scenario).constellation
    assert not isinstance(constellation, ElementSets)
    return constellation.satellites


def all_hashes() -> dict[str, dict[str, str]]:
    """Returns scenario -> policy -> hash."""
    return {
        scenario: {policy: trajectory_hash(scenario, policy) for policy in POLICIES}
        for scenario in hashed_scenarios()
    }


def main() -> None:
    """Prints the hashes as YAML."""
    yaml.safe_dump(all_hashes(), sys.stdout, sort_keys=False)


if __name__ == "__main__":
    main()

"""What the ladder of a calibration needs to know of a gang."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sunward.training.build import build_training
from sunward.training.load import load_training
from sunward.training.params import TrainingParams
from sunward.training.simulator import GangSimulator
from sunward_agents.calibration.contest import Roles, Share
from sunward_agents.evaluate import play
from sunward_agents.planners.lp_bound import Bound
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants
from sunward_agents.tables import SCORE
from sunward_agents.training.bound import BLOCK_STEPS, world_bound
from sunward_agents.training.evaluate import load_policy
from sunward_agents.training.tuning import TUNABLE, tune, tuned_policy

ROLES = Roles(
    floor="idle",
    blind=("random", "flat_out"),
    plain="thermostat",
    rules=("daly", "leave_in_eclipse", "equal_pace", "paced"),
)


class GangContest:
    """A `Contest` of gangs."""

    roles = ROLES

    def __init__(self, params: TrainingParams) -> None:
        self.scenario_id, self.content_hash = params.scenario_id, params.content_hash
        self._params = params
        # Planners play fewer worlds than rules: one simulator of either size is kept.
        self._simulator = lru_cache(2)(lambda n_worlds: GangSimulator(params, n_worlds))

    def policy(self, name_or_path: str) -> Policy:
        return load_policy(name_or_path, self._params)

    def tuned(self, rule: str, candidates: int, progress: Share) -> tuple[Policy, Constants]:
        if rule not in TUNABLE:
            return self.policy(rule), {}
        found = tune(
            rule,
            [self._params],
            candidates=candidates,
            progress=lambda done, _: progress(done / candidates),
        )
        return tuned_policy(rule, found.constants, self._params), found.constants

    def values(self, policy: Policy, n_worlds: int, split: str, progress: Share) -> np.ndarray:
        played = play(
            policy,
            self._simulator(n_worlds),
            split=split,
            progress=lambda done, total: progress(done / total),
        )
        return played[SCORE]

    def bound(self, seed: int, split: str, block_steps: int, progress: Share) -> Bound:
        """Returns the bound of a world, in blocks of `block_steps` times those of `BLOCK_STEPS`."""
        found = world_bound(self._params, seed, split=split, block_steps=block_steps * BLOCK_STEPS)
        progress(1.0)
        return found


def contest(name_or_path: str) -> GangContest:
    """Returns the contest of a scenario; raises ScenarioError for one that does not exist."""
    return GangContest(build_training(load_training(name_or_path)))

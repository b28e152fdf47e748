"""The contest of one satellite, or of a constellation."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sunward import build_params, load_scenario
from sunward.core.params import Params
from sunward.core.simulator import Simulator
from sunward_agents.calibration.contest import Roles, Share
from sunward_agents.evaluate import play
from sunward_agents.planners.lp_bound import Bound, world_bound
from sunward_agents.policies import Policy, load_policy
from sunward_agents.random_search import Constants
from sunward_agents.tables import SCORE
from sunward_agents.tuning import rules_of, tune, tuned_policy

PLAIN = "thermostat"


class FleetContest:
    """A `Contest` of satellites that answer requests."""

    def __init__(self, params: Params) -> None:
        self.scenario_id, self.content_hash = params.scenario_id, params.content_hash
        rules = tuple(name for name in rules_of(params) if name != PLAIN)
        self.roles = Roles("idle", ("random", "flat_out"), PLAIN, rules)
        self._params = params
        # Planners play fewer worlds than rules: one simulator of either size is kept.
        self._simulator = lru_cache(2)(lambda n_worlds: Simulator(params, n_worlds))

    def policy(self, name_or_path: str) -> Policy:
        return load_policy(name_or_path)

    def tuned(self, rule: str, candidates: int, progress: Share) -> tuple[Policy, Constants]:
        found = tune(
            rule,
            [self._params],
            candidates=candidates,
            progress=lambda done, _: progress(done / candidates),
        )
        return tuned_policy(rule, found.constants), found.constants

    def values(self, policy: Policy, n_worlds: int, split: str, progress: Share) -> np.ndarray:
        played = play(
            policy,
            self._simulator(n_worlds),
            split=split,
            progress=lambda done, total: progress(done / total),
        )
        return played[SCORE]

    def bound(self, seed: int, split: str, block_steps: int, progress: Share) -> Bound:
        return world_bound(
            self._params, seed, split=split, block_steps=block_steps, progress=progress
        )


def contest(name_or_path: str) -> FleetContest:
    """Returns the contest of a scenario; raises ScenarioError for one that does not exist."""
    return FleetContest(build_params(load_scenario(name_or_path)))

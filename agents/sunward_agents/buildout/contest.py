"""The contest of a build-out scenario: the company's policies, worlds and bounds on one ladder."""

from __future__ import annotations

import time
from functools import lru_cache

import numpy as np

from sunward.buildout.load import load_buildout
from sunward.buildout.params import Params, build_params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout.bound import bounds
from sunward_agents.buildout.evaluate import load_policy
from sunward_agents.buildout.play import play
from sunward_agents.buildout.tuning import tune, tuned_policy
from sunward_agents.calibration.contest import Roles, Share
from sunward_agents.planners.lp_bound import Bound
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants
from sunward_agents.tables import SCORE


class BuildoutContest:
    """A `Contest` of companies that launch satellites."""

    roles = Roles("hold", ("random", "all_at_once"), "greedy", ("paced",))

    def __init__(self, params: Params) -> None:
        self.scenario_id, self.content_hash = params.scenario.id, params.content_hash
        self._params = params
        # Planners play fewer worlds than rules: one simulator of either size is kept.
        self._simulator = lru_cache(2)(lambda n_worlds: BuildoutSimulator(params, n_worlds))

    def policy(self, name_or_path: str) -> Policy:
        return load_policy(name_or_path, self._params)

    def tuned(self, rule: str, candidates: int, progress: Share) -> tuple[Policy, Constants]:
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
        """Returns the bound of a world; it has no blocks to choose."""
        started = time.perf_counter()
        value = float(bounds(self._params, [seed], split, progress)[0])
        return Bound(value, time.perf_counter() - started)


def contest(name_or_path: str) -> BuildoutContest:
    """Returns the contest of a scenario; raises ScenarioError for one that does not exist."""
    return BuildoutContest(build_params(load_buildout(name_or_path)))

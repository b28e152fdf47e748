"""The contest of a build-out scenario: the company's policies, worlds and bounds on one ladder."""

from __future__ import annotations

import time

from sunward.buildout.load import load_buildout
from sunward.buildout.params import Params, build_params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout.bound import bounds
from sunward_agents.buildout.evaluate import load_policy
from sunward_agents.buildout.play import play
from sunward_agents.buildout.tables import tables_of
from sunward_agents.buildout.tuning import tune, tuned_policy
from sunward_agents.calibration.batch_contest import BatchContest
from sunward_agents.calibration.contest import Roles, Share
from sunward_agents.planners.lp_bound import Bound
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants, Found, Progress


class BuildoutContest(BatchContest[Params]):
    """A `Contest` of companies that launch satellites."""

    roles = Roles("hold", ("random", "all_at_once"), "greedy", ("paced",))

    def __init__(self, params: Params) -> None:
        super().__init__(params.scenario.id, params.content_hash, params, BuildoutSimulator, play)
        self.tables = tables_of(params)

    def policy(self, name_or_path: str) -> Policy:
        return load_policy(name_or_path, self.params)

    def bound(self, seed: int, split: str, block_steps: int, progress: Share) -> Bound:
        """Returns the bound of a world; it has no blocks to choose."""
        started = time.perf_counter()
        value = float(bounds(self.params, [seed], split, progress)[0])
        return Bound(value, time.perf_counter() - started)

    def _search(self, rule: str, candidates: int, progress: Progress) -> Found:
        return tune(rule, [self.params], candidates=candidates, progress=progress)

    def _rule(self, rule: str, constants: Constants) -> Policy:
        return tuned_policy(rule, constants, self.params)


def contest(name_or_path: str) -> BuildoutContest:
    """Returns the contest of a scenario; raises ScenarioError for one that does not exist."""
    return BuildoutContest(build_params(load_buildout(name_or_path)))

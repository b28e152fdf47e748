"""The contest of one satellite, or of a constellation."""

from __future__ import annotations

from sunward import build_params, load_scenario
from sunward.core.params import Params
from sunward.core.simulator import Simulator
from sunward_agents.calibration.batch_contest import BatchContest
from sunward_agents.calibration.contest import Roles, Share
from sunward_agents.evaluate import play
from sunward_agents.games import FLEET
from sunward_agents.planners.lp_bound import Bound, world_bound
from sunward_agents.policies import Policy, load_policy
from sunward_agents.random_search import Constants, Found, Progress
from sunward_agents.tuning import rules_of, tune, tuned_policy

PLAIN = "thermostat"


class FleetContest(BatchContest[Params]):
    """A `Contest` of satellites that answer requests."""

    tables = FLEET.tables

    def __init__(self, params: Params) -> None:
        super().__init__(params.scenario_id, params.content_hash, params, Simulator, play)
        self.agents = params.n_sats
        rules = tuple(name for name in rules_of(params) if name != PLAIN)
        self.roles = Roles("idle", ("random", "flat_out"), PLAIN, rules)

    def policy(self, name_or_path: str) -> Policy:
        return load_policy(name_or_path)

    def bound(self, seed: int, split: str, block_steps: int, progress: Share) -> Bound:
        return world_bound(
            self.params, seed, split=split, block_steps=block_steps, progress=progress
        )

    def _search(self, rule: str, candidates: int, progress: Progress) -> Found:
        return tune(rule, [self.params], candidates=candidates, progress=progress)

    def _rule(self, rule: str, constants: Constants) -> Policy:
        return tuned_policy(rule, constants)


def contest(name_or_path: str) -> FleetContest:
    """Returns the contest of a scenario; raises ScenarioError for one that does not exist."""
    return FleetContest(build_params(load_scenario(name_or_path)))

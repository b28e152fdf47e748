"""What the ladder of a calibration needs to know of a gang."""

from __future__ import annotations

from sunward.training.build import build_training
from sunward.training.load import load_training
from sunward.training.params import TrainingParams
from sunward.training.simulator import GangSimulator
from sunward_agents.calibration.batch_contest import BatchContest
from sunward_agents.calibration.contest import Roles, Share
from sunward_agents.evaluate import play
from sunward_agents.games import GANG
from sunward_agents.planners.lp_bound import Bound
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants, Found, Progress
from sunward_agents.training.bound import BLOCK_STEPS, world_bound
from sunward_agents.training.evaluate import load_policy
from sunward_agents.training.tuning import TUNABLE, tune, tuned_policy

ROLES = Roles(
    floor="idle",
    blind=("random", "flat_out"),
    plain="thermostat",
    rules=("daly", "leave_in_eclipse", "equal_pace", "paced"),
)


class GangContest(BatchContest[TrainingParams]):
    """A `Contest` of gangs."""

    roles = ROLES
    tables = GANG.tables

    def __init__(self, params: TrainingParams) -> None:
        super().__init__(params.scenario_id, params.content_hash, params, GangSimulator, play)
        self.agents = params.n_sats

    def policy(self, name_or_path: str) -> Policy:
        return load_policy(name_or_path, self.params)

    def tuned(self, rule: str, candidates: int, progress: Share) -> Constants:
        return super().tuned(rule, candidates, progress) if rule in TUNABLE else {}

    def bound(self, seed: int, split: str, block_steps: int, progress: Share) -> Bound:
        """Returns the bound of a world, in blocks of `block_steps` times those of `BLOCK_STEPS`."""
        found = world_bound(self.params, seed, split=split, block_steps=block_steps * BLOCK_STEPS)
        progress(1.0)
        return found

    def _search(self, rule: str, candidates: int, progress: Progress) -> Found:
        return tune(rule, [self.params], candidates=candidates, progress=progress)

    def _rule(self, rule: str, constants: Constants) -> Policy:
        return tuned_policy(rule, constants, self.params)


def contest(name_or_path: str) -> GangContest:
    """Returns the contest of a scenario; raises ScenarioError for one that does not exist."""
    return GangContest(build_training(load_training(name_or_path)))

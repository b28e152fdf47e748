"""What the ladder needs to know of a scenario, whatever its task."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from sunward.buildout.load import is_buildout
from sunward.training.load import is_training
from sunward_agents.games import Tables
from sunward_agents.planners.lp_bound import Bound
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants
from sunward_agents.scenario_names import check_scenario

#: Called with the share of a job that is done.
Share = Callable[[float], None]


class Roles(NamedTuple):
    """Which policies of a task stand where on its ladder; each plays one part."""

    floor: str  # scores 0
    blind: tuple[str, ...]  # act without looking
    plain: str  # the first rule that anybody would write
    rules: tuple[str, ...]  # hand-written, the plain one apart
    planners: tuple[str, ...] = ("mpc", "mpc_foresight")


class Contest(Protocol):
    """A scenario, its worlds and its policies. A world is a seed of a split."""

    scenario_id: str
    content_hash: str
    roles: Roles
    tables: Tables
    agents: int  # of a world: satellites, or one company

    def policy(self, name_or_path: str) -> Policy:
        """Returns a policy by name, or the trained one in a folder.

        Raises: UsageError naming the nearest known policy.
        """
        ...

    def tuned(self, rule: str, candidates: int, progress: Share) -> Constants:
        """Returns the constants of a rule that are worth most on training worlds."""
        ...

    def rule(self, rule: str, constants: Constants) -> Policy:
        """Returns a rule with constants, or as it is where there are none."""
        ...

    def values(
        self, policy: Policy, seeds: Sequence[int], split: str, progress: Share
    ) -> np.ndarray:
        """Returns the metric `value` of each world, (len(seeds),)."""
        ...

    def bound(self, seed: int, split: str, block_steps: int, progress: Share) -> Bound:
        """Returns what no policy exceeds in a world; blocks as long where a model has any."""
        ...


#: Tasks with worlds of their own, and the modules with their `contest`.
_OWN = (
    (is_buildout, "sunward_agents.buildout.contest"),
    (is_training, "sunward_agents.training.contest"),
)
_FLEET = "sunward_agents.calibration.fleet"


def load_contest(name_or_path: str) -> Contest:
    """Returns the contest of a scenario, by id or path.

    Raises: ScenarioError naming the nearest known scenario.
    """
    check_scenario(name_or_path)
    module = next((module for is_own, module in _OWN if is_own(name_or_path)), _FLEET)
    return importlib.import_module(module).contest(name_or_path)

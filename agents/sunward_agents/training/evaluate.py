"""Results of gang policies, in the same file format as the other tasks'."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sunward.training.params import TrainingParams
from sunward.training.worlds import build_gangs
from sunward_agents import evaluate as fleet
from sunward_agents.policies import Policy, run_folder
from sunward_agents.results import Result
from sunward_agents.training.rules import PLANNERS, POLICIES, make_policy


def load_policy(name_or_path: str, params: TrainingParams) -> Policy:
    """Returns the rule or planner of that name, or the trained policy in the folder of a run.

    Raises: UsageError naming the nearest known rule.
    """
    folder = run_folder(name_or_path, POLICIES | PLANNERS)
    if folder is None:
        return make_policy(name_or_path, params)
    from sunward_agents.games import GANG
    from sunward_agents.refine.saved import is_refined, load

    if is_refined(folder):
        from sunward_agents.training.tuning import tuned_policy

        return load(folder, partial(tuned_policy, params=params), GANG.tables)
    from sunward_agents.sb3.saved_policy import load_trained_policy  # torch takes a second

    return load_trained_policy(folder, GANG.tables)


def evaluate(
    name_or_path: str,
    scenario: str,
    n_worlds: int,
    split: str,
    progress: fleet.Progress | None = None,
) -> Result:
    """Plays a policy on seeds 0 to `n_worlds` - 1 of a split and returns its result."""
    simulator = build_gangs(scenario, n_worlds)
    params = simulator.params
    stage = fleet.Stage(params.scenario_id, split, simulator)
    policy = load_policy(name_or_path, params)
    return fleet.evaluate(policy, Path(name_or_path).name, [stage], progress=progress)

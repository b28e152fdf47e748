"""The build-out's side of the ladder: parts, tuning, values and bounds."""

from __future__ import annotations

import numpy as np
import pytest

from sunward_agents.buildout.evaluate import PLANNERS
from sunward_agents.buildout.rules import POLICIES
from sunward_agents.buildout.tuning import tune, tuned_policy
from sunward_agents.calibration.contest import load_contest
from sunward_agents.errors import UsageError


@pytest.fixture(scope="module")
def contest():
    return load_contest("buildout-hard-v0")


def test_every_rule_and_planner_has_one_part(contest):
    roles = contest.roles
    named = [roles.floor, *roles.blind, roles.plain, *roles.rules, *roles.planners]
    assert sorted(named) == sorted([*POLICIES, *PLANNERS])


def test_the_floor_scores_nothing_and_the_plain_rule_has_nothing_to_tune(contest):
    values = contest.values(contest.policy("hold"), range(2), "test", lambda share: None)
    np.testing.assert_array_equal(values, [0.0, 0.0])
    assert contest.tuned("greedy", 3, lambda share: None) == {}
    tuned, named = (
        contest.values(policy, range(2), "test", lambda share: None)
        for policy in (contest.rule("greedy", {}), contest.policy("greedy"))
    )
    np.testing.assert_array_equal(tuned, named)


def test_tuning_finds_better_constants_on_training_worlds(params):
    found = tune("paced", [params], candidates=8, n_worlds=1)
    assert found.value >= found.value_before
    assert tuned_policy("paced", found.constants, params).constants.cover > 0.0


def test_a_bound_tells_its_time_and_an_unknown_policy_the_nearest(contest):
    shares = []
    bound = contest.bound(0, "test", 1, shares.append)
    assert bound.value > 0.0
    assert bound.wall_time_s > 0.0
    assert shares == [1.0]
    with pytest.raises(UsageError, match="did you mean paced"):
        contest.policy("pased")

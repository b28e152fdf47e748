"""What a calibration asks of gangs: roles that exist, tuned rules, values below their bounds."""

from __future__ import annotations

import pytest
from tests.training.conftest import SMALL

from sunward.training.build import build_training
from sunward.training.load import load_training
from sunward_agents.calibration.contest import load_contest
from sunward_agents.training.contest import ROLES, GangContest
from sunward_agents.training.rules import PLANNERS, POLICIES
from sunward_agents.training.tuning import TUNABLE, tune, tuned_policy

SHORT = {**SMALL, "episode.hours": 2.0}


@pytest.fixture(scope="module")
def params():
    return build_training(load_training("training-easy-v0", **SHORT))


def test_every_role_is_played_by_a_policy_that_exists():
    played = [ROLES.floor, *ROLES.blind, ROLES.plain, *ROLES.rules]
    assert sorted(played) == sorted(POLICIES)
    assert sorted(ROLES.planners) == sorted(PLANNERS)
    assert load_contest("training-easy-v0").roles == ROLES


def test_values_of_a_planner_lie_between_the_floor_and_the_bound(params):
    contest = GangContest(params)
    floor, planned = (
        contest.values(contest.policy(name), range(2), "test", lambda _: None)
        for name in ("idle", "mpc_foresight")
    )
    for seed in range(2):
        bound = contest.bound(seed, "test", 1, lambda _: None).value
        assert floor[seed] < planned[seed] <= bound


@pytest.mark.parametrize("rule", TUNABLE)
def test_a_tuned_rule_is_worth_as_much_as_before_and_repeats(params, rule):
    told = []
    found = tune(rule, [params], candidates=6, n_worlds=2, progress=lambda *part: told.append(part))
    assert found.value >= found.value_before
    assert [done for done, _ in told] == [1, 2, 3, 4, 5, 6]
    again = tune(rule, [params], candidates=6, n_worlds=2)
    assert again == found
    assert isinstance(tuned_policy(rule, found.constants, params), TUNABLE[rule][0])


def test_a_rule_without_constants_is_played_as_it_is(params):
    contest = GangContest(params)
    assert contest.tuned("daly", 5, lambda _: None) == {}
    assert isinstance(contest.rule("daly", {}), type(contest.policy("daly")))

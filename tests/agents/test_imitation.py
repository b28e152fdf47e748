"""A learner that first does as a rule does."""

import numpy as np
import pytest

from sunward.scenario import ScenarioError
from sunward_agents.errors import UsageError
from sunward_agents.sb3.run import unlogged_learner
from sunward_agents.sb3.saved_policy import TrainedPolicy, actor_of
from sunward_agents.train_config import load_train_config

SMALL = {"n_worlds": 2, "n_steps": 32, "batch_size": 256, "validation_worlds": 1}
ROLLOUT = 2 * 16 * 32
LESSONS = {"imitate": "flat_out", "imitate_steps": 8 * ROLLOUT}


def learner(**changes):
    return unlogged_learner(load_train_config("training-ppo", **{**SMALL, **changes}))


def miss(model, observations):
    """Mean square of what the actor does otherwise than the rule, both within the bounds."""
    done = TrainedPolicy(actor_of(model.policy)).act(observations)
    return float(np.mean((done - model.teacher.rule.act(observations)) ** 2))


def test_lessons_draw_the_actor_to_the_rule():
    model = learner(**LESSONS)
    model.iterate()
    observations = model.rollout_buffer.observations.reshape(-1, model.observation_space.shape[0])
    first = miss(model, observations)
    for _ in range(7):
        model.iterate()
    assert miss(model, observations) < 0.5 * first


def test_after_the_lessons_the_reward_is_learnt_from():
    free = weights_after_a_rollout()
    assert np.array_equal(weights_after_a_rollout(imitate="daly", imitate_steps=ROLLOUT - 1), free)
    taught = weights_after_a_rollout(imitate="daly", imitate_steps=ROLLOUT)
    assert not np.array_equal(taught, free)


def weights_after_a_rollout(**changes):
    model = learner(**changes)
    model.iterate()
    return model.policy.parameters_to_vector()


def test_a_learner_whose_worlds_are_tensors_takes_lessons_too():
    small = {"n_worlds": 2, "n_steps": 4, "batch_size": 132, "validation_worlds": 1}
    lessons = {"imitate": "flat_out", "imitate_steps": 2 * 66 * 4}
    taught, free = (
        unlogged_learner(load_train_config("walker-ppo", engine="tensor", **small, **changes))
        for changes in (lessons, {})
    )
    for model in (taught, free):
        model.iterate()
    assert not np.array_equal(*(model.policy.parameters_to_vector() for model in (taught, free)))
    assert "train/imitation_loss" in taught.logger.name_to_value


@pytest.mark.parametrize(
    ("rule", "message"),
    [("pacd", "imitate: no rule 'pacd'.*did you mean paced"), ("random", "no rule 'random'")],
)
def test_a_rule_that_cannot_teach_is_refused_in_one_line(rule, message):
    with pytest.raises(UsageError, match=message):
        learner(imitate=rule, imitate_steps=1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"imitate": "paced"}, "imitate_steps is 0, must be above 0 where a rule is imitated"),
        ({"imitate_steps": 5}, "imitate_steps is 5, .*: name a rule to imitate"),
        (
            {"imitate": "paced", "imitate_steps": 9, "total_steps": 8},
            "imitate_steps is 9, must be at most total_steps 8: lower it",
        ),
    ],
)
def test_lessons_without_a_rule_or_an_end_are_refused_in_one_line(changes, message):
    with pytest.raises(ScenarioError, match=message):
        load_train_config("training-ppo", **changes)

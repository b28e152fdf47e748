"""A learner that first does as a rule does."""

import numpy as np
import pytest

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


def test_an_unknown_rule_is_told_the_nearest():
    with pytest.raises(UsageError, match=r"imitate: no rule 'pacd'.*did you mean paced"):
        learner(imitate="pacd")

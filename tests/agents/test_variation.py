"""Domain randomisation by a training configuration."""

import numpy as np
import pytest

from sunward.scenario import ScenarioError
from sunward_agents.errors import UsageError
from sunward_agents.sb3.run import unlogged_learner
from sunward_agents.train_config import load_train_config
from sunward_agents.variation import varied_params

RANGES = {"demand.interactive_load": (0.3, 0.6), "hardware.power.array_area": (400.0, 600.0)}
SMALL = {"n_worlds": 4, "n_steps": 4, "batch_size": 528, "validation_worlds": 1, "variants": 4}


def areas(seed):
    drawn = varied_params("walker-53-66-v0", RANGES, 4, seed, {})
    return np.array([params.hardware.array_area_m2 for params in drawn])


def test_each_part_of_a_range_is_drawn_from_once():
    assert sorted(((areas(1) - 400.0) // 50.0).tolist()) == [0, 1, 2, 3]


def test_variants_follow_from_the_seed():
    assert np.array_equal(areas(1), areas(1))
    assert not np.array_equal(areas(1), areas(2))


def test_a_learner_plays_all_variants_and_learns_from_them():
    model = unlogged_learner(load_train_config("walker-ppo", vary=RANGES, **SMALL))
    parts = model.worlds.simulator.parts
    assert len({part.params.hardware.array_area_m2 for part in parts}) == len(parts) == 4
    before = model.policy.parameters_to_vector()
    model.iterate()
    assert not np.array_equal(model.policy.parameters_to_vector(), before)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"engine": "tensor"}, "vary draws worlds of a fleet that are stepped through NumPy"),
        ({"scenario": "training-easy-v0"}, "vary draws worlds of a fleet"),
        ({"variants": 5}, "variants is 5, must be at most the 4 worlds"),
    ],
)
def test_what_cannot_vary_is_refused_in_one_line(changes, message):
    with pytest.raises(UsageError, match=message):
        unlogged_learner(load_train_config("walker-ppo", **{"vary": RANGES, **SMALL, **changes}))


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"demand.interactiv_load": (0.3, 0.6)}, "did you mean interactive_load"),
        ({"demand.interactive_load": (0.6, 0.3)}, "from 0.6 to 0.3, put the lower one first"),
        ({"hardware.power.array_area": (-9.0, -1.0)}, "hardware.power.array_area is"),
    ],
)
def test_a_bad_range_is_one_line(ranges, message):
    with pytest.raises(ScenarioError, match=message):
        unlogged_learner(load_train_config("walker-ppo", vary=ranges, **SMALL))

"""Training configurations: complete, checked, and told off in one line."""

import pytest

from sunward.buildout.load import list_buildouts
from sunward.scenario import ScenarioError, list_scenarios
from sunward.training.load import list_trainings
from sunward_agents.train_config import TrainConfig, list_train_configs, load_train_config


@pytest.mark.parametrize("name", list_train_configs())
def test_every_shipped_configuration_is_valid_and_fills_whole_batches(name):
    config = load_train_config(name)
    assert config.scenario in [*list_scenarios(), *list_buildouts(), *list_trainings()]
    assert TrainConfig.model_validate(config.model_dump()) == config


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("gama", 0.9, "gama is unknown: did you mean gamma?"),
        ("gamma", 1.5, "gamma is 1.5, must be at most 1: lower it"),
        ("gamma", "high", "gamma is 'high', must be a number: change it"),
        ("n_worlds", 0, "n_worlds is 0, must be at least 1: raise it"),
        ("device", "cpux", "device is 'cpux', must be 'cpu', 'cuda' or 'auto': did you mean cpu?"),
        ("seed", -1, "seed is -1, must be at least 0: raise it"),
        ("learning_rate", float("nan"), "learning_rate is nan, must be a finite number"),
    ],
)
def test_a_bad_value_is_told_with_key_value_bound_and_fix(key, value, message):
    with pytest.raises(ScenarioError) as caught:
        load_train_config("walker-ppo", **{key: value})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_is_told_off_by_name_and_line(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("scenario: single-walker-v0\nclip_rage: 0.2\n")
    with pytest.raises(ScenarioError, match=r"mine\.yaml:2: clip_rage is unknown") as caught:
        load_train_config(path)
    assert "mine.yaml: total_steps is missing" in str(caught.value)


def test_a_misspelt_configuration_is_told_the_nearest_name():
    with pytest.raises(ScenarioError, match="did you mean walker-ppo"):
        load_train_config("walker-pp")


def test_a_configuration_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        load_train_config("walker-ppo").gamma = 0.5  # pyright: ignore[reportAttributeAccessIssue]

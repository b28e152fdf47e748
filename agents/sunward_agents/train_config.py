"""What a training run is made of: one frozen model, filled from YAML and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from sunward.resources import config_dir
from sunward.scenario.document import override, read
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.model import Model
from sunward.scenario.problems import validated

DEFAULT_CONFIG = "walker-ppo"

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Range = Annotated[tuple[float, float], Field(strict=False)]


class TrainConfig(Model):
    """PPO with one policy that all satellites share; steps are satellite-steps."""

    scenario: Annotated[str, Field(description="id or YAML file of the scenario")]
    workload: Annotated[
        str | None, Field(description="trace file to play in place of generated demand")
    ] = None
    vary: Annotated[
        dict[str, Range],
        Field(
            default_factory=dict,
            description="lowest and highest value by dotted path: worlds of the scenario differ",
        ),
    ]
    variants: Annotated[
        int, Field(ge=1, le=1024, description="of the scenario that are drawn from the ranges")
    ] = 8
    seed: Annotated[
        int, Field(ge=0, le=2**31 - 1, description="of worlds, first weights and exploration")
    ] = 1
    total_steps: Annotated[int, Field(ge=1, description="satellite-steps to train for")]
    n_worlds: Annotated[int, Field(ge=1, le=65_536, description="worlds stepped side by side")]
    n_steps: Annotated[int, Field(ge=1, le=4096, description="steps of each world a rollout")]
    n_epochs: Annotated[int, Field(ge=1, le=100, description="passes over each rollout")] = 4
    batch_size: Annotated[int, Field(ge=2, description="satellite-steps a gradient step")] = 16_384
    learning_rate: Annotated[float, Field(gt=0.0, le=0.1, description="of Adam at the start")]
    final_learning_rate: Annotated[
        float, Field(ge=0.0, le=0.1, description="of Adam at the end; linear between")
    ] = 0.0
    gamma: Annotated[float, Field(gt=0.0, le=1.0, description="discount a step")] = 0.98
    gae_lambda: Annotated[Share, Field(description="of generalised advantages")] = 0.95
    clip_range: Annotated[float, Field(gt=0.0, le=1.0, description="of the ratio")] = 0.2
    ent_coef: Annotated[float, Field(ge=0.0, le=1.0, description="entropy bonus")] = 0.0
    vf_coef: Annotated[float, Field(ge=0.0, le=10.0, description="weight of the critic")] = 0.5
    max_grad_norm: Annotated[float, Field(gt=0.0, description="clip of the gradient")] = 0.5
    net: Annotated[
        tuple[Annotated[int, Field(ge=1, le=4096)], ...],
        Field(strict=False, min_length=1, description="hidden layers of actor and critic each"),
    ] = (64, 64)
    activation: Annotated[
        Literal["tanh", "relu"], Field(description="of the hidden layers; relu is the faster")
    ] = "relu"
    log_std_init: Annotated[
        float, Field(ge=-5.0, le=2.0, description="log of the first spread of actions")
    ] = -0.7
    imitate: Annotated[
        str | None, Field(description="rule whose actions are learnt before the reward counts")
    ] = None
    imitate_steps: Annotated[
        int,
        Field(ge=0, validate_default=True, description="satellite-steps of that, of total_steps"),
    ] = 0
    reward_scale: Annotated[float, Field(gt=0.0, description="reward times this is learnt")] = 1.0
    engine: Annotated[
        Literal["local", "tensor"],
        Field(
            description="local: worlds through NumPy; tensor: on the learner's device, as on cuda"
        ),
    ] = "local"
    device: Annotated[
        Literal["cpu", "cuda", "auto"],
        Field(description="of learner and worlds; auto: cuda if any"),
    ] = "cpu"
    threads: Annotated[
        int, Field(ge=1, le=64, description="of learner and simulator; part of the result's bits")
    ] = 1
    checkpoint_steps: Annotated[
        int, Field(ge=1, description="satellite-steps between two checkpoints")
    ] = 2_000_000
    validation_steps: Annotated[
        int, Field(ge=1, description="satellite-steps between two validations")
    ] = 1_000_000
    validation_worlds: Annotated[Count, Field(description="worlds of each validation")] = 8
    test_worlds: Annotated[Count, Field(description="worlds of the closing table")] = 32
    run_dir: Annotated[
        str | None, Field(description="folder of the run; default runs/SCENARIO-DATE-TIME")
    ] = None

    @field_validator("imitate_steps")
    @classmethod
    def _check_lessons(cls, steps: int, info: ValidationInfo) -> int:
        total = info.data.get("total_steps", steps)
        if steps > total:
            raise ValueError(f"is {steps}, must be at most total_steps {total}: lower it")
        if (steps > 0) != (info.data.get("imitate") is not None):
            fix = "name a rule to imitate" if steps > 0 else "raise it, or drop imitate"
            raise ValueError(f"is {steps}, must be above 0 where a rule is imitated: {fix}")
        return steps

    @field_validator("vary")
    @classmethod
    def _check_ranges(cls, vary: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        for path, (low, high) in vary.items():
            if not low <= high:
                raise ValueError(f"{path} is from {low} to {high}, put the lower one first")
        return vary


def list_train_configs() -> list[str]:
    """Returns the names of the shipped training configurations, sorted."""
    return sorted(path.stem for path in (config_dir() / "train").glob("*.yaml"))


def load_train_config(name_or_path: str | Path, **overrides: Any) -> TrainConfig:
    """Returns a training configuration, with keys replaced by `overrides`.

    Raises: ScenarioError, one line for each problem: file and line, key, value, bound, fix.
    """
    document = read(_find(str(name_or_path)))
    return validated(TrainConfig, override(document, overrides))


def _find(name_or_path: str) -> Path:
    if name_or_path in list_train_configs():
        return config_dir() / "train" / f"{name_or_path}.yaml"
    if not Path(name_or_path).is_file():
        raise ScenarioError(
            f"no training configuration {name_or_path!r}: "
            f"{suggestion(name_or_path, list_train_configs())}"
        )
    return Path(name_or_path)

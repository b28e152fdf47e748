"""A training scenario: satellites, their formation, the gang's figures, its jobs, what counts."""

import math
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from sunward.core.params import N_SUBSTEPS
from sunward.scenario import figure as f
from sunward.scenario.constellation import Shell, Start
from sunward.scenario.game import Episode, SafeMode, Weight
from sunward.scenario.hardware import Hardware
from sunward.scenario.model import Model, ScenarioId, Share
from sunward.scenario.stable import check_stable

Data = Annotated[float, f.Quantity("data", at_least=8.0, at_most=1e18)]
Pause = Annotated[float, f.Quantity("time", at_least=0.0, at_most=86_400.0)]

MOST_SATELLITES = 1024


class Formation(Model):
    """A square lattice in the orbit's plane (`sunward.physics.formation`), in place of a ring."""

    pitch_m: Annotated[float, Field(ge=10.0, le=10_000.0)]  # of neighbours; twice that at times


class GangFigures(f.Section):
    """What a gang's checkpoints and restarts cost."""

    state_bit: Data  # model and optimiser, once for the whole gang
    restart_s: Pause  # processes start and find each other, after an upset or for a new job
    regroup_s: Pause  # members join or leave


class Jobs(Model):
    """Which jobs of a profile come, one after another."""

    profile: str  # fitted figures: configs/training/jobs/PROFILE.yaml, or a path
    smallest_gpus: Annotated[int, Field(ge=1)]  # smaller gangs of the profile run elsewhere
    whole_gpus: Annotated[int, Field(ge=1)]  # a gang of as many, or more, takes all satellites

    @field_validator("whole_gpus")
    @classmethod
    def _in_order(cls, whole: int, info: ValidationInfo) -> int:
        smallest = info.data.get("smallest_gpus", whole)
        if whole < smallest:
            raise ValueError(f"is {whole}, must be at least smallest_gpus {smallest}: raise it")
        return whole


class TrainingReward(Model):
    """Weights of the reward terms; work counts in satellite-steps at full clock."""

    value_progress: Weight
    wear_per_kwh: Weight  # of energy that leaves the battery
    brownout: Weight  # each
    trip: Weight  # each
    team_share: Share  # of the gang's terms; 0: to its members, 1: to all satellites alike


class Training(Model):
    """Everything that decides a world, apart from its split, seed and episode number."""

    id: ScenarioId
    description: Annotated[str, Field(min_length=1)]
    hardware: Hardware
    constellation: Shell
    formation: Formation | None = None
    start: Start
    episode: Episode
    gang: GangFigures
    jobs: Jobs
    reward: TrainingReward
    safe_mode: SafeMode

    @field_validator("constellation")
    @classmethod
    def _one_gang(cls, shell: Shell) -> Shell:
        if not 2 <= shell.satellites <= MOST_SATELLITES:
            raise ValueError(
                f"has satellites {shell.satellites}, a gang has 2 to {MOST_SATELLITES}: change it"
            )
        return shell

    @field_validator("formation")
    @classmethod
    def _lattice_is_square(cls, formation: Formation | None, info: ValidationInfo):
        shell = info.data.get("constellation")
        if formation is None or shell is None:
            return formation
        side = math.isqrt(shell.satellites)
        if side * side != shell.satellites:
            raise ValueError(
                f"is a square lattice, which {shell.satellites} satellites do not fill: use "
                f"{side * side} or {(side + 1) ** 2}"
            )
        if shell.planes != 1:
            raise ValueError(f"flies in one orbit, constellation.planes is {shell.planes}: use 1")
        return formation

    @field_validator("episode")
    @classmethod
    def _steps_are_stable(cls, episode: Episode, info: ValidationInfo) -> Episode:
        if "hardware" in info.data:
            check_stable(info.data["hardware"], episode.step_s / N_SUBSTEPS)
        return episode

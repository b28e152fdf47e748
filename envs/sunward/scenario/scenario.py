"""A scenario: satellites, orbits, demand and rules of one ranked or private game."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from sunward.core.params import N_SUBSTEPS
from sunward.scenario.constellation import Constellation, ElementSets, Start
from sunward.scenario.game import Demand, Episode, Ground, Network, Reward, SafeMode
from sunward.scenario.hardware import Hardware
from sunward.scenario.model import Model, ScenarioId
from sunward.scenario.stable import check_stable

Task = Literal["satellite", "constellation"]


class Scenario(Model):
    """Everything that decides a world, apart from its split, seed and episode number."""

    id: ScenarioId
    description: Annotated[str, Field(min_length=1)]
    task: Task
    hardware: Hardware
    constellation: Constellation
    start: Start
    episode: Episode
    demand: Demand
    network: Network
    ground: Ground | None = None  # takes work of every satellite; there is none if left out
    reward: Reward
    safe_mode: SafeMode

    @field_validator("episode")
    @classmethod
    def _steps_are_stable(cls, episode: Episode, info: ValidationInfo) -> Episode:
        if "hardware" in info.data:
            check_stable(info.data["hardware"], episode.step_s / N_SUBSTEPS)
        return episode

    @field_validator("constellation")
    @classmethod
    def _task_fits(cls, constellation: Constellation, info: ValidationInfo) -> Constellation:
        if isinstance(constellation, ElementSets):
            return constellation  # counted where its file is read
        if info.data.get("task") == "satellite" and constellation.satellites != 1:
            raise ValueError(
                f"has satellites {constellation.satellites}, task satellite has one: set it to 1, "
                "or task to constellation"
            )
        return constellation

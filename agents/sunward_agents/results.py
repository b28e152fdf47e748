"""Result files: who played which worlds, with which code, and the metrics of every episode."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import sunward
from sunward_agents.atomic import write_text
from sunward_agents.errors import UsageError

SCHEMA_VERSION = 1


class ResultError(UsageError):
    """A result file that cannot be read; one clear line."""


class Record(BaseModel):
    """A frozen part of a result; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Episode(Record):
    """One world, played from its start to its time limit."""

    scenario: str
    split: str
    seed: int = Field(ge=0)
    metrics: dict[str, float]


class Result(Record):
    """All episodes of one policy on the worlds of a suite or scenario."""

    schema_version: Literal[1] = SCHEMA_VERSION
    package_version: str
    policy: str
    policy_sha256: str | None = None  # of the weights of a trained policy
    suite: str | None = None
    scenarios: dict[str, str]  # id -> SHA-256 of every option that changes a result
    private_commitment: str | None = None  # see `private_worlds`
    episodes: list[Episode]
    ground: dict[str, Any] | None = None  # see `ground.report.as_json`; follows from the episodes
    hardware: str
    wall_time_s: float = Field(ge=0.0)

    def column(self, metric: str) -> list[float]:
        """Returns one metric of every episode, in the order of the worlds."""
        return [episode.metrics[metric] for episode in self.episodes]


def package_version() -> str:
    """Returns the version of the installed package."""
    return sunward.__version__


def hardware() -> str:
    """Returns processor model, cores that this process may use, and operating system."""
    return f"{_processor()}, {n_cores()} cores, {platform.system()} {platform.machine()}"


def n_cores() -> int:
    """Returns the number of cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def write_result(path: Path, result: Result) -> None:
    """Writes a result as JSON, whole or not at all."""
    write_text(path, result.model_dump_json(indent=1) + "\n")


Kind = TypeVar("Kind", bound=BaseModel)


def read_record(path: Path, kind: type[Kind]) -> Kind:
    """Returns the record of a kind in `path`.

    Raises: ResultError with file, place and reason in one line.
    """
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "file"
        raise ResultError(f"{path}: {place}: {first['msg']}") from error


def read_result(path: Path) -> Result:
    """Returns the result in `path`; raises as `read_record`."""
    return read_record(path, Result)

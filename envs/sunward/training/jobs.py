"""Gang jobs as public traces have them: sizes, and durations by size, as a table to draw from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from sunward.resources import config_dir
from sunward.scenario.document import read
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.model import Model
from sunward.scenario.problems import validated

#: Rounding of the shares as they are written.
SHARE_SLACK = 1e-3


class SizeClass(Model):
    """Jobs whose number of accelerators rounds to the same power of two."""

    num_gpus: Annotated[int, Field(ge=1)]
    share: Annotated[float, Field(gt=0.0, le=1.0)]  # of the jobs
    n_jobs: Annotated[int, Field(ge=1)]  # that the quantiles were taken of
    duration_s: Annotated[
        tuple[Annotated[float, Field(gt=0.0)], ...], Field(min_length=2, strict=False)
    ]  # quantiles

    @field_validator("duration_s")
    @classmethod
    def _ascend(cls, durations: tuple[float, ...]) -> tuple[float, ...]:
        if (np.diff(durations) < 0.0).any():
            raise ValueError("falls somewhere: quantiles ascend, sort them")
        return durations


class JobProfile(Model):
    """Gang jobs of one trace."""

    name: Annotated[str, Field(min_length=1)]
    description: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=3)]
    fitted_by: str
    shortest_s: Annotated[float, Field(ge=0.0)]  # shorter jobs were left out
    probability: Annotated[tuple[float, ...], Field(min_length=2, strict=False)]
    sizes: Annotated[tuple[SizeClass, ...], Field(min_length=1, strict=False)]

    @field_validator("probability")
    @classmethod
    def _from_zero_to_one(cls, probability: tuple[float, ...]) -> tuple[float, ...]:
        if probability[0] != 0.0 or probability[-1] != 1.0 or (np.diff(probability) <= 0.0).any():
            raise ValueError("must rise from 0 to 1: change it")
        return probability

    @field_validator("sizes")
    @classmethod
    def _fit(cls, sizes: tuple[SizeClass, ...], info: ValidationInfo) -> tuple[SizeClass, ...]:
        n = len(info.data.get("probability", sizes[0].duration_s))
        for one in sizes:
            if len(one.duration_s) != n:
                raise ValueError(
                    f"have {len(one.duration_s)} durations for {one.num_gpus} GPUs, expected {n}: "
                    "one a probability"
                )
        total = sum(one.share for one in sizes)
        if abs(total - 1.0) > SHARE_SLACK:
            raise ValueError(f"have shares that add up to {total:g}, expected 1")
        return sizes


class JobTable(NamedTuple):
    """Jobs that a fleet draws from, as the kernel takes them; C classes of size, Q quantiles."""

    cumulative: np.ndarray  # (C,) share of jobs up to each class; the last is 1
    members: np.ndarray  # (C,) float64, satellites that a job of the class can use
    probability: np.ndarray  # (Q,)
    duration_s: np.ndarray  # (C, Q) at full clock


def job_table(profile: JobProfile, smallest_gpus: int, whole_gpus: int, n_sats: int) -> JobTable:
    """Returns the jobs of a profile from `smallest_gpus` up, scaled to a fleet.

    A gang of `whole_gpus` or more takes all satellites, a smaller one its share of them, two at
    least: the trace's cluster and the fleet are taken to be equally filled.

    Raises:
        ScenarioError: no job of the profile is as large.
    """
    kept = [one for one in profile.sizes if one.num_gpus >= smallest_gpus]
    if not kept:
        largest = max(one.num_gpus for one in profile.sizes)
        raise ScenarioError(
            f"jobs.smallest_gpus is {smallest_gpus}, the largest gang of {profile.name} has "
            f"{largest}: lower it"
        )
    share = np.array([one.share for one in kept])
    cumulative = np.cumsum(share) / share.sum()
    cumulative[-1] = 1.0
    of_fleet = np.array([min(1.0, one.num_gpus / whole_gpus) for one in kept])
    return JobTable(
        cumulative=cumulative,
        members=np.maximum(2.0, np.round(of_fleet * n_sats)),
        probability=np.array(profile.probability),
        duration_s=np.array([one.duration_s for one in kept]),
    )


def folder() -> Path:
    """Returns the folder of the shipped job profiles."""
    return config_dir() / "training" / "jobs"


def list_job_profiles() -> list[str]:
    """Returns the names of the shipped job profiles, sorted."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def load_job_profile(name_or_path: str | Path) -> JobProfile:
    """Returns a job profile by its name or from a YAML file.

    Raises:
        ScenarioError: one line for each problem of the file.
    """
    return validated(JobProfile, read(job_file(name_or_path)))


def job_file(name_or_path: str | Path) -> Path:
    """Returns the existing file of a job profile."""
    text = os.fspath(name_or_path)
    if text in list_job_profiles():
        return folder() / f"{text}.yaml"
    if not os.path.isfile(text):
        raise ScenarioError(
            f"no job profile {text!r}: {suggestion(text, list_job_profiles())}, or give a file"
        )
    return Path(text)

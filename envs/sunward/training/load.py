"""From a name or a path to a validated training scenario, and what identifies it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sunward.resources import config_dir
from sunward.scenario.document import override, read
from sunward.scenario.figure import Section
from sunward.scenario.fingerprint import digest
from sunward.scenario.load import find, names, with_base, with_hardware
from sunward.scenario.problems import validated
from sunward.training.figures import Training
from sunward.training.jobs import job_file

#: Words that change no world.
_WORDS = {"description": True, "hardware": {"id": True, "description": True}}


def folder() -> Path:
    """Returns the folder of the shipped training scenarios."""
    return config_dir() / "training"


def list_trainings() -> list[str]:
    """Returns the ids of the shipped training scenarios, sorted."""
    return names("training")


def is_training(name_or_path: str | Path) -> bool:
    """Returns whether that names a training scenario: a shipped id, or a file with its keys."""
    text = os.fspath(name_or_path)
    if text in list_trainings() or not os.path.isfile(text):
        return text in list_trainings()
    data = read(Path(text)).data
    return "gang" in data or data.get("base") in list_trainings()


def load_training(name_or_path: str | Path, **overrides: Any) -> Training:
    """Returns a training scenario by its id or from a YAML file.

    Args:
        name_or_path: An id of `list_trainings()`, or the path of a `.yaml` file.
        overrides: Values by dotted path, `**{"gang.restart": "2 min"}`.

    Raises:
        ScenarioError: one line for each problem of the file, all at once.
    """
    document = with_base(read(find("training", name_or_path, "training scenario")), "training")
    return validated(Training, override(with_hardware(document), overrides))


def content_hash(scenario: Training) -> str:
    """Returns the SHA-256 of all that decides a world apart from split and seed.

    The profile of jobs counts by what it holds.
    """
    values = scenario.model_dump(mode="json", by_alias=False, exclude=_WORDS)
    profile = job_file(scenario.jobs.profile).read_text(encoding="utf-8")
    values["jobs"]["profile"] = yaml.safe_load(profile)
    return digest(values)


def sourced_figures(scenario: Training) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields dotted name and figure (value, unit, source, date, confidence) of the whole file."""
    parts = {"gang": scenario.gang} | {
        f"hardware.{name}": getattr(scenario.hardware, name)
        for name in type(scenario.hardware).model_fields
    }
    for name, part in parts.items():
        if isinstance(part, Section):
            yield from part.sourced(name)

"""From a name or a path to a validated build-out scenario, and what identifies it."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sunward.buildout.figures import Buildout
from sunward.resources import config_dir
from sunward.scenario.document import Document, override, read
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.figure import Section
from sunward.scenario.fingerprint import digest
from sunward.scenario.load import find, names
from sunward.scenario.problems import validated

#: Words that change no world.
_WORDS = {"description": True, "yields": True}


def folder() -> Path:
    """Returns the folder of the shipped build-out scenarios and their table of yields."""
    return config_dir() / "buildout"


def list_buildouts() -> list[str]:
    """Returns the ids of the shipped build-out scenarios, sorted."""
    return names("buildout")


def is_buildout(name_or_path: str | Path) -> bool:
    """Returns whether that names a build-out scenario: a shipped id, or a file with its keys."""
    text = os.fspath(name_or_path)
    if text in list_buildouts() or not os.path.isfile(text):
        return text in list_buildouts()
    data = read(Path(text)).data
    return "designs" in data or data.get("base") in list_buildouts()


def load_buildout(name_or_path: str | Path, **overrides: Any) -> Buildout:
    """Returns a build-out scenario by its id or from a YAML file.

    Args:
        name_or_path: An id of `list_buildouts()`, or the path of a `.yaml` file; a file may name
            another scenario as its `base` and give only the figures that differ.
        overrides: Values by dotted path, `**{"finance.cash": "2 BUSD"}`.

    Raises:
        ScenarioError: one line for each problem of the files, all at once.
    """
    document = _based(read(_find(name_or_path)))
    return validated(Buildout, override(document, overrides))


def yields_file(scenario: Buildout) -> Path:
    """Returns the existing table of yields that a scenario names.

    Raises:
        ScenarioError: there is none of that name or path.
    """
    shipped = {path.stem: path for path in folder().glob("*.csv")}
    path = shipped.get(scenario.yields, Path(scenario.yields))
    if not path.is_file():
        raise ScenarioError(
            f"yields is {scenario.yields!r}, which is no file and no shipped table: "
            f"{suggestion(scenario.yields, shipped)}, or make one with `sunward yields`"
        )
    return path


def content_hash(scenario: Buildout) -> str:
    """Returns the SHA-256 of all that decides a world apart from split and seed.

    The table of yields counts by what it holds.
    """
    values = scenario.model_dump(mode="json", by_alias=False, exclude=_WORDS)
    values["yields"] = hashlib.sha256(yields_file(scenario).read_bytes()).hexdigest()
    return digest(values)


def sourced_figures(scenario: Buildout) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields dotted name and figure (value, unit, source, date, confidence) of every section."""
    for name in type(scenario).model_fields:
        part = getattr(scenario, name)
        if isinstance(part, Section):
            yield from part.sourced(name)
    for design in scenario.designs:
        yield from design.figures.sourced(design.hardware)


def _based(document: Document, seen: tuple[str, ...] = ()) -> Document:
    """Returns the document laid over the scenario that its key `base` names."""
    if "base" not in document.data:
        return document
    base = str(document.data["base"])
    if base in seen:
        raise ScenarioError(
            f"{document.place(('base',))}: base {base} leads back to itself: name another scenario"
        )
    own = {key: value for key, value in document.data.items() if key != "base"}
    below = _based(read(_find(base)), (*seen, base))
    # A list replaces the whole list below: its lines are no place of what this file says.
    lists = {key for key, value in own.items() if isinstance(value, list)}
    places = {keys: place for keys, place in below.places.items() if keys[0] not in lists}
    below = Document(below.name, below.data, places)
    return Document(document.name, own, document.places).over(below)


def _find(name_or_path: str | Path) -> Path:
    return find("buildout", name_or_path, "build-out scenario")

"""From a name or a path to a validated model: find the file, lay overrides over it, check it."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sunward.resources import config_dir
from sunward.scenario.document import Document, override, read
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.hardware import Hardware
from sunward.scenario.problems import validated
from sunward.scenario.scenario import Scenario
from sunward.scenario.suite import Suite

#: Reads the shipped document of a name that a document gives.
Shipped = Callable[[Document, str], Document]
#: What a scenario does not take from its base.
_OWN_KEYS = ("id", "description")


def list_scenarios() -> list[str]:
    """Return the ids of the shipped scenarios, sorted."""
    return names("scenarios")


def list_hardware() -> list[str]:
    """Return the names of the shipped kinds of satellite, sorted."""
    return names("hardware")


def list_suites() -> list[str]:
    """Return the ids of the shipped suites, sorted."""
    return names("suites")


def load_scenario(name_or_path: str | Path, **overrides: Any) -> Scenario:
    """Return a scenario by its id or from a YAML file, with values replaced by dotted path.

    Args:
        name_or_path: an id of `list_scenarios()`, or the path of a `.yaml` file.
        overrides: values by dotted path, `**{"demand.interactive_load": 0.6}`; a hardware figure
            takes a number in its own unit, or a quantity such as "20 kWh".

    Raises:
        ScenarioError: one line for each problem of the files, all at once.
    """
    document = with_base(_read_scenario(find("scenarios", name_or_path)), "scenarios")
    whole = {key: value for key, value in overrides.items() if key == "hardware"}
    parts = {key: value for key, value in overrides.items() if key not in whole}
    document = with_hardware(override(document, whole))
    return validated(Scenario, override(document, parts))


def load_hardware(name_or_path: str | Path) -> Hardware:
    """Return a kind of satellite by its name or from a YAML file."""
    return validated(Hardware, _based(read(find("hardware", name_or_path)), _shipped_hardware))


def load_suite(name_or_path: str | Path) -> Suite:
    """Return a suite by its id or from a YAML file."""
    return validated(Suite, read(find("suites", name_or_path)))


def with_base(document: Document, folder: str) -> Document:
    """Return a scenario laid over the shipped one of its folder that its key `base` names."""
    return _based(document, partial(_shipped_scenario, folder=folder))


def with_hardware(document: Document) -> Document:
    """Return the document with the named hardware's figures in place of its name.

    `hardware: ai1` takes a kind as it is; `hardware: {base: ai1, battery: {...}}` changes figures.
    """
    hardware = document.data.get("hardware")
    if isinstance(hardware, str):
        kind = _based(_shipped_hardware(document, hardware), _shipped_hardware)
        return document.within("hardware", kind)
    if isinstance(hardware, Mapping):
        return document.within("hardware", _based(document.under("hardware"), _shipped_hardware))
    return document


def _based(document: Document, shipped: Shipped, seen: tuple[str, ...] = ()) -> Document:
    """Return the document laid over the shipped one that its key `base` names."""
    if "base" not in document.data:
        return document
    base = str(document.data["base"])
    if base in seen:
        raise ScenarioError(
            f"{document.place(('base',))}: base {base} leads back to itself: name another"
        )
    own = {key: value for key, value in document.data.items() if key != "base"}
    below = _based(shipped(document, base), shipped, (*seen, base))
    return Document(document.name, own, document.places).over(below)


def _shipped_hardware(document: Document, name: str) -> Document:
    """Return the shipped kind of satellite that a document names."""
    return read(_named(document, name, "hardware"))


def _shipped_scenario(document: Document, name: str, folder: str) -> Document:
    """Return the shipped scenario that a document names, but for what is each one's own."""
    base = _read_scenario(_named(document, name, folder))
    data = {key: value for key, value in base.data.items() if key not in _OWN_KEYS}
    places = {keys: place for keys, place in base.places.items() if keys[0] not in _OWN_KEYS}
    return Document(base.name, data, places)


def _named(document: Document, name: str, folder: str) -> Path:
    if name not in names(folder):
        place = document.place(("base",) if "base" in document.data else (folder,))
        what = folder.removesuffix("s")
        raise ScenarioError(f"{place}: no {what} {name!r}: {suggestion(name, names(folder))}")
    return find(folder, name)


def _read_scenario(path: Path) -> Document:
    return _with_files_beside(read(path), path)


def _with_files_beside(document: Document, path: Path) -> Document:
    """Return the document with the files it names by relative path found from its own folder."""
    for section, key in (("demand", "trace"), ("constellation", "elements")):
        values = document.data.get(section)
        if isinstance(values, Mapping) and isinstance(name := values.get(key), str):
            data = {**document.data, section: {**values, key: str(path.parent / name)}}
            document = Document(document.name, data, document.places)
    return document


def names(folder: str) -> list[str]:
    """Return what a folder of the shipped configurations holds, by name, sorted."""
    return sorted(path.stem for path in (config_dir() / folder).glob("*.yaml"))


def find(folder: str, name_or_path: str | Path, what: str | None = None) -> Path:
    """Return the file of a shipped name, or the given path of an existing file.

    Raises:
        ScenarioError: neither; names the nearest, and the kind of file as `what`.
    """
    text = os.fspath(name_or_path)
    if text in names(folder):
        return config_dir() / folder / f"{text}.yaml"
    if text.endswith((".yaml", ".yml")) or os.sep in text:
        if not os.path.isfile(text):
            raise ScenarioError(f"{text}: no such file: give an existing YAML file or a name")
        return Path(text)
    what = what or folder.removesuffix("s")
    raise ScenarioError(f"no {what} {text!r}: {suggestion(text, names(folder))}")

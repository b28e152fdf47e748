"""YAML as nested mappings that remember where each key stands, so that errors can name the line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sunward.scenario.errors import ScenarioError

Keys = tuple[str | int, ...]
_QUANTITY = re.compile(r"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*(\S.*?)\s*")


class _Loader(yaml.SafeLoader):
    """Safe YAML that reads 1e5 as the number it is (PyYAML alone takes it for a string)."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$"),
    list("-+0123456789"),
)


@dataclass(frozen=True)
class Document:
    """Data of one or more merged files; `places` maps each key path to `file.yaml:line`."""

    name: str
    data: dict[str, Any]
    places: dict[Keys, str] = field(default_factory=dict)

    def place(self, keys: Keys) -> str:
        """Return where `keys` stands, or the nearest key above it; else the file's name."""
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, self.name)

    def over(self, base: "Document") -> "Document":
        """Return this document laid over `base`; a figure is replaced whole, source and all."""
        return Document(self.name, _merged(base.data, self.data), {**base.places, **self.places})

    def within(self, key: str, inner: "Document") -> "Document":
        """Return this document with `inner` as the mapping under `key`."""
        places = {keys: place for keys, place in self.places.items() if keys[:1] != (key,)}
        places |= {(key, *keys): place for keys, place in inner.places.items()}
        return Document(self.name, {**self.data, key: inner.data}, places)

    def under(self, key: str) -> "Document":
        """Return the mapping under `key` as a document of its own."""
        places = {keys[1:]: place for keys, place in self.places.items() if keys[:1] == (key,)}
        return Document(self.name, dict(self.data[key]), places)


def read(path: Path) -> Document:
    """Return the document in `path`; a syntax error or a doubled key is a `ScenarioError`."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error})") from error
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f":{error.problem_mark.line + 1}"
        raise ScenarioError(f"{path.name}{line}: not YAML: {error.problem}") from error
    if not isinstance(node, yaml.MappingNode):
        raise ScenarioError(f"{path.name}: holds no mapping of keys: start it with `id: NAME`")
    places: dict[Keys, str] = {}
    doubled: list[str] = []
    _walk(node, (), path.name, places, doubled)
    if doubled:
        raise ScenarioError(doubled)
    return Document(path.name, loader.construct_document(node), places)


def _walk(
    node: yaml.Node, keys: Keys, name: str, places: dict[Keys, str], doubled: list[str]
) -> None:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            places[(*keys, index)] = f"{name}:{item.start_mark.line + 1}"
            _walk(item, (*keys, index), name, places, doubled)
    if isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            here = (*keys, key.value)
            place = f"{name}:{key.start_mark.line + 1}"
            if here in places:
                first = places[here].rpartition(":")[2]
                doubled.append(
                    f"{place}: {dotted(here)} stands twice, first in line {first}: keep one"
                )
            places[here] = place
            _walk(item, here, name, places, doubled)


def dotted(keys: Keys) -> str:
    """Return a key path as people write it."""
    return ".".join(str(key) for key in keys)


def _is_figure(value: Any) -> bool:
    return isinstance(value, Mapping) and "value" in value


def _merged(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        whole = _is_figure(value) or _is_figure(below)
        if isinstance(below, Mapping) and isinstance(value, Mapping) and not whole:
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged


def override(document: Document, overrides: Mapping[str, Any]) -> Document:
    """Return the document with values set by dotted path: {"demand.interactive_load": 0.6}.

    A string is read as a YAML scalar ("0.6", "true", "2026-06-21"). A hardware figure takes a
    number in the unit of its file, or a quantity such as "20 kWh".
    """
    for path, value in overrides.items():
        keys = tuple(path.split("."))
        top = _override_value(_value_at(document.data, keys), value)
        for key in reversed(keys):
            top = {key: top}
        document = Document("override", top, {keys: "override"}).over(document)
    return document


def _value_at(data: Any, keys: Keys) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _override_value(current: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = _scalar(value)
    if not _is_figure(current) or isinstance(value, Mapping):
        return value
    unit = current.get("unit")
    if isinstance(value, str) and (match := _QUANTITY.fullmatch(value)):
        value, unit = float(match[1]), match[2]
    provenance = {"source": "override", "date": date.today(), "confidence": "assumption"}
    return {"value": value, "unit": unit, **provenance}


def _scalar(text: str) -> Any:
    try:
        return yaml.load(text, _Loader)  # a SafeLoader
    except yaml.YAMLError:
        return text

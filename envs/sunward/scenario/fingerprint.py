"""What a scenario is made of, as flat SI values and as one hash."""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from sunward.resources import config_dir
from sunward.scenario.constellation import ElementSets
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.model import Model
from sunward.scenario.scenario import Scenario

#: Words that change no world: a better description keeps the hash.
_WORDS = {"description": True, "hardware": {"id": True, "description": True}}
#: Keys that came after the first scenarios: at these values they change no world, and no hash.
_LATER = {"network": {"carries_interactive": True}}
#: Sections that came after them: left out they change no world, and no hash.
_LATER_SECTIONS = ("ground",)


def resolved(scenario: Model) -> dict[str, Any]:
    """Return every value by dotted name, hardware in SI: {"hardware.battery.capacity_j": 7.2e7}."""
    return dict(_flat("", scenario.model_dump(mode="json", by_alias=False)))


def content_hash(scenario: Scenario) -> str:
    """Return the SHA-256, in hexadecimal, of all that decides a world apart from split and seed.

    Hardware counts in SI, so that 150 kW equals 150000 W; sources, comments and descriptions do not
    count. The demand profile, the sites, a trace and element sets count by what their files hold.
    """
    values = scenario.model_dump(mode="json", by_alias=False, exclude=_WORDS)
    for section, defaults in _LATER.items():
        items = values[section].items()
        values[section] = {
            key: value for key, value in items if (key, value) not in defaults.items()
        }
    for section in _LATER_SECTIONS:
        if values[section] is None:
            del values[section]
    for key, path in demand_files(scenario).items():
        values["demand"][key] = _content(path)
    if isinstance(scenario.constellation, ElementSets):
        elements = element_file(scenario.constellation)
        values["constellation"]["elements"] = hashlib.sha256(elements.read_bytes()).hexdigest()
    return digest(values)


def digest(values: dict[str, Any]) -> str:
    """Return the SHA-256 of values of JSON, in hexadecimal, whatever the order of their keys."""
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def demand_files(scenario: Scenario) -> dict[str, Path]:
    """Return the existing files behind `demand.profile`, `demand.sites` and `demand.trace`."""
    demand = scenario.demand
    files = {"profile": _demand_file("profile", demand.profile)}
    files["sites"] = _demand_file("sites", demand.sites)
    if demand.trace is not None:
        files["trace"] = _demand_file("trace", demand.trace)
    return files


def element_file(constellation: ElementSets) -> Path:
    """Return the existing file behind `constellation.elements`."""
    path = Path(constellation.elements)
    if not path.is_file():
        raise ScenarioError(
            f"constellation.elements is {constellation.elements!r}, which is no file: "
            "give a path that counts from the scenario's folder"
        )
    return path


def _demand_file(key: str, name: str) -> Path:
    shipped = {path.stem: path for path in sorted((config_dir() / "demand").glob("*.*"))}
    path = shipped.get(name, Path(name))
    if not path.is_file():
        advice = suggestion(name, shipped)
        raise ScenarioError(
            f"demand.{key} is {name!r}, which is no file and no shipped name: {advice}"
        )
    return path


def _content(path: Path) -> Any:
    """Return what a file holds: the values of YAML, the digest of anything else."""
    if path.suffix in {".yaml", ".yml"}:
        return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _flat(prefix: str, values: dict[str, Any]) -> Any:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _flat(f"{prefix}{key}.", {str(n): item for n, item in enumerate(value)})
        else:
            yield f"{prefix}{key}", value

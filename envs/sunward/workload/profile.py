"""Demand profiles and site tables by name, from `configs/demand/*.yaml`, and what they describe."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from sunward.resources import config_dir
from sunward.workload.daily import DailyShape
from sunward.workload.modulation import Modulation
from sunward.workload.profile_models import DemandProfile, SiteTable

Model = TypeVar("Model", bound=BaseModel)


class ProfileError(ValueError):
    """A profile or site table that cannot be used: one line a problem."""


def load_profile(name_or_path: str | Path = "inference-2025") -> DemandProfile:
    """Returns a demand profile by its name in `configs/demand`, or from a YAML file.

    Raises:
        ProfileError: One line a problem.
    """
    return _load(name_or_path, DemandProfile)


def load_sites(name_or_path: str | Path = "sites-64") -> SiteTable:
    """Returns a table of demand sites by its name in `configs/demand`, or from a YAML file.

    Raises:
        ProfileError: One line a problem.
    """
    return _load(name_or_path, SiteTable)


def list_profiles() -> list[str]:
    """Returns the names of the files in `configs/demand`."""
    return sorted(path.stem for path in (config_dir() / "demand").glob("*.yaml"))


def _load(name_or_path: str | Path, model: type[Model]) -> Model:
    path = _resolve(name_or_path)
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return model.model_validate(document)
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        lines = (_problem(path, e["loc"], e["msg"], e["input"]) for e in error.errors())
        raise ProfileError("\n".join(lines)) from None


def _problem(path: Path, where: tuple, message: str, found: object) -> str:
    shown = found if isinstance(found, (str, int, float)) else type(found).__name__
    return f"{path}: {'.'.join(map(str, where)) or 'file'}: {message}, found {shown!r}"


def _resolve(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix in {".yaml", ".yml"}:
        return path
    known = list_profiles()
    if str(name_or_path) not in known:
        near = get_close_matches(str(name_or_path), known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"use one of {', '.join(known)}"
        raise ProfileError(f"demand profile {str(name_or_path)!r} is not known: {advice}")
    return config_dir() / "demand" / f"{name_or_path}.yaml"


def daily_shape(profile: DemandProfile) -> DailyShape:
    """Returns the profile's daily shape."""
    day = profile.daily
    return DailyShape(
        first_amplitude=day.first_amplitude.value,
        first_peak_h=day.first_peak_h.value,
        second_amplitude=day.second_amplitude.value,
        second_peak_h=day.second_peak_h.value,
    )


def modulation(profile: DemandProfile) -> Modulation:
    """Returns the profile's slow modulation."""
    slow = profile.modulation
    return Modulation(
        knot_intervals_s=slow.knot_intervals_s.value,
        weights=slow.weights.value,
        reference_deviation=slow.reference_deviation.value,
        reference_rate_per_s=slow.reference_rate_per_s.value,
        rate_exponent=slow.rate_exponent.value,
    )

"""From what a user names as `scenario`, `overrides` and `max_cycles` to a loaded scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sunward.scenario.model import Model

Loaded = TypeVar("Loaded", bound=Model)


def loaded(
    kind: type[Loaded],
    load: Callable[..., Loaded],
    scenario: str | Path | Loaded,
    overrides: Mapping[str, Any] | None,
) -> Loaded:
    """Returns a scenario that is given by its id, by its path or as it is.

    Args:
        kind: class of a scenario.
        load: takes an id or path, and values by dotted path.
        overrides: values by dotted path; not for one that is loaded already.

    Raises:
        ValueError: an unknown scenario, key or value; one line each.
    """
    if not isinstance(scenario, kind):
        return load(scenario, **(overrides or {}))
    if overrides:
        raise ValueError("overrides need a scenario's name or path: this one is loaded already")
    return scenario


def lasting(scenario: Loaded, n_steps: int | None) -> Loaded:
    """Returns a scenario with an `episode` of `n_steps`, or as it is where that is None."""
    if n_steps is None:
        return scenario
    timed: Any = scenario
    hours = n_steps * timed.episode.step_s / 3600.0
    episode = timed.episode.model_copy(update={"hours": hours})
    return scenario.model_copy(update={"episode": episode})

"""The ids of the scenarios of every task, for a name that may be of any of them."""

from __future__ import annotations

from pathlib import Path

from sunward.buildout.load import list_buildouts
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.load import list_scenarios
from sunward.training.load import list_trainings


def check_scenario(name_or_path: str) -> None:
    """Raises: ScenarioError with the nearest id of any task, for what is neither one nor a path."""
    known = [*list_scenarios(), *list_trainings(), *list_buildouts()]
    path = Path(name_or_path)
    if name_or_path in known or path.suffix or len(path.parts) > 1 or path.exists():
        return
    raise ScenarioError(f"no scenario {name_or_path!r}: {suggestion(name_or_path, known)}")

"""Where a run leaves what it makes."""

from __future__ import annotations

import time
from pathlib import Path

from sunward_agents.errors import UsageError


def new_run_folder(chosen: str | None, label: str, otherwise: str = "") -> Path:
    """Returns the folder `chosen`, or runs/LABEL-DATE-TIME; it is not made yet.

    Raises: UsageError where there is something already; `otherwise` tells what else can be done.
    """
    folder = Path(chosen or f"runs/{label}-{time.strftime('%Y%m%d-%H%M%S')}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: exists already: give another --run-dir{otherwise}")
    return folder


def make_folder(folder: Path) -> None:
    """Makes the folder of a run; raises UsageError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be made ({error.strerror}): give another --run-dir"
        ) from error

"""Every check on the tables of a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from sunward_agents.errors import UsageError
from sunward_agents.validation.catalogue import CHECKS
from sunward_agents.validation.check import Check, Outcome, run_check
from sunward_agents.validation.tables import Spec, Table, read

#: The small reference set that the package carries.
SHIPPED = Path(__file__).parent / "reference"


def validate(
    folder: Path,
    checks: Sequence[Check] = CHECKS,
    progress: Callable[[int, str], None] = lambda done, note: None,
) -> list[Outcome]:
    """Returns the outcome of every check on the tables of a folder, in their order.

    Args:
        folder: Of the tables; those it lacks are noted, not failed.
        checks: What to check.
        progress: Called with the checks done and the table under way.

    Raises: UsageError where the folder has none of the tables, or one is malformed.
    """
    _require_tables(folder, checks)
    tables: dict[Spec, Table] = {}
    outcomes = []
    for index, check in enumerate(checks):
        progress(index, check.table.file)
        if not (folder / check.table.file).is_file():
            outcomes.append(Outcome(check, np.empty(0), "not in this folder"))
            continue
        if check.table not in tables:
            tables[check.table] = read(folder, check.table)
        outcomes.append(run_check(check, tables[check.table]))
    progress(len(checks), "")
    return outcomes


def _require_tables(folder: Path, checks: Sequence[Check]) -> None:
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder of reference tables")
    known = list(dict.fromkeys(check.table.file for check in checks))
    if not any((folder / file).is_file() for file in known):
        raise UsageError(f"{folder}: holds no reference table, expected any of {', '.join(known)}")

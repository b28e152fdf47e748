"""`sunward validate`: the physics against reference tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.validation.catalogue import CHECKS
from sunward_agents.validation.check import Outcome
from sunward_agents.validation.report import as_json, n_failed, outcome_table, summary
from sunward_agents.validation.run import SHIPPED, validate


@dataclass(frozen=True)
class Arguments:
    """Compares our physics with tables computed by independent tools.

    Exit code 1 where a quantity misses its limit; a table that the folder lacks is no failure.

    Examples: `sunward validate`, `sunward validate --reference DIR --plots plots --json out.json`.
    """

    reference: Annotated[Path | None, tyro.conf.arg(metavar="DIR")] = None
    """Folder of reference tables; the small set of the package if not given."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the figures to this file, or to standard output for -."""
    plots: Annotated[Path | None, tyro.conf.arg(metavar="DIR")] = None
    """Draw histograms of the errors and one orbit into this folder."""


def run(args: list[str], prog: str) -> int:
    """Validates and reports; returns the exit code: 1 where a limit is missed."""
    arguments = parse(Arguments, args, prog=prog)
    folder = SHIPPED if arguments.reference is None else arguments.reference
    with Bar("validating", len(CHECKS)) as bar:
        outcomes = validate(folder, progress=bar.update)
    pictures = _draw(arguments.plots, folder, outcomes)
    if arguments.json is not None:
        write_json(arguments.json, as_json(folder, outcomes))
    if arguments.json != "-":
        console().print(outcome_table(outcomes))
        console().print(summary(outcomes), *pictures, sep="\n", soft_wrap=True)
    return 1 if n_failed(outcomes) else 0


def _draw(target: Path | None, folder: Path, outcomes: list[Outcome]) -> list[Path]:
    if target is None:
        return []
    from sunward_agents.validation.plots import draw  # matplotlib takes half a second

    try:
        return draw(target, folder, outcomes)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror})") from error

"""Tunes the paced rule of the build-out by random search on worlds of the train split.

    python scripts/tune_buildout.py --candidates 300 --worlds 32 --json tuned.json

The search is that of `sunward_agents.buildout.tuning`. The test split is never touched. What is
printed goes into `rules.py` by hand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated

import tyro
from rich.console import Console

from sunward.buildout.load import load_buildout
from sunward.buildout.params import build_params
from sunward.scenario.errors import ScenarioError
from sunward_agents.buildout.tuning import PACED, tune
from sunward_agents.commands.output import write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.random_search import Found


@dataclass(frozen=True)
class Arguments:
    """Tunes the constants of the paced rule on training worlds.

    Example: `python scripts/tune_buildout.py --candidates 200`.
    """

    scenarios: tuple[str, ...] = (
        "buildout-easy-v0",
        "buildout-medium-v0",
        "buildout-hard-v0",
    )
    """Scenarios whose values, each over its first cash, are added up."""
    candidates: int = 300
    """Sets of constants that are tried."""
    worlds: int = 32
    """Training worlds of each scenario; finalists meet on four times as many."""
    seed: int = 0
    """Of the search."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the constants to this file."""


def main(args: list[str]) -> int:
    """Searches, prints and writes; returns the exit code."""
    try:
        arguments = parse(Arguments, args, prog="python scripts/tune_buildout.py")
        found = search(arguments)
    except (UsageError, ScenarioError) as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    console = Console(highlight=False)
    console.print(f"paced: {found.value:.3f} with these constants, {found.value_before:.3f} before")
    for name, number in found.constants.items():
        console.print(f"    {name}: float = {number:.3g}")
    if arguments.json is not None:
        write_json(arguments.json, {"value": found.value, "constants": found.constants})
    return 0


def search(arguments: Arguments) -> Found:
    """Returns the best constants, their value, and that of the constants in use."""
    with Bar("searching", arguments.candidates) as bar:
        return tune(
            PACED,
            [build_params(load_buildout(name)) for name in arguments.scenarios],
            candidates=arguments.candidates,
            n_worlds=arguments.worlds,
            seed=arguments.seed,
            progress=lambda done, best: bar.update(done, f"best {best:.3f}"),
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Tunes a rule of the gangs by random search on worlds of the train split.

    python scripts/tune_training.py --candidates 200 --worlds 16 --json tuned.json

The best of the candidates meet again on four times as many other worlds, with the constants in use
as one of them. The test split is never touched. What is printed goes into `rules.py` by hand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro
from rich.console import Console

from sunward.scenario.errors import ScenarioError
from sunward.training.build import build_training
from sunward.training.load import list_trainings, load_training
from sunward_agents.commands.output import write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.training.tuning import tune


@dataclass(frozen=True)
class Arguments:
    """Tunes the constants of a rule on training worlds.

    Examples: `python scripts/tune_training.py --candidates 100`,
    `python scripts/tune_training.py --rule thermostat --scenarios training-easy-v0`.
    """

    rule: Literal["thermostat", "paced"] = "paced"
    """That is tuned."""
    scenarios: tuple[str, ...] = tuple(list_trainings())
    """Scenarios whose values are added up."""
    candidates: int = 200
    """Sets of constants that are tried."""
    worlds: int = 16
    """Training worlds of each scenario; finalists meet on four times as many others."""
    seed: int = 0
    """Of the search."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the constants to this file, or to standard output for -."""


def main(args: list[str]) -> int:
    """Searches, prints and writes; returns the exit code."""
    try:
        arguments = parse(Arguments, args, prog="python scripts/tune_training.py")
        scenarios = [build_training(load_training(name)) for name in arguments.scenarios]
    except (UsageError, ScenarioError) as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    with Bar("searching", arguments.candidates) as bar:
        found = tune(
            arguments.rule,
            scenarios,
            candidates=arguments.candidates,
            n_worlds=arguments.worlds,
            seed=arguments.seed,
            progress=lambda done, best: bar.update(done, f"best {best:.4f}"),
        )
    console = Console(highlight=False)
    console.print(
        f"{arguments.rule}: {found.value:.4f} with these constants, {found.value_before:.4f} before"
    )
    for name, number in found.constants.items():
        console.print(f"    {name}: {number:.3g}")
    if arguments.json is not None:
        write_json(arguments.json, {"value": found.value, "constants": found.constants})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Tunes the paced rule of the gangs by random search on worlds of the train split.

    python scripts/tune_training.py --candidates 200 --worlds 16 --json tuned.json

The best of the candidates meet again on four times as many other worlds, with the constants in use
as one of them. The test split is never touched. What is printed goes into `rules.py` by hand.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, fields
from typing import Annotated

import tyro
from rich.console import Console

from sunward.scenario.errors import ScenarioError
from sunward.training.load import list_trainings
from sunward.training.simulator import GangSimulator
from sunward.training.worlds import build_gangs
from sunward_agents.commands.output import write_json
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import play
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.random_search import FINAL_FACTOR, Constants, search
from sunward_agents.training.rules import Paced, PacedConstants


@dataclass(frozen=True)
class Arguments:
    """Tunes the constants of the paced rule on training worlds.

    Example: `python scripts/tune_training.py --candidates 100`.
    """

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
        few, many = (
            [build_gangs(name, factor * arguments.worlds) for name in arguments.scenarios]
            for factor in (1, FINAL_FACTOR)
        )
    except (UsageError, ScenarioError) as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    with Bar("searching", arguments.candidates) as bar:
        found = search(
            lambda constants: value_of(constants, few, 0),
            lambda constants: value_of(constants, many, arguments.worlds),
            asdict(PacedConstants()),
            {field.name: field.metadata["range"] for field in fields(PacedConstants)},
            candidates=arguments.candidates,
            seed=arguments.seed,
            progress=lambda done, best: bar.update(done, f"best {best:.4f}"),
        )
    console = Console(highlight=False)
    console.print(f"paced: {found.value:.4f} with these constants, {found.value_before:.4f} before")
    for name, number in found.constants.items():
        console.print(f"    {name}: {number:.3g}")
    if arguments.json is not None:
        write_json(arguments.json, {"value": found.value, "constants": found.constants})
    return 0


def value_of(constants: Constants, worlds: list[GangSimulator], first_seed: int) -> float:
    """Returns the mean value over training worlds, added up over scenarios."""
    total = 0.0
    for simulator in worlds:
        seeds = range(first_seed, first_seed + simulator.n_envs)
        rule = Paced(simulator.params, PacedConstants(**constants))
        total += float(play(rule, simulator, split="train", seeds=seeds)["value"].mean())
    return total


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

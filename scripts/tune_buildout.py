"""Tunes the paced rule of the build-out by random search on worlds of the train split.

    python scripts/tune_buildout.py --candidates 300 --worlds 32 --json tuned.json

The search is that of `sunward_agents.random_search`. The test split is never touched. What is
printed goes into `rules.py` by hand.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import Annotated

import tyro
from rich.console import Console

from sunward.buildout.simulator import BuildoutSimulator
from sunward.scenario.errors import ScenarioError
from sunward_agents.buildout.play import make_simulator, play
from sunward_agents.buildout.rules import Paced, PacedConstants
from sunward_agents.commands.output import write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.random_search import FINAL_FACTOR, Constants, Found
from sunward_agents.random_search import search as random_search

#: Where constants are looked for, in their own unit.
RANGES: dict[str, tuple[float, float]] = {
    "hurdle": (0.0, 1.0),
    "width": (0.01, 1.0),
    "most_ordered": (0.1, 2.0),
    "cover": (1.0, 24.0),
    "sharpness": (0.0, 40.0),
    "spending": (0.02, 1.0),
    "debt": (0.0, 1.0),
    "retire_years": (2.0, 7.0),
    "last_order": (0.6, 1.0),
    "launch_hurdle": (0.0, 1.0),
}


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
    few = [make_simulator(name, arguments.worlds) for name in arguments.scenarios]
    more = [make_simulator(name, FINAL_FACTOR * arguments.worlds) for name in arguments.scenarios]
    with Bar("searching", arguments.candidates) as bar:
        return random_search(
            lambda constants: value_of(constants, few, 0),
            lambda constants: value_of(constants, more, arguments.worlds),
            asdict(PacedConstants()),
            RANGES,
            candidates=arguments.candidates,
            seed=arguments.seed,
            progress=lambda done, best: bar.update(done, f"best {best:.3f}"),
        )


def value_of(constants: Constants, worlds: list[BuildoutSimulator], first_seed: int) -> float:
    """Returns the mean value over training worlds over the first cash, added up over scenarios."""
    total = 0.0
    for simulator in worlds:
        seeds = range(first_seed, first_seed + simulator.n_envs)
        rule = Paced(simulator.params, PacedConstants(**constants))
        value = play(rule, simulator, split="train", seeds=seeds)["value"].mean()
        total += float(value) * 1e9 / simulator.params.scenario.finance.cash_usd
    return total


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

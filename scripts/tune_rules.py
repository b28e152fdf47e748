"""Tunes the constants of a hand-written rule by random search on worlds of the train split.

    python scripts/tune_rules.py load_balancing --candidates 300 --worlds 8 --json tuned.json

The search is that of `sunward_agents.random_search`, which `sunward calibrate` makes for each
scenario alone. What is printed here goes into `heuristics.py` by hand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Annotated

import tyro
from rich.console import Console

from sunward import build_params, load_scenario
from sunward.scenario.errors import ScenarioError
from sunward_agents.commands.output import write_json
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.tuning import TUNABLE, tune


@dataclass(frozen=True)
class Arguments:
    """Tunes the constants of a rule on training worlds.

    Example: `python scripts/tune_rules.py thermostat --candidates 200`.
    """

    rule: tyro.conf.Positional[str]
    """thermostat, deadline_pacing, energy_pacing, load_balancing or energy_balancing."""
    scenarios: tuple[str, ...] = ("walker-53-66-v0", "dawn-dusk-24-v0")
    """Scenarios whose values are added up."""
    candidates: int = 200
    """Sets of constants that are tried."""
    worlds: int = 8
    """Training worlds of each scenario; finalists meet on four times as many."""
    seed: int = 0
    """Of the search."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the constants to this file."""


def main(args: list[str]) -> int:
    """Searches, prints and writes; returns the exit code."""
    try:
        arguments = parse(Arguments, args, prog="python scripts/tune_rules.py")
        if arguments.rule not in TUNABLE:
            raise UsageError(f"rule is {arguments.rule!r}, must be one of {', '.join(TUNABLE)}")
        scenarios = [build_params(load_scenario(name)) for name in arguments.scenarios]
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
        tuned = {"rule": arguments.rule, "value": found.value, "constants": found.constants}
        write_json(arguments.json, tuned)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

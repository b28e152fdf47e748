"""Tunes the paced rule of the build-out by random search on worlds of the train split.

    python scripts/tune_buildout.py --candidates 300 --worlds 32 --json tuned.json

A quarter of the candidates are drawn evenly from `RANGES`; the others are small changes of the best
so far. The best ten then meet again on four times as many worlds, with the constants in use as one
of them. The test split is never touched. What is printed goes into `rules.py` by hand.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
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

Constants = dict[str, float]
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
N_FINALISTS = 10
#: One candidate in so many is drawn evenly; then small changes of the best find more.
EVEN_SHARE = 4


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
        best, value, before = search(arguments)
    except (UsageError, ScenarioError) as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    console = Console(highlight=False)
    console.print(f"paced: {value:.3f} with these constants, {before:.3f} before")
    for name, number in best.items():
        console.print(f"    {name}: float = {number:.3g}")
    if arguments.json is not None:
        write_json(arguments.json, {"value": value, "constants": best})
    return 0


def search(arguments: Arguments) -> tuple[Constants, float, float]:
    """Returns the best constants, their value, and that of the constants in use."""
    rng = np.random.default_rng(arguments.seed)
    in_use = asdict(PacedConstants())
    worlds = [make_simulator(name, arguments.worlds) for name in arguments.scenarios]
    tried = [(value_of(in_use, worlds, 0), in_use)]
    with Bar("searching", arguments.candidates) as bar:
        for index in range(arguments.candidates):
            is_local = index >= arguments.candidates // EVEN_SHARE
            parent = max(tried, key=lambda pair: pair[0])[1] if is_local else None
            constants = drawn(rng, parent)
            tried.append((value_of(constants, worlds, 0), constants))
            bar.update(index + 1, f"best {max(value for value, _ in tried):.3f}")
    finalists = sorted(tried, key=lambda pair: -pair[0])[:N_FINALISTS]
    more = [make_simulator(name, 4 * arguments.worlds) for name in arguments.scenarios]
    final = [
        (value_of(constants, more, arguments.worlds), constants)
        for constants in [in_use, *(constants for _, constants in finalists)]
    ]
    value, best = max(final, key=lambda pair: pair[0])
    return best, value, final[0][0]


def drawn(rng: np.random.Generator, parent: Constants | None) -> Constants:
    """Returns new constants: even draws, or a third of the parent's moved by a tenth of a range."""
    constants = {}
    for name, (low, high) in RANGES.items():
        if parent is None:
            constants[name] = float(rng.uniform(low, high))
        else:
            move = rng.normal(0.0, 0.1 * (high - low)) * (rng.random() < 1 / 3)
            constants[name] = float(np.clip(parent[name] + move, low, high))
    return constants


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

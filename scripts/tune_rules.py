"""Tunes the constants of a hand-written rule by random search on worlds of the train split.

    python scripts/tune_rules.py load_balancing --candidates 300 --worlds 8 --json tuned.json

A quarter of the candidates are drawn evenly from `RANGES`; the others are small changes of the best
so far. The best ten then meet again on four times as many worlds, with the constants in use as one
of them. The test split is never touched. What is printed goes into `heuristics.py` by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any

import numpy as np
import tyro
from rich.console import Console

import sunward
from sunward.core.simulator import Simulator
from sunward_agents import heuristics
from sunward_agents.commands.output import write_json
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import play
from sunward_agents.parsing import parse
from sunward_agents.policies import Policy
from sunward_agents.progress import Bar

Constants = dict[str, float]

#: rule -> how to build it from its flat constants.
RULES: dict[str, Callable[[Constants], Policy]] = {
    "thermostat": lambda values: heuristics.Thermostat(_thermostat(values)),
    "deadline_pacing": lambda values: heuristics.DeadlinePacing(_pacing(values)),
    "load_balancing": lambda values: heuristics.LoadBalancing(_balancing(values)),
}
#: Where constants are looked for, in their own unit.
RANGES: dict[str, tuple[float, float]] = {
    "hot_start_c": (55.0, 88.0),
    "hot_width_c": (1.0, 25.0),
    "flow_start_c": (-10.0, 70.0),
    "flow_width_c": (1.0, 60.0),
    "sunlit_charge": (0.0, 0.7),
    "sunlit_width": (0.02, 0.6),
    "sunlit_least": (0.0, 1.0),
    "dark_charge": (0.0, 0.9),
    "dark_width": (0.02, 0.6),
    "dark_most": (0.0, 1.0),
    "dark_clock": (0.0, 1.0),
    "dark_deferrable": (0.0, 1.0),
    "margin": (0.8, 2.5),
    "least_share": (0.0, 1.0),
    "pace_clock": (0.0, 1.0),
    "pace_flow": (0.0, 1.0),
    "base": (0.0, 0.5),
    "shadow": (0.0, 1.5),
    "charge": (0.0, 1.0),
    "heat": (0.0, 1.0),
    "queue": (0.0, 5.0),
    "demand": (0.0, 1.0),
}
N_FINALISTS = 10
#: One candidate in so many is drawn evenly; then small changes of the best find more.
EVEN_SHARE = 4


@dataclass(frozen=True)
class Arguments:
    """Tunes the constants of a rule on training worlds.

    Example: `python scripts/tune_rules.py thermostat --candidates 200`.
    """

    rule: tyro.conf.Positional[str]
    """thermostat, deadline_pacing or load_balancing."""
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
        if arguments.rule not in RULES:
            raise UsageError(f"rule is {arguments.rule!r}, must be one of {', '.join(RULES)}")
    except UsageError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    best, value, before = search(arguments)
    console = Console(highlight=False)
    console.print(f"{arguments.rule}: {value:.4f} with these constants, {before:.4f} before")
    for name, number in best.items():
        console.print(f"    {name}: float = {number:.3g}")
    if arguments.json is not None:
        write_json(arguments.json, {"rule": arguments.rule, "value": value, "constants": best})
    return 0


def search(arguments: Arguments) -> tuple[Constants, float, float]:
    """Returns the best constants, their value, and that of the constants in use."""
    rng = np.random.default_rng(arguments.seed)
    in_use = current_constants(arguments.rule)
    worlds = _simulators(arguments.scenarios, arguments.worlds)
    tried = [(value_of(arguments.rule, in_use, worlds, 0), in_use)]
    with Bar("searching", arguments.candidates) as bar:
        for index in range(arguments.candidates):
            is_local = index >= arguments.candidates // EVEN_SHARE
            parent = max(tried, key=lambda pair: pair[0])[1] if is_local else None
            constants = drawn(rng, list(in_use), parent)
            tried.append((value_of(arguments.rule, constants, worlds, 0), constants))
            bar.update(index + 1, f"best {max(value for value, _ in tried):.4f}")
    finalists = sorted(tried, key=lambda pair: -pair[0])[:N_FINALISTS]
    more = _simulators(arguments.scenarios, 4 * arguments.worlds)
    final = [
        (value_of(arguments.rule, constants, more, arguments.worlds), constants)
        for constants in [in_use, *(constants for _, constants in finalists)]
    ]
    value, best = max(final, key=lambda pair: pair[0])
    return best, value, final[0][0]


def drawn(rng: np.random.Generator, names: list[str], parent: Constants | None) -> Constants:
    """Returns new constants: even draws, or a third of the parent's moved by a tenth of a range."""
    constants = {}
    for name in names:
        low, high = RANGES[name]
        if parent is None:
            constants[name] = float(rng.uniform(low, high))
        else:
            move = rng.normal(0.0, 0.1 * (high - low)) * (rng.random() < 1 / 3)
            constants[name] = float(np.clip(parent[name] + move, low, high))
    return constants


def value_of(rule: str, constants: Constants, worlds: list[Simulator], first_seed: int) -> float:
    """Returns the mean value over training worlds, added up over scenarios."""
    policy, total = RULES[rule](constants), 0.0
    for simulator in worlds:
        seeds = range(first_seed, first_seed + simulator.n_envs)
        total += float(play(policy, simulator, split="train", seeds=seeds)["value"].mean())
    return total


def current_constants(rule: str) -> Constants:
    """Returns the constants that the rule has now, flat."""
    policy: Any = {
        "thermostat": heuristics.Thermostat,
        "deadline_pacing": heuristics.DeadlinePacing,
        "load_balancing": heuristics.LoadBalancing,
    }[rule]()
    return _flat(policy.constants)


def _flat(constants: Any) -> Constants:
    flat: Constants = {}
    for field in fields(constants):
        value = getattr(constants, field.name)
        flat |= {field.name: value} if isinstance(value, float) else _flat(value)
    return flat


def _filled(constants: Any, values: Constants) -> Any:
    names = {field.name for field in fields(constants)}
    return replace(constants, **{name: values[name] for name in values if name in names})


def _thermostat(values: Constants) -> heuristics.ThermostatConstants:
    return _filled(heuristics.ThermostatConstants(), values)


def _pacing(values: Constants) -> heuristics.PacingConstants:
    return _filled(heuristics.PacingConstants(), values)


def _balancing(values: Constants) -> heuristics.BalancingConstants:
    filled = _filled(heuristics.BalancingConstants(), values)
    return replace(filled, thermostat=_thermostat(values))


def _simulators(scenarios: tuple[str, ...], n_worlds: int) -> list[Simulator]:
    return [sunward.make_simulator(name, n_worlds) for name in scenarios]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

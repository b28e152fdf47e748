"""`sunward refine`: a rule, and what a search finds to correct in its actions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from rich.table import Table

from sunward.scenario.errors import suggestion
from sunward_agents.calibration.contest import Contest, load_contest
from sunward_agents.calibration.earlier import read_earlier
from sunward_agents.commands.output import console
from sunward_agents.errors import UsageError, check_range
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.random_search import Constants
from sunward_agents.refine.run import CURVE, Search, refine
from sunward_agents.refine.saved import FILE
from sunward_agents.refine.search import Pace
from sunward_agents.run_folder import make_folder, new_run_folder
from sunward_agents.statistics import mean_interval, paired_difference
from sunward_agents.tables import written


@dataclass(frozen=True)
class Arguments:
    """Learns a linear correction of a rule's actions by augmented random search.

    The rule is tuned for the scenario first, unless a file of `sunward calibrate --json` tells its
    constants. Pairs of random changes then play the same training worlds; the best correction on
    validation worlds is kept, and meets the rule on the test worlds. No gradient, no torch.

    Examples: `sunward refine buildout-easy-v0`,
    `sunward refine training-easy-v0 --constants docs/calibration/training-easy-v0.json`,
    `sunward evaluate --policy runs/NAME --scenario training-easy-v0`.
    """

    scenario: tyro.conf.Positional[str]
    """Id or YAML file of a scenario."""
    rule: Annotated[str | None, tyro.conf.arg(metavar="NAME")] = None
    """Rule to correct; the last of the scenario's if not given, which looks at most."""
    constants: Annotated[str | None, tyro.conf.arg(metavar="FILE")] = None
    """Figures of `sunward calibrate --json` with the constants of the rule."""
    candidates: int = 200
    """Sets of constants that are tried where there is no such file."""
    iterations: int = 100
    """Steps along a gradient."""
    worlds: int = 64
    """Training worlds that every change of an iteration plays."""
    directions: int = 16
    """Pairs of changes an iteration."""
    noise: float = 0.03
    """Spread of a change of a weight; actions and observations reach from -1 to 1."""
    step: float = 0.02
    """Length of a step along a gradient of one deviation of the values."""
    seed: int = 1
    """Of the search and its first training world."""
    validation_worlds: int = 64
    """Worlds of each validation, every tenth iteration."""
    test_worlds: int = 32
    """Worlds of the closing table."""
    run_dir: Annotated[str | None, tyro.conf.arg(metavar="DIR")] = None
    """Folder of the run; default runs/SCENARIO-refined-DATE-TIME."""


def run(args: list[str], prog: str) -> int:
    """Searches and compares; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    _check(arguments)
    contest = load_contest(arguments.scenario)
    rule = _rule(arguments.rule, contest)
    folder = new_run_folder(arguments.run_dir, f"{contest.scenario_id}-refined")
    search = _search(arguments, rule, _constants(arguments, contest, rule))
    make_folder(folder)
    out = console()
    out.print(f"{contest.scenario_id}: refining {rule} in {folder}", soft_wrap=True)
    with Bar("refining", search.iterations) as bar:
        for found in refine(contest, search, folder):
            bar.update(found.iteration, f"validation value {found.value:.4f}")
    out.print(_comparison(contest, search, folder, arguments.test_worlds))
    out.print(f"in {folder}: {FILE}, {CURVE}", soft_wrap=True)
    return 0


def _check(arguments: Arguments) -> None:
    for option in ("worlds", "validation_worlds", "test_worlds"):
        check_range(option.replace("_", "-"), getattr(arguments, option), 1, 10_000)
    check_range("candidates", arguments.candidates, 0, 100_000)
    check_range("iterations", arguments.iterations, 1, 1_000_000)
    check_range("directions", arguments.directions, 1, 10_000)
    check_range("seed", arguments.seed, 0, 2**31 - 1)
    for option in ("noise", "step"):
        value = getattr(arguments, option)
        if not 0.0 < value <= 1.0:
            raise UsageError(f"--{option} is {value}, must be above 0 and at most 1")


def _rule(name: str | None, contest: Contest) -> str:
    """Returns the rule to correct; raises UsageError naming the nearest one."""
    rules = (contest.roles.plain, *contest.roles.rules)
    if name is None:
        return rules[-1]
    if name not in rules:
        raise UsageError(f"--rule {name}: no such rule: {suggestion(name, rules)}")
    return name


def _constants(arguments: Arguments, contest: Contest, rule: str) -> Constants:
    """Returns the constants of a rule: those in the file, or those of a search."""
    if arguments.constants is None:
        with Bar(f"tuning {rule}", 1.0) as bar:
            found = contest.tuned(rule, arguments.candidates, bar.update)
    else:
        found = read_earlier(Path(arguments.constants), contest).constants(rule)
        if found is None:
            raise UsageError(f"{arguments.constants}: tells no constants of {rule}: drop it")
    if not found:
        raise UsageError(f"--rule {rule}: has no constants: refine {contest.roles.rules[-1]}")
    return found


def _search(arguments: Arguments, rule: str, constants: Constants) -> Search:
    return Search(
        rule=rule,
        constants=constants,
        pace=Pace(arguments.directions, arguments.noise, arguments.step),
        iterations=arguments.iterations,
        worlds=arguments.worlds,
        validation_worlds=arguments.validation_worlds,
        seed=arguments.seed,
    )


def _comparison(contest: Contest, search: Search, folder: Path, n_worlds: int) -> Table:
    """Returns the refined rule beside the rule itself, on test worlds in pairs."""
    policies = {
        "refined": contest.policy(str(folder)),
        search.rule: contest.rule(search.rule, search.constants),
    }
    values = {
        name: contest.values(policy, range(n_worlds), "test", lambda share: None)
        for name, policy in policies.items()
    }
    table = Table(caption=f"{contest.scenario_id}: {n_worlds} test worlds, 95 % intervals")
    table.add_column("policy", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("refined leads by", justify="right", no_wrap=True)
    for name, own in values.items():
        ahead = paired_difference(values["refined"], own)
        lead = "" if name == "refined" else written(ahead, signed=True)
        table.add_row(name, written(mean_interval(own)), lead)
    return table

"""`sunward evaluate`: a policy over the worlds of a suite or a scenario."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro
from rich.table import Table

from sunward.buildout.load import is_buildout
from sunward.training.load import is_training
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError
from sunward_agents.evaluate import Worlds, evaluate, scenario_worlds, stages, suite_worlds
from sunward_agents.ground.report import as_json, comparisons, ground_table
from sunward_agents.ground.site import load_site
from sunward_agents.parsing import parse
from sunward_agents.policies import load_policy
from sunward_agents.private_worlds import PRIVATE
from sunward_agents.progress import Bar
from sunward_agents.results import Result, n_cores
from sunward_agents.scenario_names import check_scenario
from sunward_agents.statistics import mean_interval
from sunward_agents.tables import result_table, scenario_table

DEFAULT_WORLDS = 32
#: Tasks with a player of their own: whether a scenario is of it, and the module with `evaluate`.
_OWN_PLAYERS = (
    (is_buildout, "sunward_agents.buildout.evaluate"),
    (is_training, "sunward_agents.training.evaluate"),
)


@dataclass(frozen=True)
class Arguments:
    """Plays a policy over fixed worlds and prints its metrics with 95 % intervals.

    The worlds are the same for every policy, and a second call gives the same numbers.

    Examples: `sunward evaluate --policy thermostat --suite quick-v0`,
    `sunward evaluate --policy runs/mine --scenario walker-53-66-v0 --worlds 8 --json out.json`,
    `sunward evaluate --policy paced --scenario training-medium-v0`.
    """

    policy: str
    """Name of a rule (see `sunward list`), or the folder of a training run."""
    suite: str | None = None
    """Id or YAML file of a suite."""
    scenario: str | None = None
    """Id or YAML file of a scenario, in place of a suite."""
    worlds: int | None = None
    """Worlds of the scenario; 32 if not given."""
    split: Literal["train", "validation", "test", "private"] = "test"
    """Which worlds of the scenario; private ones need an operator's SUNWARD_PRIVATE_SALT."""
    workload: str | None = None
    """Trace file to play in place of generated demand; with --scenario."""
    ground: str = "virginia"
    """Data centre on the ground to compare with: a name (see `sunward list`) or YAML file."""
    threads: int = 1
    """Threads of the simulator; the numbers do not depend on it."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the result to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Evaluates and reports; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    if arguments.scenario is not None:
        check_scenario(arguments.scenario)
    for is_own, module in _OWN_PLAYERS:
        if arguments.scenario is not None and is_own(arguments.scenario):
            return _evaluate_own(arguments, module)
    worlds, site = _worlds(arguments), load_site(arguments.ground)
    policy = load_policy(arguments.policy)
    ready = stages(worlds, _threads(arguments.threads))
    name = Path(arguments.policy).name
    with Bar(f"evaluating {name}", 1.0) as bar:
        result = evaluate(
            policy,
            name,
            ready,
            suite=arguments.suite,
            progress=bar.steps,
        )
    found = comparisons(result, [part.scenario for part in worlds], site)
    result = result.model_copy(update={"ground": as_json(site, found)})
    if arguments.json is not None:
        write_json(arguments.json, result.model_dump(mode="json"))
    if arguments.json != "-":
        _print(result)
        if result.private_commitment is not None:
            console().print(f"commitment to the private worlds: {result.private_commitment}")
        console().print(ground_table(site, found))
    return 0


def _evaluate_own(arguments: Arguments, module: str) -> int:
    """Plays a policy of a task with a player of its own; returns the exit code."""
    assert arguments.scenario is not None
    if arguments.suite is not None:
        raise UsageError("give one of --suite and --scenario")
    if arguments.workload is not None:
        raise UsageError(f"--workload plays a trace, {arguments.scenario} has none: drop it")
    if arguments.split == PRIVATE:
        raise UsageError(f"--split is private, {arguments.scenario} has none: use test")
    evaluate = importlib.import_module(module).evaluate
    name, count = arguments.policy, _count(arguments)
    with Bar(f"evaluating {Path(name).name}", 1.0) as bar:
        result = evaluate(name, arguments.scenario, count, arguments.split, bar.steps)
    if arguments.json is not None:
        write_json(arguments.json, result.model_dump(mode="json"))
    if arguments.json != "-":
        console().print(result_table(result))
    return 0


def _count(arguments: Arguments) -> int:
    count = DEFAULT_WORLDS if arguments.worlds is None else arguments.worlds
    if not 1 <= count <= 10_000:
        raise UsageError(f"--worlds is {count}, must be from 1 to 10000")
    return count


def _worlds(arguments: Arguments) -> list[Worlds]:
    if (arguments.suite is None) == (arguments.scenario is None):
        raise UsageError("give one of --suite and --scenario")
    if arguments.scenario is not None:
        count = _count(arguments)
        workload = _checked_file(arguments.workload)
        return [
            scenario_worlds(arguments.scenario, count, split=arguments.split, workload=workload)
        ]
    assert arguments.suite is not None
    if arguments.worlds is not None or arguments.workload is not None:
        raise UsageError(
            "a suite fixes worlds and demand: use --worlds, --workload with --scenario"
        )
    return suite_worlds(arguments.suite)


def _checked_file(path: str | None) -> str | None:
    if path is not None and not Path(path).is_file():
        raise UsageError(f"--workload is {path!r}, which is no file: give the path of a trace")
    return path


def _threads(count: int) -> int:
    if not 1 <= count <= n_cores():
        raise UsageError(f"--threads is {count}, must be from 1 to the {n_cores()} cores here")
    return count


def _print(result: Result) -> None:
    parts = {name: _only(result, name) for name in result.scenarios}
    out = console()
    out.print(f"[bold]{result.policy}[/bold]")
    out.print(scenario_table(parts))
    out.print(_all_metrics(parts))


def _only(result: Result, scenario: str) -> Result:
    episodes = [episode for episode in result.episodes if episode.scenario == scenario]
    chosen = {scenario: result.scenarios[scenario]}
    return result.model_copy(update={"episodes": episodes, "scenarios": chosen})


def _all_metrics(parts: dict[str, Result]) -> Table:
    """Returns the mean of every metric, one column a scenario."""
    table = Table(title="mean of every metric a world", title_justify="left", box=None)
    table.add_column("metric")
    for name in parts:
        table.add_column(name, justify="right")
    first = next(iter(parts.values()))
    for metric in first.episodes[0].metrics:
        means = [mean_interval(part.column(metric), n_resamples=1).mean for part in parts.values()]
        table.add_row(metric, *(f"{mean:.6g}" for mean in means))
    return table

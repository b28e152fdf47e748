"""`sunward calibrate`: whether a scenario leaves room to learn that can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from sunward_agents.calibration.contest import Contest, load_contest
from sunward_agents.calibration.earlier import NOTHING, read_earlier
from sunward_agents.calibration.ladder import Ladder
from sunward_agents.calibration.measure import Effort, ladder_of
from sunward_agents.calibration.report import as_json, check_table, ladder_table, verdict
from sunward_agents.calibration.rule import checks
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError, check_range
from sunward_agents.parsing import parse
from sunward_agents.progress import Stages


@dataclass(frozen=True)
class Arguments:
    """Plays idle, random, every rule and MPC beside the bound, and tests the calibration rule.

    Rules are tuned on training worlds first; all then meet on the same test worlds. Exit code 1
    where the rule of docs/calibration.md is not met: such a scenario is not ranked. One satellite
    takes a quarter of an hour, most of it for MPC; a fleet takes hours.

    Examples: `sunward calibrate satellite-easy-v0`,
    `sunward calibrate constellation-easy-v0 --planner-worlds 4 --json out.json`,
    `sunward calibrate satellite-hard-v0 --policy runs/mine`,
    `sunward calibrate satellite-hard-v0 --policy runs/mine --extend out.json --json more.json`,
    `sunward calibrate training-easy-v0`.
    """

    scenario: tyro.conf.Positional[str]
    """Id or YAML file of a scenario."""
    worlds: int = 32
    """Test worlds; the rule asks for 32."""
    planner_worlds: int | None = None
    """Test worlds on which MPC is played; all if not given."""
    candidates: int = 200
    """Sets of constants that are tried for each rule."""
    policy: Annotated[tuple[str, ...], tyro.conf.arg(metavar="RUN...")] = ()
    """Folders of training runs, which then must beat the best rule."""
    extend: Annotated[str | None, tyro.conf.arg(metavar="FILE")] = None
    """Figures of an earlier --json to take over as they stand: only what it lacks is played."""
    block_steps: int = 1
    """Of bounds that are not shipped: steps that the model sums up, 1 or 2."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the figures to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Calibrates and reports; returns the exit code: 1 where the rule is not met."""
    arguments = parse(Arguments, args, prog=prog)
    effort = _effort(arguments)
    contest = load_contest(arguments.scenario)
    _check_trained(arguments.policy, contest)
    earlier = NOTHING
    if arguments.extend is not None:
        earlier = read_earlier(Path(arguments.extend), contest)
    with Stages(contest.scenario_id) as stages:
        ladder = ladder_of(contest, effort, arguments.policy, stages.show, earlier)
    _hold_bound(ladder)
    found = checks(ladder)
    if arguments.json is not None:
        write_json(arguments.json, as_json(ladder, found))
    if arguments.json != "-":
        out = console()
        out.print(ladder_table(ladder))
        out.print(check_table(found))
        out.print(verdict(ladder, found))
    return 0 if all(check.passed for check in found) else 1


def _effort(arguments: Arguments) -> Effort:
    n_planned = arguments.worlds if arguments.planner_worlds is None else arguments.planner_worlds
    check_range("worlds", arguments.worlds, 1, 1_000)
    check_range("planner-worlds", n_planned, 1, arguments.worlds)
    check_range("candidates", arguments.candidates, 0, 100_000)
    check_range("block-steps", arguments.block_steps, 1, 2)
    return Effort(arguments.worlds, n_planned, arguments.candidates, arguments.block_steps)


def _check_trained(paths: tuple[str, ...], contest: Contest) -> None:
    """Raises: UsageError for a policy that would stand on the ladder twice."""
    roles = contest.roles
    known = {roles.floor, *roles.blind, roles.plain, *roles.rules, *roles.planners}
    names = [Path(path).name for path in paths]
    for name in names:
        if name in known:
            raise UsageError(f"--policy {name} is played anyway: give folders of training runs")
        if names.count(name) > 1:
            raise UsageError(f"--policy {name} is given twice: give folders of different names")


def _hold_bound(ladder: Ladder) -> None:
    """Raises: RuntimeError where a policy exceeds the bound: a fault of ours, not of the input."""
    if above := ladder.over_bound():
        raise RuntimeError(f"{', '.join(above)} above the bound of {ladder.scenario}: it is wrong")

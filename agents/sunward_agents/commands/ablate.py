"""`sunward ablate`: what each resource of a scenario is worth to the best rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import tyro
from rich.table import Table

from sunward.scenario import load_scenario
from sunward.scenario.errors import suggestion
from sunward_agents.calibration.ablation import (
    LEAST_SHIFT,
    REMOVALS,
    Ablation,
    ablate,
    matters,
)
from sunward_agents.calibration.report import SHOWN, points
from sunward_agents.commands.output import console, write_json
from sunward_agents.errors import UsageError, check_range
from sunward_agents.parsing import parse
from sunward_agents.progress import Stages
from sunward_agents.results import package_version
from sunward_agents.tuning import TUNABLE


@dataclass(frozen=True)
class Arguments:
    """Takes heat, battery, eclipse, links, upsets or deadlines away, one at a time.

    The best hand-written rule is tuned anew each time. Exit code 1 where a resource moves it by
    less than 5 % of (best rule - idle) in every scenario. A satellite takes minutes, a fleet a
    quarter of an hour.

    Examples: `sunward ablate satellite-easy-v0`,
    `sunward ablate satellite-hard-v0 constellation-easy-v0 --worlds 16 --json out.json`.
    """

    scenarios: tyro.conf.Positional[tuple[str, ...]]
    """Ids or YAML files of scenarios."""
    rule: str | None = None
    """Rule to tune; energy_pacing for one satellite and energy_balancing for a fleet if not
    given."""
    worlds: int = 32
    """Test worlds."""
    candidates: int = 200
    """Sets of constants that are tried in each search."""
    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write the figures to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Ablates and reports; returns the exit code: 1 where a resource matters nowhere."""
    arguments = parse(Arguments, args, prog=prog)
    _check(arguments)
    found = [_ablated(name, arguments) for name in arguments.scenarios]
    if arguments.json is not None:
        write_json(arguments.json, _as_json(found))
    if arguments.json != "-":
        console().print(_table(found))
    return 0 if all(matters(found, resource) for resource in REMOVALS) else 1


def _check(arguments: Arguments) -> None:
    check_range("worlds", arguments.worlds, 1, 1_000)
    check_range("candidates", arguments.candidates, 0, 100_000)
    if not arguments.scenarios:
        raise UsageError("no scenario is given: name one or more")
    if arguments.rule is not None and arguments.rule not in TUNABLE:
        raise UsageError(f"--rule is {arguments.rule!r}: {suggestion(arguments.rule, TUNABLE)}")
    for name in arguments.scenarios:
        load_scenario(name)


def _ablated(name: str, arguments: Arguments) -> Ablation:
    with Stages(name) as stages:
        return ablate(
            name,
            rule=arguments.rule,
            n_worlds=arguments.worlds,
            candidates=arguments.candidates,
            progress=stages.show,
        )


def _table(found: list[Ablation]) -> Table:
    table = Table(
        caption="change of the best rule, tuned anew, in % of (best rule - idle); "
        "95 % bootstrap intervals",
    )
    table.add_column("without")
    for ablation in found:
        table.add_column(ablation.scenario, justify="right", no_wrap=True)
    table.add_column(f"over {LEAST_SHIFT:g} % somewhere")
    for resource in REMOVALS:
        shifts = [ablation.shift(resource) for ablation in found]
        cells = ["-" if shift is None else points(shift, signed=True) for shift in shifts]
        table.add_row(resource, *cells, SHOWN[matters(found, resource)])
    return table


def _as_json(found: list[Ablation]) -> dict[str, Any]:
    return {
        "sunward": package_version(),
        "passed": all(matters(found, resource) for resource in REMOVALS),
        "scenarios": [_one_as_json(ablation) for ablation in found],
    }


def _one_as_json(ablation: Ablation) -> dict[str, Any]:
    shifts = {resource: ablation.shift(resource) for resource in REMOVALS}
    return {
        "scenario": ablation.scenario,
        "content_hash": ablation.content_hash,
        "rule": ablation.rule,
        "worlds": len(ablation.best),
        "idle": float(ablation.idle.mean()),
        "best": float(ablation.best.mean()),
        "shift_percent": {
            resource: None if shift is None else shift._asdict()
            for resource, shift in shifts.items()
        },
    }

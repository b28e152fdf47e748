"""`sunward list`: what there is, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import tyro
from rich.table import Table

from sunward.buildout.load import is_buildout, list_buildouts, load_buildout
from sunward.scenario import list_scenarios, list_suites, load_scenario, load_suite
from sunward.training.load import list_trainings, load_training
from sunward_agents.buildout.rules import POLICIES as BUILDOUT_POLICIES
from sunward_agents.commands.output import console, write_json
from sunward_agents.ground.site import list_sites, load_site
from sunward_agents.parsing import parse
from sunward_agents.policies import POLICIES
from sunward_agents.train_config import list_train_configs, load_train_config
from sunward_agents.training.rules import POLICIES as GANG_POLICIES

TASKS = {
    "sunward/Satellite-v0": "Gymnasium, one satellite; vector environments natively",
    "sunward/Constellation-v0": "Gymnasium, one agent for the whole fleet",
    "sunward.constellation_v0": "PettingZoo, parallel and AEC, one agent a satellite",
    "sunward.training_v0": "PettingZoo, parallel and AEC, one training job over many satellites",
    "sunward/Buildout-v0": "Gymnasium, fifteen years of launching, a month a step",
}


@dataclass(frozen=True)
class Arguments:
    """Lists scenarios, tasks, suites, policies and training configurations.

    Examples: `sunward list`, `sunward list --json -`.
    """

    json: Annotated[str | None, tyro.conf.arg(metavar="OUT|-")] = None
    """Write JSON to this file, or to standard output for -."""


def run(args: list[str], prog: str) -> int:
    """Prints the lists; returns the exit code."""
    arguments = parse(Arguments, args, prog=prog)
    lists = all_names()
    if arguments.json is not None:
        write_json(arguments.json, lists)
        return 0
    for title, entries in lists.items():
        table = Table(title=title, title_justify="left", show_header=False, box=None)
        for name, description in entries.items():
            table.add_row(f"  {name}", description)
        console().print(table)
    return 0


def all_names() -> dict[str, dict[str, str]]:
    """Returns kind -> name -> description of everything that can be named."""
    return {
        "scenarios": {name: load_scenario(name).description for name in list_scenarios()},
        "build-out scenarios": {name: load_buildout(name).description for name in list_buildouts()},
        "training scenarios": {name: load_training(name).description for name in list_trainings()},
        "tasks": TASKS,
        "suites": {name: load_suite(name).description for name in list_suites()},
        "policies": {name: entry.description for name, entry in POLICIES.items()},
        "build-out policies": {
            name: entry.description for name, entry in BUILDOUT_POLICIES.items()
        },
        "gang policies": {name: entry.description for name, entry in GANG_POLICIES.items()},
        "sites on the ground": {name: load_site(name).description for name in list_sites()},
        "training configurations": {name: _summary(name) for name in list_train_configs()},
    }


def _summary(name: str) -> str:
    config = load_train_config(name)
    if is_buildout(config.scenario):
        return f"{config.scenario}, {config.total_steps / 1e6:g} million months"
    return f"{config.scenario}, {config.total_steps / 1e6:g} million satellite-steps"

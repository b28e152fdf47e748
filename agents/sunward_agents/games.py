"""The two games that satellites play side by side, and what a learner needs to know of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import sunward
from sunward.core.actions import ACTIONS
from sunward.core.observations import OBSERVATIONS
from sunward.core.reward import REWARD_TERMS, Term
from sunward.core.simulator import Simulator
from sunward.faces.worlds import Worlds
from sunward.scenario import load_scenario
from sunward.training.books import TERMS
from sunward.training.controls import CONTROLS
from sunward.training.features import FEATURES
from sunward.training.load import is_training
from sunward.training.worlds import GangWorlds, build_gangs
from sunward_agents import policies
from sunward_agents.errors import UsageError
from sunward_agents.policies import Policy
from sunward_agents.training import rules as gang


class Tables(NamedTuple):
    """Names of what a policy sees and does, in order: what its weights are made for."""

    observations: list[str]
    actions: list[str]


class Game(NamedTuple):
    """How the worlds of a kind of scenario are made, stepped and played by rules."""

    tables: Tables
    terms: tuple[Term, ...]
    worlds: type[Worlds]
    simulator: Callable[..., Simulator]  # (scenario, n_worlds, n_threads, overrides)
    rules: tuple[str, ...]
    rule: Callable[[str, Any], Policy]  # (name, params)


def _fleet(
    scenario: str | Path, n_worlds: int, n_threads: int = 1, overrides: dict[str, Any] | None = None
) -> Simulator:
    loaded = load_scenario(scenario, **(overrides or {}))
    return sunward.make_simulator(loaded, n_worlds, n_threads=n_threads)


def _gangs(
    scenario: str | Path, n_worlds: int, n_threads: int = 1, overrides: dict[str, Any] | None = None
) -> Simulator:
    if overrides:
        raise UsageError(f"workload plays a trace, {scenario} has none: drop it")
    return build_gangs(scenario, n_worlds, n_threads=n_threads)


FLEET = Game(
    tables=Tables([one.name for one in OBSERVATIONS], [one.name for one in ACTIONS]),
    terms=REWARD_TERMS,
    worlds=Worlds,
    simulator=_fleet,
    rules=policies.RULES,
    rule=lambda name, params: policies.load_policy(name),
)
GANG = Game(
    tables=Tables([one.name for one in FEATURES], [one.name for one in CONTROLS]),
    terms=TERMS,
    worlds=GangWorlds,
    simulator=_gangs,
    rules=tuple(gang.POLICIES),
    rule=gang.make_policy,
)


def game_of(scenario: str | Path) -> Game:
    """Returns the game that a scenario, by id or path, belongs to."""
    return GANG if is_training(scenario) else FLEET

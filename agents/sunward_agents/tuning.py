"""Tuning of the fleet's rules."""

from __future__ import annotations

from typing import Any

from sunward.core.params import Params
from sunward.core.simulator import Simulator
from sunward_agents import heuristics
from sunward_agents.evaluate import play
from sunward_agents.heuristics import Rule
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants
from sunward_agents.rule_tuning import Tuner, filled

#: rule -> its class, with the constants in use as defaults.
ALONE: dict[str, type[Rule]] = {
    "thermostat": heuristics.Thermostat,
    "deadline_pacing": heuristics.DeadlinePacing,
    "energy_pacing": heuristics.EnergyPacing,
}
#: The same, of rules that hand work to neighbours.
SHARING: dict[str, type[Rule]] = {
    "load_balancing": heuristics.LoadBalancing,
    "energy_balancing": heuristics.EnergyBalancing,
}
TUNABLE = ALONE | SHARING


def rules_of(params: Params) -> tuple[str, ...]:
    """Returns the rules that differ in a scenario: a price alone says nothing.

    It takes neighbours, or a data centre on the ground.
    """
    is_answered = (params.neighbours >= 0).any() or params.service.ground_work > 0.0
    return tuple(TUNABLE if is_answered else ALONE)


def constants_of(rule: str) -> Any:
    """Returns the constants that a rule has now."""
    kind: Any = TUNABLE[rule]
    return kind().constants


def tuned_policy(rule: str, constants: Constants) -> Policy:
    """Returns a rule with these constants."""
    kind: Any = TUNABLE[rule]
    return kind(filled(constants_of(rule), constants))


TUNER: Tuner[Params] = Tuner(
    constants=constants_of,
    policy=lambda rule, constants, params: tuned_policy(rule, constants),
    simulator=Simulator,
    play=play,
)
#: See `Tuner.tune`; rules are those of `TUNABLE`.
tune = TUNER.tune

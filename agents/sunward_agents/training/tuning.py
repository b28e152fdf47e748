"""Tuning of the gang's rules."""

from __future__ import annotations

from sunward.training.params import TrainingParams
from sunward.training.simulator import GangSimulator
from sunward_agents.evaluate import play
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants
from sunward_agents.rule_tuning import Tuner
from sunward_agents.training.rules import Paced, PacedConstants, Thermostat, ThermostatConstants

#: rule -> its class and that of its constants, those in use being the defaults.
TUNABLE: dict[str, tuple[type, type]] = {
    "thermostat": (Thermostat, ThermostatConstants),
    "paced": (Paced, PacedConstants),
}


def tuned_policy(rule: str, constants: Constants, params: TrainingParams) -> Policy:
    """Returns a rule with these constants for a scenario."""
    make_rule, make_constants = TUNABLE[rule]
    return make_rule(params, make_constants(**constants))


TUNER: Tuner[TrainingParams] = Tuner(
    constants=lambda rule: TUNABLE[rule][1](),
    policy=tuned_policy,
    simulator=GangSimulator,
    play=play,
)
#: See `Tuner.tune`; rules are those of `TUNABLE`.
tune = TUNER.tune

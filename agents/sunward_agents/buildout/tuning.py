"""Tuning of the build-out's rules, by values over the first cash."""

from __future__ import annotations

from sunward.buildout.params import Params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout.play import play
from sunward_agents.buildout.rules import Paced, PacedConstants, make_policy
from sunward_agents.policies import Policy
from sunward_agents.random_search import Constants
from sunward_agents.rule_tuning import Tuner

#: The rule that has constants; all others stay as they are.
PACED = "paced"


def tuned_policy(rule: str, constants: Constants, params: Params) -> Policy:
    """Returns a rule with these constants, made for a scenario."""
    if rule == PACED:
        return Paced(params, PacedConstants(**constants))
    return make_policy(rule, params)


TUNER: Tuner[Params] = Tuner(
    constants=lambda rule: PacedConstants() if rule == PACED else None,
    policy=tuned_policy,
    simulator=BuildoutSimulator,
    play=play,
    weight=lambda params: 1e9 / params.scenario.finance.cash_usd,
)
#: See `Tuner.tune`; rules are those of `rules.POLICIES`.
tune = TUNER.tune

"""What a scenario must show before it is ranked: room to learn, and that it can be reached."""

from __future__ import annotations

from typing import NamedTuple

from sunward_agents.calibration.ladder import Ladder
from sunward_agents.statistics import Estimate

#: Points of score: 0 is the idle rule, 100 the bound.
MOST_OF_BLIND = 60.0
LEAST_LEAD_OF_BEST_RULE = 8.0
MOST_OF_BEST_RULE = 82.0
LEAST_LEAD_OF_FORECASTS = 4.0
LEAST_OF_FORESIGHT = 90.0
FORECASTS, FORESIGHT = "mpc", "mpc_foresight"


class Check(NamedTuple):
    """One demand on a ladder."""

    statement: str
    figure: Estimate
    limit: str
    passed: bool


def checks(ladder: Ladder) -> list[Check]:
    """Returns every demand on a ladder, and whether it is met."""
    best = ladder.best_rule()
    return [
        *(_blind(ladder, name) for name in ladder.names("blind")),
        *(_below_plain(ladder, name) for name in ladder.names("blind")),
        _at_least(
            f"{best} (best rule) over {ladder.plain}",
            ladder.lead(best, ladder.plain),
            LEAST_LEAD_OF_BEST_RULE,
        ),
        _at_most(f"{best} (best rule)", ladder.score(best), MOST_OF_BEST_RULE),
        _at_least(
            f"{FORECASTS} over {best}", ladder.lead(FORECASTS, best), LEAST_LEAD_OF_FORECASTS
        ),
        _at_least(FORESIGHT, ladder.score(FORESIGHT), LEAST_OF_FORESIGHT),
        *(_trained(ladder, name, best) for name in ladder.names("trained")),
    ]


def _blind(ladder: Ladder, name: str) -> Check:
    return _at_most(name, ladder.score(name), MOST_OF_BLIND)


def _below_plain(ladder: Ladder, name: str) -> Check:
    lead = ladder.lead(ladder.plain, name)
    return Check(f"{ladder.plain} over {name}", lead, "> 0", lead.mean > 0.0)


def _trained(ladder: Ladder, name: str, best: str) -> Check:
    lead = ladder.lead(name, best)
    return Check(f"{name} over {best}", lead, "interval > 0", lead.is_above_zero)


def _at_least(statement: str, figure: Estimate, limit: float) -> Check:
    return Check(statement, figure, f">= {limit:g}", figure.mean >= limit)


def _at_most(statement: str, figure: Estimate, limit: float) -> Check:
    return Check(statement, figure, f"<= {limit:g}", figure.mean <= limit)

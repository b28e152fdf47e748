"""The reward: named terms, each already multiplied by the scenario's weight."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """One term of a satellite's reward in one step."""

    name: str
    sign: int
    meaning: str


REWARD_TERMS = (
    Term("value_interactive", +1, "interactive work answered, in satellite-steps of capacity"),
    Term("value_deferrable", +1, "deferrable work done before its deadline"),
    Term("missed_interactive", -1, "interactive work not answered within the step"),
    Term("missed_deferrable", -1, "deferrable work whose deadline passed"),
    Term("wear", -1, "battery capacity lost"),
    Term("brownout", -1, "falls into safe mode for want of power"),
    Term("trip", -1, "over-temperature trips"),
    Term("credit", 0, "share of the outcome of handed-over work that its sender gets; sums to 0"),
    Term("ground", -1, "what the ground asks for the work that it does for this satellite"),
)
N_TERMS = len(REWARD_TERMS)
TERM_INDEX = {term.name: index for index, term in enumerate(REWARD_TERMS)}

"""Names of what a company sees and does, which hang on the shells and designs of its scenario."""

from __future__ import annotations

from sunward.buildout.features import FeatureTable
from sunward.buildout.levers import LeverTable
from sunward.buildout.params import Params
from sunward_agents.games import Tables


def tables_of(params: Params) -> Tables:
    """Returns the names of observations and actions, in order."""
    return Tables(list(FeatureTable(params).names), list(LeverTable(params).names))

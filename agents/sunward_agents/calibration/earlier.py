"""Figures of an earlier calibration of the same scenario, which need not be played again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from sunward_agents.calibration.contest import Contest
from sunward_agents.calibration.ladder import Kind
from sunward_agents.errors import UsageError
from sunward_agents.random_search import Constants
from sunward_agents.results import read_record


class EarlierRung(BaseModel):
    """What a policy reached in worlds 0, 1, 2 ..., and with which constants."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    kind: Kind
    values: list[float]
    constants: Constants | None = None


class Earlier(BaseModel):
    """The part of a calibration's file that a later one takes over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    scenario: str = ""
    content_hash: str = ""
    policies: list[EarlierRung] = []

    def values(self, name: str) -> np.ndarray:
        """Returns what a policy reached in the first worlds; none where it did not play."""
        rung = self._rung(name)
        return np.array([] if rung is None else rung.values)

    def constants(self, name: str) -> Constants | None:
        """Returns the constants that a rule was tuned to, or None where it was not."""
        rung = self._rung(name)
        return None if rung is None else rung.constants

    def trained(self) -> list[EarlierRung]:
        """Returns the trained policies that played."""
        return [rung for rung in self.policies if rung.kind == "trained"]

    def _rung(self, name: str) -> EarlierRung | None:
        return next((rung for rung in self.policies if rung.name == name), None)


#: Where nothing was played before.
NOTHING = Earlier()


def read_earlier(path: Path, contest: Contest) -> Earlier:
    """Returns the figures in a file that `sunward calibrate --json` wrote.

    Raises: UsageError where they are of other worlds; as `read_record` for a damaged file.
    """
    found = read_record(path, Earlier)
    if found.content_hash != contest.content_hash:
        raise UsageError(
            f"{path}: holds figures of {found.scenario or 'no scenario'}, content hash "
            f"{found.content_hash[:12]}, not of {contest.scenario_id}, "
            f"{contest.content_hash[:12]}: give a file of this scenario"
        )
    return found

"""Who is in the gang until the next plan, and at which pace: read from a plan's columns.

A plan has shares of membership and does not mind when a satellite rests. Here each is in or out:
those rest who rest more in the plan and have less charge, as many as rest in it at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sunward_agents.training.gang_program import GangProgram

#: Blocks of a plan that are carried out.
CARRIED_OUT = 2
#: Added to a member's charge, as a change costs a pause.
STAYING = 0.25
#: Charge that a share of time outside the gang is held to be worth: the weak rest, not the strong.
REST_WEIGHT = 3.0
#: Below this share of the accelerators a gang rests.
LEAST_BUSY = 0.05


@dataclass(frozen=True)
class Crew:
    """Pace and members of a gang for some steps."""

    pace: float  # work of a member over that at full clock
    busy: float  # share of its accelerators that is at work
    rank: np.ndarray  # satellites, those who are to be members first
    count: int  # members

    def members(self, is_member: np.ndarray, is_fit: np.ndarray) -> np.ndarray:
        """Returns who is to be a member, bool (n_sats,): others stand in for those unfit.

        Args:
            is_member: who is one now; who stood in for another stays until the next plan.
            is_fit: who can be one.
        """
        chosen = np.zeros(len(self.rank), bool)
        chosen[self.rank[: self.count]] = True
        chosen &= is_fit
        stand_ins = [sat for sat in self.rank if is_fit[sat] and not chosen[sat]]
        stand_ins.sort(key=lambda sat: not is_member[sat])
        chosen[stand_ins[: self.count - int(chosen.sum())]] = True
        return chosen

    def levels(self, available: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns clock and active share with which each satellite keeps the pace, (n_sats,)."""
        share = np.maximum(np.minimum(self.busy, available), 1e-3)
        return self.pace / share, share


def planned_crews(gang: GangProgram, solution: np.ndarray, is_member: np.ndarray) -> list[Crew]:
    """Returns the crews of a plan's first blocks."""
    corners = solution[gang.pace].sum(axis=0)
    computing = np.maximum(gang.free - solution[gang.pause].sum(axis=0), 0.1) / gang.steps
    busy, pace = corners.sum(axis=1), corners @ gang.points.rate
    shares = np.array([solution[sat.deferrable].sum(axis=1) for sat in gang.satellites])
    rest = 1.0 - (shares @ gang.steps) / max(busy @ gang.steps, LEAST_BUSY)
    charge = np.array([solution[sat.battery.charge[0]] for sat in gang.satellites])
    rank = np.argsort(-(charge - REST_WEIGHT * rest + STAYING * is_member), kind="stable")
    first = range(min(CARRIED_OUT, gang.n))
    members = (shares[:, first] / np.maximum(busy[first], LEAST_BUSY)).sum(axis=0).mean()
    count = min(round(float(members)), int(gang.jobs.places[0]))
    return [
        Crew(
            float(pace[block] / computing[block]),
            float(min(busy[block] / computing[block], 1.0)),
            rank,
            count if busy[block] > LEAST_BUSY else 0,
        )
        for block in first
    ]

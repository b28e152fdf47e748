"""The linear model of a gang: its satellites, the time of its jobs, and what it gets done together.

Sums over a block of steps. The share o of a satellite's accelerators does what the gang needs of
it, and no more:

1. **Slowest.** Common work is members times the least that one of them does, so it is the sum of
   what each contributes, which is at most what it does.
2. **Pace.** Let the gang be for some shares of the time at the corners of the polygon of work
   against power. Who keeps up with all its accelerators is at the same corners while it is a
   member: its shares are at most the gang's. Who keeps up with fewer has to run them faster: up to
   each corner its shares add up to no more than the gang's, and so does its work.
3. **Places.** As many as a job has places are members, so up to each corner the shares of all add
   up to at most places times the gang's.
4. **Jobs** come in a fixed order, each after a pause. The share done of a job is at most the share
   of its pause that has passed, and that is at most the share done of the job before.

Upsets, checkpoints and regroupings are left out: they only cost time and work. The accelerator that
an upset takes is missing in `Foresight.available`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from sunward_agents.planners.ledger import change
from sunward_agents.planners.linear import Affine, Level, Program, column
from sunward_agents.planners.operating_points import OperatingPoints
from sunward_agents.planners.satellite import Satellite
from sunward_agents.planners.world import World, design_of
from sunward_agents.training.jobs_ahead import Jobs

#: A gang answers no requests.
NO_REQUESTS = OperatingPoints(np.empty(0), np.empty(0), 1.0)


class GangProgram:
    """The program of a gang; value in satellite-steps, summed over satellites."""

    def __init__(self, world: World, jobs: Jobs, value: float, risk: Level = 0.0) -> None:
        """Adds all columns and rows.

        Args:
            world: The satellites and their blocks.
            jobs: That the gang is given.
            value: Of a step of a satellite's work at full clock.
            risk: What a step of computing in each block costs by the upsets to expect, in
                satellite-steps; a proof has none.
        """
        self.program, self.world, self.jobs = Program(), world, jobs
        self.steps = world.lengths.astype(float)
        self.n = len(self.steps)
        design = replace(design_of(world), interactive=NO_REQUESTS)
        self.points = design.deferrable
        self.satellites = [
            Satellite(self.program, world, design, sat) for sat in range(world.params.n_sats)
        ]
        self._add_time(risk)
        self._add_work(value)
        self._keep_pace()

    def _add_time(self, risk: Level) -> None:
        """Time, pause and shares at each corner of each job in each block; the first just waits.

        All in steps but the shares: time and pause (n_jobs, n), pace (n_jobs, n, n_corners).
        """
        starts = np.cumsum(self.steps) - self.steps
        waiting = np.clip(self.jobs.pause[0] - starts, 0.0, self.steps)
        shape, self.free = (len(self.jobs.pause), self.n), self.steps - waiting
        self.pause = self.program.columns("pause", shape, 0.0, self.free)
        corners = (*shape, len(self.points.power))
        price = -np.multiply(risk, self.steps)[:, None]
        self.pace = self.program.columns("pace", corners, 0.0, 1.0, price)
        time = self.steps * self._gang_up_to(corners[-1])
        self.program.at_most(time + column(self.pause.T), self.free)

    def _add_work(self, value: float) -> None:
        """Work of each job in each block: at its pace, in its turn, by the satellites."""
        places, work, pause = self.jobs
        whole = work / places
        left = self.steps.sum() - np.cumsum(pause) - (np.cumsum(whole) - whole)
        most = places * np.clip(left, 0.0, whole)
        highest = places[:, None] * self.steps
        self.work = self.program.columns("work", highest.shape, 0.0, highest, value)
        before = None
        for job in range(len(places)):
            common = column(self.pace[job], places[job] * self.points.rate)
            self.program.at_most(column(self.work[job]) - self.steps * common, 0.0)
            done = self._sum_of(self.work[job], f"done {job}", most[job])
            if before is not None:
                passed = self._sum_of(self.pause[job], f"passed {job}", pause[job])
                self.program.at_most(done - (most[job] / pause[job]) * passed, 0.0)
                self.program.at_most(passed - (pause[job] / work[job - 1]) * before, 0.0)
            before = done
        contributed = _sum(satellite.deferrable_work() for satellite in self.satellites)
        self.program.at_most(column(self.work.T) - contributed, 0.0)

    def _sum_of(self, part: np.ndarray, name: str, most: float) -> Affine:
        """Returns what `part` has added up to at the end of each block, `most` at the most."""
        highs = np.r_[0.0, np.full(self.n, most)]
        sums = self.program.columns(name, self.n + 1, 0.0, highs)
        self.program.equal(change(sums) - column(part), 0.0)
        return column(sums[1:])

    def _gang_up_to(self, corner: int, weights: np.ndarray | None = None) -> Affine:
        """Returns the gang's shares up to a corner in each block, jobs weighted and added up."""
        n_jobs = len(self.jobs.places)
        columns = self.pace[:, :, :corner].transpose(1, 0, 2).reshape(self.n, -1)
        return column(columns, np.repeat(np.ones(n_jobs) if weights is None else weights, corner))

    def _keep_pace(self) -> None:
        """Members are at the corners of the gang, and there are no more of them than places."""
        for satellite in self.satellites:
            if satellite.available.min() >= 1.0:
                own = column(satellite.deferrable.ravel())
                common = column(self.pace.reshape(len(self.pace), -1).T)
                self.program.at_most(own - common, 0.0)
            else:
                self._keep_up(satellite)
        for corner in range(1, len(self.points.power) + 1):
            own = _sum(column(sat.deferrable[:, :corner]) for sat in self.satellites)
            self.program.at_most(own - self._gang_up_to(corner, self.jobs.places), 0.0)

    def _keep_up(self, satellite: Satellite) -> None:
        """The same for a satellite that lacks accelerators at times."""
        columns = self.pace.transpose(1, 0, 2).reshape(self.n, -1)
        common = column(columns, np.tile(self.points.rate, len(self.pace)))
        self.program.at_most(column(satellite.deferrable, self.points.rate) - common, 0.0)
        for corner in range(1, len(self.points.power) + 1):
            own = column(satellite.deferrable[:, :corner])
            self.program.at_most(own - self._gang_up_to(corner), 0.0)


def _sum(parts: Iterable[Affine]) -> Affine:
    first, *others = parts
    for part in others:
        first += part
    return first

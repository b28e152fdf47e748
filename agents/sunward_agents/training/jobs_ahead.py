"""Which jobs a gang will be given: their order is fixed, whatever it does."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.training.books import N_SUMS
from sunward.training.gang import GANG, begin_gangs
from sunward.training.params import TrainingParams


class Jobs(NamedTuple):
    """Jobs one after another, the first one under way; each (n_jobs,)."""

    places: np.ndarray  # satellites that a job can use
    work: np.ndarray  # that is left of it, in steps of a satellite at full clock
    pause: np.ndarray  # before it computes, in steps


def jobs_ahead(params: TrainingParams, key: tuple[int, int]) -> Jobs:
    """Returns the jobs of a world that an episode can get to, with all places at full clock.

    Args:
        params: The scenario.
        key: Philox key of the world.
    """
    gang, left = params.gang, float(params.episode_steps)
    restart = gang.restart_s / gang.step_s
    states, sums = np.zeros((1, len(GANG))), np.zeros((1, N_SUMS))
    everyone, found = np.ones(1, np.bool_), []
    while left > restart:
        begin_gangs(states, sums, np.array([key]), everyone, len(found), gang, *params.jobs)
        places, work = states[0, GANG.size], states[0, GANG.work] / gang.capacity_work
        found.append((places, work, restart))
        left -= restart + work / places
    return Jobs(*np.array(found).reshape(-1, 3).T)


def endless(params: TrainingParams) -> Jobs:
    """Returns what to expect of jobs that are not known: one of mean size, without end."""
    jobs = params.jobs
    share = np.diff(jobs.cumulative, prepend=0.0)
    places = float(share @ jobs.members)
    restart = params.gang.restart_s / params.gang.step_s
    return Jobs(np.array([places]), np.array([places * params.episode_steps]), np.array([restart]))

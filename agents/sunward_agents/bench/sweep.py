"""Throughput over satellites and worlds, on one core and on all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from sunward_agents.bench.fleets import fleet, stepper
from sunward_agents.bench.timing import clock_of, runs_s
from sunward_agents.results import n_cores

SATELLITES = (1, 16, 66, 264, 1056, 8192)
WORLDS = (1, 16, 256)
#: Satellites in all worlds beyond which nothing new is learnt.
MOST = 70_000
N_RUNS = 5
RUN_S = 0.06


class Point(NamedTuple):
    """Throughput of one shape: median, lowest and highest of the runs, satellite-steps/s.

    With one thread a second is one of processor time, see `clock_of`.
    """

    satellites: int
    worlds: int
    threads: int
    rate: float
    lowest: float
    highest: float


def measurements() -> list[Callable[[], Iterator[Point]]]:
    """Returns what to measure, in order; each yields one shape on one core and on all."""
    return [
        partial(points, n_sats, n_worlds)
        for n_worlds in WORLDS
        for n_sats in SATELLITES
        if n_sats * n_worlds <= MOST
    ]


def points(n_sats: int, n_worlds: int) -> Iterator[Point]:
    """Measures one shape with one thread and with one a core, by turns."""
    counts = sorted({1, n_cores()})
    steps = [
        (stepper(fleet(n_sats, n_worlds, count), looks=True), clock_of(count)) for count in counts
    ]
    seconds = runs_s(steps, N_RUNS, RUN_S)
    for count, column in zip(counts, seconds.T, strict=True):
        rates = n_sats * n_worlds / column
        yield Point(n_sats, n_worlds, count, float(np.median(rates)), rates.min(), rates.max())

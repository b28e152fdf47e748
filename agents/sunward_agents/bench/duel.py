"""A peer and ours of the same shape, run by turns in one process of their own.

`python -m sunward_agents.bench.duel vmas 1` prints one result as JSON; 1 is the number of cores. A
process of its own, because what bounds the threads of a library is set before it is imported.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from sunward_agents.bench.peers import PEERS
from sunward_agents.bench.timing import clock_of, printed, runs_s
from sunward_agents.results import n_cores

N_RUNS = 7
RUN_S = 0.25


class Duel(NamedTuple):
    """Agent-steps a second of a peer and of ours; each a median of runs, as is their ratio.

    On one core a second is one of processor time, see `clock_of`.
    """

    peer: str
    version: str
    agents: int
    worlds: int
    cores: int
    peer_rate: float
    ours: str
    our_rate: float
    ratio: float
    lowest_ratio: float
    highest_ratio: float


def measurements() -> list[Callable[[], Iterator[Duel | Broken]]]:
    """Returns what to measure, in order: installed peers on one core; on all, those of a batch."""
    return [
        partial(duels, name, cores)
        for name, peer in PEERS.items()
        if peer.is_installed
        for cores in sorted({1, n_cores() if peer.worlds > 1 else 1})
    ]


class Broken(NamedTuple):
    """A peer that is installed and does not run."""

    peer: str
    reason: str


def missing() -> dict[str, str]:
    """Returns the peers that are not installed, and the line that installs each."""
    return {peer.name: peer.install for peer in PEERS.values() if not peer.is_installed}


def duels(name: str, cores: int) -> Iterator[Duel | Broken]:
    """Measures in a process of its own."""
    try:
        told = printed(["-m", __name__, name, str(cores)])
    except RuntimeError as error:
        yield Broken(PEERS[name].name, str(error))
    else:
        # What a library prints as it is imported comes before.
        yield Duel(**json.loads(told.splitlines()[-1]))


def play(name: str, cores: int, n_runs: int = N_RUNS, run_s: float = RUN_S) -> Duel:
    """Measures in this process, by turns; `our_rate` uses as many threads as there are cores."""
    peer = PEERS[name]
    builders = (peer.build, peer.build_ours)
    steps = [(build(peer.agents, peer.worlds), clock_of(cores)) for build in builders]
    seconds = runs_s(steps, n_runs, run_s)
    rates = peer.agents * peer.worlds / np.median(seconds, axis=0)
    ratios = seconds[:, 0] / seconds[:, 1]
    return Duel(
        peer.name,
        peer.version,
        peer.agents,
        peer.worlds,
        cores,
        float(rates[0]),
        peer.ours,
        float(rates[1]),
        float(np.median(ratios)),
        float(ratios.min()),
        float(ratios.max()),
    )


def _hold_to(cores: int) -> None:
    """Lets this process use that many cores, where the system can be told so."""
    affinity = getattr(os, "sched_setaffinity", None)
    if affinity is not None:
        affinity(0, sorted(os.sched_getaffinity(0))[:cores])
    os.environ["OMP_NUM_THREADS"] = str(cores)


if __name__ == "__main__":
    _hold_to(int(sys.argv[2]))
    sys.stdout.write(json.dumps(play(sys.argv[1], int(sys.argv[2]))._asdict()) + "\n")

"""A peer and ours, run by turns in one process of their own.

`python -m sunward_agents.bench.duel vmas 1` prints the results as JSON; 1 is the number of cores. A
process of its own, because what bounds the threads of a library is set before it is imported.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from sunward_agents.bench.peers import PEERS, Peer, our_core
from sunward_agents.bench.timing import clock_of, printed, runs_s
from sunward_agents.results import n_cores

N_RUNS = 7
RUN_S = 0.25
#: Satellites and worlds of the batch that a learner would step: beside every peer.
CONSTELLATION = (66, 128)


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
        yield from (Duel(**row) for row in json.loads(told.splitlines()[-1]))


def play(name: str, cores: int, n_runs: int = N_RUNS, run_s: float = RUN_S) -> list[Duel]:
    """Measures in this process, by turns: a peer, ours of its shape, and ours at what it is for.

    Ours use as many threads as there are cores.
    """
    peer = PEERS[name]
    shape = (peer.agents, peer.worlds)
    builds = [
        (peer.build, shape),
        (peer.build_ours, shape),
        (our_core, CONSTELLATION),
    ]
    seconds = runs_s([(build(*size), clock_of(cores)) for build, size in builds], n_runs, run_s)
    rates = np.array([math.prod(size) for _, size in builds]) / seconds
    names = (peer.ours, "simulator, {} x {}".format(*CONSTELLATION))
    return [
        _duel(peer, cores, rates[:, 0], ours, rates[:, place])
        for place, ours in enumerate(names, start=1)
    ]


def _duel(peer: Peer, cores: int, rates: np.ndarray, ours: str, our_rates: np.ndarray) -> Duel:
    ratios = our_rates / rates
    return Duel(
        peer.name,
        peer.version,
        peer.agents,
        peer.worlds,
        cores,
        float(np.median(rates)),
        ours,
        float(np.median(our_rates)),
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
    told = [one._asdict() for one in play(sys.argv[1], int(sys.argv[2]))]
    sys.stdout.write(json.dumps(told) + "\n")

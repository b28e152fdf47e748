"""The largest fleets, each in a process of its own: time to build, a step, peak memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sunward.core.actions import N_ACTIONS
from sunward_agents.bench.figure import Figure, threads
from sunward_agents.bench.timing import printed_numbers
from sunward_agents.results import n_cores

#: Scenario -> what the project promises of a step (s) and of memory (GiB).
LARGE = {"mega-10k-v0": (None, None), "million-v0": (0.35, 3.0)}
_LARGE_STEPS = """\
import resource, sys, time
import numpy, sunward
warm = sunward.make_simulator("single-walker-v0")  # compiles: that is measured by itself
warm.reset([(0, 0)])
warm.step(numpy.zeros((1, 1, int(sys.argv[3])), numpy.float32))
t = time.perf_counter()
simulator = sunward.make_simulator(sys.argv[1], 1, n_threads=int(sys.argv[2]))
simulator.reset([(0, 0)])
built_s = time.perf_counter() - t
shape = (1, simulator.n_sats, int(sys.argv[3]))
actions = numpy.random.default_rng(0).uniform(-1.0, 1.0, shape).astype(numpy.float32)
steps_s = []
for _ in range(12):
    t = time.perf_counter()
    simulator.step(actions)
    steps_s.append(time.perf_counter() - t)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
peak_gib = peak / 2 ** (30 if sys.platform == "darwin" else 20)
print(simulator.n_sats, built_s, numpy.median(steps_s[2:]), peak_gib)
"""


def measurements() -> list[Callable[[], Iterator[Figure]]]:
    """Returns what to measure, in order; each yields the figures of one fleet."""
    return [partial(large_fleet, scenario) for scenario in LARGE]


def large_fleet(scenario: str) -> Iterator[Figure]:
    """Measures one world of a large fleet."""
    n_threads = n_cores()
    n_sats, built_s, step_s, peak_gib = printed_numbers(
        _LARGE_STEPS, scenario, str(n_threads), str(N_ACTIONS)
    )
    step_limit_s, limit_gib = LARGE[scenario]
    told = threads(n_threads)
    yield Figure(f"{scenario}, build and reset", built_s, "s")
    yield Figure(f"{scenario}, a step, {told}", step_s, "s", step_limit_s)
    yield Figure(f"{scenario}, {told}", n_sats / step_s / 1e6, "M satellite-steps/s")
    yield Figure(f"{scenario}, peak memory", peak_gib, "GiB", limit_gib)

"""Speed on this machine: the simulator alone, behind its faces, in training, and from cold."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

import sunward
from sunward.core.actions import N_ACTIONS
from sunward.core.simulator import Simulator
from sunward_agents.results import hardware, n_cores, package_version

SCENARIO = "walker-53-66-v0"
BATCH_WORLDS = 256
CACHED_WORLDS = 7
_IMPORT = "import time; t = time.perf_counter(); import sunward; print(time.perf_counter() - t)"
_FIRST_STEP = f"""\
import time
t = time.perf_counter()
import numpy, sunward
simulator = sunward.make_simulator("{SCENARIO}", 1)
simulator.reset([(0, 0)])
simulator.step(numpy.zeros((1, simulator.n_sats, {N_ACTIONS}), numpy.float32))
print(time.perf_counter() - t)
"""
#: The largest fleets: scenario -> what the project promises of a step (s) and of memory (GiB).
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


class Figure(NamedTuple):
    """One measurement; `limit` is what the project promises, `better` on which side of it."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    better: str = "below"

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None where there is none."""
        if self.limit is None:
            return None
        return self.value < self.limit if self.better == "below" else self.value >= self.limit


def machine() -> dict[str, str]:
    """Returns what the figures depend on: processor, versions."""
    import numba

    return {
        "hardware": hardware(),
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "numba": numba.__version__,
        "sunward": package_version(),
    }


def measurements(*, with_large: bool = False) -> list[Callable[[], Iterator[Figure]]]:
    """Returns what to measure, in order; each yields one or more figures.

    Args:
        with_large: the fleets of `LARGE` too, after all others.
    """
    usual = [import_time, first_step_time, one_world, batch, memory, training]
    large = [partial(large_fleet, scenario) for scenario in LARGE] if with_large else []
    return [*usual, *large]


def import_time() -> Iterator[Figure]:
    """Measures the import of the package in processes of its own."""
    yield Figure("import sunward", _median(lambda: _subprocess_s(_IMPORT), 3), "s", 1.0)


def first_step_time() -> Iterator[Figure]:
    """Measures import, scenario, reset and step with an empty and with a filled cache."""
    with tempfile.TemporaryDirectory() as folder:
        yield Figure("first step, empty cache", _subprocess_s(_FIRST_STEP, folder), "s", 20.0)
        warm = _median(lambda: _subprocess_s(_FIRST_STEP, folder), 3)
        yield Figure("first step, warm cache", warm, "s", 3.0)


def one_world() -> Iterator[Figure]:
    """Measures a step of one world of 66 satellites, bare and behind PettingZoo."""
    simulator, actions = _ready(1)
    bare_s = _median_call_s(lambda: simulator.step(actions), 2000)
    yield Figure("Simulator.step, 66 satellites", 1e6 * bare_s, "us", 60.0)
    yield Figure("parallel_env.step, 66 satellites", 1e6 * _parallel_step_s(), "us", 250.0)


def batch() -> Iterator[Figure]:
    """Measures worlds of 66 satellites with full observations: few, which fit a cache, and 256."""
    simulator, actions = _ready(CACHED_WORLDS)
    step_s = _median_call_s(lambda: simulator.step(actions), 400)
    rate = CACHED_WORLDS * simulator.n_sats / step_s / 1e6
    name = f"66 satellites x {CACHED_WORLDS} worlds, 1 thread"
    yield Figure(name, rate, "M satellite-steps/s", None, "above")
    for n_threads in sorted({1, n_cores()}):
        simulator, actions = _ready(BATCH_WORLDS, n_threads)
        step_s = _median_call_s(lambda: simulator.step(actions), 200)  # noqa: B023 - called at once
        rate = BATCH_WORLDS * simulator.n_sats / step_s / 1e6
        name = f"66 satellites x {BATCH_WORLDS} worlds, {n_threads} thread{'s'[: n_threads > 1]}"
        limit = 5.0 if n_threads == 1 else None
        yield Figure(name, rate, "M satellite-steps/s", limit, "above")


def memory() -> Iterator[Figure]:
    """Counts the state that the simulator holds for each satellite, observations included."""
    simulator, _ = _ready(BATCH_WORLDS)
    n_bytes = sum(array.nbytes for array in simulator.get_state().values())
    yield Figure("memory a satellite", n_bytes / (BATCH_WORLDS * simulator.n_sats), "bytes")


def training() -> Iterator[Figure]:
    """Measures PPO as the default configuration trains it."""
    from sunward_agents.sb3.run import unlogged_learner  # torch takes seconds
    from sunward_agents.train_config import DEFAULT_CONFIG, load_train_config

    model = unlogged_learner(load_train_config(DEFAULT_CONFIG))
    model.iterate()
    model.environment_s = model.busy_s = 0.0
    for _ in range(4):
        model.iterate()
    yield Figure("PPO training", model.steps_per_s / 1e3, "k satellite-steps/s")
    share = 100.0 * model.environment_s / model.busy_s
    yield Figure("environment's share of it", share, "%", 10.0)


def large_fleet(scenario: str) -> Iterator[Figure]:
    """Measures one world of a large fleet in a process of its own: build, step, peak memory."""
    n_threads = n_cores()
    printed = _printed(_LARGE_STEPS, [scenario, str(n_threads), str(N_ACTIONS)])
    n_sats, built_s, step_s, peak_gib = printed
    step_limit_s, limit_gib = LARGE[scenario]
    threads = f"{n_threads} thread{'s'[: n_threads > 1]}"
    yield Figure(f"{scenario}, build and reset", built_s, "s")
    yield Figure(f"{scenario}, a step, {threads}", step_s, "s", step_limit_s)
    yield Figure(f"{scenario}, {threads}", n_sats / step_s / 1e6, "M satellite-steps/s")
    yield Figure(f"{scenario}, peak memory", peak_gib, "GiB", limit_gib)


def _ready(n_worlds: int, n_threads: int = 1) -> tuple[Simulator, np.ndarray]:
    """Returns worlds some steps into their episode, and random actions for them."""
    simulator = sunward.make_simulator(SCENARIO, n_worlds, n_threads=n_threads)
    simulator.reset([(seed, 0) for seed in range(n_worlds)])
    shape = (n_worlds, simulator.n_sats, N_ACTIONS)
    actions = np.random.default_rng(0).uniform(-1.0, 1.0, shape).astype(np.float32)
    for _ in range(20):
        simulator.step(actions)
    return simulator, actions


def _parallel_step_s() -> float:
    from sunward import constellation_v0

    env: Any = constellation_v0.parallel_env(scenario=SCENARIO)
    env.reset(seed=0)
    actions = {agent: env.action_space(agent).sample() for agent in env.agents}
    return _median_call_s(lambda: env.step(actions), 400)  # of an episode's 480


def _median_call_s(call: Callable[[], object], n_calls: int) -> float:
    """Returns the median time of a call, after a tenth as many calls to warm up."""
    for _ in range(n_calls // 10):
        call()
    times = np.empty(n_calls - n_calls // 10)
    for index in range(len(times)):
        started = time.perf_counter()
        call()
        times[index] = time.perf_counter() - started
    return float(np.median(times))


def _median(measure: Callable[[], float], n_times: int) -> float:
    return float(np.median([measure() for _ in range(n_times)]))


def _subprocess_s(program: str, cache_dir: str | None = None) -> float:
    """Returns the seconds that a Python program prints."""
    (seconds,) = _printed(program, [], cache_dir)
    return seconds


def _printed(program: str, args: list[str], cache_dir: str | None = None) -> list[float]:
    """Returns the numbers that a Python program prints."""
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": cache_dir} if cache_dir else {})}
    command = [sys.executable, "-c", program, *args]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]

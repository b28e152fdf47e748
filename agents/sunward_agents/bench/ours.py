"""What the project promises of its speed: start, small steps, batches, memory, training."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sunward.core.actions import N_ACTIONS
from sunward_agents.bench.figure import Figure, threads
from sunward_agents.bench.fleets import LONE, SCENARIO, fleet, options, stepper
from sunward_agents.bench.timing import clock_of, median, median_call_s, printed_numbers, runs_s
from sunward_agents.results import n_cores

BATCH_WORLDS = 256
CACHED_WORLDS = 7
SMALL_FLEET = 16
#: Of a batch: runs, and the least time of each; of training: rollouts.
N_RUNS, RUN_S = 9, 0.1
N_ITERATIONS = 4
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


def measurements() -> list[Callable[[], Iterator[Figure]]]:
    """Returns what to measure, in order; each yields one or more figures."""
    return [import_time, first_step_time, one_world, faces, batch, memory, training]


def import_time() -> Iterator[Figure]:
    """Measures the import of the package in processes of its own."""
    yield Figure("import sunward", median(lambda: printed_numbers(_IMPORT)[0], 3), "s", 1.0)


def first_step_time() -> Iterator[Figure]:
    """Measures import, scenario, reset and step with an empty and with a filled cache."""
    with tempfile.TemporaryDirectory() as folder:

        def first_step_s() -> float:
            return printed_numbers(_FIRST_STEP, NUMBA_CACHE_DIR=folder)[0]

        yield Figure("first step, empty cache", first_step_s(), "s", 20.0)
        yield Figure("first step, warm cache", median(first_step_s, 3), "s", 3.0)


def one_world() -> Iterator[Figure]:
    """Measures a step of one world of one, 16 and 66 satellites, bare."""
    for n_sats, limit in ((1, None), (SMALL_FLEET, 8.0), (66, 60.0)):
        step_s = median_call_s(stepper(fleet(n_sats, 1)), 2000)
        name = f"Simulator.step, {n_sats} satellite{'s'[: n_sats > 1]}"
        yield Figure(name, 1e6 * step_s, "us", limit)


def faces() -> Iterator[Figure]:
    """Measures a step of one world behind Gymnasium and PettingZoo."""
    yield Figure("sunward/Satellite-v0 step, unwrapped", 1e6 * _lone_step_s(), "us", 6.0)
    for n_sats, limit in ((SMALL_FLEET, 40.0), (66, 250.0)):
        step_s = 1e6 * _parallel_step_s(n_sats)
        yield Figure(f"parallel_env.step, {n_sats} satellites", step_s, "us", limit)


def batch() -> Iterator[Figure]:
    """Measures worlds of 66 satellites with full observations: few, which fit a cache, and 256."""
    unit = "M satellite-steps/s"
    n_worlds = CACHED_WORLDS
    yield Figure(f"66 satellites x {n_worlds} worlds, {threads(1)}", _rate_m(n_worlds), unit)
    n_worlds = BATCH_WORLDS
    for n_threads in sorted({1, n_cores()}):
        name = f"66 satellites x {n_worlds} worlds, {threads(n_threads)}"
        limit = 5.0 if n_threads == 1 else None
        yield Figure(name, _rate_m(n_worlds, n_threads), unit, limit, "above")


def memory() -> Iterator[Figure]:
    """Counts the state that the simulator holds for each satellite, observations included."""
    simulator = fleet(66, BATCH_WORLDS)
    n_bytes = sum(array.nbytes for array in simulator.get_state().values())
    yield Figure("memory a satellite", n_bytes / (BATCH_WORLDS * simulator.n_sats), "bytes")


def training() -> Iterator[Figure]:
    """Measures PPO as the default configuration trains it."""
    from sunward_agents.sb3.run import unlogged_learner  # torch takes seconds
    from sunward_agents.train_config import DEFAULT_CONFIG, load_train_config

    model = unlogged_learner(load_train_config(DEFAULT_CONFIG))
    model.iterate()
    model.clock.clear()
    first_step, clock = model.num_timesteps, clock_of(1)
    started = clock()
    for _ in range(N_ITERATIONS):
        model.iterate()
    rate = (model.num_timesteps - first_step) / (clock() - started)
    yield Figure("PPO training, one core", rate / 1e3, "k satellite-steps/s", 60.0, "above")
    share = 100.0 * model.clock.share("environment")
    yield Figure("environment's share of it", share, "%", 3.0)


def _rate_m(n_worlds: int, n_threads: int = 1) -> float:
    step = stepper(fleet(66, n_worlds, n_threads))
    step_s = np.median(runs_s([(step, clock_of(n_threads))], N_RUNS, RUN_S))
    return n_worlds * 66 / float(step_s) / 1e6


def _lone_step_s() -> float:
    from sunward.faces.gym_env import SatelliteEnv

    env = SatelliteEnv(LONE)
    env.reset(seed=0)
    action = env.action_space.sample()
    return median_call_s(lambda: env.step(action), 400)  # of an episode's 480


def _parallel_step_s(n_sats: int) -> float:
    from sunward import constellation_v0

    env: Any = constellation_v0.parallel_env(**options(n_sats))
    env.reset(seed=0)
    actions = {agent: env.action_space(agent).sample() for agent in env.agents}
    return median_call_s(lambda: env.step(actions), 400)  # of an episode's 480

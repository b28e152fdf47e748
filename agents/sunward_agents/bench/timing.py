"""How long calls take: medians, calls that take turns, programs in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np


def median_call_s(call: Callable[[], object], n_calls: int) -> float:
    """Returns the median time of a call, after a tenth as many calls to warm up."""
    for _ in range(n_calls // 10):
        call()
    times = np.empty(n_calls - n_calls // 10)
    for index in range(len(times)):
        started = time.perf_counter()
        call()
        times[index] = time.perf_counter() - started
    return float(np.median(times))


Clock = Callable[[], float]


def clock_of(n_cores: int) -> Clock:
    """Returns the clock for work on so many cores.

    On one core it is the processor's time, which others who use the machine do not lengthen by
    taking the core away; on several it has to be the wall's.
    """
    return time.process_time if n_cores == 1 else time.perf_counter


def runs_s(
    calls: Sequence[tuple[Callable[[], object], Clock]], n_runs: int, run_s: float
) -> np.ndarray:
    """Returns the mean time of a call in each run, seconds (n_runs, n_calls).

    Calls take turns run by run, so that what else the machine does meets all of them; each is
    warmed up by a run that is not counted.

    Args:
        calls: what to call, each with the clock that times it.
        n_runs: runs of each.
        run_s: least time of a run.
    """
    means = np.empty((n_runs + 1, len(calls)))
    for run in range(n_runs + 1):
        for place, (call, clock) in enumerate(calls):
            means[run, place] = _mean_call_s(call, clock, run_s)
    return means[1:]


def _mean_call_s(call: Callable[[], object], clock: Clock, run_s: float) -> float:
    n_calls, started = 0, clock()
    while True:
        call()
        n_calls += 1
        passed_s = clock() - started
        if passed_s >= run_s:
            return passed_s / n_calls


def median(measure: Callable[[], float], n_times: int) -> float:
    """Returns the median of a measurement that is made `n_times`."""
    return float(np.median([measure() for _ in range(n_times)]))


def printed(arguments: Sequence[str], **variables: str) -> str:
    """Returns what a Python process prints; `variables` are added to its environment.

    Raises: RuntimeError with the last line of what it complained of.
    """
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it told no reason"]
        raise RuntimeError(lines[-1])
    return done.stdout


def printed_numbers(program: str, *arguments: str, **variables: str) -> list[float]:
    """Returns the numbers that a Python program prints."""
    return [float(word) for word in printed(["-c", program, *arguments], **variables).split()]

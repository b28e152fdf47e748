"""The GPU's kernels against the processor's, on machines without a GPU."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.core.worlds import small_params
from tests.gpu.simulated import GAMES, KEPT, play

from sunward import Simulator
from sunward.core.metrics import METRICS
from sunward.core.rows import ROW
from sunward.core.width import LANES

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("game", GAMES)
def test_kernels_in_numbas_simulator_play_the_processors_game(tmp_path, game):
    path = tmp_path / "simulated.npz"
    done = run(
        *("-m", "tests.gpu.simulated", str(path), game),
        NUMBA_ENABLE_CUDASIM="1",
        NUMBA_DISABLE_JIT="1",
    )
    assert done.returncode == 0, done.stderr
    on_gpu = np.load(path)
    simulator = Simulator(small_params(**GAMES[game]), 2)
    on_cpu = play(
        simulator,
        simulator.observations.copy,
        simulator.rewards.copy,
        lambda name, number: simulator.row(getattr(ROW, name) + number * LANES),
    )
    # Demand adds up site by site and not four at once: the last digits differ.
    assert np.abs(on_gpu["observations"] - on_cpu["observations"]).max() < 2e-6
    assert np.abs(on_gpu["rewards"] - on_cpu["rewards"]).max() < 2e-6
    for name in KEPT:
        assert on_gpu[name] == pytest.approx(on_cpu[name], rel=1e-5, abs=1e-3), name
    for metric in METRICS:
        assert on_gpu[metric.name] == pytest.approx(on_cpu[metric.name], rel=1e-6), metric.name


def test_without_a_gpu_one_line_says_what_to_do():
    done = run("-m", "tests.gpu.simulated", "unused", "own", NUMBA_DISABLE_CUDA="1")
    assert done.returncode == 1
    line = done.stderr.strip().splitlines()[-1]
    assert "NoGpuError: no CUDA GPU was found: use sunward.Simulator" in line
    assert "sunward[gpu]" in line

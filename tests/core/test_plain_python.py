"""The compiled kernel against the same source in plain Python."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from tests.core.plain_python import GAMES, played

N_STEPS = 20
ROOT = Path(__file__).resolve().parents[2]


def test_compiled_steps_equal_plain_python_bit_for_bit(tmp_path):
    path = tmp_path / "plain.npz"
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run(
        [sys.executable, "-m", "tests.core.plain_python", str(path), str(N_STEPS)],
        check=True,
        env=environment,
        cwd=ROOT,
    )
    plain = np.load(path)
    # Lanes beyond the satellites are padding; they too must agree.
    for game in GAMES:
        for name, values in played(game, N_STEPS).items():
            assert values.tobytes() == plain[name].tobytes(), name

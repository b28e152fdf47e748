"""Runs a small world and saves its state: with NUMBA_DISABLE_JIT=1 in plain Python."""

import sys
import warnings

import numpy as np
from tests.core.worlds import run, small_params

from sunward import Simulator


def main(path: str, n_steps: int) -> None:
    # Phases wrap round by design; scalars of NumPy warn of it, compiled code does not.
    warnings.simplefilter("ignore", RuntimeWarning)
    simulator = Simulator(small_params(), 1)
    simulator.reset([(7, 0)])
    np.savez(path, **run(simulator, n_steps).get_state())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

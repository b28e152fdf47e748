"""Runs small worlds and saves their states: with NUMBA_DISABLE_JIT=1 in plain Python."""

import sys
import warnings

import numpy as np
from tests.core.worlds import GROUND, run, small_params

from sunward import Simulator

#: With links alone, and with a data centre on the ground.
GAMES = {"links": {}, "ground": GROUND}


def played(game: str, n_steps: int) -> dict[str, np.ndarray]:
    """Returns the state that a game is in after some steps, by name."""
    simulator = Simulator(small_params(**GAMES[game]), 1)
    simulator.reset([(7, 0)])
    return {f"{game} {name}": row for name, row in run(simulator, n_steps).get_state().items()}


def main(path: str, n_steps: int) -> None:
    # Phases wrap round by design; scalars of NumPy warn of it, compiled code does not.
    warnings.simplefilter("ignore", RuntimeWarning)
    np.savez(path, **played("links", n_steps), **played("ground", n_steps))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

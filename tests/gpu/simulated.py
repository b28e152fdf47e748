"""Plays small worlds on the GPU's kernels, run by Numba's simulator as plain Python.

NUMBA_ENABLE_CUDASIM=1 NUMBA_DISABLE_JIT=1 python -m tests.gpu.simulated FILE GAME
"""

import sys
import warnings

import numpy as np
from tests.core.worlds import GROUND, random_actions, small_params

from sunward.gpu import GpuSimulator

#: With rewards of one's own and shared, and with a data centre on the ground.
GAMES = {"own": {}, "shared": {"reward.team_share": 0.3}, "ground": GROUND}
SEEDS = [(7, 0), (8, 0)]
N_STEPS = 3


#: Quantities that a game ends with; of the queue the third slot.
KEPT = {"charge_j": 0, "chip_k": 0, "queue": 2, "pump_health": 0, "link": 1}


def play(simulator, observations, rewards, row):
    """Returns what a game shows: two worlds, one of which starts anew half-way."""
    shown, paid = [], []
    simulator.reset(SEEDS)
    for step in range(2 * N_STEPS):
        if step == N_STEPS:
            simulator.reset([(9, 1)], envs=[1])
            shown.append(observations())
        simulator.step(random_actions(simulator, step))
        shown.append(observations())
        paid.append(rewards())
    sums = {name: values.copy() for name, values in simulator.metrics().items()}
    kept = {name: row(name, number) for name, number in KEPT.items()}
    return {"observations": np.array(shown), "rewards": np.array(paid), **sums, **kept}


def main(path: str, game: str) -> None:
    # Phases wrap round by design; scalars of NumPy warn of it, compiled code does not.
    warnings.simplefilter("ignore", RuntimeWarning)
    simulator = GpuSimulator(small_params(**GAMES[game]), len(SEEDS))
    np.savez(path, **play(simulator, simulator.observations, simulator.rewards, simulator.row))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

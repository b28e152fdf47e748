from __future__ import annotations

from typing import Any

import numpy as np

from sunward.training.build import build_training
from sunward.training.controls import INDEX, N_CONTROLS
from sunward.training.load import load_training
from sunward.training.simulator import GangSimulator

#: Four satellites, so that tests can step a gang many times.
SMALL = {"constellation.satellites": 4}
#: Upsets so frequent that a short episode has some.
STORMY = {"hardware.faults.upset_rate": "4000 1/yr", "gang.state": "0.1 TB"}


def simulator(
    n_envs: int = 1, scenario: str = "training-easy-v0", hours: float = 4.0, **overrides: Any
) -> GangSimulator:
    """Returns small worlds, started at seeds 0, 1, ..."""
    changes = {**SMALL, "episode.hours": hours, **overrides}
    worlds = GangSimulator(build_training(load_training(scenario, **changes)), n_envs)
    worlds.reset([(seed, 0) for seed in range(n_envs)])
    return worlds


def controls(worlds: GangSimulator, **values: Any) -> np.ndarray:
    """Returns controls of all satellites, at full but for those given by name, no checkpoint."""
    rows = np.ones((worlds.n_envs, worlds.n_sats, N_CONTROLS), np.float32)
    for name, value in {"checkpoint": -1.0, **values}.items():
        rows[..., INDEX[name]] = value
    return rows

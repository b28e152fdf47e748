"""Small worlds for the tests of the core, and how to run them."""

from __future__ import annotations

import numpy as np

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import N_ACTIONS

#: Thirty satellites in three planes of ten: near enough for every kind of link.
SMALL = {
    "constellation.satellites": 30,
    "constellation.planes": 3,
    "demand.ingress_radius_km": 4000,
    "demand.longest_deadline_min": 60,
}
#: A data centre that takes work of the dearer half of the satellites.
GROUND = {"ground": {"price": 0.5, "cost": 0.8, "limit_satellite_min": 0.4}}


def small_params(**overrides):
    """Returns parameters of a small Walker constellation."""
    return build_params(load_scenario("walker-53-66-v0", **(SMALL | overrides)))


def random_actions(simulator: Simulator, step: int) -> np.ndarray:
    """Returns actions that depend on the world's index and the step alone."""
    shape = (simulator.n_sats, N_ACTIONS)
    return np.stack(
        [
            np.random.default_rng([env, step]).uniform(-1, 1, shape)
            for env in range(simulator.n_envs)
        ]
    ).astype(np.float32)


def run(simulator: Simulator, n_steps: int) -> Simulator:
    """Steps a simulator with random actions."""
    for step in range(n_steps):
        simulator.step(random_actions(simulator, step))
    return simulator

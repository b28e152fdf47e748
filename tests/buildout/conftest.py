from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sunward.buildout.load import load_buildout
from sunward.buildout.params import Params, build_params
from sunward.buildout.simulator import BuildoutSimulator

#: Two years: long enough for deliveries, launches, failures and sales.
MONTHS = 24


@pytest.fixture(scope="session")
def params() -> Params:
    return build_params(load_buildout("buildout-medium-v0"))


@pytest.fixture
def short() -> dict[str, Any]:
    """Options of a face whose episodes last two years."""
    return {"overrides": {"months": MONTHS}}


def started(params: Params, n: int = 4, first_seed: int = 0) -> BuildoutSimulator:
    """Returns worlds of consecutive seeds at their start."""
    simulator = BuildoutSimulator(params, n)
    simulator.reset([(first_seed + world, 0) for world in range(n)])
    return simulator


def random_actions(simulator: BuildoutSimulator, rng: np.random.Generator) -> np.ndarray:
    """Returns actions, some of them beyond the bounds."""
    return rng.uniform(-1.2, 1.2, (simulator.n_envs, len(simulator.levers)))

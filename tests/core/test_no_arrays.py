"""Compiled code makes no array: it counts no references, so none would ever be freed."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numba.core.runtime import _nrt_python, rtsys

from sunward import make_simulator
from sunward.core.actions import ACTIONS
from sunward.core.simulator import Simulator
from sunward.training.build import build_training
from sunward.training.controls import N_CONTROLS
from sunward.training.load import load_training
from sunward.training.simulator import GangSimulator


@pytest.fixture
def arrays_made() -> Iterator[Callable[[], int]]:
    """Yields a function that returns how many arrays compiled code has made so far."""
    _nrt_python.memsys_enable_stats()
    yield lambda: rtsys.get_allocation_stats().mi_alloc
    _nrt_python.memsys_disable_stats()


def play(simulator: Simulator, n_numbers: int) -> None:
    """Plays the beginnings of two episodes."""
    actions = np.zeros((simulator.n_envs, simulator.n_sats, n_numbers), np.float32)
    for episode in range(2):
        simulator.reset([(seed, episode) for seed in range(simulator.n_envs)])
        for _ in range(3):
            simulator.step(actions)


@pytest.mark.parametrize("scenario", ["single-walker-v0", "constellation-ground-v0"])
def test_none_is_made_of_satellites(scenario: str, arrays_made: Callable[[], int]):
    simulator = make_simulator(scenario, 2)
    before = arrays_made()
    play(simulator, len(ACTIONS))
    assert arrays_made() == before


def test_none_is_made_of_gangs(arrays_made: Callable[[], int]):
    simulator = GangSimulator(build_training(load_training("training-easy-v0")), 2)
    before = arrays_made()
    play(simulator, N_CONTROLS)
    assert arrays_made() == before

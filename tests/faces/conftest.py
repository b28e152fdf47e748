from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from sunward import constellation_v0, training_v0

#: A short episode, and a fleet small enough for tests that run a step many times.
SHORT = {"episode.hours": 0.2}
SMALL = {
    **SHORT,
    "constellation.satellites": 6,
    "constellation.planes": 2,
    "constellation.phasing": 1,
}


@pytest.fixture
def single() -> dict[str, Any]:
    """One satellite, twelve steps."""
    return {"scenario": "single-dawn-dusk-v0", "overrides": dict(SHORT)}


@pytest.fixture
def fleet() -> dict[str, Any]:
    """Six satellites in two planes, twelve steps."""
    return {"scenario": "walker-53-66-v0", "overrides": dict(SMALL)}


@pytest.fixture
def gang() -> dict[str, Any]:
    """Four satellites in formation, twelve steps."""
    return {"scenario": "training-easy-v0", "overrides": {"constellation.satellites": 4, **SHORT}}


@pytest.fixture(params=["fleet", "gang"])
def game(request: pytest.FixtureRequest) -> tuple[ModuleType, dict[str, Any]]:
    """A game that satellites play side by side: its module, and options of a small world."""
    module = {"fleet": constellation_v0, "gang": training_v0}[request.param]
    return module, request.getfixturevalue(request.param)

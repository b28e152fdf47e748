from __future__ import annotations

from typing import Any

import pytest

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

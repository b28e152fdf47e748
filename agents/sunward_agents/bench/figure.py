"""One measured figure, what is promised of it, and what machine it was measured on."""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np

from sunward_agents.results import hardware, package_version


class Figure(NamedTuple):
    """One measurement; `limit` is what the project promises, `better` on which side of it."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    better: str = "below"

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None where there is none."""
        if self.limit is None:
            return None
        return self.value < self.limit if self.better == "below" else self.value >= self.limit


def machine() -> dict[str, str]:
    """Returns what the figures depend on: processor, versions."""
    import numba

    return {
        "hardware": hardware(),
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "numba": numba.__version__,
        "sunward": package_version(),
    }


def threads(n_threads: int) -> str:
    """Returns how many threads, in words."""
    return f"{n_threads} thread{'s'[: n_threads > 1]}"

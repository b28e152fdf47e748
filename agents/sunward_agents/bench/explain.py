"""Why a step is as fast as it is: its vectors, operations and bytes, and the roof above them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sunward_agents.bench.fleets import fleet, stepper
from sunward_agents.bench.operations import bytes_per_step, flops_per_phase
from sunward_agents.bench.roofline import Roofline, roofline
from sunward_agents.bench.stages import Stage, stages
from sunward_agents.bench.timing import clock_of, runs_s
from sunward_agents.bench.vector_code import VectorCode, vector_code

#: Far more than a cache holds: the roof is that of the memory.
N_SATS, N_WORLDS = 66, 1024
#: What a cache holds: its phases are timed one by one.
CACHED_WORLDS = 7


class Explanation(NamedTuple):
    """One core's step of 66 satellites x 1024 worlds beside what the core could do."""

    code: VectorCode
    flops: float
    n_bytes: int
    roof: Roofline
    rate: float
    stages: list[Stage]

    @property
    def shares(self) -> dict[str, float]:
        """Returns the share of each limit that the step reaches; 1 is all of it."""
        return {
            "multiply-add peak": self.rate * self.flops / self.roof.flops_per_s,
            "memory bandwidth": self.rate * self.n_bytes / self.roof.memory_bytes_per_s,
            "roofline": self.rate / self.roof.attainable_rate(self.flops, self.n_bytes),
        }


def measurements() -> list[Callable[[], Iterator[Explanation]]]:
    """Returns the one thing to do."""
    return [explained]


def explained() -> Iterator[Explanation]:
    """Compiles, counts and measures; a minute."""
    code, flops, roof = vector_code(), flops_per_phase(), roofline()
    ((step_s,),) = runs_s([(stepper(fleet(N_SATS, N_WORLDS)), clock_of(1))], 1, 2.0)
    rate = N_SATS * N_WORLDS / float(step_s)
    parts = stages(fleet(N_SATS, CACHED_WORLDS), flops)
    yield Explanation(code, sum(flops.values()), bytes_per_step(), roof, rate, parts)

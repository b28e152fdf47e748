"""What a satellite-step asks of a machine: float operations, counted, and bytes that move.

`python -m sunward_agents.bench.operations` with NUMBA_DISABLE_JIT=1 prints the float operations
of each phase: it runs the kernel's own source in plain Python on numbers that count what is done to
them.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sunward.core.actions import N_ACTIONS
from sunward.core.driver import PHASES
from sunward.core.ledger import FIRST_OF_GROUND
from sunward.core.observations import N_OBS
from sunward.core.rows import BLOCK_INTS, CHANGED_START, KEPT_FLOATS, NEEDED_END
from sunward.core.width import LANES
from sunward_agents.bench.fleets import fleet, random_actions
from sunward_agents.bench.timing import printed

#: A whole block: no lane is padding.
N_SATS = LANES


def bytes_per_step() -> int:
    """Returns bytes a satellite-step reads and writes beyond the second-level cache, float32.

    The kept rows that it needs, those that it changes, the books read and written (those of a data
    centre on the ground only where there is one), phases, actions, observations and reward.
    """
    rows = NEEDED_END + KEPT_FLOATS - CHANGED_START + BLOCK_INTS
    return 4 * (rows // LANES + N_ACTIONS + N_OBS + 1) + 8 * 2 * FIRST_OF_GROUND


def flops_per_phase() -> dict[str, float]:
    """Returns float operations a satellite-step: additions, multiplications, divisions, roots.

    What is done once a world is shared by its N_SATS satellites.
    """
    told = printed(["-m", __name__], NUMBA_DISABLE_JIT="1").split()
    return dict(zip(PHASES, map(float, told), strict=True))


class Counted(float):
    """A number that counts the operations it takes part in; `done` is that of all of them."""

    done = 0
    __slots__ = ()
    #: NumPy's own scalars then leave the operation to this class.
    __array_ufunc__ = None


def _counting(name: str) -> Callable[..., Any]:
    plain = getattr(float, name)

    def operate(*numbers: Any) -> Any:
        Counted.done += 1
        return Counted(plain(*map(float, numbers)))

    return operate


def _keeping(name: str) -> Callable[..., Any]:
    plain = getattr(float, name)
    return lambda number: Counted(plain(float(number)))


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv"):
    setattr(Counted, f"__{_name}__", _counting(f"__{_name}__"))
for _name in ("neg", "abs"):  # a sign is no operation, and what it returns must go on counting
    setattr(Counted, f"__{_name}__", _keeping(f"__{_name}__"))


class CountedArray(np.ndarray):
    """An array whose entries, taken one by one, are `Counted`."""

    def __getitem__(self, index: Any) -> Any:
        entry = super().__getitem__(index)
        return Counted(entry) if isinstance(entry, np.floating) else entry

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))


def counted_flops() -> list[float]:
    """Returns the float operations of each phase of a step of N_SATS satellites, over N_SATS."""
    from sunward.core import simulator
    from sunward.core.driver import step_chunks

    core: Any = simulator
    warnings.simplefilter("ignore", RuntimeWarning)  # phases wrap round by design
    worlds = fleet(N_SATS, 1)
    core.step_chunks = lambda *arguments: step_chunks(*map(_watched, arguments))
    done = [Counted.done for _ in worlds.step_in_phases(random_actions(1, N_SATS)[0])]
    return [float(flops) / N_SATS for flops in np.diff(done[:-1], prepend=0)]


def _watched(given: Any) -> Any:
    if isinstance(given, tuple):
        return type(given)(*map(_watched, given))
    return given.view(CountedArray) if given.dtype.kind == "f" else given


if __name__ == "__main__":
    sys.stdout.write(" ".join(map(str, counted_flops())) + "\n")

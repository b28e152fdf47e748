"""Where the time of a loop goes: seconds in named parts, and in none of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

OTHER = "other"


class Stopwatch:
    """Adds up the seconds of parts inside the whole; parts do not nest.

    wait: called before the clock is read at the end of a part or whole, if there is something to
        wait for.
    """

    def __init__(self) -> None:
        self.wait: Callable[[], None] | None = None
        self.total_s = 0.0
        self.parts_s: dict[str, float] = {}

    def clear(self) -> None:
        """Starts anew."""
        self.total_s = 0.0
        self.parts_s.clear()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Counts what happens inside."""
        started = time.perf_counter()
        yield
        self.total_s += self._since(started)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Counts what happens inside to a part."""
        started = time.perf_counter()
        yield
        self.parts_s[name] = self.parts_s.get(name, 0.0) + self._since(started)

    def _since(self, started: float) -> float:
        if self.wait:
            self.wait()
        return time.perf_counter() - started

    def share(self, name: str) -> float:
        """Returns the share of the whole that a part took, 0 to 1."""
        return self.parts_s.get(name, 0.0) / max(self.total_s, 1e-9)

    def shares(self) -> dict[str, float]:
        """Returns the share of every part, longest first, and of what belongs to none, last."""
        shares = {name: self.share(name) for name in self.parts_s}
        longest_first = dict(sorted(shares.items(), key=lambda pair: -pair[1]))
        return longest_first | {OTHER: max(0.0, 1.0 - sum(shares.values()))}

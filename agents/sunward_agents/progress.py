"""A progress bar with the time left on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

#: Seconds between two lines where there is no terminal: few enough for a log.
LINE_EVERY_S = 30.0


class Bar:
    """Shows how much of a known amount is done; writes to standard error.

    Args:
        label: what is under way.
        total: amount of work, in any unit.
    """

    def __init__(self, label: str, total: float) -> None:
        self._console = Console(stderr=True)
        self._label, self._total = label, total
        self._started = self._last_line = time.monotonic()
        self._first: float | None = None
        self._bar = _rich_bar(self._console) if self._console.is_terminal else None
        self._task = None if self._bar is None else self._bar.add_task(label, total=total, note="")

    def __enter__(self) -> Bar:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, done: float, note: str = "") -> None:
        """Shows `done` out of the total, with a note beside it."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, note=note)
            return
        self._first = done if self._first is None else self._first
        now = time.monotonic()
        if now - self._last_line >= LINE_EVERY_S:
            self._last_line = now
            left = time_left(self._total - done, done - self._first, now - self._started)
            share = 100.0 * done / self._total
            self._console.print(f"{self._label}: {share:.0f} %, {left} left  {note}".rstrip())

    def steps(self, done: int, total: int) -> None:
        """Shows `done` of `total` steps, whatever the unit of the bar is."""
        self.update(self._total * done / total)


class Stages:
    """A bar for each stage of a job, one after another."""

    def __init__(self, job: str) -> None:
        self._job = job
        self._label = ""
        self._bar: Bar | None = None

    def __enter__(self) -> Stages:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)

    def show(self, label: str, share: float) -> None:
        """Shows which share of a stage is done; a new label begins a new stage."""
        if self._bar is None or label != self._label:
            self.__exit__(None, None, None)
            self._label, self._bar = label, Bar(f"{self._job}: {label}", 1.0).__enter__()
        self._bar.update(share)


def time_left(amount_left: float, amount_done: float, elapsed_s: float) -> str:
    """Returns the time that the rest takes at the pace so far, as minutes and seconds."""
    if amount_done <= 0.0:
        return "?"
    seconds = round(amount_left * elapsed_s / amount_done)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _rich_bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
    )

"""Launching many kernels as one.

What the host does to launch the kernels of a step takes longer than a small fleet's step. Launched
once into a graph, the graph costs one launch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from sunward.gpu.target import config, cuda

#: Threads of a block: registers of a processor suffice for several blocks of the longest kernel.
THREADS = 128


class Launch(NamedTuple):
    """A kernel, the number of its blocks, and what it is handed."""

    kernel: Any
    n_blocks: int
    arguments: tuple
    n_threads: int = THREADS

    def run(self, stream: Any = 0) -> None:
        """Hands the kernel to the GPU, which runs it after what the stream holds already."""
        self.kernel[self.n_blocks, self.n_threads, stream](*self.arguments)


def run_all(launches: Sequence[Launch], stream: Any = 0) -> None:
    """Runs launches one after another."""
    for launch in launches:
        launch.run(stream)


class Replay:
    """Launches that are always the same, recorded when they run for the second time.

    The first run compiles, which cannot be recorded.
    """

    def __init__(self, launches: Sequence[Launch]) -> None:
        self._launches = launches
        self._has_run = False
        self._graph: Any = None

    def run(self) -> None:
        """Runs the launches one after another, on the default stream."""
        if self._has_run and self._graph is None and not config.ENABLE_CUDASIM:
            self._graph = _recorded(self._launches)
        if self._graph is None:
            run_all(self._launches)
            self._has_run = True
        else:
            self._graph.launch(_cuda_core().LEGACY_DEFAULT_STREAM)


def _recorded(launches: Sequence[Launch]) -> Any:
    """Returns a graph of launches."""
    stream = cuda.stream()
    _, handle = stream.__cuda_stream__()
    recorded = _cuda_core().Stream.from_handle(int(handle)).create_graph_builder()
    recorded.begin_building()
    run_all(launches, stream)
    return recorded.end_building().complete()


@cache
def _cuda_core() -> Any:
    """Returns the package that numba-cuda is built on; it cannot be imported without a driver."""
    return import_module("cuda.core")

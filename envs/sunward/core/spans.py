"""Which chunks, phases and blocks a call of `step_chunks` takes, and how threads share them.

A span is seven numbers: first and last (not included) of chunks, of phases, and of a chunk's
blocks; and which worker takes it, for what each has of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .driver import PHASES


def even_part(count: int, limit: int) -> int:
    """Returns the size of parts of `count` things: all but even, none above `limit`."""
    n_parts = -(-count // limit)
    return -(-count // n_parts)


def whole_span(n_chunks: int, n_blocks: int) -> np.ndarray:
    """Returns the span of all chunks, all phases and all blocks."""
    return np.array([0, n_chunks, 0, len(PHASES), 0, n_blocks, 0])


def chunk_spans(whole: np.ndarray, n_threads: int) -> np.ndarray:
    """Returns a span a thread, (n_threads, 7): a range of chunks, which share nothing."""
    spans = _spans(whole, n_threads)
    spans[:, 0:2] = _pieces(whole[1], n_threads)
    return spans


def block_spans(
    whole: np.ndarray, n_threads: int, n_phases: int = len(PHASES)
) -> Iterator[np.ndarray]:
    """Yields spans a thread, (n_threads, 7), of a chunk's blocks: all wait between two of them."""
    spans = _spans(whole, n_threads)
    spans[:, 4:6] = _pieces(whole[5], n_threads)
    for chunk in range(whole[1]):
        for phase in range(n_phases):
            spans[:, 0:4] = chunk, chunk + 1, phase, phase + 1
            yield spans


def _spans(whole: np.ndarray, n_workers: int) -> np.ndarray:
    """Returns the whole for each of some workers, (n_workers, 7)."""
    spans = np.tile(whole, (n_workers, 1))
    spans[:, 6] = np.arange(n_workers)
    return spans


def _pieces(count: int, n_pieces: int) -> np.ndarray:
    """Returns (n_pieces, 2): first and last (not included) of ranges that make up `count`."""
    bounds = np.linspace(0, count, n_pieces + 1).astype(np.int64)
    return np.stack([bounds[:-1], bounds[1:]], axis=1)

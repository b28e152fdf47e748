"""Who neighbours whom within a chunk, and in which pieces their numbers can be fetched.

Neighbours on one side of satellites that follow each other mostly follow each other too. A piece is
some lanes of a vector whose neighbours lie side by side: it is loaded as one, under a mask.
"""

from __future__ import annotations

import numpy as np

from .rows import BLOCK_FLOATS
from .width import LANES, VECTOR

#: Vectors of a block.
N_VECTORS = LANES // VECTOR


def chunk_wiring(neighbours: np.ndarray, n_worlds: int) -> np.ndarray:
    """Returns who neighbours whom within a chunk: slots (n_lanes, 4), -1 where there is none.

    Lanes beyond the last satellite are padding and have no neighbours.

    Args:
        neighbours: Satellites (n_sats, 4) on each side, or -1.
        n_worlds: Worlds of the chunk, one after another.
    """
    n_sats = len(neighbours)
    n_lanes = -(-n_worlds * n_sats // LANES) * LANES
    wiring = np.full((n_lanes, 4), -1, np.int32)
    first = np.arange(n_worlds, dtype=np.int32)[:, None, None] * n_sats
    wired = np.where(neighbours >= 0, neighbours + first, -1)
    wiring[: n_worlds * n_sats] = wired.reshape(-1, 4)
    return wiring


def wired_pieces(wiring: np.ndarray) -> np.ndarray:
    """Returns the pieces of every block, side and vector, as one flat table of int32.

    First one entry for each (block, side, vector): where its pieces start in the table; the next
    entry is where they end. Then two numbers a piece: what to add to a row's offset to get where
    lane 0 of the vector would come from, and a mask of the lanes that come from there. A satellite
    without a neighbour is its own.

    Args:
        wiring: Slots (n_lanes, 4), -1 where there is none.
    """
    own = np.arange(len(wiring))
    sides = [_side_pieces(np.where(wired >= 0, wired, own)) for wired in wiring.T]
    vectors = np.concatenate(
        [_vector_numbers(first, side) for side, (first, _, _) in enumerate(sides)]
    )
    order = np.argsort(vectors, kind="stable")
    pieces = [np.concatenate([side[column] for side in sides])[order] for column in (1, 2)]
    bounds = np.searchsorted(vectors[order], np.arange(len(wiring) // VECTOR * 4 + 1))
    table = np.stack(pieces, axis=1).reshape(-1)
    return np.concatenate([len(bounds) + 2 * bounds, table]).astype(np.int32)


def _vector_numbers(lanes: np.ndarray, side: int) -> np.ndarray:
    """Returns the numbers in the table of the vectors that lanes are in."""
    return (lanes // LANES * 4 + side) * N_VECTORS + lanes % LANES // VECTOR


def _side_pieces(sources: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the lanes where pieces start, where lane 0 of their vector comes from, and masks."""
    own = np.arange(len(sources))
    breaks = (own % VECTOR == 0) | (sources % LANES == 0)
    breaks[1:] |= sources[1:] != sources[:-1] + 1
    first = np.flatnonzero(breaks)
    end = np.append(first[1:], len(sources))
    lane = first % VECTOR
    where = sources[first] // LANES * BLOCK_FLOATS + sources[first] % LANES - lane
    masks = (1 << (lane + end - first)) - (1 << lane)
    return first, where, masks


def has_neighbour(wiring: np.ndarray) -> np.ndarray:
    """Returns 1 where a satellite has a neighbour and 0 where not, (4, n_blocks, LANES)."""
    return (wiring.T >= 0).reshape(4, -1, LANES)

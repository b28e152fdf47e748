"""A bound for a program too large to be solved at once: price what its parts share.

Any duals prove a bound, so those of the shared rows may come from anywhere: here from the same
world in coarser blocks, small enough to be solved whole. With them fixed the program falls apart
into satellites, whose own duals a solver finds one by one; together they are a dual vector of the
whole program, and `Program.dual_bound` says what it proves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sunward_agents.planners.linear import Program, maximise


def coarse_prices(
    program: Program, lengths: np.ndarray, coarse: Program, duals: np.ndarray, coarse_lengths
) -> np.ndarray:
    """Returns duals of the shared rows of `program`, and zeros elsewhere, from a coarser twin.

    Args:
        lengths, coarse_lengths: steps of the blocks of either program.
        duals: of the rows of `coarse`.
    """
    ends, coarse_ends = np.cumsum(lengths), np.cumsum(coarse_lengths)
    within = np.searchsorted(coarse_ends, ends - lengths, side="right")
    prices = np.zeros(program.n_rows)
    for name, rows in program.shared.items():
        prices[rows] = duals[coarse.shared[name]][within]
    return prices


def complete(
    program: Program, prices: np.ndarray, progress: Callable[[int, int], None] | None = None
) -> np.ndarray:
    """Returns duals of all rows of a program from those of its shared rows."""
    duals, matrix = prices.copy(), program.matrix()
    is_shared = np.zeros(program.n_rows, bool)
    is_shared[np.concatenate(list(program.shared.values()))] = True
    value = program.values() - matrix.T @ prices
    low, high = program.boxes()
    limit, is_equal = program.limits(), program.is_equal()
    by_row = matrix.tocsr()
    parts = list(_parts(by_row, is_shared))
    for done, (rows, columns) in enumerate(parts):
        own = by_row[rows][:, columns].tocsc()
        _, found = maximise(
            value[columns], own, limit[rows], is_equal[rows], low[columns], high[columns]
        )
        duals[rows] = found
        if progress is not None:
            progress(done + 1, len(parts))
    return duals


def _parts(matrix: csr_array, is_shared: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields rows and columns of each part that hangs together without the shared rows."""
    own = matrix.copy()
    own.data = np.where(np.repeat(is_shared, np.diff(own.indptr)), 0.0, 1.0)
    own.eliminate_zeros()
    links = own.T @ own
    n_parts, part_of = connected_components(links, directed=False)
    rows = np.flatnonzero(~is_shared)
    # Rows and columns sorted by part, so that each is a slice.
    part_of_row = part_of[own.indices[own.indptr[rows]]]
    row_order, column_order = (
        np.argsort(part_of_row, kind="stable"),
        np.argsort(part_of, kind="stable"),
    )
    row_ends = np.searchsorted(part_of_row[row_order], np.arange(n_parts + 1))
    column_ends = np.searchsorted(part_of[column_order], np.arange(n_parts + 1))
    for part in range(n_parts):
        own_rows = rows[row_order[row_ends[part] : row_ends[part + 1]]]
        if len(own_rows):
            yield own_rows, column_order[column_ends[part] : column_ends[part + 1]]

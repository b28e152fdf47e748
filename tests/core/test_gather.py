"""What comes from neighbours in pieces of vectors is what each satellite would fetch by itself."""

import numpy as np
import pytest
from tests.core.worlds import small_params

from sunward.core.compilation import entry
from sunward.core.gather import gatherer
from sunward.core.rows import BLOCK_FLOATS, ROW
from sunward.core.width import LANES
from sunward.core.wiring import N_VECTORS, chunk_wiring, has_neighbour, wired_pieces

N_ROWS = 3
_gather = gatherer(N_ROWS)
_INTO = ROW.fetched + 2 * LANES


@entry
def fetch(rows, pieces, block, side):
    """Fetches what a test asks for."""
    here = rows[block * BLOCK_FLOATS : (block + 1) * BLOCK_FLOATS]
    _gather(rows, here, N_VECTORS, pieces, block, side, ROW.queue, _INTO)


def ring(n_sats):
    """Returns neighbours fore and aft in a ring, none beside."""
    own = np.arange(n_sats)
    nobody = np.full(n_sats, -1)
    return np.stack([(own + 1) % n_sats, (own - 1) % n_sats, nobody, nobody], axis=1)


def scattered(n_sats):
    """Returns neighbours without any order, a third of them missing."""
    rng = np.random.default_rng(5)
    others = rng.integers(0, n_sats, (n_sats, 4))
    return np.where(rng.uniform(size=(n_sats, 4)) < 1 / 3, -1, others)


WIRINGS = {
    "grid": lambda: chunk_wiring(small_params().neighbours, 5),
    "ring": lambda: chunk_wiring(ring(50), 3),
    "alone": lambda: chunk_wiring(np.full((1, 4), -1), 70),
    "scattered": lambda: chunk_wiring(scattered(190), 1),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", WIRINGS)
def test_each_lane_gets_the_rows_of_its_neighbour(name, dtype):
    wiring = WIRINGS[name]()
    n_blocks = len(wiring) // LANES
    blocks = np.arange(n_blocks * BLOCK_FLOATS, dtype=dtype)
    by_row = blocks.reshape(n_blocks, -1, LANES)
    queue, fetched = ROW.queue // LANES, _INTO // LANES
    before = by_row[:, queue : queue + N_ROWS].swapaxes(0, 1).reshape(N_ROWS, -1).copy()
    pieces = wired_pieces(wiring)
    for side in range(4):
        wired = np.where(wiring[:, side] >= 0, wiring[:, side], np.arange(len(wiring)))
        for block in range(n_blocks):
            fetch(blocks, pieces, block, side)
            lanes = slice(block * LANES, (block + 1) * LANES)
            found = by_row[block, fetched : fetched + N_ROWS]
            np.testing.assert_array_equal(found, before[:, wired[lanes]])


def test_who_has_no_neighbour_is_marked():
    wiring = WIRINGS["ring"]()
    has = has_neighbour(wiring).reshape(4, -1)
    np.testing.assert_array_equal(has[:, :150].sum(axis=1), [150, 150, 0, 0])
    assert not has[:, 150:].any()


def test_neighbours_in_a_row_come_as_whole_vectors():
    pieces = wired_pieces(chunk_wiring(ring(10 * LANES), 1))
    n_vectors = 10 * 4 * 4
    counts = np.diff(pieces[: n_vectors + 1]) // 2
    fore, beside = counts.reshape(-1, 4, 4)[:, 0], counts.reshape(-1, 4, 4)[:, 2:]
    assert fore.max() == 2  # the last lane of a block has its neighbour in the next
    assert np.median(fore) == 1
    assert beside.max() == 1

"""Worlds come out of their chunks as they went in, wherever chunks and blocks have room over."""

import numpy as np
import pytest

from sunward.core.chunks import CHUNK_SATELLITES, chunks_of
from sunward.core.width import LANES

#: One world; of one satellite; chunks and blocks not full; worlds larger than a chunk aims at.
BATCHES = [(1, 1), (1_000, 1), (7, 66), (37, 66), (3, 2 * CHUNK_SATELLITES + 5)]


@pytest.mark.parametrize(("n_envs", "n_sats"), BATCHES)
def test_what_is_put_in_comes_out(n_envs, n_sats):
    chunks = chunks_of(n_envs, n_sats)
    values = 1.0 + np.arange(n_envs * n_sats, dtype=float).reshape(n_envs, n_sats)
    lanes = chunks.by_lane(values)
    assert lanes.shape == (chunks.n_chunks, chunks.n_blocks, LANES)
    assert np.count_nonzero(lanes) == values.size  # what is over stays zero
    assert np.array_equal(chunks.by_world(lanes[:, :, None])[0], values)


@pytest.mark.parametrize(("n_envs", "n_sats"), BATCHES)
def test_a_satellite_is_where_its_place_says(n_envs, n_sats):
    chunks = chunks_of(n_envs, n_sats)
    values = 1.0 + np.arange(n_envs * n_sats, dtype=float).reshape(n_envs, n_sats)
    lanes = chunks.by_lane(values)
    for env in {0, n_envs // 2, n_envs - 1}:
        assert np.array_equal(lanes[chunks.place_of(env, np.arange(n_sats))], values[env])


@pytest.mark.parametrize(("n_envs", "n_sats"), BATCHES)
def test_chunks_hold_all_worlds_and_none_is_empty(n_envs, n_sats):
    chunks = chunks_of(n_envs, n_sats)
    assert (chunks.n_chunks - 1) * chunks.n_worlds < n_envs <= chunks.n_chunks * chunks.n_worlds
    assert (chunks.n_blocks - 1) * LANES < chunks.n_worlds * n_sats <= chunks.n_blocks * LANES
    assert chunks.n_worlds == 1 or chunks.n_worlds * n_sats <= CHUNK_SATELLITES

"""Spans share out all there is, once, each to a worker of its own."""

import numpy as np
import pytest

from sunward import make_simulator
from sunward.core.actions import ACTIONS
from sunward.core.demand import SITE
from sunward.core.driver import PHASES
from sunward.core.simulator import SERIAL_SATELLITES
from sunward.core.spans import block_spans, chunk_spans, whole_span

N_CHUNKS, N_BLOCKS = 5, 17


def taken(spans: np.ndarray, first: int) -> list[int]:
    return [number for span in spans for number in range(span[first], span[first + 1])]


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_threads_share_the_chunks(n_threads: int):
    spans = chunk_spans(whole_span(N_CHUNKS, N_BLOCKS), n_threads)
    assert taken(spans, 0) == list(range(N_CHUNKS))
    assert (spans[:, 2:6] == [0, len(PHASES), 0, N_BLOCKS]).all()
    assert spans[:, 6].tolist() == list(range(n_threads))


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_threads_share_the_blocks_phase_by_phase(n_threads: int):
    calls = [spans.copy() for spans in block_spans(whole_span(1, N_BLOCKS), n_threads)]
    assert [call[0, 2] for call in calls] == list(range(len(PHASES)))
    for call in calls:
        assert taken(call, 4) == list(range(N_BLOCKS))
        assert call[:, 6].tolist() == list(range(n_threads))


def test_each_worker_draws_demand_where_no_other_does():
    n_worlds = 2 * SERIAL_SATELLITES // 66
    simulator = make_simulator("walker-53-66-v0", n_worlds, n_threads=2)
    simulator.reset([(world, 0) for world in range(n_worlds)])
    simulator.step(np.zeros((n_worlds, 66, len(ACTIONS)), np.float32))
    first, second = simulator._arrays.sites[:, SITE.interactive]
    assert first > 0.0
    assert second > 0.0
    assert first != second  # of the last world that each has stepped

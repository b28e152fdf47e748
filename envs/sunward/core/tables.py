"""The numbers of a scenario that every kernel of a step is handed, as arrays."""

from __future__ import annotations

import numpy as np

from .params import Params


def epoch_table(params: Params) -> np.ndarray:
    """Returns when and where worlds start, as `start_world` reads it, float64 (4,)."""
    return np.array(
        [
            params.epoch_days,
            params.epoch_spread_days,
            params.orbits.node_spread_rad,
            float(params.trace_starts_at_random),
        ]
    )


def layout_table(
    params: Params, chunk_worlds: int, chunk_blocks: int, kept_stride: int
) -> np.ndarray:
    """Returns how things are counted, as `step_chunks` reads it, int64 (9,).

    Args:
        params: The scenario.
        chunk_worlds, chunk_blocks: Worlds and blocks of a chunk.
        kept_stride: Floats from what a block keeps to what the next one keeps.
    """
    return np.array(
        [
            chunk_worlds,
            chunk_blocks,
            params.slot_steps,
            params.episode_steps,
            round(params.service.step_s),
            *params.knot_steps,
            params.n_sats,
            kept_stride,
        ],
        np.int64,
    )


def trace_table(params: Params) -> np.ndarray:
    """Returns the demand that is played back, float64 (n_steps, 2); no rows where it is drawn."""
    return np.ascontiguousarray(params.trace, dtype=np.float64).reshape(-1, 2)

"""A scenario in the memory of a GPU: what kernels read and never write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sunward.core.observe import scaling_table
from sunward.core.params import Params
from sunward.core.reset import orbit_table
from sunward.core.tables import epoch_table, layout_table, trace_table
from sunward.gpu.passes import demand, reset, rows, wiring
from sunward.gpu.target import cuda


@dataclass(frozen=True)
class Tables:
    """Device arrays."""

    neighbours: Any  # (4, n_slots) int32: slots of the neighbours, or one's own
    orbits: Any  # (n_sats, columns) float64
    sites: Any  # (SITE_FLOATS, n_sites) float32
    trace: Any  # (n_steps, 2) float64
    epoch: Any  # (4,) float64
    layout: Any  # (8,) int64
    deadline_share: Any  # (N_SLOTS,) float32
    hardware: Any  # float32, in the order of the NamedTuples
    service: Any
    weights: Any
    spread: Any  # float64
    scaling: Any  # (2, N_OBS) float32


def upload(params: Params, n_envs: int) -> Tables:
    """Copies a scenario to the GPU, for a number of worlds."""
    single, double = np.float32, np.float64
    host = Tables(
        neighbours=neighbour_slots(params.neighbours, n_envs),
        orbits=orbit_table(params.orbits),
        sites=demand.site_blocks(params.sites, single).reshape(-1, demand.SITE_FLOATS).T.copy(),
        trace=trace_table(params),
        epoch=epoch_table(params),
        layout=layout_table(params, n_envs, 0, 0),
        deadline_share=np.asarray(params.deadline_share, single),
        hardware=np.asarray(params.hardware, single),
        service=np.asarray(params.service, single),
        weights=np.asarray(params.weights, single),
        spread=np.asarray(params.spread, double),
        scaling=scaling_table(single),
    )
    return Tables(**{name: cuda.to_device(array) for name, array in vars(host).items()})


def neighbour_slots(neighbours: np.ndarray, n_envs: int) -> np.ndarray:
    """Returns the slots of every satellite's neighbours, its own where there is none: (4, n_slots).

    Args:
        neighbours: Satellites (n_sats, 4) on each side, or -1.
        n_envs: Worlds, one after another.
    """
    own = np.arange(n_envs * len(neighbours), dtype=np.int32)
    first = own - own % len(neighbours)
    wired = np.tile(neighbours.T, (1, n_envs))
    return np.where(wired >= 0, wired + first, own).astype(np.int32)


def fixed_rows(params: Params, n_envs: int) -> np.ndarray:
    """Returns the rows that are the same for every world, float32 (KEPT_START, n_slots)."""
    wired = wiring.chunk_wiring(params.neighbours, 1)
    work = reset.orbit_rows(orbit_table(params.orbits), wired, params.service.substep_s, np.float32)
    fixed = work.reshape(params.n_sats, rows.BLOCK_FLOATS)[:, : rows.KEPT_START]
    return np.tile(fixed.T, (1, n_envs))

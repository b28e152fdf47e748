"""Worlds in the memory of a GPU: what kernels write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sunward.core.actions import N_ACTIONS
from sunward.core.ledger import N_LEDGER
from sunward.core.params import Params
from sunward.gpu import kernels
from sunward.gpu.passes import demand, rows, world
from sunward.gpu.sites import N_RECORD
from sunward.gpu.tables import fixed_rows
from sunward.gpu.target import cuda


@dataclass(frozen=True)
class State:
    """Device arrays; a slot is a satellite of a world, world by world."""

    work: Any  # (N_ROWS, n_slots) float32
    ints: Any  # (rows, n_slots) int32: orbital phases, random keys
    books: Any  # (N_LEDGER, n_slots) float64
    actions: Any  # (n_slots, N_ACTIONS) float32
    worlds: Any  # (n_envs, 4) float64: date and start
    keys: Any  # (n_envs, 2) int64
    steps: Any  # (n_envs,) int64
    starting: Any  # (n_envs,) bool: worlds to start anew
    skies: Any  # (n_envs, len(SKY_ROWS)) float64
    hours: Any  # (n_envs, 10) float32
    means: Any  # (n_envs,) float32: of the rewards
    records: Any  # (n_envs * n_sites, N_RECORD) float32: see `sites`
    knots: Any  # (KNOT_FLOATS, n_envs * n_sites) float32


def allocated(params: Params, n_envs: int) -> State:
    """Returns the memory of worlds that have not been started."""
    n_slots = n_envs * params.n_sats
    n_sites = n_envs * len(demand.site_blocks(params.sites, np.float32)) // demand.SITE_FLOATS
    work = np.zeros((kernels.N_ROWS, n_slots), np.float32)
    work[: rows.KEPT_START] = fixed_rows(params, n_envs)
    host = State(
        work=work,
        ints=np.zeros((rows.BLOCK_INTS, n_slots), np.int32),
        books=np.zeros((N_LEDGER, n_slots)),
        actions=np.zeros((n_slots, N_ACTIONS), np.float32),
        worlds=np.zeros((n_envs, 4)),
        keys=np.zeros((n_envs, 2), np.int64),
        steps=np.zeros(n_envs, np.int64),
        starting=np.zeros(n_envs, bool),
        skies=np.zeros((n_envs, len(world.SKY_ROWS))),
        hours=np.zeros((n_envs, len(demand.HOUR_FIELDS)), np.float32),
        means=np.zeros(n_envs, np.float32),
        records=np.zeros((n_sites, N_RECORD), np.float32),
        knots=np.zeros((demand.KNOT_FLOATS, n_sites), np.float32),
    )
    return State(**{name: cuda.to_device(array) for name, array in vars(host).items()})

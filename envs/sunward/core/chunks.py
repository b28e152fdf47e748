"""How a batch of worlds lies in memory: chunks of some worlds each, of whole blocks of LANES."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .spans import even_part
from .width import LANES

#: Satellites a chunk aims at: its state then stays in a core's second-level cache.
CHUNK_SATELLITES = 768


class Chunks(NamedTuple):
    """Chunks of one size; worlds of the last, and lanes of each chunk's last block, may be over."""

    n_envs: int
    n_sats: int
    n_chunks: int
    n_worlds: int  # of a chunk
    n_blocks: int  # of a chunk

    @property
    def total_blocks(self) -> int:
        """Blocks of all chunks."""
        return self.n_chunks * self.n_blocks

    def by_block(self, rows: np.ndarray) -> np.ndarray:
        """Returns a flat array of blocks as (n_chunks, n_blocks, n_rows, LANES), a view."""
        return rows.reshape(self.n_chunks, self.n_blocks, -1, LANES)

    def by_world(self, lanes: np.ndarray) -> np.ndarray:
        """Returns (n_chunks, n_blocks, n_rows, LANES) without padding: (n_rows, n_envs, n_sats)."""
        n_rows = lanes.shape[2]
        chunks = lanes.transpose(2, 0, 1, 3).reshape(n_rows, self.n_chunks, -1)
        slots = chunks[:, :, : self.n_worlds * self.n_sats]
        return slots.reshape(n_rows, -1, self.n_sats)[:, : self.n_envs]

    def by_lane(self, values: np.ndarray) -> np.ndarray:
        """Returns (n_envs, n_sats) with zeros as padding: (n_chunks, n_blocks, LANES)."""
        n_slots = self.n_worlds * self.n_sats
        worlds = np.zeros((self.n_chunks * self.n_worlds, self.n_sats))
        worlds[: self.n_envs] = values
        lanes = np.zeros((self.n_chunks, self.n_blocks * LANES))
        lanes[:, :n_slots] = worlds.reshape(self.n_chunks, n_slots)
        return lanes.reshape(self.n_chunks, self.n_blocks, LANES)

    def place_of(self, env: int, sats: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
        """Returns (chunk, blocks, lanes) of some satellites of a world."""
        chunk, world = divmod(env, self.n_worlds)
        slots = world * self.n_sats + sats
        return chunk, slots // LANES, slots % LANES


def chunks_of(n_envs: int, n_sats: int) -> Chunks:
    """Returns chunks of all but equal size for so many worlds; a large world is one by itself."""
    n_worlds = even_part(n_envs, max(1, CHUNK_SATELLITES // n_sats))
    return Chunks(n_envs, n_sats, -(-n_envs // n_worlds), n_worlds, -(-n_worlds * n_sats // LANES))

"""Counter-based random numbers: a draw depends on what it is for, not on what was drawn before.

Reference: J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011 (Philox-4x32-10).
"""

from __future__ import annotations

import hashlib

import numpy as np

from sunward.physics.scalar import scalar

#: Streams of draws; adding one moves no other.
STREAM_STEP, STREAM_SPREAD, STREAM_START, STREAM_WORLD, STREAM_DEMAND = range(5)

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW_32 = np.uint64(0xFFFFFFFF)
_SHIFT_32 = np.uint64(32)


@scalar
def philox_round(c0, c1, c2, c3, key0, key1):
    """Returns the counter after one round; all arguments uint64 below 2^32."""
    product0 = _MULTIPLIER_0 * c0
    product1 = _MULTIPLIER_1 * c2
    return (
        (product1 >> _SHIFT_32) ^ c1 ^ key0,
        product1 & _LOW_32,
        (product0 >> _SHIFT_32) ^ c3 ^ key1,
        product0 & _LOW_32,
    )


@scalar
def philox(c0, c1, c2, c3, key0, key1):
    """Returns four random words below 2^32 for a counter and a key (all uint64 below 2^32)."""
    for _ in range(10):
        c0, c1, c2, c3 = philox_round(c0, c1, c2, c3, key0, key1)
        key0 = (key0 + _WEYL_0) & _LOW_32
        key1 = (key1 + _WEYL_1) & _LOW_32
    return c0, c1, c2, c3


def world_key(split: str, seed: int, episode: int) -> tuple[int, int]:
    """Returns the Philox key of a world: 64 bits of SHA-256 over its name."""
    digest = hashlib.sha256(f"sunward/{split}/{seed}/{episode}".encode()).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")

"""Blocks of a chunk's arrays, and how what they keep comes to the working array and goes back."""

from __future__ import annotations

from .compilation import kernel, prefer_full_width
from .rows import (
    BLOCK_FLOATS,
    CHANGED_START,
    KEPT_FLOATS,
    KEPT_START,
)


@kernel
def block_of(rows, block, size):
    """Returns the part of a chunk's array that holds one block."""
    return rows[block * size : (block + 1) * size]


@kernel
def copy_part(target, source, start, end):
    """Copies part of a block's kept rows; a plain loop, which is faster than assigning a slice."""
    prefer_full_width()
    for index in range(start, end):
        target[index] = source[index]


@kernel
def is_apart(stride):
    """Returns whether blocks keep what they keep apart from the working array, not within it."""
    return stride == KEPT_FLOATS


@kernel
def load_blocks(work, kept, first_block, last_block, end):
    """Copies what a range of blocks keeps into the working array, of each up to `end`."""
    for block in range(first_block, last_block):
        target = work[block * BLOCK_FLOATS + KEPT_START :]
        copy_part(target, block_of(kept, block, KEPT_FLOATS), 0, end)


@kernel
def store_blocks(work, kept, first_block, last_block):
    """Copies what a range of blocks keeps and a step may change out of the working array."""
    for block in range(first_block, last_block):
        source = work[block * BLOCK_FLOATS + KEPT_START :]
        copy_part(block_of(kept, block, KEPT_FLOATS), source, CHANGED_START, KEPT_FLOATS)

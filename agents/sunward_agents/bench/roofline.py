"""What this machine could do at most: memory bandwidth and floating-point peak of one core.

Reference: S. Williams, A. Waterman and D. Patterson, Roofline: An Insightful Visual Performance
Model for Multicore Architectures, Communications of the ACM 52(4), 2009; the triad is that of
J. McCalpin, Memory Bandwidth and Machine Balance in Current High Performance Computers, 1995.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from sunward.core.compilation import prefer_full_width
from sunward.physics.options import STRICT

#: Three arrays of this many bytes are far beyond a last-level cache.
TRIAD_BYTES = 2**27
#: Bytes of the arrays that stay in a second-level cache.
CACHED_BYTES = 2**17
N_RUNS = 7
#: Vectors that are multiplied and added at once: latency of 4 cycles x 2 units, and some to spare.
_CHAINS = 12
_LANES = 16


class Roofline(NamedTuple):
    """The roof of one core, float32; medians of runs."""

    memory_bytes_per_s: float
    cache_bytes_per_s: float
    flops_per_s: float

    def attainable_rate(self, flops: float, n_bytes: float) -> float:
        """Returns satellite-steps/s that the roof allows for a step of so many flops and bytes."""
        return min(self.flops_per_s / flops, self.memory_bytes_per_s / n_bytes)


def roofline() -> Roofline:
    """Measures the roof of the core that this runs on; five seconds and 400 MB."""
    return Roofline(
        triad_bytes_per_s(TRIAD_BYTES), triad_bytes_per_s(CACHED_BYTES), multiply_add_flops_per_s()
    )


@numba.njit(**STRICT)
def _triad(a, b, c, factor, n_times):
    prefer_full_width()
    for _ in range(n_times):
        for index in range(a.shape[0]):
            a[index] = b[index] + factor * c[index]


def triad_bytes_per_s(n_bytes: int) -> float:
    """Returns the bandwidth of `a = b + s c` over arrays of `n_bytes` each, three a turn."""
    a, b, c = (np.full(n_bytes // 4, value, np.float32) for value in (0.0, 1.0, 2.0))
    n_times = max(1, TRIAD_BYTES // n_bytes)
    factor = np.float32(3.0)
    return 3 * n_bytes * n_times / _median_s(lambda: _triad(a, b, c, factor, n_times))


@intrinsic
def _multiply_add(typing_context, n_times):
    """Emits _CHAINS independent vectors x, each x = x * a + b, `n_times`; returns a sum of them."""
    return types.float32(types.int64), _emit_multiply_add


def _emit_multiply_add(context, builder, signature, args) -> Any:
    vector = ir.VectorType(ir.FloatType(), _LANES)
    set.add(builder.function.attributes, '"prefer-vector-width"="512"')
    set.add(builder.function.attributes, '"min-legal-vector-width"="512"')
    name = f"llvm.fma.v{_LANES}f32"
    kind = ir.FunctionType(vector, (vector, vector, vector))
    fma = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    factor = ir.Constant(vector, [0.5] * _LANES)
    # Only values that the loop changes keep LLVM from folding it away.
    start, body, end = builder.block, builder.append_basic_block(), builder.append_basic_block()
    builder.branch(body)
    builder.position_at_end(body)
    turn = builder.phi(ir.IntType(64))
    chains = [builder.phi(vector) for _ in range(_CHAINS)]
    turn.add_incoming(ir.Constant(ir.IntType(64), 0), start)
    for place, chain in enumerate(chains):
        chain.add_incoming(ir.Constant(vector, [float(place)] * _LANES), start)
        chain.add_incoming(builder.call(fma, (chain, factor, factor)), body)
    following = builder.add(turn, ir.Constant(ir.IntType(64), 1))
    turn.add_incoming(following, body)
    builder.cbranch(builder.icmp_signed("<", following, args[0]), body, end)
    builder.position_at_end(end)
    total = chains[0]
    for chain in chains[1:]:
        total = builder.fadd(total, chain)
    return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))


@numba.njit(**STRICT)
def _multiply_adds(n_times):
    return _multiply_add(np.int64(n_times))  # pyright: ignore[reportCallIssue] - an intrinsic


def multiply_add_flops_per_s(n_times: int = 2_000_000) -> float:
    """Returns float32 operations a second, a multiply-add counted as two."""
    return 2 * _CHAINS * _LANES * n_times / _median_s(lambda: _multiply_adds(n_times))


def _median_s(call: Callable[[], object]) -> float:
    call()  # compiles, and touches the memory
    times = np.empty(N_RUNS)
    for run in range(N_RUNS):
        started = time.thread_time()
        call()
        times[run] = time.thread_time() - started
    return float(np.median(times))

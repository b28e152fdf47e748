"""Playback of a request trace: the work that arrives in each control step, exactly."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import ceil

import numpy as np

from sunward.workload.csv_table import TraceError
from sunward.workload.request_work import RequestWork, Serving, work_of
from sunward.workload.traces import RequestTrace


@dataclass(frozen=True, eq=False)
class TracePlayback:
    """What arrives in each control step; every array is float64 of shape (n_steps,).

    Attributes:
        step_s: Length of a step.
        gpu_s_per_step: GPU-seconds at full clock.
        prefill_gpu_s_per_step: Those bound by arithmetic.
        energy_j_per_step: Joules at the accelerators.
        requests_per_step: Requests.
        tokens_per_step: Tokens in and out.
        bytes_up_per_step: Bytes from the users.
        bytes_down_per_step: Bytes to the users.
        kv_bytes_per_step: Keys and values left in memory.
    """

    step_s: float
    gpu_s_per_step: np.ndarray
    prefill_gpu_s_per_step: np.ndarray
    energy_j_per_step: np.ndarray
    requests_per_step: np.ndarray
    tokens_per_step: np.ndarray
    bytes_up_per_step: np.ndarray
    bytes_down_per_step: np.ndarray
    kv_bytes_per_step: np.ndarray

    @property
    def n_steps(self) -> int:
        """Number of control steps."""
        return len(self.gpu_s_per_step)

    @property
    def prefill_share(self) -> float:
        """Share of the GPU-seconds that is bound by arithmetic, 0 to 1."""
        return float(self.prefill_gpu_s_per_step.sum() / self.gpu_s_per_step.sum())

    def multipliers(self) -> np.ndarray:
        """Returns GPU-seconds over their mean a step, (n_steps,), to scale a site's demand."""
        return self.gpu_s_per_step / self.gpu_s_per_step.mean()


def play_trace(
    trace: RequestTrace,
    step_s: float = 60.0,
    n_steps: int | None = None,
    serving: Serving | None = None,
) -> TracePlayback:
    """Returns a trace folded to control steps.

    Without `n_steps` the trace is played once: the sums over steps are the sums over requests
    (the last step may be cut short). With `n_steps` it begins again after its span, as often as
    it takes, in continuous time: no step is cut short where one playing ends and the next begins.

    Args:
        trace: The requests.
        step_s: Length of a control step, above 0.
        n_steps: Steps to play, at least 1.
        serving: How requests are served; 70B on 4 H100 at batch 64 by default.

    Raises:
        ValueError: When a bound is broken.
        TraceError: When the trace holds no work at all.
    """
    if not step_s > 0.0:
        raise ValueError(f"step_s is {step_s}, expected a length above 0 s")
    if n_steps is not None and n_steps < 1:
        raise ValueError(f"n_steps is {n_steps}, expected at least 1")
    work = work_of(trace, serving)
    if not work.gpu_s.sum() > 0.0:
        raise TraceError(f"{trace.name}: {trace.n_requests} requests hold no tokens, so no work")
    step = np.floor(trace.t_s / step_s).astype(np.int64)
    if n_steps is None:
        n_steps = max(ceil(trace.span_s / step_s), int(step[-1]) + 1)
        return _fold(step_s, n_steps, step, work)
    starts_s = trace.span_s * np.arange(ceil(n_steps * step_s / trace.span_s))
    step = np.floor((trace.t_s + starts_s[:, None]) / step_s).astype(np.int64)
    return _fold(step_s, n_steps, step, work)


def _fold(step_s: float, n_steps: int, step: np.ndarray, work: RequestWork) -> TracePlayback:
    """Sums over requests by step; `step` is (n_requests,) or (n_playings, n_requests)."""
    played = step < n_steps

    def folded(quantity: np.ndarray) -> np.ndarray:
        weights = np.broadcast_to(quantity, step.shape)[played]
        return np.bincount(step[played], weights, minlength=n_steps)

    sums = {f"{field.name}_per_step": folded(getattr(work, field.name)) for field in fields(work)}
    requests = folded(np.ones_like(work.gpu_s))
    return TracePlayback(step_s=step_s, requests_per_step=requests, **sums)

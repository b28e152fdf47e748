"""From requests to work: GPU-seconds, joules and bytes by the cost model of serving."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sunward.physics.serving import (
    H100,
    LLAMA_8B,
    LLAMA_70B,
    Accelerator,
    LanguageModel,
    request_cost,
)
from sunward.workload.traces import RequestTrace

#: Language models a profile may name.
LANGUAGE_MODELS = {"llama-8b": LLAMA_8B, "llama-70b": LLAMA_70B}


@dataclass(frozen=True)
class Serving:
    """How requests are served.

    Attributes:
        model: The language model.
        accelerator: What it runs on.
        n_gpus: Accelerators that share the model.
        batch: Requests decoded together.
    """

    model: LanguageModel = LLAMA_70B
    accelerator: Accelerator = H100
    n_gpus: float = 4.0
    batch: float = 64.0


@dataclass(frozen=True, eq=False)
class RequestWork:
    """What each request costs at full clock; every array has shape (n_requests,).

    Attributes:
        gpu_s: GPU-seconds, prefill and decode.
        prefill_gpu_s: Those bound by arithmetic.
        energy_j: Joules at the accelerators.
        tokens: Tokens in and out.
        bytes_up: Bytes from the user.
        bytes_down: Bytes to the user.
        kv_bytes: Keys and values the request leaves in memory.
    """

    gpu_s: np.ndarray
    prefill_gpu_s: np.ndarray
    energy_j: np.ndarray
    tokens: np.ndarray
    bytes_up: np.ndarray
    bytes_down: np.ndarray
    kv_bytes: np.ndarray

    def totals(self) -> dict[str, float]:
        """Returns the sum of every quantity."""
        return {field.name: float(np.sum(getattr(self, field.name))) for field in fields(self)}


def work_of(trace: RequestTrace, serving: Serving | None = None) -> RequestWork:
    """Returns what every request of a trace costs.

    Args:
        trace: The requests, with their cached tokens.
        serving: Model, accelerator and batch; a 70B model on 4 H100 at batch 64 by default.
    """
    return work_of_tokens(
        trace.input_tokens, trace.output_tokens, trace.cached_tokens, serving or Serving()
    )


def work_of_tokens(
    input_tokens: np.ndarray,
    output_tokens: np.ndarray,
    cached_tokens: np.ndarray,
    serving: Serving,
) -> RequestWork:
    """Returns the cost of requests given as token counts, each (n_requests,).

    The cost model is scalar: each different request is priced once and the price handed to all
    that equal it, which makes a minute of generated requests as cheap as their variety.
    """
    counts = np.stack([input_tokens, output_tokens, cached_tokens], axis=1).astype(np.float64)
    kinds, which = np.unique(counts, axis=0, return_inverse=True)
    prices = np.array([_price(row, serving) for row in kinds.tolist()]).reshape(len(kinds), 7)
    return RequestWork(*np.ascontiguousarray(prices[which.ravel()].T))


def _price(row: list[float], serving: Serving) -> tuple[float, ...]:
    read, written, cached = row
    cost = request_cost(
        serving.model, serving.accelerator, serving.n_gpus, serving.batch, read, written, cached
    )
    return (
        cost.gpu_s,
        cost.prefill_gpu_s,
        cost.energy_j,
        read + written,
        cost.bytes_up,
        cost.bytes_down,
        cost.kv_bytes,
    )

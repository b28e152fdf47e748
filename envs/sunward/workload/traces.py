"""Request traces: when each request came and how many tokens went in and out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sunward.workload.csv_table import Column, TraceError, read_header, read_table

REQUEST_COLUMNS = (
    Column("t_s", ascending=True),
    Column("input_tokens", kind=int),
    Column("output_tokens", kind=int),
)
CACHED_COLUMN = Column("prefix_cached_tokens_inf", kind=int)
RAG_COLUMNS = (*REQUEST_COLUMNS, Column("n_passages", kind=int), Column("session", kind=int))


@dataclass(frozen=True, eq=False)
class RequestTrace:
    """Requests in order of arrival; every array has shape (n_requests,).

    Attributes:
        name: Where it came from.
        t_s: Arrival in s from the trace's own origin, never descending.
        input_tokens: Tokens of the prompt.
        output_tokens: Tokens of the answer.
        cached_tokens: Tokens of the prompt found in a prefix cache, zeros where not told.
        span_s: Time the trace stands for; by default one mean gap more than from first to last,
            so that `n_requests / span_s` is the rate.
    """

    name: str
    t_s: np.ndarray
    input_tokens: np.ndarray
    output_tokens: np.ndarray
    cached_tokens: np.ndarray = field(default_factory=lambda: np.zeros(0))
    span_s: float = 0.0

    def __post_init__(self) -> None:
        """Fill in what was left out."""
        if not len(self.cached_tokens):
            object.__setattr__(self, "cached_tokens", np.zeros_like(self.input_tokens))
        if not self.span_s:
            object.__setattr__(self, "span_s", _natural_span_s(self.t_s))

    @property
    def n_requests(self) -> int:
        """Number of requests."""
        return len(self.t_s)

    @property
    def rate_per_s(self) -> float:
        """Mean requests a second."""
        return self.n_requests / self.span_s


@dataclass(frozen=True, eq=False)
class RagTrace:
    """A request trace of retrieval-augmented generation, with passages and sessions.

    Attributes:
        requests: The `RequestTrace`.
        n_passages: Passages put into each prompt, (n_requests,).
        session: Which session each request belongs to, (n_requests,).
    """

    requests: RequestTrace
    n_passages: np.ndarray
    session: np.ndarray


def load_trace(path: str | Path) -> RequestTrace:
    """Returns a request trace, recognised by its header: this is what `--workload FILE` plays.

    The header holds at least `t_s,input_tokens,output_tokens`; `prefix_cached_tokens_inf` is
    taken up where there is one, other columns are left alone.

    Raises:
        TraceError: In one line, with file, line, what was expected and what was found.
    """
    path = Path(path)
    has_cache = CACHED_COLUMN.name in read_header(path)
    table = read_table(path, REQUEST_COLUMNS + ((CACHED_COLUMN,) if has_cache else ()))
    cached = table.get(CACHED_COLUMN.name, np.zeros_like(table["input_tokens"]))
    _require_cache_within_prompt(path, table["input_tokens"], cached)
    return RequestTrace(
        path.stem, table["t_s"], table["input_tokens"], table["output_tokens"], cached
    )


def load_rag_trace(path: str | Path) -> RagTrace:
    """Returns RAGPulse with its passages and sessions.

    Raises:
        TraceError: In one line, as `load_trace`.
    """
    table = read_table(path, RAG_COLUMNS)
    requests = RequestTrace(
        Path(path).stem, table["t_s"], table["input_tokens"], table["output_tokens"]
    )
    return RagTrace(requests, table["n_passages"], table["session"])


def _natural_span_s(t_s: np.ndarray) -> float:
    if len(t_s) < 2 or t_s[-1] == t_s[0]:
        return max(1.0, float(t_s[-1]) if len(t_s) else 1.0)
    return float(t_s[-1] + (t_s[-1] - t_s[0]) / (len(t_s) - 1))


def _require_cache_within_prompt(path: Path, prompt: np.ndarray, cached: np.ndarray) -> None:
    if np.any(cached > prompt):
        row = int(np.argmax(cached > prompt))
        raise TraceError(
            f"{path}: line {row + 2}: {CACHED_COLUMN.name}: expected at most the "
            f"{prompt[row]} input tokens, found '{cached[row]}'"
        )

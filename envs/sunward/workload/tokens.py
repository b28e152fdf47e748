"""Token lengths of requests: quantile tables, joined by a normal correlation."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

#: Normal scores beyond these lie at the ends of a table.
_SCORE_LIMIT = 4.5


@dataclass(frozen=True)
class TokenTable:
    """Lengths of prompts and answers as quantiles.

    Between two quantiles the logarithm of the length runs straight in the normal score of the
    probability: two quantiles are a lognormal, three a bent one, thirty-three the trace itself.

    Attributes:
        probability: Ascending from 0 to 1, (n,).
        input_tokens: Length of the prompt at each probability, at least 1.
        output_tokens: Length of the answer at each probability, at least 1.
        correlation: Of the normal scores of both lengths, -1 to 1.
        cached_fraction: Share of the prompt found in a cache at each probability, or empty.
    """

    probability: tuple[float, ...]
    input_tokens: tuple[float, ...]
    output_tokens: tuple[float, ...]
    correlation: float = 0.0
    cached_fraction: tuple[float, ...] = ()

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns input, output and cached tokens of `n` requests, int64 of shape (n,)."""
        first, second = rng.standard_normal((2, n))
        second = self.correlation * first + np.sqrt(1.0 - self.correlation**2) * second
        read = self._lengths(self.input_tokens, first)
        cached = np.zeros_like(read)
        if self.cached_fraction:
            fraction = np.interp(rng.standard_normal(n), self._scores(), self.cached_fraction)
            cached = np.floor(fraction * read).astype(np.int64)
        return read, self._lengths(self.output_tokens, second), cached

    def _lengths(self, quantiles: tuple[float, ...], scores: np.ndarray) -> np.ndarray:
        logarithm = np.interp(scores, self._scores(), np.log(quantiles))
        return np.rint(np.exp(logarithm)).astype(np.int64)

    def _scores(self) -> np.ndarray:
        normal = NormalDist()
        inner = [normal.inv_cdf(p) for p in self.probability[1:-1]]
        return np.array([-_SCORE_LIMIT, *inner, _SCORE_LIMIT])


def fit_token_table(
    input_tokens: np.ndarray,
    output_tokens: np.ndarray,
    cached_tokens: np.ndarray | None = None,
    probability: tuple[float, ...] = (),
) -> TokenTable:
    """Returns the quantile table of a trace, each argument of shape (n_requests,)."""
    probability = probability or quantile_grid()

    def quantiles(values: np.ndarray) -> tuple[float, ...]:
        return tuple(float(q) for q in np.quantile(values, probability))

    cached = quantiles(cached_tokens / input_tokens) if cached_tokens is not None else ()
    return TokenTable(
        probability=probability,
        input_tokens=quantiles(np.maximum(input_tokens, 1)),
        output_tokens=quantiles(np.maximum(output_tokens, 1)),
        correlation=_normal_correlation(input_tokens, output_tokens),
        cached_fraction=cached,
    )


def quantile_grid(n_inner: int = 39) -> tuple[float, ...]:
    """Returns probabilities from 0 to 1, evenly spaced inside, closer at the upper end."""
    inner = [k / (n_inner + 1) for k in range(1, n_inner + 1)]
    return (0.0, 0.01, *(round(p, 6) for p in inner), 0.99, 0.998, 1.0)


def _normal_correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(_normal_scores(a), _normal_scores(b))[0, 1])


def _normal_scores(values: np.ndarray) -> np.ndarray:
    """Normal scores of mean ranks, so that equal values get equal scores."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = (np.cumsum(counts) - 0.5 * counts) / len(values)
    return np.array([NormalDist().inv_cdf(p) for p in middle])[which]

"""Means and differences with bootstrap intervals; worlds are compared in pairs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

#: Enough that the ends of a 95 % interval move by less than a twentieth of its width.
N_RESAMPLES = 10_000


class Estimate(NamedTuple):
    """A mean and the ends of its interval, in the unit of the samples."""

    mean: float
    low: float
    high: float

    @property
    def is_above_zero(self) -> bool:
        """True if the whole interval lies above zero."""
        return self.low > 0.0


def mean_interval(
    samples: ArrayLike, *, confidence: float = 0.95, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> Estimate:
    """Returns the mean of `samples` and its bootstrap interval.

    The ends are percentiles of the means of `n_resamples` samples drawn with replacement. With
    the 32 worlds of a table a nominal 95 % interval covers the truth in about 94 % of cases.

    Args:
        samples: one number a world, shape (n,), at least one, all finite.
        confidence: wanted coverage, between 0 and 1.
        n_resamples: number of resamples.
        seed: of the resampling: the same samples always give the same interval.

    References: B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3.
    """
    values = _checked(samples)
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(values), (n_resamples, len(values)))
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(values[picks].mean(axis=1), (tail, 1.0 - tail))
    return Estimate(float(values.mean()), float(low), float(high))


def ratio_interval(
    numerators: ArrayLike, denominators: ArrayLike, *, confidence: float = 0.95, seed: int = 0
) -> Estimate:
    """Returns the ratio of two means over the same worlds, and its bootstrap interval.

    Worlds are drawn with replacement, numerator and denominator together.

    Args:
        numerators, denominators: one number a world, shape (n,); the denominators are positive.
        confidence: wanted coverage, between 0 and 1.
        seed: of the resampling.
    """
    above, below = _pair(numerators, denominators)
    if (below <= 0.0).any():
        raise ValueError(f"a denominator is {below.min():g}, all must be above 0")
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(above), (N_RESAMPLES, len(above)))
    tail = (1.0 - confidence) / 2.0
    ratios = above[picks].sum(axis=1) / below[picks].sum(axis=1)
    low, high = np.quantile(ratios, (tail, 1.0 - tail))
    return Estimate(float(above.sum() / below.sum()), float(low), float(high))


def paired_difference(first: ArrayLike, second: ArrayLike, **options: float) -> Estimate:
    """Returns the mean of `first - second` and its interval, world by world.

    Worlds differ far more than policies do, so that the difference in each world is what is
    resampled. Options are those of `mean_interval`.
    """
    left, right = _pair(first, second)
    return mean_interval(left - right, **options)  # pyright: ignore[reportArgumentType]


def _pair(first: ArrayLike, second: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    left, right = _checked(first), _checked(second)
    if left.shape != right.shape:
        raise ValueError(
            f"{len(left)} worlds cannot be paired with {len(right)}: evaluate both policies on "
            "the same worlds"
        )
    return left, right


def _checked(samples: ArrayLike) -> np.ndarray:
    values = np.asarray(samples, dtype=np.float64)
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"samples have shape {values.shape}, expected (n,) with n at least 1")
    if not np.isfinite(values).all():
        raise ValueError("samples hold a value that is not finite")
    return values

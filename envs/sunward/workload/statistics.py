"""Statistics that a demand model is fitted to and judged by."""

from __future__ import annotations

import numpy as np


def window_counts(t_s: np.ndarray, window_s: float, whole_only: bool = False) -> np.ndarray:
    """Returns arrivals in each window of `window_s`, (n_windows,).

    Args:
        t_s: Arrival times in s from 0.
        window_s: Length of a window.
        whole_only: Leave out the window that the last arrival cuts short. The figures published
            with the traces keep it, which adds to the variance of few long windows.
    """
    last_s = float(t_s[-1])
    n_windows = int(last_s // window_s) if whole_only else int(np.ceil(last_s / window_s))
    return np.histogram(t_s, np.arange(n_windows + 1) * window_s)[0]


def variance_to_mean(counts: np.ndarray) -> float:
    """Returns the variance of counts over their mean: 1 for a Poisson process."""
    return float(np.var(counts) / np.mean(counts))


def variation(values: np.ndarray) -> float:
    """Returns the coefficient of variation: standard deviation over mean."""
    return float(np.std(values) / np.mean(values))


def gap_variation(t_s: np.ndarray) -> float:
    """Returns the coefficient of variation of the gaps between arrivals: 1 for Poisson."""
    return variation(np.diff(t_s))


def autocorrelation(values: np.ndarray, lag: int) -> float:
    """Returns the correlation of a series with itself `lag` places later."""
    centred = values - np.mean(values)
    if lag == 0:
        return 1.0
    return float(np.mean(centred[lag:] * centred[:-lag]) / np.mean(centred * centred))


def peak_to_mean(values: np.ndarray) -> float:
    """Returns the greatest value over the mean."""
    return float(np.max(values) / np.mean(values))


def block_means(values: np.ndarray, length: int) -> np.ndarray:
    """Returns means over successive blocks of `length` values; an unfinished block is left out."""
    n_blocks = len(values) // length
    return np.mean(values[: n_blocks * length].reshape(n_blocks, length), axis=1)


def distance_of_distributions(a: np.ndarray, b: np.ndarray) -> float:
    """Returns the Kolmogorov-Smirnov distance of two samples, 0 to 1."""
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    below_a = np.searchsorted(a, points, side="right") / len(a)
    below_b = np.searchsorted(b, points, side="right") / len(b)
    return float(np.max(np.abs(below_a - below_b)))

"""Fits of the slow modulation to traces: its octaves, and its size by the rate of a service."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np

from sunward.workload.daily import fit_daily_shape
from sunward.workload.modulation import Modulation, crossfade_correlation
from sunward.workload.statistics import (
    autocorrelation,
    gap_variation,
    variance_to_mean,
    window_counts,
)


def residual_log_rate(t_s: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Returns the logarithm of a rate less its mean and its two daily harmonics, (n_windows,)."""
    hour = t_s / 3600.0
    logarithm = np.log(rate)
    # Harmonics of the logarithm: shift it so that the fit's relative scale does no harm.
    shifted = logarithm - np.mean(logarithm) + 1.0
    shape, _ = fit_daily_shape(hour, shifted)
    turn = 2.0 * np.pi / 24.0 * hour
    day = shape.first_amplitude * np.cos(turn - 2.0 * np.pi / 24.0 * shape.first_peak_h)
    day += shape.second_amplitude * np.cos(2.0 * turn - np.pi / 6.0 * shape.second_peak_h)
    return shifted - 1.0 - day


def fit_octaves(
    lags_s: np.ndarray,
    correlations: np.ndarray,
    bands: Mapping[float, tuple[float, float]],
    short_s: tuple[float, ...] = (600.0, 900.0, 1200.0, 1800.0, 3600.0),
    long_s: tuple[float, ...] = (7200.0, 10800.0, 14400.0, 18000.0, 21600.0),
) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Returns knot intervals (s), weights, and the root mean square error of two octaves.

    Args:
        lags_s: Lags of the correlations to fit, (n,).
        correlations: What the traces show there, (n,).
        bands: Least and greatest correlation allowed, by the lag in s.
        short_s: Knot intervals to try for the faster octave.
        long_s: Knot intervals to try for the slower one.

    Raises:
        ValueError: When no candidate stays inside the bands.
    """
    found = []
    for quick, slow, share in product(short_s, long_s, np.arange(0.30, 0.951, 0.01)):

        def model(lag_s, quick=quick, slow=slow, share=share):
            quickly = crossfade_correlation(np.asarray(lag_s) / quick)
            return (1.0 - share) * quickly + share * crossfade_correlation(np.asarray(lag_s) / slow)

        if all(low <= model(lag) <= high for lag, (low, high) in bands.items()):
            error = float(np.sqrt(np.mean((model(lags_s) - correlations) ** 2)))
            found.append((error, (quick, slow), float(share)))
    if not found:
        raise ValueError("no pair of knot intervals keeps the correlation inside its bands")
    error, intervals, share = min(found)
    return intervals, (float(np.sqrt(1.0 - share)), float(np.sqrt(share))), error


def mean_correlations(series: list[np.ndarray], lags: np.ndarray) -> np.ndarray:
    """Returns autocorrelations averaged over several series, (n_lags,); lags in places."""
    return np.mean([[autocorrelation(x, int(k)) for k in lags] for x in series], axis=0)


def share_within(slow: Modulation, span_s: float, window_s: float) -> float:
    """Returns the share of y's variance that shows inside a record of `span_s`, 0 to 1.

    A record shorter than the slowest octave sees only part of it, because its own mean moves
    along: what remains is one less the mean correlation of all pairs of windows.
    """
    n_windows = int(span_s // window_s)
    lag_s = window_s * np.arange(n_windows)
    pairs = np.where(lag_s > 0.0, 2.0, 1.0) * (n_windows - np.arange(n_windows)) / n_windows**2
    return float(1.0 - pairs @ slow.correlation(lag_s))


def deviation_from(
    slow: Modulation, t_s: np.ndarray, span_s: float, base: float, window_s: float
) -> float:
    """Returns the deviation of the logarithm that makes arrivals as uneven as those of a trace.

    Args:
        slow: Octaves and weights.
        t_s: Arrivals of the trace.
        span_s: Its length.
        base: Variance over mean of the arrivals without slow modulation.
        window_s: Windows to count in.
    """
    counts = window_counts(t_s, window_s, whole_only=True)
    shown = max(1e-9, (variance_to_mean(counts) - base) / float(np.mean(counts)))
    return float(np.sqrt(np.log1p(shown) / share_within(slow, span_s, window_s)))


def fit_renewal_shape(t_s: np.ndarray, window_s: float = 10.0) -> float:
    """Returns the shape k of Gamma gaps beneath a slow modulation.

    Gaps of such arrivals at a rate of squared variation v show CV^2 = (1 + 1/k)(1 + v) - 1. The
    base variance over mean 1/k enters v in turn: a few rounds settle it.
    """
    counts = window_counts(t_s, window_s, whole_only=True)
    inverse_shape = 1.0
    for _ in range(6):
        v = (variance_to_mean(counts) - inverse_shape) / float(np.mean(counts))
        inverse_shape = (gap_variation(t_s) ** 2 + 1.0) / (1.0 + v) - 1.0
    return 1.0 / inverse_shape


def fit_rate_law(
    rate_per_s: np.ndarray, deviation: np.ndarray, reference_rate_per_s: float
) -> tuple[float, float]:
    """Returns deviation at the reference rate and exponent e of deviation ~ rate^-e."""
    x = np.log(np.asarray(rate_per_s) / reference_rate_per_s)
    slope, level = np.polyfit(x, np.log(deviation), 1)
    return float(np.exp(level)), float(-slope)

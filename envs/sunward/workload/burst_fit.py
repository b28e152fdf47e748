"""Fit of the on/off process to the burstiness of a trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sunward.workload.arrivals import BurstProcess


def fit_burst_process(
    rate_per_s: float, variance_to_mean: Mapping[float, float], gap_variation: float
) -> BurstProcess:
    """Returns the on/off process nearest to figures of a trace, by relative error.

    The fit alone drifts to ever shorter spells (single bunches of requests), which change the
    figures by less than a per cent; a weak pull to spells and short pauses of half a second, the
    grain of the public trace, holds it where it can be read.

    Args:
        rate_per_s: Mean requests a second, matched exactly.
        variance_to_mean: Of counts, by the length of the window in s.
        gap_variation: Coefficient of variation of the gaps.
    """
    target = np.log([*variance_to_mean.values(), gap_variation])

    def errors(point: np.ndarray) -> np.ndarray:
        process = _burst_process(rate_per_s, point)
        reached = [process.variance_to_mean(w) for w in variance_to_mean]
        pull = 0.03 * (point[[0, 2]] - np.log(0.5))
        return np.concatenate([np.log([*reached, process.gap_variation()]) - target, pull])

    return _burst_process(rate_per_s, least_squares(errors, np.log([0.5, 10.0, 0.5, 45.0])))


def least_squares(
    errors: Callable[[np.ndarray], np.ndarray], point: np.ndarray, n_rounds: int = 200
) -> np.ndarray:
    """Returns the point of least squared errors near `point`, by Levenberg and Marquardt.

    References: D. Marquardt, J. SIAM 11 (1963) 431.
    """
    found, damping, step = errors(point), 1e-2, 1e-6
    for _ in range(n_rounds):
        slope = np.stack(
            [(errors(point + step * e) - found) / step for e in np.eye(len(point))], axis=1
        )
        normal = slope.T @ slope
        move = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), -slope.T @ found)
        tried = errors(point + move)
        if tried @ tried < found @ found:
            point, found, damping = point + move, tried, 0.3 * damping
        else:
            damping *= 5.0
    return point


def _burst_process(rate_per_s: float, point: np.ndarray) -> BurstProcess:
    """Point: logarithms of busy spell, odds of a short pause, short pause and long pause."""
    busy_s, odds, short_s, long_s = np.exp(point)
    shape = BurstProcess(1.0, busy_s, odds / (1.0 + odds), short_s, long_s)
    return BurstProcess(
        float(rate_per_s / shape.busy_share),
        float(busy_s),
        float(odds / (1.0 + odds)),
        float(short_s),
        float(long_s),
    )

"""How long a gang works between two checkpoints: Young's interval, and Daly's."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def young_interval_s(checkpoint_s: ArrayLike, between_failures_s: ArrayLike) -> np.ndarray:
    """Returns the time between checkpoints that costs least, s: sqrt(2 C M).

    What checkpoints cost, C / t of the time, and what failures take, t / (2 M), are then equal. It
    holds where C is far below M.

    Args:
        checkpoint_s: Time C that a checkpoint takes, s.
        between_failures_s: Mean time M between failures, s.

    References: J. Young, A first order approximation to the optimum checkpoint interval, CACM 17
    (1974) 530.
    """
    return np.sqrt(2.0 * np.asarray(checkpoint_s) * np.asarray(between_failures_s))


def daly_interval_s(checkpoint_s: ArrayLike, between_failures_s: ArrayLike) -> np.ndarray:
    """Returns the time between checkpoints that costs least, s, of higher order; M where C > 2 M.

    Args:
        checkpoint_s: Time C that a checkpoint takes, s.
        between_failures_s: Mean time M between failures, s.

    References: J. Daly, A higher order estimate of the optimum checkpoint interval for restart
    dumps, Future Generation Computer Systems 22 (2006) 303, equation 37.
    """
    cost, mean = np.asarray(checkpoint_s, float), np.asarray(between_failures_s, float)
    share = cost / (2.0 * mean)
    longer = 1.0 + np.sqrt(share) / 3.0 + share / 9.0
    return np.where(share < 1.0, young_interval_s(cost, mean) * longer - cost, mean)

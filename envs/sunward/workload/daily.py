"""The shape of a day: two harmonics of the local hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Least factor, as in the kernel: a day never falls to nothing.
LEAST_FACTOR = 0.05


@dataclass(frozen=True)
class DailyShape:
    """Demand over its daily mean, by the local hour.

    Attributes:
        first_amplitude, first_peak_h: Once a day, and when it is greatest.
        second_amplitude, second_peak_h: Twice a day; its other peak lies 12 h later.
    """

    first_amplitude: float
    first_peak_h: float
    second_amplitude: float
    second_peak_h: float

    def factor(self, local_hour: np.ndarray | float, depth: float = 1.0) -> np.ndarray:
        """Returns demand over its daily mean, at least 0.05.

        Args:
            local_hour: Hours of the local clock, any real number.
            depth: How much of the shape counts: 0 for a flat day, 1 for all of it.
        """
        turn = 2.0 * np.pi / 24.0 * (np.asarray(local_hour, dtype=np.float64))
        once = self.first_amplitude * np.cos(turn - 2.0 * np.pi / 24.0 * self.first_peak_h)
        twice = self.second_amplitude * np.cos(2.0 * (turn - np.pi / 12.0 * self.second_peak_h))
        return np.maximum(1.0 + depth * (once + twice), LEAST_FACTOR)

    def utc_harmonics(self, utc_offset_h: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """Returns cosine and sine coefficients against the hour of UTC, each (..., 2).

        `factor` at local hour `u + utc_offset_h` is 1 plus the sum over j of
        `cosine[j] cos(j w u) + sine[j] sin(j w u)`, with w = 2 pi / 24 h and j = 1, 2.
        """
        offset = np.asarray(utc_offset_h, dtype=np.float64)[..., None]
        order = np.array([1.0, 2.0])
        amplitude = np.array([self.first_amplitude, self.second_amplitude])
        peak_h = np.array([self.first_peak_h, self.second_peak_h])
        phase = order * 2.0 * np.pi / 24.0 * (peak_h - offset)
        return amplitude * np.cos(phase), amplitude * np.sin(phase)


def fit_daily_shape(hour: np.ndarray, demand: np.ndarray) -> tuple[DailyShape, float]:
    """Returns the two harmonics that fit demand by the hour best, and R2 of the fit.

    Args:
        hour: Local hour in the middle of each window, (n,).
        demand: Demand in it, in any unit, (n,).
    """
    turn = 2.0 * np.pi / 24.0 * hour
    parts = [np.ones_like(turn), np.cos(turn), np.sin(turn), np.cos(2 * turn), np.sin(2 * turn)]
    design = np.stack(parts, axis=1)
    relative = demand / np.mean(demand)
    c = np.linalg.lstsq(design, relative, rcond=None)[0]
    explained = 1.0 - np.var(relative - design @ c) / np.var(relative)
    shape = DailyShape(
        first_amplitude=float(np.hypot(c[1], c[2]) / c[0]),
        first_peak_h=float(np.arctan2(c[2], c[1]) * 12.0 / np.pi % 24.0),
        second_amplitude=float(np.hypot(c[3], c[4]) / c[0]),
        second_peak_h=float(np.arctan2(c[4], c[3]) * 6.0 / np.pi % 12.0),
    )
    return shape, float(explained)

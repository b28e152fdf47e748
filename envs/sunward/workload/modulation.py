"""Slow modulation of demand: normal noise between knots, in two octaves, lognormal in effect.

    y(t) = sum over octaves of w (cos(th) n[k] + sin(th) n[k + 1]),   th = pi/2 x (t / T - k)

with independent standard normals n at knots every T seconds and squares of w that sum to one. The
equal-power crossfade keeps the variance of y at one everywhere, and no state runs from step to
step: y at any time needs two knots an octave. Demand is multiplied by exp(s y - s^2 / 2), of mean
one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: The law of size by rate is fitted from 5 to 1,000 requests/s and not carried on below this.
LEAST_RATE_PER_S = 1.0


@dataclass(frozen=True)
class Modulation:
    """Octaves of the slow modulation, and how its size answers to the size of the service.

    Attributes:
        knot_intervals_s: T of each octave.
        weights: w of each octave; their squares sum to one.
        reference_deviation: s at the reference rate.
        reference_rate_per_s: Requests a second it was fitted at.
        rate_exponent: s falls as the rate to the minus this.
    """

    knot_intervals_s: tuple[float, ...]
    weights: tuple[float, ...]
    reference_deviation: float
    reference_rate_per_s: float
    rate_exponent: float

    def deviation(self, rate_per_s: np.ndarray | float) -> np.ndarray:
        """Returns s, the deviation of the logarithm, for a service of this many requests/s.

        Below LEAST_RATE_PER_S, where no trace speaks for the law, s stays as it is there.
        """
        rate_per_s = np.maximum(np.asarray(rate_per_s, dtype=np.float64), LEAST_RATE_PER_S)
        relative = rate_per_s / self.reference_rate_per_s
        return self.reference_deviation * relative**-self.rate_exponent

    def correlation(self, lag_s: np.ndarray | float) -> np.ndarray:
        """Returns the correlation of y with itself `lag_s` later, averaged over the phase."""
        lag_s = np.abs(np.asarray(lag_s, dtype=np.float64))
        parts = zip(self.weights, self.knot_intervals_s, strict=True)
        return sum((w * w * crossfade_correlation(lag_s / t_s) for w, t_s in parts), np.zeros(()))

    def path(self, span_s: float, rng: np.random.Generator) -> ModulationPath:
        """Returns one drawn course of y over `span_s` seconds, with a random phase."""
        phases_s = tuple(float(rng.uniform(0.0, t_s)) for t_s in self.knot_intervals_s)
        knots = tuple(
            rng.standard_normal(int((span_s + phase) // t_s) + 2)
            for phase, t_s in zip(phases_s, self.knot_intervals_s, strict=True)
        )
        return ModulationPath(self, phases_s, knots)


@dataclass(frozen=True, eq=False)
class ModulationPath:
    """One drawn course of the slow modulation."""

    modulation: Modulation
    phases_s: tuple[float, ...]
    knots: tuple[np.ndarray, ...]

    def normal(self, t_s: np.ndarray) -> np.ndarray:
        """Returns y at times `t_s`, of mean zero and variance one."""
        octaves = zip(
            self.modulation.weights,
            self.modulation.knot_intervals_s,
            self.phases_s,
            self.knots,
            strict=True,
        )
        return sum(
            (w * crossfade((t_s + phase) / interval, n) for w, interval, phase, n in octaves),
            np.zeros(()),
        )

    def factor(self, t_s: np.ndarray, deviation: float) -> np.ndarray:
        """Returns demand over its mean at times `t_s`: exp(s y - s^2 / 2)."""
        return np.exp(deviation * self.normal(t_s) - 0.5 * deviation * deviation)


def crossfade(position: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Returns knot noise at a position counted in knots: cos(th) n[k] + sin(th) n[k + 1]."""
    knot = np.minimum(np.floor(position).astype(np.int64), len(knots) - 2)
    angle = 0.5 * np.pi * (position - knot)
    return np.cos(angle) * knots[knot] + np.sin(angle) * knots[knot + 1]


def crossfade_correlation(lag: np.ndarray) -> np.ndarray:
    """Returns the correlation of knot noise at a lag counted in knots, averaged over the phase.

    Within one interval both points share two knots, in the next one, beyond that none:
    (1 - a/2) cos(pi a/2) + sin(pi a/2) / pi for a <= 1, and for 1 < a < 2, with b = 2 - a,
    -(b/2) cos(pi b/2) + sin(pi b/2) / pi.
    """
    lag = np.asarray(lag, dtype=np.float64)
    near = (1.0 - 0.5 * lag) * np.cos(0.5 * np.pi * lag) + np.sin(0.5 * np.pi * lag) / np.pi
    rest = np.clip(2.0 - lag, 0.0, 1.0)
    far = -0.5 * rest * np.cos(0.5 * np.pi * rest) + np.sin(0.5 * np.pi * rest) / np.pi
    return np.where(lag <= 1.0, near, far)

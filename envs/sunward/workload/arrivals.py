"""Arrival processes: conversation is slowly modulated and near Poisson, code comes in bursts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Rate of arrival over its mean, at times in s.
Factor = Callable[[np.ndarray], np.ndarray]
#: Distance of the points at which a slow factor is sampled.
GRID_S = 5.0


def renewal_arrivals(
    rate_per_s: float, shape: float, span_s: float, factor: Factor, rng: np.random.Generator
) -> np.ndarray:
    """Returns arrival times of a Gamma renewal process whose clock runs at the modulated rate.

    Args:
        rate_per_s: Mean requests a second, above 0.
        shape: Shape k of the Gamma gaps in that clock; 1 is Poisson, less is burstier.
        span_s: Arrivals fall into 0 to `span_s`.
        factor: Rate over its mean at a time.
        rng: The generator.
    """
    grid_s = np.linspace(0.0, span_s, int(np.ceil(span_s / GRID_S)) + 1)
    middle_s = 0.5 * (grid_s[1:] + grid_s[:-1])
    expected = np.concatenate([[0.0], np.cumsum(rate_per_s * np.diff(grid_s) * factor(middle_s))])
    n_drawn = int(expected[-1] + 6.0 * np.sqrt(expected[-1] / shape) + 20)
    # Start in the middle of a gap, else the first arrivals crowd at the origin.
    gaps = rng.gamma(shape, 1.0 / shape, n_drawn)
    count = np.cumsum(gaps) - rng.uniform() * gaps[0]
    return np.interp(count[count < expected[-1]], expected, grid_s)


@dataclass(frozen=True)
class BurstProcess:
    """A Markov-modulated on/off Poisson process with two kinds of pause.

    Busy spells send requests at a steady rate; each ends in a short pause (within a burst) or a
    long one (between bursts). With one kind of pause it is the interrupted Poisson process of
    queueing theory, which gives the code traffic's variance over 1 s and 60 s but 82 in place of
    71 over 10 s.

    Attributes:
        busy_rate_per_s: Requests a second while busy.
        mean_busy_s: Mean busy spell.
        short_pause_share: Share of the pauses that are short, 0 to 1.
        mean_short_s: Mean short pause.
        mean_long_s: Mean long pause.
    """

    busy_rate_per_s: float
    mean_busy_s: float
    short_pause_share: float
    mean_short_s: float
    mean_long_s: float

    @property
    def mean_pause_s(self) -> float:
        """Mean pause of either kind."""
        short = self.short_pause_share
        return short * self.mean_short_s + (1.0 - short) * self.mean_long_s

    @property
    def busy_share(self) -> float:
        """Share of the time that is busy."""
        return self.mean_busy_s / (self.mean_busy_s + self.mean_pause_s)

    @property
    def rate_per_s(self) -> float:
        """Mean requests a second."""
        return self.busy_rate_per_s * self.busy_share

    def variance_to_mean(self, window_s: float) -> float:
        """Returns the variance over the mean of counts in windows of this length.

        The rate is a function of a three-state Markov chain with generator Q. Its covariance is a
        sum of c exp(-t / tau) over Q's modes, and in windows w each mode adds to Poisson's one
        2 c tau (1 - tau / w (1 - exp(-w / tau))) / mean. For long windows the whole tends to the
        squared variation of the gaps.

        References: W. Fischer and K. Meier-Hellstern, The Markov-modulated Poisson process
        cookbook, Performance Evaluation 18 (1993) 149.
        """
        strength, tau_s = self._modes()
        share = 1.0 - tau_s / window_s * -np.expm1(-window_s / tau_s)
        return float(1.0 + 2.0 / self.rate_per_s * np.sum(strength * tau_s * share))

    def gap_variation(self) -> float:
        """Returns the coefficient of variation of the gaps between arrivals."""
        strength, tau_s = self._modes()
        return float(np.sqrt(1.0 + 2.0 / self.rate_per_s * np.sum(strength * tau_s)))

    def _modes(self) -> tuple[np.ndarray, np.ndarray]:
        leave, short = 1.0 / self.mean_busy_s, self.short_pause_share
        q = np.diag([-leave, -1.0 / self.mean_short_s, -1.0 / self.mean_long_s])
        q[0, 1:] = leave * short, leave * (1.0 - short)
        q[1:, 0] = -q[1, 1], -q[2, 2]
        values, right = np.linalg.eig(q)
        left = np.linalg.inv(right)
        rate = np.array([self.busy_rate_per_s, 0.0, 0.0])
        pauses_s = np.array([short * self.mean_short_s, (1.0 - short) * self.mean_long_s])
        stay_s = np.array([self.mean_busy_s, *pauses_s])
        strength = ((stay_s / stay_s.sum() * rate) @ right) * (left @ rate)
        moving = np.argsort(np.abs(values))[1:]  # the first mode stands still
        return np.real(strength[moving]), -1.0 / np.real(values[moving])

    def arrivals(self, span_s: float, factor: Factor, rng: np.random.Generator) -> np.ndarray:
        """Returns arrival times in 0 to `span_s`; `factor` scales the rate of each busy spell."""
        start_s, end_s = self._busy_spells(span_s, rng)
        expected = self.busy_rate_per_s * (end_s - start_s) * factor(0.5 * (start_s + end_s))
        spell = np.repeat(np.arange(len(start_s)), rng.poisson(expected))
        t_s = start_s[spell] + rng.uniform(size=len(spell)) * (end_s - start_s)[spell]
        return np.sort(t_s)

    def _busy_spells(
        self, span_s: float, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Starts and ends of the busy spells in 0 to `span_s`, from a stationary start."""
        # Twenty long pauses earlier the start is forgotten.
        lead_s = 20.0 * self.mean_long_s
        cycle_s = self.mean_busy_s + self.mean_pause_s
        n_cycles = (span_s + lead_s) / cycle_s
        n_drawn = int(n_cycles + 12.0 * np.sqrt(n_cycles * self.mean_long_s / cycle_s) + 20)
        busy_s = rng.exponential(self.mean_busy_s, n_drawn)
        is_short = rng.uniform(size=n_drawn) < self.short_pause_share
        pause_s = rng.exponential(np.where(is_short, self.mean_short_s, self.mean_long_s))
        end_s = np.cumsum(busy_s + pause_s) - pause_s - lead_s
        start_s, end_s = np.maximum(end_s - busy_s, 0.0), np.minimum(end_s, span_s)
        return start_s[end_s > start_s], end_s[end_s > start_s]

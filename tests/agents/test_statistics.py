"""Intervals: hand-worked cases, and how often they cover the truth."""

import numpy as np
import pytest

from sunward_agents.statistics import Estimate, mean_interval, paired_difference, ratio_interval


def test_two_samples_give_the_interval_that_can_be_worked_by_hand():
    # Means of two draws from {0, 1}: 0 and 1 with probability 1/4 each, 1/2 with 1/2.
    assert mean_interval([0.0, 1.0]) == Estimate(0.5, 0.0, 1.0)
    assert mean_interval([0.0, 1.0], confidence=0.4) == Estimate(0.5, 0.5, 0.5)


def test_three_samples_give_the_quantiles_of_a_binomial():
    # The sum of three draws from {0, 0, 3} is 3 k, k ~ Bin(3, 1/3): P(k = 0) = 8/27 and
    # P(k = 3) = 1/27, so that the 2.5 % and 97.5 % points of the mean are 0 and 3.
    assert mean_interval([0.0, 0.0, 3.0]) == Estimate(1.0, 0.0, 3.0)
    # At 90 % the upper end drops to k = 2, since P(k = 3) = 3.7 % is below 5 %.
    assert mean_interval([0.0, 0.0, 3.0], confidence=0.9) == Estimate(1.0, 0.0, 2.0)


def test_equal_samples_leave_no_doubt():
    assert mean_interval([0.25] * 5) == Estimate(0.25, 0.25, 0.25)


def test_a_shift_is_found_exactly_however_much_worlds_differ():
    worlds = np.array([0.0, 8.0, -64.0, 512.0])
    lead = paired_difference(worlds + 0.5, worlds)
    assert lead == Estimate(0.5, 0.5, 0.5)
    assert lead.is_above_zero
    assert not mean_interval(worlds).is_above_zero


def test_a_difference_changes_its_sign_with_the_order():
    first, second = np.array([1.0, 2.0, 4.0]), np.array([2.0, 2.0, 2.0])
    one, other = paired_difference(first, second), paired_difference(second, first)
    assert one.mean == -other.mean
    assert one.low == pytest.approx(-other.high)


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(5)
    trials = rng.normal(1.0, 2.0, (600, 32))
    intervals = [
        mean_interval(trial, n_resamples=800, seed=seed) for seed, trial in enumerate(trials)
    ]
    covered = np.mean([interval.low <= 1.0 <= interval.high for interval in intervals])
    # Binomial error of 600 trials: 0.009; the percentile interval of 32 is a little narrow.
    assert 0.91 <= covered <= 0.97


def test_the_width_is_that_of_the_normal_interval_for_many_samples():
    samples = np.random.default_rng(1).normal(size=2000)
    interval = mean_interval(samples)
    half_width = 1.96 * samples.std() / np.sqrt(len(samples))
    assert interval.high - interval.low == pytest.approx(2.0 * half_width, rel=0.05)


def test_the_same_samples_always_give_the_same_interval():
    samples = np.random.default_rng(2).normal(size=20)
    assert mean_interval(samples) == mean_interval(samples.tolist())


@pytest.mark.parametrize("samples", [[], [[1.0, 2.0]], [1.0, np.nan]])
def test_samples_that_are_no_row_of_finite_numbers_are_refused(samples):
    with pytest.raises(ValueError, match="samples"):
        mean_interval(samples)


def test_different_numbers_of_worlds_cannot_be_paired():
    with pytest.raises(ValueError, match="3 worlds cannot be paired with 2"):
        paired_difference([1.0, 2.0, 3.0], [1.0, 2.0])


def test_a_ratio_of_means_draws_both_together():
    # Pairs (1, 1) and (3, 1): the ratios of two draws are 1, 2 and 3.
    assert ratio_interval([1.0, 3.0], [1.0, 1.0]) == Estimate(2.0, 1.0, 3.0)
    # Numerators that are twice the denominators give 2, whatever is drawn.
    assert ratio_interval([2.0, 8.0, 4.0], [1.0, 4.0, 2.0]) == Estimate(2.0, 2.0, 2.0)


def test_a_ratio_is_that_of_the_means_not_the_mean_of_ratios():
    assert ratio_interval([1.0, 1.0], [1.0, 3.0]).mean == 0.5


def test_a_ratio_refuses_denominators_that_are_not_positive():
    with pytest.raises(ValueError, match="a denominator is 0"):
        ratio_interval([1.0, 1.0], [1.0, 0.0])

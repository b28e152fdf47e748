"""Cloud as a two-state process: exact limits, long runs against the share and the memory."""

import math
import random

import pytest

from sunward.physics import cloud

CLEAR, HOUR_S = 0.65, 3600.0


def test_no_time_changes_nothing_and_long_times_forget_everything():
    kept = cloud.remembered_share(0.0, 6.0 * HOUR_S)
    lost = cloud.remembered_share(1e7, 6.0 * HOUR_S)
    for sky in (0.0, 1.0):
        assert cloud.clear_probability(sky, CLEAR, kept) == sky
        assert cloud.clear_probability(sky, CLEAR, lost) == pytest.approx(CLEAR, abs=1e-12)


def test_the_share_that_is_clear_stays_what_it_is():
    for remembered in (0.0, 0.3, 0.99):
        assert cloud.clear_probability(CLEAR, CLEAR, remembered) == pytest.approx(CLEAR)


@pytest.mark.parametrize("sky", [0.0, 1.0])
def test_one_long_step_equals_many_short_ones(sky):
    short = cloud.remembered_share(60.0, 3.0 * HOUR_S)
    chance = sky
    for _ in range(90):
        chance = cloud.clear_probability(chance, CLEAR, short)
    whole = cloud.remembered_share(90.0 * 60.0, 3.0 * HOUR_S)
    assert chance == pytest.approx(cloud.clear_probability(sky, CLEAR, whole), abs=1e-6)


def test_small_steps_change_at_the_rates():
    to_cloud, to_clear = cloud.change_rates_per_s(CLEAR, 3.0 * HOUR_S)
    kept = cloud.remembered_share(1.0, 3.0 * HOUR_S)
    assert 1.0 - cloud.clear_probability(1.0, CLEAR, kept) == pytest.approx(to_cloud, rel=1e-3)
    assert cloud.clear_probability(0.0, CLEAR, kept) == pytest.approx(to_clear, rel=1e-3)
    assert to_clear / (to_clear + to_cloud) == pytest.approx(CLEAR)


def test_a_long_run_has_the_share_and_the_memory_it_was_given():
    rng = random.Random(4)
    kept = cloud.remembered_share(600.0, HOUR_S)
    skies = [1.0]
    for _ in range(200_000):
        skies.append(cloud.cloud_step(skies[-1], rng.random(), CLEAR, kept))
    mean = sum(skies) / len(skies)
    # 200,000 steps of 10 min with a memory of an hour: 1,700 independent skies, times ten.
    assert mean == pytest.approx(CLEAR, abs=0.015)
    pairs = zip(skies, skies[6:], strict=False)  # an hour apart
    covariance = sum((a - mean) * (b - mean) for a, b in pairs) / len(skies)
    assert covariance / (mean * (1.0 - mean)) == pytest.approx(math.exp(-1.0), abs=0.03)


def test_blocked_passes_match_the_chain_step_by_step():
    kept = cloud.remembered_share(96.0 * 60.0, 4.0 * HOUR_S)
    chance = 1.0 - CLEAR
    for n_passes in range(1, 8):
        assert cloud.blocked_probability(CLEAR, kept, n_passes) == pytest.approx(chance, rel=1e-6)
        chance *= 1.0 - cloud.clear_probability(0.0, CLEAR, kept)


def test_a_sky_with_memory_blocks_longer_than_one_without():
    forgetful = cloud.blocked_probability(CLEAR, 0.0, 5)
    assert forgetful == pytest.approx((1.0 - CLEAR) ** 5, rel=1e-6)
    assert cloud.blocked_probability(CLEAR, 0.8, 5) > 5.0 * forgetful


def test_several_sites_are_seldom_all_cloudy():
    assert cloud.some_clear_share(0.69, 1.0) == pytest.approx(0.69, rel=1e-6)
    assert cloud.some_clear_share(0.69, 6.0) == pytest.approx(1.0 - 0.31**6, abs=1e-7)
    assert cloud.clear_contact_s(300.0, 0.69) == pytest.approx(207.0)

"""The step-level model agrees with requests drawn one by one, and with whole services."""

from dataclasses import replace

import numpy as np
import pytest

from sunward.workload.generator import generate_site
from sunward.workload.profile import daily_shape, modulation
from sunward.workload.request_work import LANGUAGE_MODELS, Serving, work_of_tokens
from sunward.workload.statistics import autocorrelation, block_means, peak_to_mean
from sunward.workload.step_demand import (
    fast_deviation,
    requests_per_step,
    slow_deviation,
    step_demand,
)

STEP_S = 60.0
N_STEPS = 720


def generator(seed):
    return np.random.Generator(np.random.Philox(seed))


def work_by_step(profile, trace, work_class):
    figures = getattr(profile, work_class)
    serving = Serving(LANGUAGE_MODELS[profile.model], batch=figures.batch.value)
    # Priced in steps of 32 and 8 tokens: a tenth of the prices, and the same work to 1e-3.
    read, written = 32 * (trace.input_tokens // 32) + 16, 8 * (trace.output_tokens // 8) + 4
    work = work_of_tokens(read, written, trace.cached_tokens, serving)
    return np.bincount(np.floor(trace.t_s / STEP_S).astype(int), work.gpu_s, minlength=N_STEPS)


@pytest.fixture(scope="module", params=["interactive", "deferrable"])
def both(request, profile):
    """Half a flat day of one class at 8.1 requests/s, from requests and from the step model.

    That is Azure's conversation and code together, with one source of bursts. Both follow the
    same course of the slow modulation, whose chance would drown the rest.
    """
    work_class, rate_per_s = request.param, 8.1
    figures = getattr(profile, work_class)
    model = step_demand(profile, rate_per_s * STEP_S * figures.gpu_s_per_request.value, work_class)
    model = replace(model, daily_depth=0.0)
    pairs = []
    for seed in range(3):
        path = model.slow.path(N_STEPS * STEP_S, generator(100 + seed))
        trace = generate_site(
            profile, rate_per_s, N_STEPS * STEP_S, seed, work_class=work_class, path=path
        )
        slow = path.factor(STEP_S * (np.arange(N_STEPS) + 0.5), model.slow_deviation)
        by_request = work_by_step(profile, trace, work_class)
        by_step = model.draw(N_STEPS, generator(200 + seed), path=path)
        pairs.append((by_request, by_step, model.base_gpu_s * slow))
    return np.array(pairs)  # (seeds, by request / by step / expected, steps)


def test_both_have_the_same_mean(both):
    by_request, by_step, expected = both.mean(axis=(0, 2))
    assert by_request == pytest.approx(expected, rel=0.03)
    assert by_step == pytest.approx(by_request, rel=0.04)


def test_both_scatter_alike_about_what_is_expected(both):
    by_request, by_step = ((both[:, i] / both[:, 2]).var() for i in (0, 1))
    assert by_step == pytest.approx(by_request, rel=0.20)


def test_both_have_the_same_variance_over_mean_at_a_minute(both):
    by_request, by_step = (
        np.mean(both[:, i].var(axis=1) / both[:, i].mean(axis=1)) for i in (0, 1)
    )
    assert by_step == pytest.approx(by_request, rel=0.15)


@pytest.mark.parametrize("lag", [1, 6])
def test_both_remember_alike_over_ten_minutes_and_an_hour(both, lag):
    """Blocks of ten minutes, as ServeGen counts."""
    found = [[autocorrelation(block_means(x, 10), lag) for x in day[:2]] for day in both]
    by_request, by_step = np.mean(found, axis=0)
    assert by_step == pytest.approx(by_request, abs=0.08)


def test_weeks_of_a_large_service_look_like_servegen(profile):
    """Ten-minute blocks over a week at 210 requests/s, a flat day."""
    figures = profile.interactive
    model = step_demand(profile, 210.0 * STEP_S * figures.gpu_s_per_request.value)
    model = replace(model, daily_depth=0.0)
    weeks = [block_means(model.draw(7 * 1440, generator(seed)), 10) for seed in range(20)]
    peaks = [peak_to_mean(week) for week in weeks]
    assert min(peaks) > 1.4
    assert max(peaks) < 3.3
    assert 0.83 <= np.mean([autocorrelation(week, 1) for week in weeks]) <= 0.93
    assert 0.57 <= np.mean([autocorrelation(week, 6) for week in weeks]) <= 0.68
    assert np.mean(weeks) == pytest.approx(model.base_gpu_s, rel=0.04)


def test_variance_over_mean_at_a_minute_is_that_of_the_sum_of_its_parts(profile):
    """(e^(s^2) e^(f^2) - 1) mean, over many short independent courses."""
    model = replace(step_demand(profile, 2000.0), daily_depth=0.0)
    drawn = np.concatenate([model.draw(60, generator(seed)) for seed in range(4000)])
    s, f = model.slow_deviation, model.fast_deviation
    assert drawn.mean() == pytest.approx(2000.0, rel=0.03)
    assert drawn.var() / drawn.mean() == pytest.approx(2000.0 * np.expm1(s * s + f * f), rel=0.12)


def test_the_day_is_in_the_step_model(profile):
    model = step_demand(profile, 1000.0)
    expected = model.expected(1440, local_hour=6.0)
    hours = 6.0 + (np.arange(1440) + 0.5) / 60.0
    assert expected == pytest.approx(1000.0 * daily_shape(profile).factor(hours))
    flatter = step_demand(profile, 1000.0, "deferrable").expected(1440, 6.0)
    assert np.ptp(flatter) < 0.5 * np.ptp(expected)


def test_more_work_means_less_scatter(profile):
    figures = profile.interactive
    work = np.array([100.0, 1000.0, 10000.0])
    assert np.all(np.diff(fast_deviation(figures, work)) < 0.0)
    assert np.all(np.diff(slow_deviation(profile, figures, work)) < 0.0)
    requests = requests_per_step(figures, 1000.0)
    ratio = figures.step_variance_requests.value / requests
    assert fast_deviation(figures, 1000.0) ** 2 == pytest.approx(np.log(1.0 + ratio))


def test_equal_generators_draw_equal_demand(profile):
    model = step_demand(profile, 500.0)
    assert np.array_equal(model.draw(50, generator(1)), model.draw(50, generator(1)))
    assert not np.array_equal(model.draw(50, generator(1)), model.draw(50, generator(2)))


def test_the_octaves_are_whole_steps(profile):
    for interval_s in modulation(profile).knot_intervals_s:
        assert interval_s % profile.step_s == 0.0

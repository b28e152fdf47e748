"""The slow modulation and the shape of a day."""

import csv

import numpy as np
import pytest

from sunward.workload.daily import DailyShape, fit_daily_shape
from sunward.workload.fitting import residual_log_rate
from sunward.workload.modulation import Modulation, crossfade_correlation
from sunward.workload.profile import daily_shape, load_sites, modulation
from sunward.workload.service_traces import load_hourly_profile, load_service_rates
from sunward.workload.statistics import autocorrelation

DAY_S = 86400.0


def generator(seed):
    return np.random.Generator(np.random.Philox(seed))


def test_the_crossfade_keeps_mean_zero_and_variance_one_at_every_phase(profile):
    slow = modulation(profile)
    t_s = np.arange(0.0, 2000 * DAY_S, 97.0)
    drawn = slow.path(t_s[-1], generator(1)).normal(t_s)
    assert drawn.mean() == pytest.approx(0.0, abs=0.03)
    assert drawn.var() == pytest.approx(1.0, abs=0.03)
    in_phase = np.floor(t_s % 900.0 / 90.0).astype(int)
    by_phase = [drawn[in_phase == k].var() for k in range(10)]
    assert by_phase == pytest.approx(np.ones(10), abs=0.06)


def test_drawn_courses_have_the_correlation_of_the_closed_form(profile):
    slow = modulation(profile)
    t_s = np.arange(0.0, 3000 * DAY_S, 300.0)
    drawn = slow.path(t_s[-1], generator(2)).normal(t_s)
    for lag in (1, 2, 3, 5, 12, 36, 60, 96, 120):
        expected = slow.correlation(300.0 * lag)
        assert autocorrelation(drawn, lag) == pytest.approx(expected, abs=0.02)


def test_knot_noise_forgets_after_two_knots():
    assert crossfade_correlation(0.0) == 1.0
    assert crossfade_correlation(1.0) == pytest.approx(1.0 / np.pi)
    near, far = crossfade_correlation(np.array([1.0 - 1e-9, 1.0 + 1e-9]))
    assert near == pytest.approx(far, abs=1e-7)
    assert crossfade_correlation(2.0) == 0.0
    assert crossfade_correlation(7.5) == 0.0


def test_the_factor_has_mean_one(profile):
    t_s = np.arange(0.0, 1000 * DAY_S, 600.0)
    factor = modulation(profile).path(t_s[-1], generator(3)).factor(t_s, 0.4)
    assert factor.mean() == pytest.approx(1.0, abs=0.03)
    assert np.log(factor).std() == pytest.approx(0.4, abs=0.01)


def test_the_octaves_have_the_correlation_of_whole_services(profile):
    slow = modulation(profile)
    assert sum(w * w for w in slow.weights) == pytest.approx(1.0, abs=1e-4)
    assert 0.83 <= slow.correlation(600.0) <= 0.93
    assert 0.57 <= slow.correlation(3600.0) <= 0.68


def test_the_size_of_the_modulation_is_that_of_whole_services(profile, traces_dir):
    slow = modulation(profile)
    for name in ("m_large", "m_small"):
        rates = load_service_rates(traces_dir / f"servegen_{name}_week1_rates.csv")
        shown = residual_log_rate(rates.t_s + 300.0, rates.req_per_s).std()
        assert slow.deviation(rates.req_per_s.mean()) == pytest.approx(shown, rel=0.12)
    conversation = profile.services["conversation"].arrivals
    at_azure = slow.deviation(conversation.rate_per_s.value)
    assert at_azure == pytest.approx(conversation.slow_deviation.value, rel=0.12)


def test_a_larger_service_is_steadier():
    slow = Modulation((900.0,), (1.0,), 0.3, 50.0, 0.2)
    assert slow.deviation(50.0) == pytest.approx(0.3)
    assert slow.deviation(500.0) == pytest.approx(0.3 * 10.0**-0.2)
    assert slow.deviation(0.0) == slow.deviation(1.0)  # no trace speaks for less


def test_the_daily_shape_is_the_published_one(profile, traces_dir):
    hourly = load_hourly_profile(traces_dir / "burstgpt_hourly_profile_61d.csv")
    fitted, explained = fit_daily_shape(hourly.hour_local + 0.5, hourly.mean_requests_per_hour)
    assert explained == pytest.approx(0.92, abs=0.005)
    for shape in (fitted, daily_shape(profile)):
        assert shape.first_amplitude == pytest.approx(0.66, abs=0.005)
        assert shape.first_peak_h == pytest.approx(17.3, abs=0.05)
        assert shape.second_amplitude == pytest.approx(0.26, abs=0.005)
        assert shape.second_peak_h == pytest.approx(1.1, abs=0.05)


def test_a_day_is_always_positive_and_averages_to_one(profile):
    hours = np.arange(0.0, 24.0, 0.01)
    for depth in (0.0, 0.3, 1.0):
        factor = daily_shape(profile).factor(hours, depth)
        assert factor.min() >= 0.05
        assert factor.mean() == pytest.approx(1.0, abs=1e-12)
    assert daily_shape(profile).factor(hours).min() == pytest.approx(0.127, abs=0.005)


def test_a_day_repeats_and_its_least_is_held_above_nothing():
    shape = DailyShape(0.66, 17.3, 0.26, 1.1)
    assert shape.factor(-7.0) == pytest.approx(float(shape.factor(17.0)))
    assert DailyShape(1.5, 12.0, 0.0, 0.0).factor(0.0) == 0.05


def test_harmonics_against_utc_are_the_local_shape(profile):
    shape = daily_shape(profile)
    offset_h = np.array([-8.0, 0.0, 5.5, 9.0])
    cosine, sine = shape.utc_harmonics(offset_h)
    assert cosine.shape == sine.shape == (4, 2)
    for utc_h in (0.0, 3.7, 12.0, 23.9):
        turn = 2.0 * np.pi / 24.0 * utc_h * np.array([1.0, 2.0])
        by_utc = 1.0 + (cosine * np.cos(turn) + sine * np.sin(turn)).sum(axis=1)
        assert by_utc == pytest.approx(shape.factor(utc_h + offset_h), abs=1e-12)


def test_the_world_asks_most_before_noon_utc(profile):
    """Published from the hourly profile: 1.34 peak, .56 trough, 11:30; two harmonics are softer."""
    hours = np.arange(0.0, 24.0, 0.25)
    shape, sites = daily_shape(profile), load_sites().sites
    world = sum(site.weight * shape.factor(hours + site.utc_offset_h) for site in sites)
    assert world.max() == pytest.approx(1.34, abs=0.11)
    assert world.min() == pytest.approx(0.56, abs=0.04)
    assert hours[world.argmax()] == pytest.approx(11.5, abs=0.75)


def test_the_hourly_profile_over_the_sites_gives_the_published_swing(traces_dir, shared_dir):
    hourly = load_hourly_profile(traces_dir / "burstgpt_hourly_profile_61d.csv")
    relative = hourly.mean_requests_per_hour / hourly.mean_requests_per_hour.mean()
    with open(shared_dir / "data" / "geo" / "demand_sites_64.csv") as file:
        offsets = [
            (float(r["utc_offset_jan"]), float(r["w_internet"])) for r in csv.DictReader(file)
        ]
    hours = np.arange(24.0)
    world = sum(w * relative[np.floor(hours + offset).astype(int) % 24] for offset, w in offsets)
    assert world.max() == pytest.approx(1.34, abs=0.02)
    assert world.min() == pytest.approx(0.56, abs=0.02)
    assert hours[world.argmax()] == 11.0

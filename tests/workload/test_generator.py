"""Generated requests have the statistics published for the traces."""

import numpy as np
import pytest

from sunward.workload.arrivals import BurstProcess, renewal_arrivals
from sunward.workload.generator import burst_process, generate_service, generate_site, merge
from sunward.workload.request_work import work_of
from sunward.workload.statistics import (
    distance_of_distributions,
    gap_variation,
    variance_to_mean,
    variation,
    window_counts,
)
from sunward.workload.traces import load_trace

HOUR_S = 3600.0


def steady(t_s):
    return np.ones_like(t_s)


def test_conversation_is_near_poisson_and_slowly_modulated(profile, conversation):
    """Means over 100 draws as long as the trace; one draw scatters by a third over 60 s."""
    found = []
    for seed in range(100):
        t_s = generate_service(profile, "conversation", conversation.span_s, seed).t_s
        ratios = [variance_to_mean(window_counts(t_s, w)) for w in (1.0, 10.0, 60.0)]
        found.append((len(t_s) / conversation.span_s, gap_variation(t_s), *ratios))
    rate, gaps, second, ten_seconds, minute = np.mean(found, axis=0)
    assert rate == pytest.approx(5.53, rel=0.08)
    assert gaps == pytest.approx(1.09, abs=0.02)
    assert second == pytest.approx(1.4, rel=0.05)
    assert ten_seconds == pytest.approx(4.0, rel=0.12)
    assert minute == pytest.approx(20.6, rel=0.18)


def test_code_comes_in_bursts(profile):
    found = []
    for seed in range(12):
        t_s = generate_service(profile, "code", 6 * HOUR_S, seed).t_s
        ratios = [variance_to_mean(window_counts(t_s, w)) for w in (1.0, 10.0, 60.0)]
        found.append((len(t_s) / (6 * HOUR_S), gap_variation(t_s), *ratios))
    rate, gaps, second, ten_seconds, minute = np.mean(found, axis=0)
    assert rate == pytest.approx(2.57, rel=0.05)
    assert gaps == pytest.approx(13.2, rel=0.08)
    assert second == pytest.approx(13.0, rel=0.05)
    assert ten_seconds == pytest.approx(71.0, rel=0.06)
    assert minute == pytest.approx(161.0, rel=0.10)


def test_drawn_bursts_agree_with_their_closed_form(profile):
    process = burst_process(profile.services["code"].arrivals)
    t_s = process.arrivals(400 * HOUR_S, steady, np.random.Generator(np.random.Philox(4)))
    for window_s in (1.0, 10.0, 60.0, 600.0):
        drawn = variance_to_mean(window_counts(t_s, window_s))
        assert drawn == pytest.approx(process.variance_to_mean(window_s), rel=0.05)
    assert gap_variation(t_s) == pytest.approx(process.gap_variation(), rel=0.03)
    assert len(t_s) / (400 * HOUR_S) == pytest.approx(process.rate_per_s, rel=0.02)


def test_one_kind_of_pause_is_the_interrupted_poisson_process():
    """Busy .175 of the time, 7.5 s correlation: 13 / 82 / 160 at 1 / 10 / 60 s, CV 13.5."""
    busy_s, pause_s = 7.5 / 0.825, 7.5 / 0.175
    process = BurstProcess(2.57 / 0.175, busy_s, 0.5, pause_s * 0.999, pause_s * 1.001)
    strength = process.busy_rate_per_s * 0.825 * 2.0 * 7.5
    for window_s in (1.0, 10.0, 60.0):
        share = 1.0 - 7.5 / window_s * (1.0 - np.exp(-window_s / 7.5))
        assert process.variance_to_mean(window_s) == pytest.approx(1 + strength * share, rel=1e-3)
    assert process.variance_to_mean(10.0) == pytest.approx(82.0, abs=0.5)


def test_gamma_arrivals_of_shape_one_are_poisson():
    rng = np.random.Generator(np.random.Philox(3))
    t_s = renewal_arrivals(20.0, 1.0, 4 * HOUR_S, steady, rng)
    assert len(t_s) == pytest.approx(20.0 * 4 * HOUR_S, rel=0.01)
    assert gap_variation(t_s) == pytest.approx(1.0, abs=0.01)
    assert variance_to_mean(window_counts(t_s, 10.0)) == pytest.approx(1.0, abs=0.1)


def test_arrivals_follow_the_factor_they_are_given():
    def ramp(t_s):
        return 2.0 * t_s / HOUR_S

    rng = np.random.Generator(np.random.Philox(5))
    t_s = renewal_arrivals(50.0, 0.9, HOUR_S, ramp, rng)
    assert (t_s < 0.5 * HOUR_S).mean() == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize(
    ("service", "file", "hours"),
    [
        ("conversation", "azure2023_conv.csv", 1.0),
        ("long_context", "mooncake_conversation_0-30min.csv", 1.0),
        ("rag", "ragpulse_2025-09-10_week.csv", 400.0),
    ],
)
def test_token_lengths_are_those_of_the_trace(profile, traces_dir, service, file, hours):
    trace = load_trace(traces_dir / file)
    drawn = generate_service(profile, service, hours * HOUR_S, seed=2)
    assert distance_of_distributions(drawn.input_tokens, trace.input_tokens) < 0.03
    assert distance_of_distributions(drawn.output_tokens, trace.output_tokens) < 0.03
    found = np.corrcoef(drawn.input_tokens, drawn.output_tokens)[0, 1]
    shown = np.corrcoef(trace.input_tokens, trace.output_tokens)[0, 1]
    assert found == pytest.approx(shown, abs=0.15)
    assert work_of(drawn).gpu_s.mean() == pytest.approx(work_of(trace).gpu_s.mean(), rel=0.05)


@pytest.mark.parametrize(
    ("service", "read", "written", "tolerance"),
    [
        ("conversation", (181, 1020, 2734, 4142), (41, 129, 424, 601), 0.05),
        ("code", (75, 1469, 5188, 7436), (6, 13, 55, 251), 0.10),
        # Published over the whole hour, the file and the fit hold its first half.
        ("long_context", (901, 6909, 27367, 85400), (10, 350, 597, 1119), 0.13),
    ],
)
def test_quantiles_of_tokens_are_the_published_ones(profile, service, read, written, tolerance):
    drawn = generate_service(profile, service, 12 * HOUR_S, seed=6)
    at = [0.05, 0.5, 0.9, 0.99]
    assert np.quantile(drawn.input_tokens, at) == pytest.approx(read, rel=tolerance)
    assert np.quantile(drawn.output_tokens, at) == pytest.approx(written, rel=tolerance)


def test_a_third_of_long_contexts_is_cached(profile):
    drawn = generate_service(profile, "long_context", HOUR_S, seed=1)
    assert drawn.cached_tokens.sum() / drawn.input_tokens.sum() == pytest.approx(0.37, abs=0.04)
    assert np.all(drawn.cached_tokens <= drawn.input_tokens)


def test_equal_seeds_give_equal_requests_and_other_seeds_others(profile):
    first, again, other = (generate_site(profile, 4.0, HOUR_S, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.t_s, again.t_s)
    assert np.array_equal(first.output_tokens, again.output_tokens)
    assert not np.array_equal(first.t_s[:50], other.t_s[:50])


def test_the_global_generator_has_no_say(profile):
    np.random.seed(0)  # noqa: NPY002 - the point of the test
    first = generate_service(profile, "code", HOUR_S, 1)
    np.random.seed(1)  # noqa: NPY002
    assert np.array_equal(first.t_s, generate_service(profile, "code", HOUR_S, 1).t_s)


def test_a_site_mixes_services_in_their_shares(profile):
    site = generate_site(profile, 20.0, 2 * HOUR_S, seed=3)
    assert site.rate_per_s == pytest.approx(20.0, rel=0.5)
    assert np.all(np.diff(site.t_s) >= 0.0)
    # Code answers in a dozen tokens where conversation takes a hundred.
    share_of_code = profile.interactive.request_shares["code"]
    assert (site.output_tokens <= 13).mean() == pytest.approx(0.53 * share_of_code, abs=0.06)


def test_a_larger_site_is_smoother_because_it_has_more_sources_of_bursts(profile):
    only_code = profile.interactive.model_copy(update={"request_shares": {"code": 1.0}})
    site = profile.model_copy(update={"interactive": only_code})

    def unevenness(rate_per_s):
        drawn = [generate_site(site, rate_per_s, 4 * HOUR_S, seed) for seed in range(6)]
        return np.mean([variation(window_counts(trace.t_s, 60.0)) ** 2 for trace in drawn])

    assert unevenness(25.7) < 0.4 * unevenness(2.57)


def test_demand_follows_the_local_clock(profile):
    """Over many seeds a site at UTC+8 asks most in its afternoon: 17.3 h there, 9.3 h UTC."""
    traces = [
        generate_site(profile, 1.0, 24 * HOUR_S, seed, utc_offset_h=8.0) for seed in range(12)
    ]
    turn = 2.0 * np.pi / (24 * HOUR_S) * np.concatenate([trace.t_s for trace in traces])
    peak_h = np.arctan2(np.sin(turn).mean(), np.cos(turn).mean()) * 12.0 / np.pi % 24.0
    assert peak_h == pytest.approx(17.3 - 8.0, abs=1.5)


def test_caches_do_not_follow_deferrable_work(profile):
    site = generate_site(profile, 2.0, HOUR_S, 1, work_class="deferrable")
    assert site.cached_tokens.sum() == 0


def test_an_unknown_service_is_refused_by_name(profile):
    with pytest.raises(ValueError, match="'speech' is not one of conversation, code"):
        generate_service(profile, "speech", HOUR_S, 1)


def test_merged_traces_keep_every_request(profile):
    parts = [generate_service(profile, name, HOUR_S, 1) for name in ("code", "conversation")]
    whole = merge("both", parts)
    assert whole.n_requests == sum(part.n_requests for part in parts)
    assert whole.input_tokens.sum() == sum(part.input_tokens.sum() for part in parts)

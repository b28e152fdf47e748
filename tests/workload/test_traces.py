"""Every file of the data folder loads, and says what its README says."""

import sys

import numpy as np
import pytest

from sunward.workload import job_traces, service_traces, traces
from sunward.workload.statistics import gap_variation, variance_to_mean, variation, window_counts

ROWS = {
    "azure2023_conv.csv": (traces.load_trace, "t_s", 19_366),
    "mooncake_conversation_0-30min.csv": (traces.load_trace, "cached_tokens", 5_719),
    "ragpulse_2025-09-10_week.csv": (traces.load_rag_trace, "session", 3_810),
    "servegen_m_large_week1_rates.csv": (service_traces.load_service_rates, "req_per_s", 1_008),
    "servegen_m_small_week1_rates.csv": (service_traces.load_service_rates, "t_s", 1_008),
    "servegen_m_large_week1_clients.csv": (service_traces.load_service_clients, "share", 135),
    "servegen_m_small_week1_clients.csv": (service_traces.load_service_clients, "client", 35),
    "servegen_m_large_week1_token_hist.csv": (service_traces.load_token_histogram, "prob", 870),
    "servegen_m_small_week1_token_hist.csv": (service_traces.load_token_histogram, "field", 803),
    "servegen_m_large_week1_client_windows.parquet": (
        service_traces.load_client_windows,
        "rate",
        50_270,
    ),
    "servegen_m_small_week1_client_windows.parquet": (
        service_traces.load_client_windows,
        "family",
        19_640,
    ),
    "burstgpt_week1_day0-4_minute_tokens.csv": (
        service_traces.load_minute_tokens,
        "tokens_per_s",
        7_200,
    ),
    "burstgpt_hourly_profile_61d.csv": (
        service_traces.load_hourly_profile,
        "mean_requests_per_hour",
        24,
    ),
    "burstgpt_daily_61d.csv": (service_traces.load_daily_totals, "tokens", 61),
    "philly_2017-09-04_to_11-12.csv.gz": (job_traces.load_jobs, "virtual_cluster", 62_194),
    "philly_gang_ge4gpu_open.csv": (job_traces.load_jobs, "num_gpus", 2_633),
    "acme_kalos_completed_day0-59.csv": (job_traces.load_jobs, "is_pretrain", 229),
    "acme_kalos_first800_gpu_jobs_2023-05-17.csv": (job_traces.load_jobs, "queue_s", 800),
    "alibaba2023_openb_pods_open.csv": (job_traces.load_pods, "gpu_milli", 4_788),
}


@pytest.mark.parametrize("name", ROWS)
def test_every_file_loads_with_all_of_its_rows(traces_dir, name):
    load, column, n_rows = ROWS[name]
    assert len(getattr(load(traces_dir / name), column)) == n_rows


def test_no_file_of_the_folder_is_left_without_a_loader(traces_dir):
    assert {path.name for path in traces_dir.iterdir()} == set(ROWS)


def test_conversation_says_what_is_published_of_it(conversation):
    assert conversation.rate_per_s == pytest.approx(5.53, abs=0.005)
    assert gap_variation(conversation.t_s) == pytest.approx(1.09, abs=0.005)
    published = {1.0: 1.4, 10.0: 4.0, 60.0: 20.6}
    for window_s, value in published.items():
        found = variance_to_mean(window_counts(conversation.t_s, window_s))
        assert found == pytest.approx(value, abs=0.06)
    quantiles = np.quantile(conversation.input_tokens, [0.05, 0.5, 0.9, 0.99])
    assert quantiles == pytest.approx([181, 1020, 2734, 4142], abs=1)


def test_a_third_of_the_tokens_of_mooncake_are_cached(mooncake):
    share = mooncake.cached_tokens.sum() / mooncake.input_tokens.sum()
    assert share == pytest.approx(0.37, abs=0.03)  # .37 over the hour, .347 over these 30 min
    assert np.all(mooncake.cached_tokens <= mooncake.input_tokens)


def test_rag_prompts_carry_passages_and_correlate_with_answers(traces_dir):
    rag = traces.load_rag_trace(traces_dir / "ragpulse_2025-09-10_week.csv")
    pair = (rag.requests.input_tokens, rag.requests.output_tokens)
    assert 0.3 < np.corrcoef(*pair)[0, 1] < 0.55
    assert rag.n_passages.max() == 7


def test_philly_is_mostly_small_jobs_and_mostly_large_ones_by_gpu_hours(traces_dir):
    jobs = job_traces.load_jobs(traces_dir / "philly_2017-09-04_to_11-12.csv.gz")
    single, large = jobs.num_gpus == 1, (jobs.num_gpus >= 5) & (jobs.num_gpus <= 8)
    hours = jobs.gpu_hours / jobs.gpu_hours.sum()
    assert single.mean() == pytest.approx(0.93, abs=0.01)
    assert hours[single].sum() == pytest.approx(0.18, abs=0.02)
    assert hours[large].sum() == pytest.approx(0.48, abs=0.02)
    assert variation(np.diff(jobs.submit_s)) == pytest.approx(15, abs=3)


def test_kalos_spends_its_gpu_hours_on_pretraining(traces_dir):
    jobs = job_traces.load_jobs(traces_dir / "acme_kalos_completed_day0-59.csv")
    hours = jobs.gpu_hours / jobs.gpu_hours.sum()
    assert jobs.is_pretrain.mean() == pytest.approx(0.57, abs=0.02)
    assert hours[jobs.is_pretrain].sum() == pytest.approx(0.96, abs=0.015)


def test_clients_of_a_service_add_up_to_it(traces_dir):
    rates = service_traces.load_service_rates(traces_dir / "servegen_m_large_week1_rates.csv")
    assert rates.client_req_per_s.sum(axis=1) == pytest.approx(rates.req_per_s, abs=0.01)
    windows = service_traces.load_client_windows(
        traces_dir / "servegen_m_large_week1_client_windows.parquet"
    )
    mean_rate = windows.rate.sum() / len(rates.t_s)
    assert mean_rate == pytest.approx(rates.req_per_s.mean(), rel=1e-3)


def test_token_histograms_are_distributions(traces_dir):
    hist = service_traces.load_token_histogram(traces_dir / "servegen_m_small_week1_token_hist.csv")
    for field in ("input_tokens", "output_tokens"):
        for day in range(7):
            chosen = (hist.field == field) & (hist.day == day)
            assert hist.prob[chosen].sum() == pytest.approx(1.0, abs=1e-3)


def test_parquet_without_pyarrow_names_the_extra(traces_dir, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = traces_dir / "servegen_m_small_week1_client_windows.parquet"
    with pytest.raises(ImportError, match=r"sunward\[data\]") as caught:
        service_traces.load_client_windows(path)
    assert "\n" not in str(caught.value)


def test_parquet_that_is_none_is_a_trace_error(tmp_path):
    path = tmp_path / "windows.parquet"
    path.write_bytes(b"not parquet")
    with pytest.raises(traces.TraceError, match="expected parquet columns client,t_s") as caught:
        service_traces.load_client_windows(path)
    assert "\n" not in str(caught.value)

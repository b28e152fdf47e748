"""Playback is exact: what the requests hold is what the steps hold."""

import importlib.util
from math import fsum

import numpy as np
import pytest

from sunward.workload.playback import play_trace
from sunward.workload.request_work import Serving, work_of
from sunward.workload.traces import RequestTrace, TraceError

QUANTITIES = (
    "gpu_s",
    "prefill_gpu_s",
    "energy_j",
    "tokens",
    "bytes_up",
    "bytes_down",
    "kv_bytes",
)


def trace_of(t_s, tokens=(100, 10), span_s=0.0):
    n = len(t_s)
    columns = (np.full(n, count) for count in tokens)
    return RequestTrace("made", np.array(t_s, dtype=float), *columns, span_s=span_s)


@pytest.mark.parametrize("name", ["conversation", "mooncake"])
@pytest.mark.parametrize("step_s", [60.0, 7.0])
def test_sums_over_steps_equal_sums_over_requests(request, name, step_s):
    trace = request.getfixturevalue(name)
    work, played = work_of(trace), play_trace(trace, step_s)
    for quantity in QUANTITIES:
        steps = fsum(getattr(played, f"{quantity}_per_step"))
        assert steps == pytest.approx(fsum(getattr(work, quantity)), rel=1e-12)
    assert played.requests_per_step.sum() == trace.n_requests


def test_each_request_falls_into_the_step_of_its_arrival(conversation):
    played = play_trace(conversation, 60.0)
    work = work_of(conversation)
    inside = (conversation.t_s >= 600.0) & (conversation.t_s < 660.0)
    assert played.gpu_s_per_step[10] == pytest.approx(work.gpu_s[inside].sum(), rel=1e-12)
    assert played.requests_per_step[10] == inside.sum()


def test_requests_cost_what_the_reference_cost_model_says(shared_dir, conversation):
    path = shared_dir / "reference" / "costmodel" / "reference_cost_model.py"
    spec = importlib.util.spec_from_file_location("reference_cost_model", path)
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    work = work_of(conversation)
    for row in range(0, conversation.n_requests, 1999):
        read, written = conversation.input_tokens[row], conversation.output_tokens[row]
        cost = oracle.request_cost(
            oracle.LLAMA70B, oracle.Device(), 4, float(read), float(written), 64
        )
        assert work.gpu_s[row] == pytest.approx(cost["gpu_s"], rel=1e-12)
        assert work.prefill_gpu_s[row] == pytest.approx(cost["gpu_s_prefill"], rel=1e-12)
        assert work.energy_j[row] == pytest.approx(cost["joules"], rel=1e-12)
        assert work.bytes_up[row] == cost["bytes_up"]
        assert work.kv_bytes[row] == cost["kv_bytes"]


def test_a_mean_conversation_leaves_448_megabytes_of_keys_and_values(conversation):
    assert work_of(conversation).kv_bytes.mean() == pytest.approx(448e6, rel=2e-3)


def test_cached_tokens_are_not_read_again(mooncake):
    cold = RequestTrace("cold", mooncake.t_s, mooncake.input_tokens, mooncake.output_tokens)
    assert work_of(mooncake).prefill_gpu_s.sum() < 0.8 * work_of(cold).prefill_gpu_s.sum()


def test_a_larger_batch_makes_a_token_cheaper(conversation):
    lonely = work_of(conversation, Serving(batch=8.0)).energy_j.sum()
    assert work_of(conversation, Serving(batch=256.0)).energy_j.sum() < 0.5 * lonely


def test_a_trace_begins_again_after_its_span_in_continuous_time():
    played = play_trace(trace_of([0.0, 50.0, 80.0], span_s=90.0), 60.0, n_steps=6)
    # Arrivals: 0 50 | 80 90 | 140 170 | 180 230 | 260 270 | 320 350
    assert played.requests_per_step.tolist() == [2, 2, 2, 2, 2, 2]


def test_a_looped_trace_has_no_dip_where_it_begins_again():
    steady = trace_of(np.arange(3500.0))  # 58 steps of a minute and 20 s
    assert play_trace(steady).requests_per_step[-1] == 20
    looped = play_trace(steady, n_steps=240)
    assert np.all(looped.requests_per_step == 60)
    assert looped.multipliers() == pytest.approx(np.ones(240), rel=1e-12)


def test_many_playings_keep_the_rate_of_one(conversation):
    n_steps = 10 * 58
    looped = play_trace(conversation, n_steps=n_steps)
    rate = looped.requests_per_step.sum() / (60.0 * n_steps)
    assert rate == pytest.approx(conversation.rate_per_s, rel=0.01)


def test_an_episode_shorter_than_the_trace_plays_its_beginning(conversation):
    whole, part = play_trace(conversation), play_trace(conversation, n_steps=20)
    assert part.gpu_s_per_step == pytest.approx(whole.gpu_s_per_step[:20], rel=1e-12)


def test_a_single_request_can_be_played():
    played = play_trace(trace_of([30.0]), 60.0, n_steps=5)
    assert played.requests_per_step[0] >= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"step_s": 0.0}, "step_s is 0.0, expected a length above 0 s"),
        ({"n_steps": 0}, "n_steps is 0, expected at least 1"),
    ],
)
def test_impossible_steps_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        play_trace(trace_of([0.0, 1.0]), **arguments)


def test_a_trace_without_work_is_refused():
    with pytest.raises(TraceError, match="made: 2 requests hold no tokens"):
        play_trace(trace_of([0.0, 1.0], tokens=(0, 0)))

"""The cost of a request against the oracle and its published fit."""

import importlib.util
import json
import sys

import pytest

from sunward.physics import serving


@pytest.fixture(scope="module")
def oracle(shared_dir):
    path = shared_dir / "reference" / "costmodel" / "reference_cost_model.py"
    spec = importlib.util.spec_from_file_location("reference_cost_model", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


REQUESTS = [
    (n_input, n_output, cached, batch)
    for n_input in (1, 181, 1020, 27367)
    for n_output in (1, 129, 1119)
    for cached in (0, n_input // 3)
    for batch in (1, 8, 256)
]


@pytest.mark.parametrize(
    ("model", "name", "gpus"),
    [
        (serving.LLAMA_8B, "LLAMA8B", 1),
        (serving.LLAMA_70B, "LLAMA70B", 4),
    ],
)
def test_request_cost_equals_the_oracle(oracle, model, name, gpus):
    for n_input, n_output, cached, batch in REQUESTS:
        theirs = oracle.request_cost(
            getattr(oracle, name), oracle.Device(), gpus, n_input, n_output, batch, cached
        )
        ours = serving.request_cost(model, serving.H100, gpus, batch, n_input, n_output, cached)
        pairs = {
            "flops": ours.operations,
            "gpu_s": ours.gpu_s,
            "gpu_s_prefill": ours.prefill_gpu_s,
            "joules": ours.energy_j,
            "ttft_min": ours.first_token_s,
            "latency": ours.latency_s,
            "bytes_up": ours.bytes_up,
            "bytes_down": ours.bytes_down,
            "kv_bytes": ours.kv_bytes,
        }
        for key, value in pairs.items():
            assert value == pytest.approx(theirs[key], rel=1e-9), key


def test_greatest_batch_equals_the_oracle(oracle):
    ours = serving.greatest_batch(serving.LLAMA_70B, 4, 80e9, 2000.0, 0.9)
    assert ours == pytest.approx(
        oracle.max_batch(oracle.LLAMA70B, oracle.Device(), 4, 80e9, 2000.0), rel=1e-12
    )
    assert serving.greatest_batch(serving.LLAMA_70B, 1, 80e9, 2000.0, 0.9) == 0.0


def test_constants_are_those_of_the_published_fit(shared_dir):
    with open(shared_dir / "reference" / "costmodel" / "fit.json") as file:
        fit = json.load(file)
    latency, watts = fit["itl_H100"], fit["power_H100"]
    assert serving.H100.step_overhead_s * 1e3 == pytest.approx(latency["t0_ms"], abs=2e-3)
    assert serving.H100.weight_bandwidth_share == pytest.approx(latency["bw_eff"], abs=5e-4)
    assert serving.H100.decode_utilisation == pytest.approx(latency["mfu_decode"], abs=5e-4)
    assert serving.H100.kv_bandwidth_share == pytest.approx(latency["kv_bw_eff"], abs=5e-4)
    assert serving.H100.active_w == pytest.approx(watts["P0_W"], abs=0.5)
    assert serving.H100.arithmetic_w == pytest.approx(watts["W_per_unit_flop_util"], abs=0.5)


def test_a_mean_conversation_leaves_448_megabytes_of_cache():
    # Azure conversation trace: 1,155 tokens in, 211 out on average.
    held = serving.kv_bytes_per_token(serving.LLAMA_70B) * (1155 + 211)
    assert held / 1e6 == pytest.approx(448.0, abs=2.0)


def test_a_fuller_batch_is_cheaper_a_token():
    costs = [
        serving.request_cost(serving.LLAMA_70B, serving.H100, 4, batch, 500, 200, 0).energy_j
        for batch in (8, 64, 256, 1024)
    ]
    assert costs == sorted(costs, reverse=True)


def test_a_cached_prompt_costs_no_prefill():
    cost = serving.request_cost(serving.LLAMA_8B, serving.H100, 1, 64, 1000, 10, 1000)
    assert cost.prefill_gpu_s == 0.0

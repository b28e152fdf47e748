"""Cost of serving one request of a language model: GPU time, energy, bytes (not for the kernel).

Constants are fitted to ML.ENERGY's measurements on H100: median error of the time between tokens
4.7 %, mean error of power 40 W.
"""

from typing import NamedTuple

from sunward.physics.scalar import scalar

#: Bytes of a request beside its tokens (headers, ids).
REQUEST_OVERHEAD_BYTES = 500.0
BYTES_PER_TOKEN = 4.0


class LanguageModel(NamedTuple):
    """A transformer, as its serving cost sees it."""

    active_parameters: float
    total_parameters: float
    n_layers: float
    width: float
    n_kv_heads: float
    head_width: float
    bytes_per_weight: float = 2.0
    bytes_per_kv: float = 2.0


class Accelerator(NamedTuple):
    """An accelerator; the defaults are an H100 SXM in 16-bit arithmetic."""

    peak_flops_s: float = 989e12
    bandwidth_bytes_s: float = 3.35e12
    rated_w: float = 700.0
    idle_w: float = 75.0
    prefill_utilisation: float = 0.50
    decode_utilisation: float = 0.416
    weight_bandwidth_share: float = 0.783
    kv_bandwidth_share: float = 0.401
    step_overhead_s: float = 1.3e-3
    active_w: float = 461.0
    arithmetic_w: float = 690.0
    scheduling_efficiency: float = 0.92


class RequestCost(NamedTuple):
    """What one request takes out of a steady batch."""

    operations: float
    gpu_s: float
    prefill_gpu_s: float
    energy_j: float
    first_token_s: float
    latency_s: float
    bytes_up: float
    bytes_down: float
    kv_bytes: float


LLAMA_8B = LanguageModel(8e9, 8e9, 32.0, 4096.0, 8.0, 128.0)
LLAMA_70B = LanguageModel(70e9, 70e9, 80.0, 8192.0, 8.0, 128.0)
H100 = Accelerator()


@scalar
def kv_bytes_per_token(model: LanguageModel) -> float:
    """Returns the bytes of keys and values one token leaves in the cache."""
    return 2.0 * model.n_layers * model.n_kv_heads * model.head_width * model.bytes_per_kv


@scalar
def prefill_operations(model: LanguageModel, input_tokens: float, cached_tokens: float) -> float:
    """Returns floating-point operations to read a prompt: 2 N (n - c) + 2 L d (n^2 - c^2).

    Args:
        model: The `LanguageModel`.
        input_tokens: Tokens of the prompt n, at least 0.
        cached_tokens: Those c whose keys and values are cached, 0 to input_tokens.
    """
    squares = input_tokens * input_tokens - cached_tokens * cached_tokens
    linear = 2.0 * model.active_parameters * (input_tokens - cached_tokens)
    return linear + 2.0 * model.n_layers * model.width * squares


@scalar
def decode_operations(model: LanguageModel, input_tokens: float, output_tokens: float) -> float:
    """Returns floating-point operations to write an answer: 2 N m + 4 L d (n m + m^2 / 2)."""
    attended = input_tokens * output_tokens + 0.5 * output_tokens * output_tokens
    linear = 2.0 * model.active_parameters * output_tokens
    return linear + 4.0 * model.n_layers * model.width * attended


@scalar
def inter_token_latency_s(
    model: LanguageModel,
    accelerator: Accelerator,
    n_gpus: float,
    batch: float,
    context_tokens: float,
) -> float:
    """Returns the time of one decode step in s.

    Overhead, reading the weights, arithmetic of the batch, reading the batch's keys and values.

    Args:
        model, accelerator: `LanguageModel` and `Accelerator`.
        n_gpus: Accelerators that share the model (tensor parallel), at least 1.
        batch: Requests decoded together, at least 1.
        context_tokens: Mean tokens each attends to.
    """
    bandwidth = n_gpus * accelerator.bandwidth_bytes_s
    weights_s = model.total_parameters * model.bytes_per_weight
    weights_s = weights_s / (bandwidth * accelerator.weight_bandwidth_share)
    arithmetic_s = batch * 2.0 * model.active_parameters
    arithmetic_s = arithmetic_s / (
        n_gpus * accelerator.peak_flops_s * accelerator.decode_utilisation
    )
    cache_s = batch * kv_bytes_per_token(model) * context_tokens
    cache_s = cache_s / (bandwidth * accelerator.kv_bandwidth_share)
    return accelerator.step_overhead_s + weights_s + arithmetic_s + cache_s


@scalar
def prefill_time_s(
    model: LanguageModel,
    accelerator: Accelerator,
    n_gpus: float,
    input_tokens: float,
    cached_tokens: float,
) -> float:
    """Returns the time to read a prompt in s, bound by arithmetic."""
    rate = n_gpus * accelerator.peak_flops_s * accelerator.prefill_utilisation
    return prefill_operations(model, input_tokens, cached_tokens) / rate


@scalar
def greatest_batch(
    model: LanguageModel,
    n_gpus: float,
    memory_bytes: float,
    context_tokens: float,
    usable_share: float,
) -> float:
    """Returns how many requests fit in memory beside the weights, at least 0.

    Args:
        model: The `LanguageModel`.
        n_gpus: Accelerators that share it.
        memory_bytes: Memory of each.
        context_tokens: Tokens each request holds.
        usable_share: Share of memory for weights and cache (0.9).
    """
    free = usable_share * n_gpus * memory_bytes - model.total_parameters * model.bytes_per_weight
    return max(0.0, free / (kv_bytes_per_token(model) * context_tokens))


@scalar
def gpu_power_w(accelerator: Accelerator, utilisation: float) -> float:
    """Returns the power of a busy accelerator in W: active plus arithmetic, at most its rating.

    Args:
        accelerator: The `Accelerator`.
        utilisation: Model operations per second over peak, 0 to 1.
    """
    return min(accelerator.rated_w, accelerator.active_w + accelerator.arithmetic_w * utilisation)


@scalar
def request_cost(
    model: LanguageModel,
    accelerator: Accelerator,
    n_gpus: float,
    batch: float,
    input_tokens: float,
    output_tokens: float,
    cached_tokens: float,
) -> RequestCost:
    """Returns the `RequestCost` of one request served in a steady batch.

    Args:
        model, accelerator: `LanguageModel` and `Accelerator`.
        n_gpus: Accelerators that share the model.
        batch: Requests decoded together.
        input_tokens, output_tokens: Tokens of prompt and answer.
        cached_tokens: Tokens of the prompt found in a cache, 0 to input_tokens.

    References: Patel et al., Splitwise, ISCA 2024 (phases); ML.ENERGY v3 (fit).
    """
    context = input_tokens + 0.5 * output_tokens
    step_s = inter_token_latency_s(model, accelerator, n_gpus, batch, context)
    step_s = step_s / accelerator.scheduling_efficiency
    prefill_s = prefill_time_s(model, accelerator, n_gpus, input_tokens, cached_tokens)
    decode_gpu_s = n_gpus * step_s * output_tokens / batch
    prefill_gpu_s = n_gpus * prefill_s
    decode_rate = 2.0 * model.active_parameters * batch / (step_s * n_gpus)
    decode_utilisation = min(1.0, decode_rate / accelerator.peak_flops_s)
    # The fit's decode power has no cap: its utilisation never comes near the rating.
    decode_w = accelerator.active_w + accelerator.arithmetic_w * decode_utilisation
    prefill_w = gpu_power_w(accelerator, accelerator.prefill_utilisation)
    operations = prefill_operations(model, input_tokens, cached_tokens)
    return RequestCost(
        operations=operations + decode_operations(model, input_tokens, output_tokens),
        gpu_s=decode_gpu_s + prefill_gpu_s,
        prefill_gpu_s=prefill_gpu_s,
        energy_j=decode_gpu_s * decode_w + prefill_gpu_s * prefill_w,
        first_token_s=prefill_s,
        latency_s=prefill_s + step_s * output_tokens,
        bytes_up=BYTES_PER_TOKEN * input_tokens + REQUEST_OVERHEAD_BYTES,
        bytes_down=BYTES_PER_TOKEN * output_tokens,
        kv_bytes=kv_bytes_per_token(model) * (input_tokens + output_tokens),
    )

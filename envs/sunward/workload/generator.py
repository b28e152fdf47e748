"""Draws requests like those of the traces: when they come, and how many tokens they bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sunward.workload.arrivals import BurstProcess, Factor, renewal_arrivals
from sunward.workload.modulation import ModulationPath
from sunward.workload.profile import daily_shape, modulation
from sunward.workload.profile_models import (
    BurstFigures,
    DemandProfile,
    RenewalFigures,
    TokenFigures,
)
from sunward.workload.tokens import TokenTable
from sunward.workload.traces import RequestTrace


def generators(seed: int, n: int) -> list[np.random.Generator]:
    """Returns `n` independent Philox generators of one seed."""
    children = np.random.SeedSequence(seed).spawn(n)
    return [np.random.Generator(np.random.Philox(child)) for child in children]


def generate_service(
    profile: DemandProfile, service: str, span_s: float, seed: int
) -> RequestTrace:
    """Returns requests of one service at the rate and burstiness of its trace, with no day.

    Args:
        profile: Fitted figures.
        service: One of `profile.services`: conversation, code, long_context, rag.
        span_s: Length in s, above 0.
        seed: Equal seeds give equal requests.
    """
    figures = _service(profile, service)
    slow_rng, arrival_rng, token_rng = generators(seed, 3)
    factor = _flat
    if isinstance(figures.arrivals, RenewalFigures):
        deviation = figures.arrivals.slow_deviation.value
        factor = _slow_factor(modulation(profile).path(span_s, slow_rng), deviation)
    t_s = _arrivals(figures.arrivals, None, span_s, factor, arrival_rng)
    return _trace(service, t_s, span_s, figures.tokens, token_rng)


def generate_site(
    profile: DemandProfile,
    rate_per_s: float,
    span_s: float,
    seed: int,
    *,
    work_class: str = "interactive",
    utc_offset_h: float | None = None,
    start_utc_h: float = 0.0,
    path: ModulationPath | None = None,
) -> RequestTrace:
    """Returns requests of one site: the class's mix of services under one slow modulation.

    Args:
        profile: Fitted figures.
        rate_per_s: Mean requests a second, above 0.
        span_s: Length in s, above 0.
        seed: Equal seeds give equal requests.
        work_class: `interactive` or `deferrable`.
        utc_offset_h: Local clock minus UTC; None for a flat day.
        start_utc_h: UTC hour at time 0.
        path: Course of the slow modulation, drawn when left out.
    """
    figures = profile.deferrable if work_class == "deferrable" else profile.interactive
    slow = modulation(profile)
    slow_rng, *rngs = generators(seed, 1 + 2 * len(figures.request_shares))
    course = path or slow.path(span_s, slow_rng)
    slow_factor = _slow_factor(course, float(slow.deviation(rate_per_s)))
    day = _daily_factor(profile, utc_offset_h, start_utc_h, figures.daily_depth.value)
    parts = [
        _trace(
            service,
            _arrivals(
                _service(profile, service).arrivals,
                share * rate_per_s,
                span_s,
                lambda t_s: day(t_s) * slow_factor(t_s),
                rngs[2 * i],
            ),
            span_s,
            _service(profile, service).tokens,
            rngs[2 * i + 1],
        )
        for i, (service, share) in enumerate(figures.request_shares.items())
    ]
    return keep_cache(merge(work_class, parts), figures.cache_kept.value)


def keep_cache(trace: RequestTrace, kept: float) -> RequestTrace:
    """Returns a trace of which only a share of the cached tokens is still cached."""
    return replace(trace, cached_tokens=np.floor(kept * trace.cached_tokens).astype(np.int64))


def merge(name: str, traces: list[RequestTrace]) -> RequestTrace:
    """Returns several traces of one span as one, in order of arrival."""
    t_s = np.concatenate([trace.t_s for trace in traces])
    order = np.argsort(t_s, kind="stable")
    return RequestTrace(
        name,
        t_s[order],
        np.concatenate([trace.input_tokens for trace in traces])[order],
        np.concatenate([trace.output_tokens for trace in traces])[order],
        np.concatenate([trace.cached_tokens for trace in traces])[order],
        traces[0].span_s,
    )


def burst_process(figures: BurstFigures) -> BurstProcess:
    """Returns the on/off process of a profile's figures."""
    return BurstProcess(
        busy_rate_per_s=figures.busy_rate_per_s.value,
        mean_busy_s=figures.mean_busy_s.value,
        short_pause_share=figures.short_pause_share.value,
        mean_short_s=figures.mean_short_s.value,
        mean_long_s=figures.mean_long_s.value,
    )


def token_table(figures: TokenFigures) -> TokenTable:
    """Returns the token lengths of a profile's figures."""
    return TokenTable(
        figures.probability,
        figures.input_tokens,
        figures.output_tokens,
        figures.correlation,
        figures.cached_fraction,
    )


def _service(profile: DemandProfile, service: str):
    if service not in profile.services:
        raise ValueError(f"service {service!r} is not one of {', '.join(profile.services)}")
    return profile.services[service]


def _arrivals(
    figures: RenewalFigures | BurstFigures,
    rate_per_s: float | None,
    span_s: float,
    factor: Factor,
    rng: np.random.Generator,
) -> np.ndarray:
    """Arrival times; a larger service is more sources of bursts, not denser bursts."""
    rate_per_s = figures.rate_per_s.value if rate_per_s is None else rate_per_s
    if isinstance(figures, RenewalFigures):
        return renewal_arrivals(rate_per_s, figures.shape.value, span_s, factor, rng)
    process = burst_process(figures)
    n_sources = max(1, round(rate_per_s / process.rate_per_s))
    scale = rate_per_s / (n_sources * process.rate_per_s)
    source = replace(process, busy_rate_per_s=process.busy_rate_per_s * scale)
    drawn = [source.arrivals(span_s, factor, rng) for _ in range(n_sources)]
    return np.sort(np.concatenate(drawn))


def _trace(
    name: str, t_s: np.ndarray, span_s: float, tokens: TokenFigures, rng: np.random.Generator
) -> RequestTrace:
    return RequestTrace(name, t_s, *token_table(tokens).draw(len(t_s), rng), span_s)


def _flat(t_s: np.ndarray) -> np.ndarray:
    return np.ones_like(t_s)


def _slow_factor(path: ModulationPath, deviation: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda t_s: path.factor(t_s, deviation)


def _daily_factor(
    profile: DemandProfile, utc_offset_h: float | None, start_utc_h: float, depth: float
) -> Callable[[np.ndarray], np.ndarray]:
    if utc_offset_h is None:
        return _flat
    shape = daily_shape(profile)
    return lambda t_s: shape.factor(start_utc_h + utc_offset_h + t_s / 3600.0, depth)

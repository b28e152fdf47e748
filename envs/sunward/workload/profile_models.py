"""The shape of a demand profile and of a site table: frozen, unknown keys are errors."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Figure(_Frozen):
    """One number, and where it comes from."""

    value: float
    unit: str
    source: str
    how: Literal["fitted", "published", "assumed"]


class Figures(_Frozen):
    """Several numbers of one unit, and where they come from."""

    value: tuple[float, ...] = Field(min_length=1)
    unit: str
    source: str
    how: Literal["fitted", "published", "assumed"]


class DailyFigures(_Frozen):
    """Two harmonics of the local hour."""

    first_amplitude: Figure
    first_peak_h: Figure
    second_amplitude: Figure
    second_peak_h: Figure


class ModulationFigures(_Frozen):
    """Slow modulation: octaves, and its size by the size of a service."""

    knot_intervals_s: Figures
    weights: Figures
    reference_deviation: Figure
    reference_rate_per_s: Figure
    rate_exponent: Figure


class TokenFigures(_Frozen):
    """Token lengths as quantiles, see `tokens.TokenTable`."""

    source: str
    probability: tuple[float, ...] = Field(min_length=2)
    input_tokens: tuple[Annotated[float, Field(ge=1)], ...]
    output_tokens: tuple[Annotated[float, Field(ge=1)], ...]
    cached_fraction: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()
    correlation: Annotated[float, Field(ge=-1, le=1)] = 0.0

    @model_validator(mode="after")
    def _has_one_length(self) -> TokenFigures:
        n = len(self.probability)
        lengths = (len(self.input_tokens), len(self.output_tokens), len(self.cached_fraction) or n)
        if set(lengths) != {n}:
            raise ValueError(f"quantiles have lengths {lengths}, expected {n} as probability")
        if any(a >= b for a, b in zip(self.probability, self.probability[1:], strict=False)):
            raise ValueError("probability must ascend")
        return self


class RenewalFigures(_Frozen):
    """Slowly modulated Gamma renewal arrivals, see `arrivals.renewal_arrivals`."""

    kind: Literal["renewal"]
    rate_per_s: Figure
    shape: Figure
    slow_deviation: Figure


class BurstFigures(_Frozen):
    """On/off arrivals, see `arrivals.BurstProcess`."""

    kind: Literal["burst"]
    rate_per_s: Figure
    busy_rate_per_s: Figure
    mean_busy_s: Figure
    short_pause_share: Figure
    mean_short_s: Figure
    mean_long_s: Figure


class ServiceFigures(_Frozen):
    """One kind of request: when they come and how long they are."""

    arrivals: RenewalFigures | BurstFigures = Field(discriminator="kind")
    tokens: TokenFigures


class ClassFigures(_Frozen):
    """One class of the simulator's work, as a mix of services.

    `request_shares` are shares of the class's requests by service. `step_variance_requests` is c
    in f^2 = ln(1 + c / requests a step). `daily_depth` is how much of the daily shape the
    class follows, `batch` the requests decoded together, `cache_kept` the share of a service's
    prefix-cache hits that survive in orbit.
    """

    request_shares: dict[str, float]
    batch: Figure
    gpu_s_per_request: Figure
    gpu_s_variation: Figure
    prefill_share: Figure
    joules_per_gpu_s: Figure
    tokens_per_gpu_s: Figure
    bytes_up_per_gpu_s: Figure
    bytes_down_per_gpu_s: Figure
    kv_bytes_per_gpu_s: Figure
    cache_kept: Figure
    step_variance_requests: Figure
    daily_depth: Figure


class DemandProfile(_Frozen):
    """Everything the demand model is fitted to, see `docs/demand.md`."""

    name: str
    description: str
    fitted_by: str
    model: Literal["llama-8b", "llama-70b"]
    n_gpus: int = Field(ge=1)
    step_s: float = Field(gt=0)
    daily: DailyFigures
    modulation: ModulationFigures
    services: dict[str, ServiceFigures]
    interactive: ClassFigures
    deferrable: ClassFigures

    @model_validator(mode="after")
    def _mixes_known_services(self) -> DemandProfile:
        for mix in (self.interactive.request_shares, self.deferrable.request_shares):
            unknown = sorted(set(mix) - set(self.services))
            if unknown:
                raise ValueError(f"request_shares name {unknown[0]!r}, which is no service")
            if abs(sum(mix.values()) - 1.0) > 1e-6:
                raise ValueError(f"request_shares sum to {sum(mix.values()):.6f}, expected 1")
        return self


class Site(_Frozen):
    """A place on the ground that demand comes from."""

    name: str
    country: str
    lat_deg: float = Field(ge=-90, le=90)
    lon_deg: float = Field(ge=-180, le=180)
    utc_offset_h: float = Field(ge=-12, le=14)
    weight: float = Field(gt=0, le=1)


class SiteTable(_Frozen):
    """Demand sites; their weights sum to one."""

    name: str
    source: str
    licence: str
    sites: tuple[Site, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> SiteTable:
        total = sum(site.weight for site in self.sites)
        if abs(total - 1.0) > 1e-4:
            raise ValueError(f"weights sum to {total:.6f}, expected 1")
        return self

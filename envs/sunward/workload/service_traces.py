"""Aggregates of whole services: ServeGen's rates, clients and token lengths, BurstGPT's days."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sunward.workload.csv_table import Column, TraceError, read_header, read_table


@dataclass(frozen=True, eq=False)
class ServiceRates:
    """A service's request rate in windows of 600 s, (n_windows,), and its largest clients.

    Attributes:
        t_s: Start of each window.
        req_per_s: Requests a second.
        active_clients: Clients that sent any.
        rate_weighted_cv2: Squared variation of gaps between arrivals, weighted by rate.
        client_names: Columns of `client_req_per_s`; the last is the rest.
        client_req_per_s: (n_windows, n_clients) requests a second.
    """

    t_s: np.ndarray
    req_per_s: np.ndarray
    active_clients: np.ndarray
    rate_weighted_cv2: np.ndarray
    client_names: tuple[str, ...]
    client_req_per_s: np.ndarray


@dataclass(frozen=True, eq=False)
class ServiceClients:
    """Clients of a service over a week, (n_clients,); NaN where token lengths are not told."""

    client: np.ndarray
    mean_rate: np.ndarray  # requests/s
    share: np.ndarray  # of the service's requests
    peak_rate: np.ndarray  # requests/s
    active_frac: np.ndarray
    cv_median: np.ndarray
    cv_p90: np.ndarray
    frac_weibull: np.ndarray
    frac_gamma: np.ndarray
    shape_median: np.ndarray
    rate_cv_over_time: np.ndarray
    input_tokens_mean: np.ndarray
    input_tokens_sd: np.ndarray
    output_tokens_mean: np.ndarray
    output_tokens_sd: np.ndarray


@dataclass(frozen=True, eq=False)
class TokenHistogram:
    """Token lengths by day, (n_rows,): share `prob` of a day's requests from `bin_lo` tokens up."""

    field: np.ndarray  # "input_tokens" or "output_tokens"
    day: np.ndarray
    bin_lo: np.ndarray
    prob: np.ndarray


@dataclass(frozen=True, eq=False)
class ClientWindows:
    """Every client in every window of 600 s, (n_rows,), with the law of its gaps."""

    client: np.ndarray
    t_s: np.ndarray
    rate: np.ndarray  # requests/s
    cv: np.ndarray
    family: np.ndarray  # 0 Gamma, 1 Weibull
    shape: np.ndarray


@dataclass(frozen=True, eq=False)
class MinuteTokens:
    """Tokens a second in every minute, (n_minutes,)."""

    minute: np.ndarray
    tokens_per_s: np.ndarray


@dataclass(frozen=True, eq=False)
class HourlyProfile:
    """Mean requests an hour by the local hour, (24,)."""

    hour_local: np.ndarray
    mean_requests_per_hour: np.ndarray


@dataclass(frozen=True, eq=False)
class DailyTotals:
    """Requests and tokens of each day, (n_days,)."""

    day: np.ndarray
    requests: np.ndarray
    tokens: np.ndarray


_TOKEN_MOMENTS = tuple(
    f"{side}_tokens_{moment}" for side in ("input", "output") for moment in ("mean", "sd")
)
_CLIENT_COLUMNS = tuple(
    Column(name, kind=int if name == "client" else float, may_be_empty=name in _TOKEN_MOMENTS)
    for name in ServiceClients.__dataclass_fields__
)


def load_service_rates(path: str | Path) -> ServiceRates:
    """Returns ServeGen's `*_rates.csv`; raises `TraceError` in one line."""
    own = (
        Column("t_s", ascending=True),
        Column("req_per_s"),
        Column("active_clients", kind=int),
        Column("rate_weighted_cv2"),
    )
    named = {column.name for column in own}
    clients = tuple(name for name in read_header(path) if name not in named)
    table = read_table(path, (*own, *(Column(name) for name in clients)))
    rates = np.array([table.pop(name) for name in clients]).reshape(len(clients), -1).T
    return ServiceRates(client_names=clients, client_req_per_s=rates, **table)


def load_service_clients(path: str | Path) -> ServiceClients:
    """Returns ServeGen's `*_clients.csv`; raises `TraceError` in one line."""
    return ServiceClients(**read_table(path, _CLIENT_COLUMNS))


def load_token_histogram(path: str | Path) -> TokenHistogram:
    """Returns ServeGen's `*_token_hist.csv`; raises `TraceError` in one line."""
    columns = (
        Column("field", kind=str),
        Column("day", kind=int),
        Column("bin_lo", kind=int),
        Column("prob"),
    )
    return TokenHistogram(**read_table(path, columns))


def load_client_windows(path: str | Path) -> ClientWindows:
    """Returns ServeGen's `*_client_windows.parquet`.

    Raises:
        TraceError: When the file cannot be read, or lacks a column.
        ImportError: When pyarrow is absent: it comes with the extra `data`.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ImportError(
            f'{path}: reading parquet needs pyarrow: run pip install "sunward[data]"'
        ) from None
    names = list(ClientWindows.__dataclass_fields__)
    try:
        table = pyarrow.parquet.read_table(path, columns=names)
        return ClientWindows(**{name: table[name].to_numpy() for name in names})
    except (OSError, KeyError, pyarrow.ArrowException) as error:
        found = str(error).partition("\n")[0]
        raise TraceError(
            f"{path}: expected parquet columns {','.join(names)}, found {found}"
        ) from None


def load_minute_tokens(path: str | Path) -> MinuteTokens:
    """Returns BurstGPT's tokens by the minute; raises `TraceError` in one line."""
    columns = (Column("minute", kind=int, ascending=True), Column("tokens_per_s"))
    return MinuteTokens(**read_table(path, columns))


def load_hourly_profile(path: str | Path) -> HourlyProfile:
    """Returns BurstGPT's mean day; raises `TraceError` in one line."""
    columns = (Column("hour_local", kind=int, ascending=True), Column("mean_requests_per_hour"))
    return HourlyProfile(**read_table(path, columns))


def load_daily_totals(path: str | Path) -> DailyTotals:
    """Returns BurstGPT's daily totals; raises `TraceError` in one line."""
    whole = (Column("requests", kind=int), Column("tokens", kind=int))
    return DailyTotals(**read_table(path, (Column("day", kind=int, ascending=True), *whole)))

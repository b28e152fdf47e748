"""What the company sees: one table for a scenario, every value scaled from [low, high] to [-1, 1].

Quantities over decades are seen as decimal logarithms, with one added where they start from zero.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sunward.buildout import model
from sunward.buildout.company import Company
from sunward.buildout.month import build_usd, debt_limit_usd
from sunward.buildout.outlook import Outlook
from sunward.buildout.params import MARKETS, Params
from sunward.core.observations import Feature

#: Months of the year that a satellite's return is taken over.
YEAR = 12.0
OLD_MONTHS = 48


class FeatureTable:
    """The observation of one scenario: its table, and how it is filled."""

    def __init__(self, params: Params) -> None:
        self.params = params
        self.features = tuple(_features(params))
        self.names = tuple(feature.name for feature in self.features)
        self.index = {name: place for place, name in enumerate(self.names)}
        self._low = np.array([feature.low for feature in self.features])
        self._high = np.array([feature.high for feature in self.features])
        #: What a new satellite gives, by month of the year, (12, S, D, N_MARKETS), and their mean.
        self._season_gpu_h = np.ascontiguousarray(np.moveaxis(params.gpu_h[..., 1], 1, -1))
        self._new_gpu_h = self._season_gpu_h.mean(axis=0)

    def __len__(self) -> int:
        return len(self.features)

    def in_units(self, observations: np.ndarray, name: str) -> np.ndarray:
        """Returns the feature `name` of observations (..., len(self)) in its unit."""
        place = self.index[name]
        return self.features[place].to_unit(observations[..., place])

    def observations(self, company: Company, outlook: Outlook) -> np.ndarray:
        """Returns what every world shows, float32 (n, len(self)) in [-1, 1]."""
        values = np.concatenate(
            [part.reshape(len(company.month), -1) for part in self._values(company, outlook)],
            axis=1,
        )
        scaled = 2.0 * (values - self._low) / (self._high - self._low) - 1.0
        return np.clip(scaled, -1.0, 1.0).astype(np.float32)

    def _values(self, company: Company, outlook: Outlook) -> Iterator[np.ndarray]:
        """Yields the values in the order of `_features`."""
        params = self.params
        month = np.minimum(company.month, params.months)
        now = _at(outlook, month)
        yield from _calendar(params, month)
        yield from _launcher(now)
        price = build_usd(params, company)
        limit = debt_limit_usd(params, company)
        yield _log(company.cash_usd)
        yield _log(company.debt_usd)
        yield company.debt_usd / np.maximum(limit, 1.0)
        yield _log(company.earned_usd)
        yield _log(now["price_usd_per_gpu_h"], 0.0)
        yield _log(now["performance"], 0.0)
        yield _log(now["demand_gpu_h"])
        yield 1.0 - model.market_price_share(company.supply_gpu_h, now["demand_gpu_h"])
        lift = now["expected_lift_kg"][:, None] / params.launch_mass_kg.mean(axis=0)
        yield np.stack([company.store / lift, company.on_order.sum(axis=1) / lift], axis=-1)
        yield np.divide(
            company.store_skill,
            company.store * now["performance"][:, None],
            out=np.ones_like(company.store),
            where=company.store > 0.0,
        )
        yield price / 1e6
        yield from self._shells(company)
        yield from self._pairs(company, now, price)

    def _shells(self, company: Company) -> Iterator[np.ndarray]:
        by_age = company.sats.sum(axis=2)
        count = by_age.sum(axis=-1)
        age = (by_age * np.arange(self.params.n_ages)).sum(axis=-1) / np.maximum(count, 1e-9)
        old = by_age[..., OLD_MONTHS:].sum(axis=-1) / np.maximum(count, 1e-9)
        yield np.stack([_log(count), age, old], axis=-1)

    def _pairs(
        self, company: Company, now: dict[str, np.ndarray], price: np.ndarray
    ) -> Iterator[np.ndarray]:
        """Yields what one more satellite of each pair would bring in, over cost and over mass."""
        params = self.params
        worth = now["price_usd_per_gpu_h"][:, None] * params.price_shares
        worth = worth * model.marginal_price_share(company.supply_gpu_h, now["demand_gpu_h"])
        worth = worth * now["performance"][:, None]
        worth = worth[:, None, None, :]
        month_usd = (worth * self._new_gpu_h).sum(axis=-1)
        launch = now["launch_usd_per_kg"][:, None, None] * params.launch_mass_kg
        yield YEAR * month_usd / (price[:, None, :] + launch)
        season_usd = (worth * self._season_gpu_h[company.month % 12]).sum(axis=-1)
        yield season_usd / params.launch_mass_kg


def _at(outlook: Outlook, month: np.ndarray) -> dict[str, np.ndarray]:
    """Returns what each world's outlook tells for its own month."""
    worlds = np.arange(len(month))
    return {name: values[month, worlds] for name, values in outlook._asdict().items()}


def _calendar(params: Params, month: np.ndarray) -> Iterator[np.ndarray]:
    yield month / params.months
    yield np.sin(2.0 * np.pi * month / 12.0)
    yield np.cos(2.0 * np.pi * month / 12.0)


def _launcher(now: dict[str, np.ndarray]) -> Iterator[np.ndarray]:
    yield _log(now["flights_per_month"], 0.0)
    yield now["payload_kg"] / 1e3
    yield _log(now["launch_usd_per_kg"], 0.0)
    yield now["is_slipping"].astype(float)
    yield now["is_grounded"].astype(float)
    yield now["delay_months"]
    yield now["failed_flights"]


def _log(values: np.ndarray, start: float = 1.0) -> np.ndarray:
    return np.log10(np.maximum(values, 0.0) + start)


def _features(params: Params) -> Iterator[Feature]:
    yield Feature("progress", 0, 1, "1", "share of the episode that has passed")
    yield Feature("season_sine", -1, 1, "1", "of the year, 0 on 1 January")
    yield Feature("season_cosine", -1, 1, "1", "of the year")
    yield Feature("flights", -1, 3, "log10 1/month", "flights of a month without trouble")
    yield Feature("payload", 0, 300, "t", "that a flight carries")
    yield Feature("launch_price", 1, 4, "log10 USD/kg", "price of a launch")
    yield Feature("slipping", 0, 1, "flag", "1 while the launcher makes no progress")
    yield Feature("grounded", 0, 1, "flag", "1 while no flight is allowed")
    yield Feature("delay", 0, 120, "months", "that slips have cost so far")
    yield Feature("failed_flights", 0, 20, "1", "so far")
    yield Feature("cash", 6, 13, "log10 USD", "cash")
    yield Feature("debt", 0, 13, "log10 USD", "debt, and a dollar")
    yield Feature("debt_share", 0, 2, "1", "debt over its limit")
    yield Feature("earned", 0, 12, "log10 USD/month", "revenue of the last month, and a dollar")
    yield Feature("price", -2, 1, "log10 USD/GPU-h", "terrestrial price of reference work")
    yield Feature("performance", 0, 2, "log10", "work of a new accelerator over the first month's")
    for market in MARKETS:
        yield Feature(f"demand_{market}", 6, 12, "log10 GPU-h/month", f"of the {market} market")
    for market in MARKETS:
        yield Feature(f"glut_{market}", 0, 1, "1", f"fall of the {market} price by our own supply")
    for design in params.designs:
        yield Feature(f"store_{design}", 0, 24, "months", "in store, in months of lift")
        yield Feature(f"on_order_{design}", 0, 24, "months", "on order, in months of lift")
    for design in params.designs:
        yield Feature(f"store_skill_{design}", 0, 1, "1", "performance of those in store over new")
    for design in params.designs:
        yield Feature(f"build_price_{design}", 0, 6, "MUSD", "price of a satellite now")
    for shell in params.shells:
        yield Feature(f"satellites_{shell}", 0, 6, "log10", "satellites in the shell, and one")
        yield Feature(f"age_{shell}", 0, 84, "months", "their mean age")
        yield Feature(f"old_{shell}", 0, 1, "1", "share of them above four years")
    for shell in params.shells:
        for design in params.designs:
            yield Feature(
                f"return_{shell}_{design}", 0, 2, "1/yr", "revenue of one more over its whole cost"
            )
    for shell in params.shells:
        for design in params.designs:
            yield Feature(
                f"yield_{shell}_{design}",
                0,
                200,
                "USD/kg/month",
                "this month's revenue of one more",
            )

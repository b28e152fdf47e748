"""Hand-written policies of the build-out: what a trained one has to beat.

Every rule reads the observation by name, acts for a batch of worlds and keeps no memory. The
constants of `Paced` are those that `scripts/tune_buildout.py` found on training worlds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sunward.buildout.features import FeatureTable
from sunward.buildout.levers import MOST_ORDERED, LeverTable
from sunward.buildout.params import Params
from sunward_agents import heuristics
from sunward_agents.heuristics import constant, ramp
from sunward_agents.policies import Entry, Policy, made_for


class View:
    """The tables of a scenario, to read observations and to write actions by name."""

    def __init__(self, params: Params) -> None:
        self.features, self.levers = FeatureTable(params), LeverTable(params)
        self.shape = (params.n_shells, params.n_designs)
        self.n_ages = params.n_ages
        self._returns = self._pairs(params, "return")
        self._yields = self._pairs(params, "yield")
        self._store = [self.features.index[f"store_{name}"] for name in params.designs]
        self._build_price = [self.features.index[f"build_price_{name}"] for name in params.designs]
        self._mass_kg = params.launch_mass_kg.mean(axis=0)
        self._on_order = [self.features.index[f"on_order_{name}"] for name in params.designs]

    def _pairs(self, params: Params, what: str) -> list[int]:
        return [
            self.features.index[f"{what}_{shell}_{design}"]
            for shell in params.shells
            for design in params.designs
        ]

    def returns(self, observations: np.ndarray) -> np.ndarray:
        """Returns yearly revenue of one more satellite over its whole cost, (n, S, D)."""
        return self._read(observations, self._returns).reshape(-1, *self.shape)

    def yields(self, observations: np.ndarray) -> np.ndarray:
        """Returns this month's revenue of one more satellite over its mass, USD/kg, (n, S, D)."""
        return self._read(observations, self._yields).reshape(-1, *self.shape)

    def waiting(self, observations: np.ndarray) -> np.ndarray:
        """Returns satellites in store and on order, in months of lift, (n, D)."""
        return self._read(observations, self._store) + self._read(observations, self._on_order)

    def affordable(self, observations: np.ndarray) -> np.ndarray:
        """Returns the months of lift that all cash would buy of each design, (n, D)."""
        read = self.features.in_units
        lift_kg = 10.0 ** read(observations, "flights") * read(observations, "payload") * 1e3
        price_usd = self._read(observations, self._build_price) * 1e6
        month_usd = lift_kg[:, None] / self._mass_kg * price_usd
        return 10.0 ** read(observations, "cash")[:, None] / np.maximum(month_usd, 1.0)

    def in_store(self, observations: np.ndarray) -> np.ndarray:
        """Returns satellites in store, in months of lift, (n, D)."""
        return self._read(observations, self._store)

    def progress(self, observations: np.ndarray) -> np.ndarray:
        """Returns the share of the episode that has passed, (n,)."""
        return self.features.in_units(observations, "progress")

    def _read(self, observations: np.ndarray, places: list[int]) -> np.ndarray:
        return self.features.features[places[0]].to_unit(observations[:, places])

    def actions(
        self,
        lift_used: np.ndarray | float,
        manifest: np.ndarray,
        orders: np.ndarray,
        debt: np.ndarray | float,
        retire_age_months: np.ndarray | float,
    ) -> np.ndarray:
        """Returns actions from values in the levers' units; manifest (n, S, D), orders (n, D)."""
        n = len(manifest)
        columns = [lift_used, *manifest.reshape(n, -1).T, *orders.T, debt, retire_age_months]
        values = np.stack([np.broadcast_to(column, (n,)) for column in columns], axis=1)
        share = (values - self.levers.low) / (self.levers.high - self.levers.low)
        return np.clip(2.0 * share - 1.0, -1.0, 1.0).astype(np.float32)


class Rule(heuristics.Rule):
    """A policy of a company without memory."""

    def __init__(self, params: Params) -> None:
        self.view = View(params)


class Hold(Rule):
    """Orders nothing, launches nothing, owes nothing."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        return np.full((len(observations), len(self.view.levers)), -1.0, np.float32)


class Greedy(Rule):
    """Fills the lift with the best yield a tonne now, orders just what it carries, owes nothing."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        view = self.view
        yields = view.yields(observations)
        best_shell = yields == yields.max(axis=1, keepdims=True)
        manifest = best_shell & (view.in_store(observations) > 0.0)[:, None, :]
        best_design = yields.max(axis=1)
        orders = 1.0 * (best_design == best_design.max(axis=1, keepdims=True))
        return view.actions(1.0, 1.0 * manifest, orders, 0.0, view.n_ages - 1.0)


class AllAtOnce(Rule):
    """Spends all money at once on the best shell, as much as may be ordered and borrowed."""

    def act(self, observations: np.ndarray) -> np.ndarray:
        view = self.view
        returns = view.returns(observations)
        best = returns == returns.max(axis=(1, 2), keepdims=True)
        orders = MOST_ORDERED * best.any(axis=1)
        return view.actions(1.0, 1.0 * best, orders, 1.0, view.n_ages - 1.0)


@dataclass(frozen=True)
class PacedConstants:
    """When the paced rule orders, where it launches, what it owes, how long it keeps."""

    #: Yearly return of the best pair above which it orders.
    hurdle: float = constant(0.567, 0.0, 1.0)
    #: Further up to which orders grow to their most.
    width: float = constant(1.0, 0.01, 1.0)
    most_ordered: float = constant(0.96, 0.1, 2.0)  # months of lift
    cover: float = constant(14.2, 1.0, 24.0)  # months of lift in store and on order that are enough
    sharpness: float = constant(19.6, 0.0, 40.0)  # of the choice between pairs, by return
    spending: float = constant(0.559, 0.02, 1.0)  # of cash, the most that a month's orders may take
    debt: float = constant(1.0, 0.0, 1.0)  # of the limit, while it orders at its most
    retire_years: float = constant(6.09, 2.0, 7.0)
    #: Share of the episode after which nothing is ordered.
    last_order: float = constant(0.873, 0.6, 1.0)
    #: Yearly return of a pair below which it is not flown.
    launch_hurdle: float = constant(0.0668, 0.0, 1.0)


class Paced(Rule):
    """Orders by return, keeps some months in store, spreads over shells, borrows when it pays."""

    def __init__(self, params: Params, constants: PacedConstants | None = None) -> None:
        super().__init__(params)
        self.constants = PacedConstants() if constants is None else constants

    def act(self, observations: np.ndarray) -> np.ndarray:
        view, constants = self.view, self.constants
        returns = view.returns(observations)
        best = returns.max(axis=(1, 2))
        eager = ramp(best, constants.hurdle, constants.width)
        eager = eager * (view.progress(observations) < constants.last_order)
        closeness = returns / np.maximum(best, 1e-6)[:, None, None] - 1.0
        choice = np.exp(constants.sharpness * closeness)
        by_design = choice.sum(axis=1) / choice.sum(axis=(1, 2))[:, None]
        missing = np.maximum(constants.cover - view.waiting(observations).sum(axis=1), 0.0)
        orders = np.minimum(constants.most_ordered * eager, missing)[:, None] * by_design
        orders = np.minimum(orders, constants.spending * by_design * view.affordable(observations))
        flown = choice * (returns > constants.launch_hurdle)
        at_hand = (view.in_store(observations) > 0.0)[:, None, :]
        retire_months = 12.0 * constants.retire_years
        return view.actions(1.0, flown * at_hand, orders, constants.debt * eager, retire_months)


def _random(params: Params) -> Policy:
    return heuristics.Random(len(LeverTable(params)))


POLICIES: dict[str, Entry] = {
    "hold": Entry(Hold, "launches nothing: value 0"),
    "random": Entry(_random, "every lever drawn evenly in each month"),
    "all_at_once": Entry(AllAtOnce, "all money at once into the best return, full debt"),
    "greedy": Entry(Greedy, "fills the lift with the best yield a tonne now, without debt"),
    "paced": Entry(Paced, "orders by return over a hurdle, spreads over shells, tuned by search"),
}


def make_policy(name: str, params: Params) -> Policy:
    """Returns the policy of that name for a scenario.

    Raises: UsageError naming the nearest known policy.
    """
    return made_for(params, name, POLICIES, "build-out")

"""What the company decides each month: one table, and its discrete version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sunward.buildout.params import Params


class Lever(NamedTuple):
    """One entry of the action; -1 means `low`, 1 means `high`, straight between."""

    name: str
    low: float
    high: float
    unit: str
    meaning: str


#: Months of expected lift that an order may fill.
MOST_ORDERED = 2.0
#: Younger satellites are never taken down.
YOUNGEST_RETIRED_MONTHS = 24.0


class Decisions(NamedTuple):
    """The levers of a batch of worlds in their units; D designs, S shells."""

    lift_used: np.ndarray  # (n,)
    manifest: np.ndarray  # (n, S, D) shares of the lift that is used; they add up to 1, or 0
    orders: np.ndarray  # (n, D) months of expected lift
    debt: np.ndarray  # (n,) of the limit
    retire_age_months: np.ndarray  # (n,)


class LeverTable:
    """The levers of one scenario, and how actions become decisions."""

    def __init__(self, params: Params) -> None:
        self.shape = (params.n_shells, params.n_designs)
        self.levers = tuple(_levers(params))
        self.names = tuple(lever.name for lever in self.levers)
        self.index = {name: place for place, name in enumerate(self.names)}
        self.low = np.array([lever.low for lever in self.levers])
        self.high = np.array([lever.high for lever in self.levers])
        #: Choices of the discrete face: pair for all the lift or hold, orders, debt, age.
        self.n_pairs = params.n_pairs
        self.choices = (self.n_pairs + 1, *[N_LEVELS] * (params.n_designs + 2))

    def __len__(self) -> int:
        return len(self.levers)

    def decisions(self, actions: np.ndarray) -> Decisions:
        """Returns decisions from actions float (n, len(self)); beyond [-1, 1] is clipped."""
        share = (np.clip(actions.astype(np.float64), -1.0, 1.0) + 1.0) / 2.0
        values = self.low + share * (self.high - self.low)
        n, n_designs = len(values), self.shape[1]
        parts = values[:, 1 : 1 + self.n_pairs].reshape(n, *self.shape)
        total = parts.sum(axis=(1, 2), keepdims=True)
        return Decisions(
            lift_used=values[:, 0],
            manifest=np.divide(parts, total, out=np.zeros_like(parts), where=total > 0.0),
            orders=values[:, 1 + self.n_pairs : 1 + self.n_pairs + n_designs],
            debt=values[:, -2],
            retire_age_months=values[:, -1],
        )

    def from_choices(self, choices: np.ndarray) -> np.ndarray:
        """Returns continuous actions float32 (n, len(self)) from choices, int (n, len(choices))."""
        rows = np.full((len(choices), len(self)), -1.0, np.float32)
        pair = choices[:, 0]
        flies = pair < self.n_pairs
        rows[flies, 0] = 1.0
        rows[np.flatnonzero(flies), 1 + pair[flies]] = 1.0
        rows[:, 1 + self.n_pairs :] = LEVELS[choices[:, 1:]]
        return rows


def _levers(params: Params) -> Iterator[Lever]:
    yield Lever("lift_used", 0.0, 1.0, "1", "share of the month's lift that is used")
    for shell in params.shells:
        for design in params.designs:
            meaning = f"{design} into {shell}: its part of what is used, over the sum of all parts"
            yield Lever(f"manifest_{shell}_{design}", 0.0, 1.0, "1", meaning)
    for design in params.designs:
        meaning = f"{design} ordered, in months of expected lift; paid at once"
        yield Lever(f"order_{design}", 0.0, MOST_ORDERED, "months", meaning)
    yield Lever("debt", 0.0, 1.0, "1", "debt to hold, of the limit: borrows or pays back")
    oldest, meaning = float(params.n_ages - 1), "satellites of this age and older are taken down"
    yield Lever("retire_age", YOUNGEST_RETIRED_MONTHS, oldest, "months", meaning)


#: Levels of every other discrete choice, as continuous actions: none, half, all.
LEVELS = np.array([-1.0, 0.0, 1.0], np.float32)
N_LEVELS = len(LEVELS)

"""The company as a linear program: what to order and to launch, month by month or in blocks.

The program of the bound and the program of the plans are one; what differs are the figures that
they are given (`Prices`, `Group`), the length of the blocks, and that plans must pay (`money`).
Satellites are in thousands, money in billions of dollars, work in shares of a market's demand, so
that numbers are near one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sunward.buildout import model
from sunward.buildout.books import DOLLARS_PER_REWARD
from sunward.buildout.levers import MOST_ORDERED
from sunward.buildout.params import N_MARKETS, Params
from sunward_agents.buildout.cohorts import Cohorts, Group, cohorts
from sunward_agents.buildout.future import Future
from sunward_agents.buildout.market import revenue_pieces
from sunward_agents.planners.linear import Program, column

THOUSAND = 1e3
BUSD = DOLLARS_PER_REWARD
#: From dollars a satellite to billions a thousand satellites.
MONEY = THOUSAND / BUSD


class Prices(NamedTuple):
    """What an order costs, as far as the company's own orders have no say in it."""

    order_value_usd: np.ndarray  # (H, D) discounted dollars that an order takes from the value
    residual_usd: np.ndarray  # (D,) price of a new satellite after the last month


class Start(NamedTuple):
    """What is in hand and in orbit where a plan begins."""

    arriving: np.ndarray  # (H, D) satellites that come into the store in each month
    gpu_h: np.ndarray  # (H, N_MARKETS) work of what is in orbit


def empty_start(params: Params, n_months: int) -> Start:
    """Returns the start of an episode."""
    return Start(np.zeros((n_months, params.n_designs)), np.zeros((n_months, N_MARKETS)))


@dataclass(frozen=True)
class Blocks:
    """Months that a program takes together."""

    lengths: np.ndarray  # (B,)

    @classmethod
    def of(cls, n_months: int, length: int, single: int = 0) -> Blocks:
        """Returns `single` blocks of a month, then those of `length`, the last maybe shorter."""
        single = min(single, n_months)
        whole, rest = divmod(n_months - single, length)
        return cls(np.array([1] * single + [length] * whole + [rest] * (rest > 0)))

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def starts(self) -> np.ndarray:
        """First month of each block, (B,)."""
        return np.cumsum(self.lengths) - self.lengths

    def total(self, monthly: np.ndarray, axis: int = 0) -> np.ndarray:
        """Returns sums over each block."""
        return np.add.reduceat(monthly, self.starts, axis=axis)

    def mean(self, monthly: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """Returns means over each block along the first axis, by `weights` (H,) where there are."""
        weight = np.ones(len(monthly)) if weights is None else weights
        # Where a block has no weight at all, its months count alike.
        weight = weight + 1e-9 * max(float(weight.max()), 1.0)
        weight = weight / np.repeat(self.total(weight), self.lengths)
        return self.total(weight.reshape(-1, *[1] * (monthly.ndim - 1)) * monthly)

    def spread(self, totals: np.ndarray) -> np.ndarray:
        """Returns months (H, n) in which the totals of blocks (B, n) are spread evenly."""
        return np.repeat(totals / self.lengths[:, None], self.lengths, axis=0)


@dataclass(frozen=True)
class CompanyPlan:
    """A program and the blocks of its columns.

    Columns: `launched` (B, G * P), `ordered`, `store` and `in_hand` (B, D), `sold` (sales,
    N_MARKETS, pieces). Rows with a name: `supply` (sales, N_MARKETS).
    """

    params: Params
    future: Future
    start: Start
    prices: Prices
    groups: tuple[Group, ...]
    blocks: Blocks  # of decisions
    sales: Blocks  # of markets

    @cached_property
    def discount(self) -> np.ndarray:
        """What a dollar of each month counts, (H,)."""
        rate = self.params.scenario.finance.discount_rate_per_month
        return model.discount(rate, self.future.months.astype(float))

    @cached_property
    def cohorts(self) -> Cohorts:
        """What a satellite of each month, group and pair gives and costs."""
        return cohorts(self.params, self.future, self.groups)

    @property
    def n_cohorts(self) -> int:
        """Groups times pairs."""
        return len(self.groups) * self.params.n_pairs

    @cached_property
    def is_in_hand(self) -> np.ndarray:
        """Which cohorts are launched from what was in hand at the start, (G * P,)."""
        return np.repeat([group.is_in_hand for group in self.groups], self.params.n_pairs)

    @cached_property
    def launch_kg(self) -> np.ndarray:
        """Launch mass of each cohort, (G * P,)."""
        return np.tile(self.params.launch_mass_kg.reshape(-1), len(self.groups))

    @cached_property
    def design(self) -> np.ndarray:
        """Design of each cohort, (G * P,)."""
        return np.arange(self.n_cohorts) % self.params.n_designs

    def program(self) -> Program:
        """Returns the program; its value is that of the months left, in billions of dollars."""
        program = Program()
        self._add_columns(program)
        self._limit_lift(program)
        self._keep_store(program)
        self._sell(program)
        return program

    # Columns and their worth.

    def _add_columns(self, program: Program) -> None:
        blocks, params = self.blocks, self.params
        n, n_designs = len(blocks), params.n_designs
        program.columns(
            "launched", (n, self.n_cohorts), 0.0, self.most_launched(), self._worth_of_launches()
        )
        most = MOST_ORDERED * blocks.total(self.future.expected_lift_kg)[:, None]
        most_ordered = most / params.launch_mass_kg.mean(axis=0) / THOUSAND
        program.columns("ordered", (n, n_designs), 0.0, most_ordered, self._worth_of_orders())
        in_hand = self.start.arriving.sum(axis=0) / THOUSAND
        program.columns("store", (n, n_designs), 0.0, np.cumsum(most_ordered, axis=0))
        program.columns("in_hand", (n, n_designs), 0.0, in_hand)
        pieces = revenue_pieces()
        full_usd = self.full_revenue_usd(self.discount)[:, :, None]
        program.columns(
            "sold",
            (len(self.sales), N_MARKETS, len(pieces.width)),
            0.0,
            pieces.width,
            full_usd * pieces.slope / BUSD,
        )
        residual = self.residual_usd * MONEY
        program.offset += float(residual @ in_hand)

    def most_launched(self) -> np.ndarray:
        """Returns what the lift carries, none before it can have come, thousands (B, G * P)."""
        lift_kg = self.blocks.total(self.future.lift_kg)[:, None]
        has_come = (self._deliveries().sum(axis=1) > 0.0)[:, None] | self.is_in_hand
        return has_come * lift_kg / self.launch_kg / THOUSAND

    @cached_property
    def residual_usd(self) -> np.ndarray:
        """What a new satellite adds to the value if it is left at the end, (D,)."""
        finance = self.params.scenario.finance
        return self.discount[-1] * finance.residual_fraction * self.prices.residual_usd

    def _worth_of_orders(self) -> np.ndarray:
        """Returns what an order adds, if it is never launched, (B, D)."""
        return MONEY * (self.residual_usd - self.blocks.mean(self.prices.order_value_usd))

    def _worth_of_launches(self) -> np.ndarray:
        """Returns what a launch adds without its sales, (B, G * P)."""
        launch_usd = (self.discount * self.future.launch_usd_per_kg)[:, None] * self.launch_kg
        paid_usd = self.cohorts.paid_usd @ self.discount
        kept = self.residual_usd[self.design] * (self.cohorts.worth - 1.0)
        return MONEY * self.blocks.mean(kept - launch_usd - paid_usd, self.future.lift_kg)

    def full_revenue_usd(self, worth: np.ndarray) -> np.ndarray:
        """Returns demand times the price of an empty market, (sales, N_MARKETS).

        Args:
            worth: of a dollar of each month, (H,).
        """
        price = self.future.price_usd_per_gpu_h[:, None] * self.params.price_shares
        return self.sales.total(worth[:, None] * price * self.future.demand_gpu_h)

    # Rows.

    def _limit_lift(self, program: Program) -> None:
        kg = column(program["launched"], self.launch_kg / self.launch_kg.max())
        lift_kg = self.blocks.total(self.future.lift_kg)
        program.at_most(kg, lift_kg / self.launch_kg.max() / THOUSAND)

    def _keep_store(self, program: Program) -> None:
        """What is in store is what came, less what was launched: in hand before, or ordered."""
        come = self._deliveries()
        arriving = self.blocks.total(self.start.arriving) / THOUSAND
        ordered, nothing = program["ordered"], np.zeros_like(arriving)
        for name, is_source, comes, arrives in (
            ("store", ~self.is_in_hand, come, nothing),
            ("in_hand", self.is_in_hand, np.zeros_like(come), arriving),
        ):
            for block, design in np.ndindex(arriving.shape):
                change = column(program[name][[block], design])
                if block:
                    change = change - column(program[name][[block - 1], design])
                taken = program["launched"][block, is_source & (self.design == design)]
                before = np.flatnonzero(comes[block])
                change = change + column(taken[None])
                change = change - column(ordered[before, design][None], comes[block, before])
                program.equal(change, arrives[block, design])

    def _deliveries(self) -> np.ndarray:
        """Returns the share of a block's orders that comes in each block, (B, B) by delivery."""
        n, blocks = self.future.n_months, self.blocks
        monthly = np.eye(n, k=-self.params.lead_months)  # (delivered, ordered)
        return blocks.total(blocks.total(monthly), axis=1) / blocks.lengths

    def _sell(self, program: Program) -> None:
        """No more is sold than what is in orbit does.

        Months of a block are weighed by what their work is worth: revenue is concave in the supply
        over demand, so that (Jensen) the revenue of the weighted mean is at least that of the
        months.
        """
        weight = self._month_weight
        demand = self._weighed_demand
        have = self.sales.total(weight * self.start.gpu_h) / demand
        weighed = self.sales.total(weight * self.cohorts.gpu_h, axis=2)
        gives = self.blocks.mean(weighed, self.future.lift_kg)  # (B, G * P, sales, N_MARKETS)
        launched, sold = program["launched"].reshape(-1), program["sold"]
        program.shared["supply"] = program.n_rows + np.arange(have.size).reshape(have.shape)
        for place in np.ndindex(have.shape):
            share = THOUSAND * gives[:, :, *place].reshape(-1) / demand[place]
            used = np.flatnonzero(share)
            sales = column(sold[place][None])
            if len(used):
                sales = sales - column(launched[used][None], share[used])
            program.at_most(sales, have[place])

    @property
    def _month_weight(self) -> np.ndarray:
        """What a GPU-hour of each month is worth in an empty market, but for its share, (H, 1)."""
        return (self.discount * self.future.price_usd_per_gpu_h)[:, None]

    @property
    def _weighed_demand(self) -> np.ndarray:
        return self.sales.total(self._month_weight * self.future.demand_gpu_h)

    def price_of_supply(self, price: np.ndarray) -> np.ndarray:
        """Returns the price of a GPU-hour of every month, (H, N_MARKETS), from that of the rows.

        Args:
            price: of a share of demand, (sales, N_MARKETS): the duals of the rows "supply".
        """
        by_month = np.repeat(price / self._weighed_demand, self.sales.lengths, axis=0)
        return self._month_weight * by_month

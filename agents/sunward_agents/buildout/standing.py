"""Where a company stands: what a plan begins with, and what it takes as known."""

from __future__ import annotations

import numpy as np

from sunward.buildout import model
from sunward.buildout.month import build_usd
from sunward.buildout.params import Params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout.cohorts import Group, fleet_of
from sunward_agents.buildout.company_plan import Prices, Start
from sunward_agents.buildout.future import Future
from sunward_agents.buildout.money import Purse

#: Ages at which a plan may take satellites down; few, for the linear program to be small.
KEPT_MONTHS = (48, 80)


def start_of(simulator: BuildoutSimulator, env: int, future: Future) -> Start:
    """Returns what company `env` has in hand, in orbit and in the bank."""
    params, company, n = simulator.params, simulator.company, future.n_months
    arriving = np.zeros((max(n, params.lead_months), params.n_designs))
    arriving[: params.lead_months] = company.on_order[env]
    arriving[0] += company.store[env]
    return Start(arriving[:n], fleet_of(params, company, env, future).gpu_h)


def purse_of(
    simulator: BuildoutSimulator, env: int, future: Future, order_usd: np.ndarray
) -> Purse:
    """Returns the money of company `env`, where orders will cost `order_usd` (H, D)."""
    params, company = simulator.params, simulator.company
    fleet = fleet_of(params, company, env, future)
    waiting = company.store[env] + company.on_order[env].sum(axis=0)
    share = params.scenario.finance.loan_to_book_fraction
    months = np.arange(future.n_months)
    age = months[None, :] - months[:, None] - params.lead_months
    is_ordered = age > -params.lead_months
    worth = params.worth[np.clip(age, 0, params.n_ages - 1)] * is_ordered
    return Purse(
        cash_usd=float(company.cash_usd[env]),
        debt_usd=float(company.debt_usd[env]),
        lent_usd=share * (fleet.worth + waiting) @ build_usd(params, company)[env],
        paid_usd=fleet.paid_usd,
        order_usd=order_usd,
        credit_usd=share * worth[:, :, None] * order_usd[:, None, :],
    )


def groups_of(simulator: BuildoutSimulator, env: int, future: Future) -> tuple[Group, ...]:
    """Returns what can be launched: what is in hand, of its own performance, and what is ordered.

    What is ordered is taken to be launched as soon as it comes.
    """
    params, company = simulator.params, simulator.company
    months = np.arange(future.n_months)
    ordered = future.performance[np.maximum(months - params.lead_months, 0)]
    new = np.repeat(ordered[:, None], params.n_designs, axis=1)
    count = company.store[env] + company.on_order[env].sum(axis=0)
    skill = company.store_skill[env] + company.on_order_skill[env].sum(axis=0)
    in_hand = np.broadcast_to(skill / np.maximum(count, 1e-9), new.shape)
    return (
        *(Group(kept, new) for kept in KEPT_MONTHS),
        Group(KEPT_MONTHS[-1], in_hand, is_in_hand=True),
    )


def order_prices_usd(params: Params, made: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Returns the price of a satellite in each month, (H, D).

    Args:
        made: satellites ordered before, (D,).
        orders: that the plan before makes in each month, (H, D).
    """
    fleet = params.scenario.fleet
    before = made + np.cumsum(orders, axis=0) - orders
    return params.accelerators_usd + model.learnt(
        params.bus_usd, 0.0, before, fleet.past_satellites, fleet.bus_learning_fraction
    )


def likely_prices(
    params: Params, future: Future, made: np.ndarray, orders: np.ndarray, order_usd: np.ndarray
) -> Prices:
    """Returns what an order costs, less what it saves those after it: buses get cheaper.

    Args: as `order_prices_usd`, and what that returns.
    """
    fleet = params.scenario.fleet
    before = made + np.cumsum(orders, axis=0) - orders
    bus_usd = order_usd - params.accelerators_usd
    falls_usd = -np.log2(1.0 - fleet.bus_learning_fraction) * bus_usd
    falls_usd = falls_usd / (fleet.past_satellites + before)  # for each one made
    rate = params.scenario.finance.discount_rate_per_month
    discount = model.discount(rate, future.months.astype(float))[:, None]
    saved = discount * orders * falls_usd
    later = np.cumsum(saved[::-1], axis=0)[::-1] - saved
    return Prices(discount * order_usd - later, residual_usd=order_usd[-1])

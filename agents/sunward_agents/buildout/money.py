"""What a plan can pay: cash, and debt up to what is lent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward_agents.buildout.company_plan import BUSD, MONEY, CompanyPlan
from sunward_agents.buildout.market import revenue_pieces
from sunward_agents.planners.linear import Program, column

#: BUSD of value that a BUSD of missing cash costs: more than any use of it brings. Without it a
#: plan has no answer where what is owed already cannot be paid.
SHORTFALL_PRICE = 20.0


class Purse(NamedTuple):
    """Money as a plan finds it; H months, D designs."""

    cash_usd: float
    debt_usd: float
    lent_usd: np.ndarray  # (H,) on what the company has already
    paid_usd: np.ndarray  # (H,) for what it has already
    order_usd: np.ndarray  # (H, D) price of an order
    credit_usd: np.ndarray  # (H, H, D) what is lent on an order of month t in month u


def limit_money(program: Program, plan: CompanyPlan, purse: Purse) -> None:
    """Adds `cash`, `debt` and `shortfall` (B,), and what they allow, to the program of a plan.

    The blocks of sales must be those of decisions. What a block sells is had in the next one.
    """
    assert plan.sales is plan.blocks, "money needs sales in the blocks of decisions"
    finance, blocks = plan.params.scenario.finance, plan.blocks
    excess = finance.interest_rate_per_month - finance.discount_rate_per_month
    earned_usd = plan.full_revenue_usd(np.ones(plan.future.n_months)).sum()
    most = 2.0 * float(purse.cash_usd + purse.debt_usd + earned_usd) / BUSD
    program.columns("cash", len(blocks), 0.0, most)
    program.columns("debt", len(blocks), 0.0, most, -excess * blocks.total(plan.discount))
    program.columns("shortfall", len(blocks), 0.0, most, -SHORTFALL_PRICE)
    _limit_debt(program, plan, purse)
    _pay(program, plan, purse)


def _limit_debt(program: Program, plan: CompanyPlan, purse: Purse) -> None:
    blocks, debt = plan.blocks, program["debt"]
    on_orders = blocks.mean(blocks.mean(purse.credit_usd).swapaxes(0, 1))  # (u, t, D)
    lent = blocks.mean(purse.lent_usd) / BUSD
    ordered = program["ordered"].reshape(-1)
    for block in range(len(blocks)):
        credit = MONEY * on_orders[block].reshape(-1)
        program.at_most(
            column(debt[[block]]) - column(ordered[None], credit), max(float(lent[block]), 0.0)
        )


def _pay(program: Program, plan: CompanyPlan, purse: Purse) -> None:
    """Cash of a block is what was left, and what the last one brought in, less what is bought."""
    blocks, lift_kg = plan.blocks, plan.future.lift_kg
    launch_usd = blocks.mean(plan.future.launch_usd_per_kg, lift_kg)
    order_usd = MONEY * blocks.mean(purse.order_usd)
    income = _income(plan, purse)
    interest = plan.params.scenario.finance.interest_rate_per_month * blocks.lengths
    cash, debt, short = program["cash"], program["debt"], program["shortfall"]
    for block in range(len(blocks)):
        used = column(cash[[block]]) - column(debt[[block]]) - column(short[[block]])
        used = used + column(
            program["launched"][[block]], MONEY * launch_usd[block] * plan.launch_kg
        )
        used = used + column(program["ordered"][[block]], order_usd[block])
        if not block:
            program.at_most(used, (purse.cash_usd - purse.debt_usd) / BUSD)
            continue
        last = block - 1
        used = used - column(cash[[last]]) + column(debt[[last]], 1.0 + interest[last])
        sold, paid, fixed = (part[last] for part in income)
        used = used - column(program["sold"][last].reshape(1, -1), sold.reshape(-1))
        active = np.flatnonzero(paid)
        used = used + column(program["launched"].reshape(-1)[active][None], paid[active])
        program.at_most(used, -float(fixed))


def _income(plan: CompanyPlan, purse: Purse) -> tuple[np.ndarray, ...]:
    """Returns BUSD a block: of pieces sold (B, N_MARKETS, n), of launches (B, B * G * P), fixed."""
    blocks = plan.blocks
    full_usd = plan.full_revenue_usd(np.ones(plan.future.n_months))
    paid_usd = blocks.mean(blocks.total(plan.cohorts.paid_usd, axis=2), plan.future.lift_kg)
    return (
        full_usd[:, :, None] * revenue_pieces().slope / BUSD,
        MONEY * paid_usd.reshape(-1, len(blocks)).T,
        blocks.total(purse.paid_usd) / BUSD,
    )

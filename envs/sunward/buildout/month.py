"""One month of every company, as a list of named steps; each moves arrays in place.

The order of a month: deliveries, debt, launches, orders, ageing, sales, costs. Launches come before
orders, so that what is in store is not left there for want of cash. What is launched climbs for the
rest of the month and sells from the next.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.buildout import model
from sunward.buildout.books import N_TERMS, TERM_INDEX, Account
from sunward.buildout.company import Company
from sunward.buildout.levers import Decisions
from sunward.buildout.params import Params


class Conditions(NamedTuple):
    """One month of the outlook, a row a world."""

    lift_kg: np.ndarray
    lost_share: np.ndarray
    expected_lift_kg: np.ndarray
    is_grounded: np.ndarray
    launch_usd_per_kg: np.ndarray
    performance: np.ndarray
    price_usd_per_gpu_h: np.ndarray
    demand_gpu_h: np.ndarray  # (n, N_MARKETS)


def play_month(
    params: Params, company: Company, account: Account, now: Conditions, decided: Decisions
) -> np.ndarray:
    """Plays a month in every world and returns the dollars of each term, (n, N_TERMS).

    All worlds are played, those that have ended as well: whoever holds them starts them anew.
    """
    dollars = np.zeros((len(company.cash_usd), N_TERMS))
    receive(company)
    settle_debt(params, company, decided)
    dollars[:, TERM_INDEX["launches"]] = -launch(params, company, account, now, decided)
    dollars[:, TERM_INDEX["orders"]] = -order(params, company, account, now, decided)
    dollars[:, TERM_INDEX["removal"]] = -grow_old(params, company, account, decided)
    dollars[:, TERM_INDEX["revenue"]] = sell(params, company, account, now)
    dollars[:, TERM_INDEX["operations"]] = -operations_usd(params, company)
    interest = interest_usd(params, company)
    dollars[:, TERM_INDEX["interest"]] = -interest * excess_interest_share(params)
    company.cash_usd += dollars[:, PAID_LATE].sum(axis=1) - interest
    account.add(interest_usd=interest)
    cover_shortfall(params, company)
    company.month += 1
    dollars[:, TERM_INDEX["residual"]] = residual_usd(params, company)
    _keep_books(params, company, account, now, dollars)
    return dollars


#: Terms that are paid when the month is over; orders and launches are paid as they are made.
PAID_LATE = [TERM_INDEX[name] for name in ("revenue", "operations", "removal")]


def receive(company: Company) -> None:
    """Takes the orders that are due into the store, and moves the others up by a month."""
    company.store += company.on_order[:, 0]
    company.store_skill += company.on_order_skill[:, 0]
    for orders in (company.on_order, company.on_order_skill):
        orders[:, :-1] = orders[:, 1:]
        orders[:, -1] = 0.0


def build_usd(params: Params, company: Company) -> np.ndarray:
    """Returns the price of a satellite now, (n, D): accelerators, and a bus that gets cheaper."""
    fleet = params.scenario.fleet
    bus = model.learnt(
        params.bus_usd, 0.0, company.made, fleet.past_satellites, fleet.bus_learning_fraction
    )
    return params.accelerators_usd + bus


def book_usd(params: Params, company: Company) -> np.ndarray:
    """Returns what all satellites are worth, (n,): a new one's price, less by age.

    Those on the ground count as new.
    """
    in_orbit = np.vecdot(company.sats, params.worth).sum(axis=1)
    count = in_orbit + company.store + company.on_order.sum(axis=1)
    return (count * build_usd(params, company)).sum(axis=1)


def debt_limit_usd(params: Params, company: Company) -> np.ndarray:
    """Returns the most that lenders lend, (n,)."""
    return params.scenario.finance.loan_to_book_fraction * book_usd(params, company)


def settle_debt(params: Params, company: Company, decided: Decisions) -> None:
    """Borrows up to the debt that was decided, or pays back down to it as far as cash goes."""
    wanted = decided.debt * debt_limit_usd(params, company) - company.debt_usd
    change = np.maximum(wanted, -np.minimum(company.debt_usd, company.cash_usd))
    company.debt_usd += change
    company.cash_usd += change


def order(
    params: Params, company: Company, account: Account, now: Conditions, decided: Decisions
) -> np.ndarray:
    """Orders satellites of today's performance as far as cash goes; returns their price, (n,)."""
    price = build_usd(params, company)
    mass = params.launch_mass_kg.mean(axis=0)
    wanted = decided.orders * now.expected_lift_kg[:, None] / mass
    paid = (wanted * price).sum(axis=1)
    share = _affordable(company.cash_usd, paid)
    count = wanted * share[:, None]
    company.on_order[:, -1] += count
    company.on_order_skill[:, -1] += count * now.performance[:, None]
    company.made += count
    company.cash_usd -= share * paid
    account.add(ordered=count.sum(axis=1))
    return share * paid


def launch(
    params: Params, company: Company, account: Account, now: Conditions, decided: Decisions
) -> np.ndarray:
    """Launches what lift, store and cash allow; returns the price, (n,). Failed flights cost too.

    A month's flights carry the same mix, so that a failed one destroys its share of everything.
    """
    lift_kg = now.lift_kg * decided.lift_used
    wanted = decided.manifest * lift_kg[:, None, None] / params.launch_mass_kg
    share = _affordable(company.store, wanted.sum(axis=1))
    wanted *= share[:, None, :]
    mass_kg = (wanted * params.launch_mass_kg).sum(axis=(1, 2))
    paid = mass_kg * now.launch_usd_per_kg
    affordable = _affordable(company.cash_usd, paid)
    count = wanted * affordable[:, None, None]
    company.cash_usd -= affordable * paid

    skill_each = np.divide(
        company.store_skill, company.store, out=np.ones_like(company.store), where=company.store > 0
    )
    taken = count.sum(axis=1)
    company.store = np.maximum(company.store - taken, 0.0)
    company.store_skill = company.store * skill_each
    _age(company)
    arrived = count * (1.0 - now.lost_share)[:, None, None]
    company.sats[..., 0] = arrived
    company.skill[..., 0] = arrived * skill_each[:, None, :]
    account.add(
        launched=taken.sum(axis=1),
        launched_kg=affordable * mass_kg,
        lost_in_launch=(count - arrived).sum(axis=(1, 2)),
    )
    return affordable * paid


def _age(company: Company) -> None:
    """Makes every satellite in orbit a month older; age 0 is left empty."""
    for cohorts in (company.sats, company.skill):
        cohorts[..., 1:] = cohorts[..., :-1]
        cohorts[..., 0] = 0.0


def grow_old(params: Params, company: Company, account: Account, decided: Decisions) -> np.ndarray:
    """Lets satellites die and takes old ones down; returns what removing the dead costs, (n,)."""
    # Nothing outlives the table of ages: its last month is always taken down.
    oldest = np.minimum(decided.retire_age_months, params.n_ages - 1.0)
    is_old = (np.arange(params.n_ages) >= oldest[:, None])[:, None, None, :]
    survives = 1.0 - params.loss_rate
    dead = np.vecdot(company.sats, params.loss_rate)
    retired = np.vecdot(company.sats, survives * is_old)
    for cohorts in (company.sats, company.skill):
        cohorts *= survives * ~is_old
    account.add(
        died=dead.sum(axis=(1, 2)),
        retired=retired.sum(axis=(1, 2)),
        retired_kg=(retired * params.dry_mass_kg).sum(axis=(1, 2)),
    )
    return (dead * params.removal_usd).sum(axis=(1, 2))


def sell(params: Params, company: Company, account: Account, now: Conditions) -> np.ndarray:
    """Sells a month's work in every market; returns the revenue, (n,)."""
    company.supply_gpu_h = supply_gpu_h(params, company)
    price = now.price_usd_per_gpu_h[:, None] * params.price_shares
    price = price * model.market_price_share(company.supply_gpu_h, now.demand_gpu_h)
    company.earned_usd = (price * company.supply_gpu_h).sum(axis=1)
    account.add(gpu_h=company.supply_gpu_h.sum(axis=1))
    return company.earned_usd


def supply_gpu_h(params: Params, company: Company) -> np.ndarray:
    """Returns the work of a month, (n, N_MARKETS); by the month of the year."""
    season = company.month % 12
    supply = np.zeros_like(company.supply_gpu_h)
    for month in np.unique(season).tolist():
        chosen = season == month
        skill = company.skill if chosen.all() else company.skill[chosen]
        # A matrix product over all pairs would differ in the last bit from batch to batch.
        for market, gpu_h in enumerate(params.gpu_h[month]):
            supply[chosen, market] = np.vecdot(skill, gpu_h).sum(axis=(1, 2))
    return supply


def operations_usd(params: Params, company: Company) -> np.ndarray:
    """Returns what a month of operations costs, (n,)."""
    return by_design(company, params.operations_usd)


def by_design(company: Company, each: np.ndarray) -> np.ndarray:
    """Returns the sum over satellites in orbit of what one of each design has, (n,)."""
    return (company.sats.sum(axis=(1, 3)) * each).sum(axis=1)


def interest_usd(params: Params, company: Company) -> np.ndarray:
    """Returns a month's interest, (n,)."""
    return params.scenario.finance.interest_rate_per_month * company.debt_usd


def excess_interest_share(params: Params) -> float:
    """Returns the share of the interest that counts in the reward: what is above the discount rate.

    In present value a loan, its interest at the discount rate and its repayment cancel, whenever it
    is paid back: what is left is the interest above that rate. So the reward need not tell a
    borrowed dollar from an earned one, and nobody gains by not paying back.
    """
    finance = params.scenario.finance
    excess = finance.interest_rate_per_month - finance.discount_rate_per_month
    return excess / finance.interest_rate_per_month


def cover_shortfall(params: Params, company: Company) -> None:
    """Borrows what is missing as far as the limit goes; who still lacks cash is insolvent."""
    room = np.maximum(debt_limit_usd(params, company) - company.debt_usd, 0.0)
    drawn = np.clip(-company.cash_usd, 0.0, room)
    company.cash_usd += drawn
    company.debt_usd += drawn
    company.is_insolvent |= company.cash_usd < -CENT


#: Sums of billions round off to less than a cent.
CENT = 0.01


def residual_usd(params: Params, company: Company) -> np.ndarray:
    """Returns what is left of value after the last month, (n,); before it, and for the broke, 0."""
    is_last = (company.month >= params.months) & ~company.is_insolvent
    return is_last * params.scenario.finance.residual_fraction * book_usd(params, company)


def _affordable(available: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Returns the share of what is wanted that there is, at most 1; 1 where nothing is wanted."""
    ratio = np.divide(
        np.maximum(available, 0.0), wanted, out=np.ones_like(wanted), where=wanted > 0.0
    )
    return np.minimum(ratio, 1.0)


def _keep_books(
    params: Params, company: Company, account: Account, now: Conditions, dollars: np.ndarray
) -> None:
    """Adds a month to the sums."""
    finance = params.scenario.finance
    worth = model.discount(finance.discount_rate_per_month, company.month - 1.0)
    revenue, residual = dollars[:, TERM_INDEX["revenue"]], dollars[:, TERM_INDEX["residual"]]
    sold = company.supply_gpu_h.sum(axis=1)
    account.add(
        revenue_usd=revenue,
        **{
            f"{name}_usd": -dollars[:, TERM_INDEX[name]]
            for name in ("orders", "launches", "operations", "removal")
        },
        discounted_cost_usd=worth * (revenue + residual - dollars.sum(axis=1)),
        discounted_gpu_h=worth * sold,
        discounted_terrestrial_usd=worth * sold * now.price_usd_per_gpu_h,
        net_usd=worth * dollars.sum(axis=1),
        grounded_months=now.is_grounded.astype(float),
    )
    account.raise_to(
        peak_debt_usd=company.debt_usd,
        peak_power_w=by_design(company, params.power_w),
    )

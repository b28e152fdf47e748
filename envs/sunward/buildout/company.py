"""The state of the companies of a batch of worlds: satellites, store, orders, cash, debt."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sunward.buildout.params import N_MARKETS, Params


@dataclass
class Company:
    """Arrays of n worlds; S shells, D designs, A ages in months, L months of lead time.

    Satellites are whole or parts: a month's mean. `skill` holds performance times number, so that
    generations mix without a list of satellites.
    """

    sats: np.ndarray  # (n, S, D, A) in orbit
    skill: np.ndarray  # (n, S, D, A) of them
    store: np.ndarray  # (n, D) delivered, on the ground
    store_skill: np.ndarray  # (n, D)
    on_order: np.ndarray  # (n, L, D) by months to delivery, the next one first
    on_order_skill: np.ndarray  # (n, L, D)
    made: np.ndarray  # (n, D) ever ordered
    cash_usd: np.ndarray  # (n,)
    debt_usd: np.ndarray  # (n,)
    supply_gpu_h: np.ndarray  # (n, N_MARKETS) of the last month
    earned_usd: np.ndarray  # (n,) revenue of the last month
    month: np.ndarray  # (n,) int64, months that have passed
    is_insolvent: np.ndarray  # (n,) bool

    def start(self, worlds: np.ndarray, cash_usd: float) -> None:
        """Empties the books of `worlds`, an index array, and gives them their first cash."""
        for field in fields(self):
            getattr(self, field.name)[worlds] = 0
        self.cash_usd[worlds] = cash_usd

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns every array by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def new_company(params: Params, n: int) -> Company:
    """Returns the state of n worlds that nothing has happened in."""
    pairs, designs = (n, params.n_shells, params.n_designs), (n, params.n_designs)
    cohorts, orders = (*pairs, params.n_ages), (n, params.lead_months, params.n_designs)
    return Company(
        sats=np.zeros(cohorts),
        skill=np.zeros(cohorts),
        store=np.zeros(designs),
        store_skill=np.zeros(designs),
        on_order=np.zeros(orders),
        on_order_skill=np.zeros(orders),
        made=np.zeros(designs),
        cash_usd=np.zeros(n),
        debt_usd=np.zeros(n),
        supply_gpu_h=np.zeros((n, N_MARKETS)),
        earned_usd=np.zeros(n),
        month=np.zeros(n, np.int64),
        is_insolvent=np.zeros(n, np.bool_),
    )

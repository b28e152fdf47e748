"""From which age on satellites cost more than they bring in."""

from __future__ import annotations

import numpy as np

from sunward.buildout import model
from sunward.buildout.simulator import BuildoutSimulator


def retire_age_months(simulator: BuildoutSimulator, env: int) -> float:
    """Returns the age from which on all satellites together lose money this month.

    Work counts at what one more of it brings in: without the oldest, the others are paid more.
    """
    params, company = simulator.params, simulator.company
    month = int(company.month[env])
    price = simulator.outlook.price_usd_per_gpu_h[month, env] * params.price_shares
    demand = simulator.outlook.demand_gpu_h[month, env]
    price = price * model.marginal_price_share(company.supply_gpu_h[env], demand)
    sats, skill = company.sats[env], company.skill[env]
    earns = np.einsum("m,msda,sda->a", price, params.gpu_h[month % 12], skill)
    costs = np.einsum("d,sda->a", params.operations_usd, sats)
    costs += np.einsum("sd,a,sda->a", params.removal_usd, params.loss_rate, sats)
    loss = np.cumsum((costs - earns)[::-1])  # of the oldest, those a month younger, and so on
    most = int(np.argmax(loss))
    # All are a month older by the time they are taken down.
    return params.n_ages - float(most) if loss[most] > 0.0 else params.n_ages - 1.0

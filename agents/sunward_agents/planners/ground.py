"""Work that a satellite sends to a data centre on the ground, in a proof and in a plan.

Kept: both classes together are within the limit of every step. A proof lets any slot of the queue
go down, each class by itself, and its lasers take no power. A plan does too, and then asks the
price that sends the share that it has planned: of requests and of the urgent slot alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.core.params import Params
from sunward_agents.ground.offer import offer_of, relieving_price
from sunward_agents.planners.ledger import Ledger
from sunward_agents.planners.linear import column
from sunward_agents.planners.world import World

#: A share below this is the solver's rounding.
NONE = 1.0e-4


class Down(NamedTuple):
    """Columns of the work of each class that a satellite sends down; no blocks where none can."""

    interactive: np.ndarray  # (n_blocks,) or (0,)
    deferrable: np.ndarray


def send_down(ledger: Ledger) -> Down:
    """Adds what a satellite sends down, for the value of its class less the ground's cost."""
    service, weights = ledger.world.params.service, ledger.world.params.weights
    if service.ground_work == 0.0:
        return Down(np.empty(0, int), np.empty(0, int))
    most = ledger.steps * (service.ground_work / service.capacity_work)
    interactive, deferrable = (
        ledger.columns(f"{name} down", 0.0, most, value - weights.ground_cost)
        for name, value in (
            ("interactive", weights.value_interactive),
            ("deferrable", weights.value_deferrable),
        )
    )
    ledger.program.at_most(column(interactive) + column(deferrable), most)
    return Down(interactive, deferrable)


def most_requests(params: Params, offered: np.ndarray) -> np.ndarray:
    """Returns how much of what is offered in each block any price sends down."""
    offer = offer_of(params)
    return offered * (0.0 if offer is None else offer.greatest_share)


def highest_price(params: Params) -> float:
    """Returns the highest price in [0, 1] that sends nothing to the ground."""
    offer = offer_of(params)
    return 1.0 if offer is None else offer.price


def price_with_ground(
    world: World, sat: int, down: Down, solution: np.ndarray, price: np.ndarray
) -> np.ndarray:
    """Returns a satellite's prices (n,) in a plan's first blocks, which also send down its plan.

    Args:
        down: of the satellite.
        solution: columns of the plan.
        price: (n,) among neighbours.
    """
    offer = offer_of(world.params)
    if offer is None:
        return price
    n = len(price)
    planned = solution[down.interactive[:n]] + solution[down.deferrable[:n]]
    share = np.minimum(planned / np.maximum(_may_go_down(world, sat, n), NONE), 1.0)
    return relieving_price(price, np.where(share > NONE, share, 0.0), offer)


def _may_go_down(world: World, sat: int, n: int) -> np.ndarray:
    """Returns requests and urgent work in steps of capacity, (n,); the queue is as it is now."""
    urgent = world.start.queue[sat, 0] * world.lengths[:n]
    entering = world.blocks(world.foresight.interactive[:, sat])[:n]
    return (entering + urgent) / world.params.service.capacity_work

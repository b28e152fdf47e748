"""Work that moves over the links of a fleet, in a proof and in a plan.

A proof lets each class flow by itself, within the limit of a link. A plan pays a little for each
flow, so that none goes in circles, and in its first blocks it holds to what the simulator does: a
satellite sends the same share of all that it may send, by differences of prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.core.params import Params
from sunward_agents.planners.ground import highest_price
from sunward_agents.planners.linear import Affine, Program, column
from sunward_agents.planners.world import World

#: Sides of the neighbours that a link is counted for once: fore, and to the right.
_ONE_END = (0, 3)

#: Classes of work.
CLASSES = ("interactive", "deferrable")
#: What each satellite sends of one class.
Sent = list[Affine]


class Flows(NamedTuple):
    """What each satellite sends, net of what it receives, and what it receives."""

    interactive: Sent
    deferrable: Sent
    deferrable_received: Sent  # empty in a proof, which knows the net alone


def link_limits(world: World) -> np.ndarray:
    """Returns what each link carries in each block, (n_blocks, n_sats, 4)."""
    service = world.params.service
    return world.blocks(world.foresight.links) * (service.link_work / service.capacity_work)


def links_of(params: Params) -> list[tuple[int, int, int]]:
    """Returns satellite, side and neighbour of each link, counted at one end."""
    return [
        (sat, side, int(params.neighbours[sat, side]))
        for side in _ONE_END
        for sat in range(params.n_sats)
        if params.neighbours[sat, side] >= 0
    ]


def carried(params: Params) -> tuple[str, ...]:
    """Returns the classes of work that links take."""
    return CLASSES if params.service.carries_interactive else CLASSES[1:]


def net_flows(program: Program, world: World) -> Flows:
    """Adds the net flows of a proof."""
    n, limits = len(world.lengths), link_limits(world)

    sent = {name: _nothing(world) for name in CLASSES}
    for name in carried(world.params):
        for sat, side, other in links_of(world.params):
            limit = limits[:, sat, side]
            flow = column(program.columns(f"{name} flow {sat} {side}", n, -limit, limit))
            sent[name][sat] += flow
            sent[name][other] -= flow
    return Flows(sent["interactive"], sent["deferrable"], [])


def planned_flows(program: Program, world: World) -> Flows:
    """Adds the flows of a plan: by prices in its first blocks, class by class in the others."""
    outlook = world.outlook
    assert outlook is not None
    n_priced = int(np.searchsorted(world.ends, outlook.priced_steps)) + 1
    n_priced = min(n_priced, len(world.lengths))
    shares = _Shares(program, world, n_priced)
    limits = link_limits(world)
    sent, received = {name: _nothing(world) for name in CLASSES}, _nothing(world)
    for sat, side, other in links_of(world.params):
        limit = limits[n_priced:, sat, side]
        for name in carried(world.params):
            for sender, receiver, way in ((sat, other, "there"), (other, sat, "back")):
                free = program.columns(
                    f"{name} {sat} {side} {way}", len(limit), 0.0, limit, -outlook.flow_price
                )
                columns, amounts = shares.of(sat, side, way, sender, CLASSES.index(name))
                flow = column(np.r_[columns, free], np.r_[amounts, np.ones(len(limit))])
                sent[name][sender] += flow
                sent[name][receiver] -= flow
                if name == "deferrable":
                    received[receiver] += flow
    return Flows(sent["interactive"], sent["deferrable"], received)


def planned_prices(program: Program, params: Params, solution: np.ndarray) -> np.ndarray:
    """Returns the prices of a plan's first blocks, (n_priced, n_sats)."""
    return np.stack([solution[program[f"price {sat}"]] for sat in range(params.n_sats)], axis=1)


class _Shares:
    """Shares of what may be sent over each link, as differences of prices make them."""

    def __init__(self, program: Program, world: World, n: int) -> None:
        assert world.outlook is not None
        self._program, self._steps = program, world.lengths[:n]
        self._amounts = _movable(world, n)
        params, gain = world.params, world.params.service.transfer_gain
        limit = params.service.link_work / params.service.capacity_work
        total = self._amounts.sum(axis=0)
        most = highest_price(params)
        prices = [program.columns(f"price {sat}", n, 0.0, most) for sat in range(params.n_sats)]
        leaving = [Affine(()) for _ in range(params.n_sats)]
        is_up = world.blocks(world.foresight.links)[:n] / self._steps[:, None, None] > 0.5
        for sat, side, other in links_of(params):
            ways = []
            for sender, way in ((sat, "there"), (other, "back")):
                most = is_up[:, sat, side] * np.minimum(1.0, limit / (total[sender] + 1e-6))
                price = -world.outlook.flow_price * self._steps
                share = program.columns(f"share {sat} {side} {way}", n, 0.0, most, price)
                leaving[sender] += column(share)
                ways.append(column(share))
            # A laser that is down ties no prices.
            slope = gain * is_up[:, sat, side] * (column(prices[sat]) - column(prices[other]))
            program.equal(slope - ways[0] + ways[1], 0.0)
        for shares in leaving:
            if shares.terms:
                program.at_most(shares, 1.0)

    def of(
        self, sat: int, side: int, way: str, sender: int, kind: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Returns columns of a link's shares and the work that each stands for."""
        columns = self._program[f"share {sat} {side} {way}"]
        return columns, self._amounts[kind, sender] * self._steps


def _movable(world: World, n: int) -> np.ndarray:
    """Returns what each satellite may send in a step, (2 classes, n_sats, n blocks).

    The most urgent slot of the queue stays; the queue is taken as it is now.
    """
    start, foresight = world.start, world.foresight
    service = world.params.service
    per_step = world.lengths[:n, None] * service.capacity_work
    interactive = service.carries_interactive * world.blocks(foresight.interactive)[:n] / per_step
    deferrable = world.blocks(foresight.deferrable)[:n] / per_step
    queue = start.queue[:, 1:].sum(axis=1) / service.capacity_work
    return np.stack([interactive.T, (deferrable + queue).T])


def _nothing(world: World) -> Sent:
    return [Affine(()) for _ in range(world.params.n_sats)]

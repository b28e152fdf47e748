"""What to do in the next steps: each satellite by itself, or a fleet with its flows of work."""

from __future__ import annotations

import numpy as np

from sunward_agents.planners.control import ClockTable, planned_levels
from sunward_agents.planners.fleet_plan import fleet_plan, single_plan
from sunward_agents.planners.flows import planned_prices
from sunward_agents.planners.ground import highest_price, price_with_ground
from sunward_agents.planners.linear import DUAL_SIMPLEX
from sunward_agents.planners.world import World

#: A price that all ask moves nothing.
ONE_PRICE = 0.5


def plan_alone(world: World, clocks: ClockTable) -> np.ndarray:
    """Returns levels (n_steps, n_sats, 4) of clock, deferrable energy, active share and price.

    No work moves; there is a program for each satellite.
    """
    levels = []
    for sat in range(world.params.n_sats):
        program, satellite = single_plan(world, sat)
        found = program.solve(DUAL_SIMPLEX).columns
        own = planned_levels(satellite, found, satellite.n, clocks)
        alike = np.full(len(own), min(ONE_PRICE, highest_price(world.params)))
        price = price_with_ground(world, sat, satellite.down, found, alike)
        levels.append(np.column_stack([own, price]))
    return np.repeat(np.stack(levels, axis=1), world.lengths, axis=0)


def plan_together(world: World, clocks: ClockTable) -> np.ndarray:
    """Returns the same levels of a fleet, from one program, as far as it plans prices."""
    program, satellites = fleet_plan(world)
    found = program.solve(DUAL_SIMPLEX).columns
    among = planned_prices(program, world.params, found)
    if world.params.service.ground_work > 0.0:
        # Only differences count among neighbours: all as near to the ground's price as they can be,
        # so that asking more than it changes them least.
        among += highest_price(world.params) - among.max(axis=1, keepdims=True)
    n = len(among)
    prices = np.stack(
        [price_with_ground(world, s.sat, s.down, found, among[:, s.sat]) for s in satellites],
        axis=1,
    )
    own = np.stack([planned_levels(sat, found, n, clocks) for sat in satellites], axis=1)
    return np.repeat(np.concatenate([own, prices[:, :, None]], axis=2), world.lengths[:n], axis=0)

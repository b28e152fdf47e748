"""What to do in the next steps: each satellite by itself, or a fleet with its flows of work."""

from __future__ import annotations

import numpy as np

from sunward_agents.planners.control import ClockTable, planned_levels
from sunward_agents.planners.fleet_plan import fleet_plan, single_plan
from sunward_agents.planners.flows import planned_prices
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
        levels.append(np.column_stack([own, np.full(len(own), ONE_PRICE)]))
    return np.repeat(np.stack(levels, axis=1), world.lengths, axis=0)


def plan_together(world: World, clocks: ClockTable) -> np.ndarray:
    """Returns the same levels of a fleet, from one program, as far as it plans prices."""
    program, satellites = fleet_plan(world)
    found = program.solve(DUAL_SIMPLEX).columns
    prices = planned_prices(program, world.params, found)
    n = len(prices)
    own = np.stack([planned_levels(sat, found, n, clocks) for sat in satellites], axis=1)
    return np.repeat(np.concatenate([own, prices[:, :, None]], axis=2), world.lengths[:n], axis=0)

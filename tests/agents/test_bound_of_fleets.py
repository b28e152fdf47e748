"""The bound of a fleet: work that links take, and prices from coarse blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.agents.bounded_worlds import RING, STAYING, params_of

from sunward_agents.planners.fleet_plan import fleet_plan
from sunward_agents.planners.foresight import foresee
from sunward_agents.planners.prices import coarse_prices, complete
from sunward_agents.planners.world import World, closing_blocks, even_blocks


def test_prices_of_coarse_blocks_bound_the_fine_program_closely():
    params = replace(params_of("dawn-dusk-24-v0", hours=1.0, **RING), episode_steps=40)
    foresight, start = foresee(params, 1)
    fine, coarse = (World(foresight, start, even_blocks(40, steps)) for steps in (1, 4))
    program, coarse_program = fleet_plan(fine)[0], fleet_plan(coarse)[0]
    prices = coarse_prices(
        program, fine.lengths, coarse_program, coarse_program.solve().duals, coarse.lengths
    )
    whole = program.solve().bound
    priced = program.dual_bound(complete(program, prices))
    assert whole - 1e-6 <= priced <= whole + 0.02 * abs(whole)


def requests_at_one(**changes) -> World:
    """The ring with requests for two satellites at the first one, and nothing else to do."""
    params = params_of("dawn-dusk-24-v0", 0.5, **(STAYING | changes))
    foresight, start = foresee(params, 0)
    interactive = np.zeros_like(foresight.interactive)
    interactive[:, 0] = 2.0 * params.service.capacity_work
    quiet = replace(foresight, interactive=interactive, deferrable=np.zeros_like(interactive))
    lengths = even_blocks(foresight.n_steps, 1)
    return World(quiet, replace(start, queue=np.zeros_like(start.queue)), lengths)


def test_requests_that_stay_are_bound_by_the_satellite_where_they_come_down():
    """The neighbours are idle: they help as soon as links take requests, and not before."""
    staying, carried = (
        fleet_plan(requests_at_one(**changes))[0].solve().bound
        for changes in ({}, {"network.carries_interactive": True})
    )
    weights, n_steps = requests_at_one().params.weights, 30
    assert staying <= (weights.value_interactive - weights.missed_interactive) * n_steps
    assert carried > staying + 0.5 * (weights.value_interactive + weights.missed_interactive)


@pytest.mark.parametrize(
    ("n_steps", "slot_steps", "longest"),
    [(480, 10, 5), (360, 7, 4), (100, 7, 4), (480, 10, 14), (480, 3, 5), (30, 12, 40)],
)
def test_coarse_blocks_straddle_no_closing(n_steps, slot_steps, longest):
    lengths = closing_blocks(n_steps, slot_steps, longest)
    ends = np.cumsum(lengths)
    assert ends[-1] == n_steps
    assert lengths.min() > 0
    assert lengths.max() <= longest
    closings = np.arange(slot_steps, n_steps, slot_steps)
    if longest < slot_steps:
        assert set(closings) <= set(ends)
    else:
        assert set(ends[:-1]) <= set(closings)

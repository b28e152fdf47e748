"""The bound over a data centre on the ground: what it takes is worth what can be worked out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.agents.bounded_worlds import GROUND, params_of

from sunward.core.params import N_SLOTS, Params
from sunward_agents.planners.fleet_plan import single_plan
from sunward_agents.planners.foresight import foresee
from sunward_agents.planners.world import Relaxations, World, even_blocks

COST, LIMIT = 0.7, 0.3
HOURS = 0.5


def dark(requests: float, queue: float = 0.0, **changes) -> tuple[World, Params]:
    """Returns a world of a satellite that can do nothing: no light, no charge.

    Args:
        requests: that enter in each step, in steps of capacity.
        queue: of work that is due at the next closing, likewise.
    """
    reaching = {"network.transfer_gain": 8.0}
    params = params_of("single-walker-v0", HOURS, **(reaching | GROUND | changes))
    foresight, start = foresee(params, 0)
    nothing, capacity = np.zeros_like(foresight.interactive), params.service.capacity_work
    foresight = replace(
        foresight,
        interactive=nothing + requests * capacity,
        deferrable=nothing,
        array_j=nothing,
        available=nothing,
    )
    waiting = np.zeros((1, N_SLOTS))
    waiting[0, 0] = queue * capacity
    start = replace(start, queue=waiting, charge_j=np.zeros(1))
    lengths = even_blocks(foresight.n_steps, 1)
    return World(foresight, start, lengths, Relaxations(energy=False, heat=False)), params


def optimum(world: World) -> float:
    return single_plan(world)[0].solve().bound


@pytest.mark.parametrize("requests", [0.1, 0.3, 0.5])
def test_requests_go_down_within_the_limit_and_the_rest_is_missed(requests):
    world, params = dark(requests)
    weights, n_steps = params.weights, params.episode_steps
    sent = min(requests, LIMIT)
    by_hand = (weights.value_interactive - COST) * sent
    by_hand -= weights.missed_interactive * (requests - sent)
    assert optimum(world) == pytest.approx(by_hand * n_steps, rel=1e-6)


@pytest.mark.parametrize("cost", [0.2, 0.7, 2.0])
def test_a_queue_goes_down_where_that_costs_less_than_missing_it(cost):
    world, params = dark(0.0, queue=1.0, **{"ground.cost": cost})
    weights = params.weights
    by_hand = max(weights.value_deferrable - cost, -weights.missed_deferrable)
    assert optimum(world) == pytest.approx(by_hand, rel=1e-6)


def test_no_price_sends_down_more_than_its_gain_lets_it():
    changes = {"network.transfer_gain": 0.5, "ground.price": 0.4, "ground.limit_satellite_min": 9.0}
    world, params = dark(0.5, 0.0, **changes)
    weights, n_steps = params.weights, params.episode_steps
    sent = 0.5 * 0.5 * (1.0 - 0.4)
    by_hand = (weights.value_interactive - COST) * sent - weights.missed_interactive * (0.5 - sent)
    assert optimum(world) == pytest.approx(by_hand * n_steps, rel=1e-6)


def test_both_classes_share_the_limit():
    """Requests fill it; the queue is missed although it alone would go down."""
    world, params = dark(LIMIT, queue=1.0)
    weights, n_steps = params.weights, params.episode_steps
    by_hand = (weights.value_interactive - COST) * LIMIT * n_steps - weights.missed_deferrable
    assert optimum(world) == pytest.approx(by_hand, rel=1e-6)


def test_without_a_ground_all_is_missed():
    world, params = dark(0.3, 0.0, **{"ground": None})
    weights, n_steps = params.weights, params.episode_steps
    assert optimum(world) == pytest.approx(-weights.missed_interactive * 0.3 * n_steps, rel=1e-6)

"""The linear model of a fleet: its satellites, and the work that flows between them.

Over a block, what enters a satellite's interactive books is done, missed, sent or still under way;
what enters its deferrable books is done, sent or waits. Kept of the links:

- the net flow of a class over a link within a block is within the link's limit times the steps in
  which the laser works, either way;
- interactive work under way to a satellite at the end of a block was sent in its last step, so it
  is within the limits of the links that work then; deferrable work under way counts as waiting;
- lasers take no power, every slot may be sent, and prices need not agree.

Deadlines hold for the fleet as a whole: work that is sent keeps its deadline.
"""

from __future__ import annotations

import numpy as np

from sunward_agents.planners.deadlines import add_queue, deadlines
from sunward_agents.planners.linear import Affine, Program, column
from sunward_agents.planners.model import Satellite, World, design_of

#: Sides of the neighbours that a link is counted for once: fore, and to the right.
_ONE_END = (0, 3)


def single_plan(world: World, sat: int = 0) -> tuple[Program, Satellite]:
    """Returns the linear program of a satellite without neighbours; value in satellite-steps."""
    params = world.params
    weights, capacity = params.weights, params.service.capacity_work
    program = Program()
    satellite = Satellite(program, world, design_of(world), sat)
    offered = world.blocks(world.foresight.interactive[:, sat]) / capacity
    offered[0] += world.start.interactive_in[sat] / capacity
    # Interactive work is answered within its step or missed: what is not done is missed.
    program.at_most(satellite.interactive_work(), offered)
    program.add_value(
        satellite.interactive_work(), weights.value_interactive + weights.missed_interactive
    )
    program.offset -= weights.missed_interactive * offered.sum()
    program.add_value(satellite.deferrable_work(), weights.value_deferrable)
    add_queue(program, world, f"{sat}", deadlines(world, [sat]), satellite.deferrable_work())
    return program, satellite


def fleet_plan(world: World) -> tuple[Program, list[Satellite]]:
    """Returns the linear program of a fleet; value in satellite-steps, summed over satellites."""
    params = world.params
    program = Program()
    design = design_of(world)
    satellites = [Satellite(program, world, design, sat) for sat in range(params.n_sats)]
    interactive, deferrable = _flows(program, world)
    for satellite in satellites:
        _serve_interactive(program, world, satellite, interactive[satellite.sat])
        _serve_deferrable(program, world, satellite, deferrable[satellite.sat])
    done = satellites[0].deferrable_work()
    for satellite in satellites[1:]:
        done += satellite.deferrable_work()
    everyone = list(range(params.n_sats))
    add_queue(program, world, "fleet", deadlines(world, everyone), done)
    return program, satellites


def _limits(world: World) -> np.ndarray:
    """Returns what each link carries in each block, (n_blocks, n_sats, 4)."""
    service = world.params.service
    return world.blocks(world.foresight.links) * (service.link_work / service.capacity_work)


def _flows(program: Program, world: World) -> list[list[Affine]]:
    """Adds the net flows of both classes; returns what each satellite sends, net."""
    n_sats, n = world.params.n_sats, len(world.lengths)
    limits, neighbours = _limits(world), world.params.neighbours
    sent: list[list[Affine]] = []
    for name in ("interactive flow", "deferrable flow"):
        of = [Affine(()) for _ in range(n_sats)]
        for side in _ONE_END:
            for sat in range(n_sats):
                other = int(neighbours[sat, side])
                if other < 0:
                    continue
                limit = limits[:, sat, side]
                flow = column(program.columns(f"{name} {sat} {side}", n, -limit, limit))
                of[sat] += flow
                of[other] -= flow
        sent.append(of)
    return sent


def _serve_interactive(program: Program, world: World, satellite: Satellite, sent: Affine) -> None:
    """What enters is done, missed, sent or under way; what was under way enters."""
    weights, capacity = world.params.weights, world.params.service.capacity_work
    sat, n = satellite.sat, satellite.n
    arrived = world.blocks(world.foresight.interactive[:, sat]) / capacity
    most = world.blocks(world.foresight.interactive).sum() / capacity
    last_steps = world.ends - 1
    service = world.params.service
    under_way = world.foresight.links[last_steps, sat].sum(axis=1) * service.link_work / capacity
    start = float(world.start.interactive_in[sat]) / capacity
    transit = program.columns(
        f"transit {sat}", n + 1, np.r_[start, np.zeros(n)], np.r_[start, under_way]
    )
    lost = program.columns(f"lost {sat}", n, 0.0, most, -weights.missed_interactive)
    change = column(transit[1:]) - column(transit[:-1])
    program.equal(
        satellite.interactive_work() + column(lost) + sent + change, arrived, f"interactive {sat}"
    )
    program.add_value(satellite.interactive_work(), weights.value_interactive)


def _serve_deferrable(program: Program, world: World, satellite: Satellite, sent: Affine) -> None:
    """What enters is done, sent or waits; what is missed waits for ever in these books."""
    capacity = world.params.service.capacity_work
    sat, n = satellite.sat, satellite.n
    arrived = world.blocks(world.foresight.deferrable[:, sat]) / capacity
    most = (world.foresight.deferrable.sum() + world.start.queue.sum()) / capacity
    start = float(world.start.queue[sat].sum()) / capacity
    waiting = program.columns(
        f"waiting {sat}", n + 1, np.r_[start, np.zeros(n)], np.r_[start, np.full(n, most)]
    )
    change = column(waiting[1:]) - column(waiting[:-1])
    program.equal(satellite.deferrable_work() + sent + change, arrived, f"deferrable {sat}")
    program.add_value(satellite.deferrable_work(), world.params.weights.value_deferrable)

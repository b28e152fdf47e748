"""The linear model of a fleet: its satellites, and the work that flows between them.

Over a block, what enters a satellite's interactive books is done, missed, sent or still under way;
what enters its deferrable books is done, sent or waits. Kept of the links:

- the net flow of a class over a link within a block is within the link's limit times the steps in
  which the laser works, either way;
- interactive work under way to a satellite at the end of a block was sent in its last step, so it
  is within the limits of the links that work then; deferrable work under way counts as waiting;
- what goes to the ground is done there (`ground`);
- lasers take no power, every slot may be sent, requests may be handed on more than once, and prices
  need not agree.

Where links take no requests, interactive work is done or missed where it enters, within its step.
Deadlines hold for the fleet as a whole: work that is sent keeps its deadline.
"""

from __future__ import annotations

import numpy as np

from sunward_agents.planners.deadlines import add_queue, deadlines
from sunward_agents.planners.flows import Flows, link_limits, net_flows, planned_flows
from sunward_agents.planners.ground import most_requests
from sunward_agents.planners.linear import Affine, Program, column
from sunward_agents.planners.satellite import Satellite
from sunward_agents.planners.world import World, design_of


def single_plan(world: World, sat: int = 0) -> tuple[Program, Satellite]:
    """Returns the linear program of a satellite without neighbours; value in satellite-steps."""
    program = Program()
    satellite = Satellite(program, world, design_of(world), sat)
    _answer_interactive(program, world, satellite)
    program.add_value(satellite.deferrable_work(), world.params.weights.value_deferrable)
    add_queue(program, world, f"{sat}", deadlines(world, [sat]), satellite.deferrable_served())
    return program, satellite


def fleet_plan(world: World) -> tuple[Program, list[Satellite]]:
    """Returns the linear program of a fleet; value in satellite-steps, summed over satellites."""
    params = world.params
    program = Program()
    design = design_of(world)
    satellites = [Satellite(program, world, design, sat) for sat in range(params.n_sats)]
    add_flows = net_flows if world.outlook is None else planned_flows
    flows = add_flows(program, world)
    for satellite in satellites:
        if params.service.carries_interactive:
            _serve_interactive(program, world, satellite, flows.interactive[satellite.sat])
        else:
            _answer_interactive(program, world, satellite)
        _serve_deferrable(program, world, satellite, flows.deferrable[satellite.sat])
    if world.outlook is None:
        _meet_together(program, world, satellites)
    else:
        _meet_alone(program, world, satellites, flows.deferrable)
        _wait_a_step(program, world, satellites, flows)
    return program, satellites


def _meet_together(program: Program, world: World, satellites: list[Satellite]) -> None:
    """Deadlines of the fleet's work as a whole, wherever it is done."""
    done = satellites[0].deferrable_served()
    for satellite in satellites[1:]:
        done += satellite.deferrable_served()
    everyone = [satellite.sat for satellite in satellites]
    add_queue(program, world, "fleet", deadlines(world, everyone), done)


def _meet_alone(
    program: Program, world: World, satellites: list[Satellite], sent: list[Affine]
) -> None:
    """Deadlines of each satellite's work: done or sent on in time, a plan's stricter reading."""
    most = float(link_limits(world).sum())
    for satellite in satellites:
        own = deadlines(world, [satellite.sat])
        leaving = satellite.deferrable_served() + sent[satellite.sat]
        add_queue(program, world, f"{satellite.sat}", own, leaving, most_received=most)


def _wait_a_step(program: Program, world: World, satellites: list[Satellite], flows: Flows) -> None:
    """What is received can be done a step later: in a block of n steps, (n - 1) / n of it."""
    late = 1.0 / world.lengths
    for satellite in satellites:
        received = flows.deferrable_received[satellite.sat]
        if received.terms:
            left = column(program[f"waiting {satellite.sat}"][1:])
            program.at_most(late * received - left, 0.0)


def _answer_interactive(program: Program, world: World, satellite: Satellite) -> None:
    """What enters is done or sent down within its step, or missed, where no link takes it."""
    weights, capacity = world.params.weights, world.params.service.capacity_work
    offered = world.blocks(world.foresight.interactive[:, satellite.sat]) / capacity
    offered[0] += world.start.interactive_in[satellite.sat] / capacity
    program.at_most(satellite.interactive_served(), offered)
    if len(satellite.down.interactive):
        program.at_most(satellite.interactive_down(), most_requests(world.params, offered))
    program.add_value(
        satellite.interactive_work(), weights.value_interactive + weights.missed_interactive
    )
    program.add_value(satellite.interactive_down(), weights.missed_interactive)
    program.offset -= weights.missed_interactive * offered.sum()


def _serve_interactive(program: Program, world: World, satellite: Satellite, sent: Affine) -> None:
    """What enters is done, missed, sent or under way; what was under way enters.

    Done is done here or on the ground, as in all these books.
    """
    weights, capacity = world.params.weights, world.params.service.capacity_work
    sat, n = satellite.sat, satellite.n
    arrived = world.blocks(world.foresight.interactive[:, sat]) / capacity
    most = world.blocks(world.foresight.interactive).sum() / capacity
    last_steps = world.ends - 1
    service = world.params.service
    under_way = world.foresight.links[last_steps, sat].sum(axis=1) * service.link_work / capacity
    if world.outlook is not None:
        under_way = np.zeros(n)  # else a plan would keep work going round for ever
    start = float(world.start.interactive_in[sat]) / capacity
    transit = program.columns(
        f"transit {sat}", n + 1, np.r_[start, np.zeros(n)], np.r_[start, under_way]
    )
    lost = program.columns(f"lost {sat}", n, 0.0, most, -weights.missed_interactive)
    change = column(transit[1:]) - column(transit[:-1])
    program.equal(
        satellite.interactive_served() + column(lost) + sent + change, arrived, f"interactive {sat}"
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
    program.equal(satellite.deferrable_served() + sent + change, arrived, f"deferrable {sat}")
    program.add_value(satellite.deferrable_work(), world.params.weights.value_deferrable)

"""The passes by which satellites send work down, to a data centre that takes it at its price.

The ground is a neighbour with a fixed price that never is dark. What links to neighbours leave, it
takes a share of by the same law: requests, and of the queue the most urgent slot, which links never
carry. All else can wait until it is urgent. What is sent down is done there within the step, as
light takes milliseconds, for its value less the ground's cost.
"""

from __future__ import annotations

from sunward.physics.approximation import minimum
from sunward.physics.scalar import scalar

from .compilation import inlined_kernel, prefer_full_width
from .lanes import lanes_in
from .links import wanted_share
from .params import Service, Weights
from .reward import TERM_INDEX
from .rows import ROW
from .satellite import lasers_w, share_of
from .substep import work_left
from .width import LANES
from .written_out import clearer

_VALUE_INTERACTIVE, _VALUE_DEFERRABLE, _GROUND = (
    ROW.terms + TERM_INDEX[name] * LANES
    for name in ("value_interactive", "value_deferrable", "ground")
)
_clear_term = clearer((_GROUND,))


@scalar
def net_value(interactive, deferrable, weights: Weights, service: Service):
    """Returns what GPU-s done on the ground are worth less their cost, in units of reward."""
    interactive_value = (weights.value_interactive - weights.ground_cost) * interactive
    deferrable_value = (weights.value_deferrable - weights.ground_cost) * deferrable
    return (interactive_value + deferrable_value) / service.capacity_work


@scalar
def share_within(part, whole):
    """Returns part / whole, at most one: a sum of slots may by rounding be less than the first."""
    return minimum(share_of(part, whole), 1.0)


@inlined_kernel
def send_down(rows, vectors, service, weights):
    """Takes from what links have left of a block's work what goes to the ground, if there is one.

    The lasers that carry it add to the power of the bus, which must have been written.
    """
    if service.ground_work > 0:
        take_down(rows, vectors, service)
        owe_for_ground(rows, vectors, service, weights)


@inlined_kernel
def take_down(rows, vectors, service):
    """Takes requests and urgent work of a block to the ground."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        requests = rows[ROW.interactive_offered + lane]
        urgent = rows[ROW.queue + lane]
        waiting = rows[ROW.deferrable_left + lane]
        share = wanted_share(
            rows[ROW.price + lane],
            service.ground_price,
            rows[ROW.alive + lane],
            requests + urgent,
            service.ground_work,
            service,
        )
        interactive = share * requests
        deferrable = share * urgent
        rows[ROW.ground_share + lane] = share
        rows[ROW.ground_queue_share + lane] = share_within(deferrable, waiting)
        rows[ROW.ground_interactive + lane] = interactive
        rows[ROW.ground_deferrable + lane] = deferrable
        rows[ROW.interactive_offered + lane] = requests - interactive
        rows[ROW.queue + lane] = urgent - deferrable
        rows[ROW.deferrable_left + lane] = work_left(waiting, deferrable)
        rows[ROW.bus_w + lane] += lasers_w(interactive + deferrable, service)


@inlined_kernel
def owe_for_ground(rows, vectors, service, weights):
    """Takes the part that neighbours handed over from their books, and writes what they are owed.

    As of work done here: the sender gets its share of the value, and of the cost.
    """
    prefer_full_width()
    for side in range(4):
        for lane in range(lanes_in(vectors)):
            requests = rows[ROW.foreign_interactive_now + side * LANES + lane]
            queued = rows[ROW.foreign + side * LANES + lane]
            interactive = rows[ROW.ground_share + lane] * requests
            deferrable = rows[ROW.ground_queue_share + lane] * queued
            rows[ROW.ground_credit + side * LANES + lane] = weights.sender_credit * net_value(
                interactive, deferrable, weights, service
            )
            rows[ROW.foreign_interactive_now + side * LANES + lane] = requests - interactive
            rows[ROW.foreign + side * LANES + lane] = queued - deferrable


@inlined_kernel
def settle_ground(rows, vectors, weights, service):
    """Adds to the reward terms of a block, and to what it owes, what the ground did for it."""
    if service.ground_work > 0:
        pay_ground(rows, vectors, weights, service)
    else:
        _clear_term(rows, vectors)


@inlined_kernel
def pay_ground(rows, vectors, weights, service):
    """Writes what a block earns and pays for work on the ground."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        interactive = rows[ROW.ground_interactive + lane] / service.capacity_work
        deferrable = rows[ROW.ground_deferrable + lane] / service.capacity_work
        rows[_VALUE_INTERACTIVE + lane] += weights.value_interactive * interactive
        rows[_VALUE_DEFERRABLE + lane] += weights.value_deferrable * deferrable
        rows[_GROUND + lane] = -weights.ground_cost * (interactive + deferrable)
    for side in range(4):
        for lane in range(lanes_in(vectors)):
            rows[ROW.credit_owed + side * LANES + lane] += rows[
                ROW.ground_credit + side * LANES + lane
            ]

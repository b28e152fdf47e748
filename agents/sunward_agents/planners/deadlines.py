"""What the queue of a satellite, or of a fleet, allows: work enters, waits, is done or missed.

Deferrable work enters in slots that close at common times. Number the closings 0, 1, 2...; work
that enters between closings i - 1 and i in slot j is missed at closing i + j unless done. Kept of
that, for the sums of what is done by the end of a block (K), entered (A) and missed (M):

- nothing is done that has not entered or was missed: K + M <= A;
- of what enters after closing i - 1 and is due by closing e, all is done in between or missed at
  one of the closings i .. e, which may count more misses and more work than just this.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sunward.core.params import N_SLOTS
from sunward_agents.planners.linear import Affine, Program, column
from sunward_agents.planners.world import World


@dataclass(frozen=True)
class Deadlines:
    """When work enters and when it is due, in GPU-s over the capacity of a step."""

    entering: np.ndarray  # (n_steps,) deferrable work
    due: np.ndarray  # (n_closings, N_SLOTS): work that enters before a closing, by slot
    closing_steps: np.ndarray  # (n_closings,) steps from the first on that have passed at each
    waiting: float  # in the queue at the start


def deadlines(world: World, sats: list[int]) -> Deadlines:
    """Returns the deadlines of the work of some satellites together."""
    params, start = world.params, world.start
    capacity = params.service.capacity_work
    entering = world.foresight.deferrable[:, sats].sum(axis=1) / capacity
    queue = start.queue[sats].sum(axis=0) / capacity
    last = start.step + len(entering)
    first_closing = start.step // params.slot_steps
    closings = np.arange(first_closing, last // params.slot_steps + 1)
    closing_steps = np.minimum((closings + 1) * params.slot_steps - start.step, len(entering))
    due = np.zeros((len(closings), N_SLOTS))
    begin = 0
    for number, end in enumerate(closing_steps):
        due[number] = entering[begin:end].sum() * np.asarray(params.deadline_share)
        begin = end
    due[0] += queue
    is_real = (closings + 1) * params.slot_steps <= last
    return Deadlines(entering, due[is_real], closing_steps[is_real], float(queue.sum()))


def add_queue(
    program: Program,
    world: World,
    name: str,
    plan: Deadlines,
    done: Affine,
    most_received: float = 0.0,
) -> None:
    """Adds the limits of a queue, and the price of what is missed at its closings.

    Args:
        done: work that leaves the queue in each block; negative where more is received.
        most_received: in all, from neighbours. What is received must then be done at once, as
            its deadlines are not known: good for a plan, and no bound.
    """
    params, ends = world.params, world.ends
    entered = plan.waiting + world.blocks(plan.entering).cumsum()
    n, n_closings = len(ends), len(plan.closing_steps)
    # Work done so far, with nothing before the first block.
    lows, highs = np.r_[0.0, np.full(n, -most_received)], np.r_[0.0, entered]
    total = program.columns(f"{name} done", n + 1, lows, highs)
    program.equal(column(total[1:]) - column(total[:-1]) - done, 0.0, f"{name} done")
    price = params.weights.missed_deferrable
    missed = program.columns(f"{name} missed", n_closings, 0.0, plan.due.sum(), -price)
    lost = program.columns(
        f"{name} lost", n_closings + 1, 0.0, np.r_[0.0, [entered[-1]] * n_closings]
    )
    if n_closings:
        program.equal(column(lost[1:]) - column(lost[:-1]) - column(missed), 0.0)
    # Closings that lie wholly before the end of a block.
    passed = np.searchsorted(plan.closing_steps, ends, side="right")
    program.at_most(column(total[1:]) + column(lost[passed]), entered)
    if world.relaxations.deadlines:
        _meet(program, plan, ends, total, lost, from_start=world.outlook is not None)


def _meet(
    program: Program,
    plan: Deadlines,
    ends: np.ndarray,
    total: np.ndarray,
    lost: np.ndarray,
    *,
    from_start: bool,
) -> None:
    """What enters after a closing and is due by another is done in between, or missed.

    With `from_start`, only what is due by each closing of all that enters: a plan may leave out
    what few courses would ever touch.
    """
    n_closings = len(plan.closing_steps)
    by_due = np.zeros((n_closings, n_closings))  # entered before i, due at e
    for number in range(n_closings):
        for slot in range(min(N_SLOTS, n_closings - number)):
            by_due[number, number + slot] = plan.due[number, slot]
    begins = np.r_[0, plan.closing_steps[:-1]]
    # Blocks that may straddle a closing count whole, on either side.
    before = np.searchsorted(ends, begins, side="right")
    after = np.searchsorted(ends, plan.closing_steps, side="left") + 1
    first, last = np.nonzero(np.triu(np.ones((n_closings, n_closings), bool)))
    wanted = np.array([by_due[i : e + 1, : e + 1].sum() for i, e in zip(first, last, strict=True)])
    keep = (wanted > 0.0) & ((first == 0) | (not from_start))
    first, last, wanted = first[keep], last[keep], wanted[keep]
    if len(first):
        done = column(total[after[last]]) - column(total[before[first]])
        program.at_most(-1.0 * (done + column(lost[last + 1]) - column(lost[first])), -wanted)

"""The passes that couple satellites: who sees whom, what is handed over, who owes whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.physics.approximation import maximum, minimum, select
from sunward.physics.link import is_link_up, line_of_sight
from sunward.physics.scalar import scalar

from .compilation import inlined_kernel, kernel, prefer_full_width
from .gather import gatherer
from .lanes import lanes_in
from .observations import OPPOSITE
from .params import N_SLOTS, Service, Weights
from .reward import N_TERMS, TERM_INDEX
from .rows import BLOCK_FLOATS, ROW
from .satellite import share_of
from .width import LANES
from .written_out import clearer

#: As numbers of NumPy: Numba compiles a pass anew for each literal that it is called with.
FORE, AFT, LEFT, RIGHT = map(np.int64, range(4))
#: Rows of what is fetched, from the first: place; radius of the orbit; whether it works; expected
#: demand of two classes; and beside the first, share sent, the work that it is a share of.
_OTHER, _OTHER_WORK, _OTHER_RADIUS, _OTHER_ALIVE, _OTHER_DEMAND = (
    np.int64(ROW.fetched + row * LANES) for row in (0, 1, 3, 4, 5)
)

_CREDIT = ROW.terms + TERM_INDEX["credit"] * LANES

fetch_row, fetch_pair, fetch_place, fetch_work = map(gatherer, (1, 2, 3, 1 + N_SLOTS))


@kernel
def address(slot):
    """Returns where the lane of a satellite starts within a chunk of blocks."""
    return (slot // LANES) * BLOCK_FLOATS + slot % LANES


@scalar
def link_state(x1, y1, z1, radius1_m, x2, y2, z2, radius2_m, steps_down, alive, service: Service):
    """Returns 1.0 if a laser link works: in reach, above the air, terminals sound, both alive."""
    sight = line_of_sight(x1, y1, z1, radius1_m, x2, y2, z2, radius2_m)
    is_up = is_link_up(
        sight.range_m, sight.minimum_altitude_m, service.link_range_m, service.link_clearance_m
    )
    return alive * select(is_up & (steps_down <= 0.0), 1.0, 0.0)


@inlined_kernel
def judge_links(rows, vectors, side, down, service):
    """Writes whether the links to the neighbours on one side of a block work."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        both_alive = rows[ROW.alive + lane] * rows[_OTHER_ALIVE + lane]
        rows[ROW.link + side * LANES + lane] = link_state(
            rows[ROW.x + lane],
            rows[ROW.y + lane],
            rows[ROW.z + lane],
            rows[ROW.orbit_radius_m + lane],
            rows[_OTHER + lane],
            rows[_OTHER + LANES + lane],
            rows[_OTHER + 2 * LANES + lane],
            rows[_OTHER_RADIUS + lane],
            rows[down + lane],
            both_alive * rows[ROW.has + side * LANES + lane],
            service,
        )


@kernel
def fetch_places(rows, here, vectors, pieces, block, side):
    """Fetches where the neighbours on one side of a block are, and whether they work."""
    fetch_place(rows, here, vectors, pieces, block, side, ROW.x, _OTHER)
    fetch_row(rows, here, vectors, pieces, block, side, ROW.orbit_radius_m, _OTHER_RADIUS)
    fetch_row(rows, here, vectors, pieces, block, side, ROW.alive, _OTHER_ALIVE)


@kernel
def look_fore(rows, here, vectors, pieces, block):
    """Writes as demand ahead what the neighbours fore expect; a satellite alone has its own."""
    prefer_full_width()
    fetch_pair(rows, here, vectors, pieces, block, FORE, ROW.interactive_expected, _OTHER_DEMAND)
    for lane in range(lanes_in(vectors)):
        demand = here[_OTHER_DEMAND + lane] + here[_OTHER_DEMAND + LANES + lane]
        has_fore = here[ROW.has + FORE * LANES + lane] > 0
        here[ROW.demand_ahead + lane] = select(has_fore, demand, here[ROW.demand_ahead + lane])


@inlined_kernel
def find_links(rows, here, vectors, pieces, block, service):
    """Writes which links fore and right of a block work, from positions that are all in place.

    A link is worked out once, by the satellite behind it or to the left of it, for both ends.
    """
    look_fore(rows, here, vectors, pieces, block)
    fetch_places(rows, here, vectors, pieces, block, FORE)
    judge_links(here, vectors, FORE, ROW.down_fore, service)
    fetch_places(rows, here, vectors, pieces, block, RIGHT)
    judge_links(here, vectors, RIGHT, ROW.down_right, service)


@kernel
def mirror_links(rows, here, vectors, pieces, block):
    """Copies the state of links aft and left of a block from the satellites at their other end."""
    prefer_full_width()
    for side in (AFT, LEFT):
        link = ROW.link + OPPOSITE[side] * LANES
        fetch_row(rows, here, vectors, pieces, block, side, link, _OTHER)
        for lane in range(lanes_in(vectors)):
            has = here[ROW.has + side * LANES + lane]
            here[ROW.link + side * LANES + lane] = has * here[_OTHER + lane]


@scalar
def wanted_share(price_here, price_there, link, work, most_work, service: Service):
    """Returns the share of the movable work that a price difference sends over a link.

    Args:
        link: 1 where the link works, else 0.
        work: GPU-s that may be sent.
        most_work: GPU-s that the link carries in a step.
    """
    by_price = service.transfer_gain * maximum(price_here - price_there, 0.0)
    by_rate = most_work / (work + 1.0e-6)
    return link * minimum(minimum(by_price, by_rate), 1.0)


@scalar
def within_whole(share, total):
    """Returns a share cut down so that all shares together do not exceed one."""
    return share / maximum(total, 1.0)


@inlined_kernel
def offer_block(rows, vectors, service):
    """Writes which share of its work a satellite sends over each link, from the prices."""
    prefer_full_width()
    for side in range(4):
        for lane in range(lanes_in(vectors)):
            work = (
                rows[ROW.deferrable_left + lane]
                - rows[ROW.queue + lane]
                + service.carries_interactive * rows[ROW.interactive_new + lane]
            )
            rows[ROW.send_share + side * LANES + lane] = wanted_share(
                rows[ROW.price + lane],
                rows[_OTHER + side * LANES + lane],
                rows[ROW.link + side * LANES + lane],
                work,
                service.link_work,
                service,
            )
    for lane in range(lanes_in(vectors)):
        fore = rows[ROW.send_share + lane]
        aft = rows[ROW.send_share + LANES + lane]
        left = rows[ROW.send_share + 2 * LANES + lane]
        right = rows[ROW.send_share + 3 * LANES + lane]
        total = fore + aft + left + right
        rows[ROW.send_share + lane] = within_whole(fore, total)
        rows[ROW.send_share + LANES + lane] = within_whole(aft, total)
        rows[ROW.send_share + 2 * LANES + lane] = within_whole(left, total)
        rows[ROW.send_share + 3 * LANES + lane] = within_whole(right, total)


@inlined_kernel
def offer_work(rows, here, vectors, pieces, block, service):
    """Writes what every satellite of a block sends."""
    for side in range(4):
        fetch_row(rows, here, vectors, pieces, block, side, ROW.price, _OTHER + side * LANES)
    offer_block(here, vectors, service)


#: Of what adds up over the sides.
_clear_incoming = clearer(
    (
        ROW.interactive_in,
        ROW.deferrable_in,
        *(ROW.inbox + deadline * LANES for deadline in range(N_SLOTS)),
    )
)


@kernel
def carry_work(rows, here, vectors, pieces, block, service):
    """Writes what comes to a block's satellites: slot by slot, and from which side.

    Of interactive work only what has just entered is handed on, if links take any: work that is
    passed from satellite to satellite without end would be neither done nor missed.
    """
    prefer_full_width()
    _clear_incoming(here, vectors)
    # Side by side as literals: else LLVM takes the rows of one side for those of another.
    carry_from(rows, here, vectors, pieces, block, FORE, service)
    carry_from(rows, here, vectors, pieces, block, AFT, service)
    carry_from(rows, here, vectors, pieces, block, LEFT, service)
    carry_from(rows, here, vectors, pieces, block, RIGHT, service)


@inlined_kernel
def carry_from(rows, here, vectors, pieces, block, side, service):
    """Adds what comes to a block's satellites from the neighbours on one side."""
    share = ROW.send_share + OPPOSITE[side] * LANES
    fetch_row(rows, here, vectors, pieces, block, side, share, _OTHER)
    fetch_work(rows, here, vectors, pieces, block, side, ROW.interactive_new, _OTHER_WORK)
    add_incoming(here, vectors, side, service)


@inlined_kernel
def add_incoming(here, vectors, side, service):
    """Adds what comes from the neighbours on one side of a block, which has been fetched."""
    prefer_full_width()
    foreign_in = ROW.foreign_in + side * LANES
    for lane in range(lanes_in(vectors)):
        # Of two neighbours at most one sends to the other.
        share = here[_OTHER + lane] * here[ROW.has + side * LANES + lane]
        interactive = share * service.carries_interactive * here[_OTHER_WORK + lane]
        here[_OTHER + lane] = share
        here[ROW.interactive_in + lane] += interactive
        here[ROW.foreign_interactive + side * LANES + lane] = interactive
        here[foreign_in + lane] = 0
    for deadline in range(1, N_SLOTS):
        for lane in range(lanes_in(vectors)):
            amount = here[_OTHER + lane] * here[_OTHER_WORK + (1 + deadline) * LANES + lane]
            here[ROW.inbox + deadline * LANES + lane] += amount
            here[foreign_in + lane] += amount
    for lane in range(lanes_in(vectors)):
        here[ROW.deferrable_in + lane] += here[foreign_in + lane]


class Outcome(NamedTuple):
    """What became of a satellite's work in a step, as shares of what there was."""

    interactive_done: float
    interactive_missed: float
    deferrable_done: float
    deferrable_missed: float


@scalar
def credit_for(interactive, deferrable, outcome: Outcome, weights: Weights, capacity_work):
    """Returns what a satellite owes the sender of some of its work, in units of reward.

    The sender gets its share of the value, and of the penalty: dumping work on a neighbour that
    cannot do it does not pay.
    """
    interactive_value = (
        weights.value_interactive * outcome.interactive_done
        - weights.missed_interactive * outcome.interactive_missed
    )
    deferrable_value = (
        weights.value_deferrable * outcome.deferrable_done
        - weights.missed_deferrable * outcome.deferrable_missed
    )
    value = interactive * interactive_value + deferrable * deferrable_value
    return weights.sender_credit * value / capacity_work


@scalar
def own_terms(
    interactive_done,
    deferrable_done,
    interactive_missed,
    deferrable_missed,
    wear,
    brownout,
    trip,
    weights: Weights,
    capacity_work,
):
    """Returns the reward terms of a step before credits, in the order of `REWARD_TERMS`."""
    return (
        weights.value_interactive * interactive_done / capacity_work,
        weights.value_deferrable * deferrable_done / capacity_work,
        -weights.missed_interactive * interactive_missed / capacity_work,
        -weights.missed_deferrable * deferrable_missed / capacity_work,
        -weights.wear * wear,
        -weights.brownout * brownout,
        -weights.trip * trip,
    )


@inlined_kernel
def settle_block(rows, vectors, weights, service):
    """Writes the reward terms of a block's satellites and what they owe for foreign work."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        offered = rows[ROW.interactive_offered + lane]
        terms = own_terms(
            rows[ROW.interactive_done + lane],
            rows[ROW.deferrable_done + lane],
            rows[ROW.interactive_missed + lane],
            rows[ROW.deferrable_missed + lane],
            rows[ROW.wear + lane],
            rows[ROW.brownout + lane],
            rows[ROW.trip + lane],
            weights,
            service.capacity_work,
        )
        rows[ROW.terms + lane] = terms[0]
        rows[ROW.terms + LANES + lane] = terms[1]
        rows[ROW.terms + 2 * LANES + lane] = terms[2]
        rows[ROW.terms + 3 * LANES + lane] = terms[3]
        rows[ROW.terms + 4 * LANES + lane] = terms[4]
        rows[ROW.terms + 5 * LANES + lane] = terms[5]
        rows[ROW.terms + 6 * LANES + lane] = terms[6]
        # Interactive work that came in the step before: its share of what was left after sending.
        rows[ROW.interactive_done_share + lane] = share_of(
            rows[ROW.interactive_done + lane], offered
        )
        rows[ROW.interactive_missed_share + lane] = share_of(
            rows[ROW.interactive_missed + lane], offered
        )
    for side in range(4):
        for lane in range(lanes_in(vectors)):
            foreign = rows[ROW.foreign + side * LANES + lane]
            outcome = Outcome(
                rows[ROW.interactive_done_share + lane],
                rows[ROW.interactive_missed_share + lane],
                rows[ROW.done_share + lane],
                rows[ROW.missed_share + lane],
            )
            rows[ROW.credit_owed + side * LANES + lane] = credit_for(
                rows[ROW.foreign_interactive_now + side * LANES + lane],
                foreign,
                outcome,
                weights,
                service.capacity_work,
            )
            gone = foreign * (outcome.deferrable_done + outcome.deferrable_missed)
            rows[ROW.foreign + side * LANES + lane] = (
                foreign - gone + rows[ROW.foreign_in + side * LANES + lane]
            )


@kernel
def pay_credits(rows, here, vectors, pieces, block):
    """Writes a satellite's credit: what its neighbours owe it less what it owes them."""
    prefer_full_width()
    for side in range(4):
        fetch_row(
            rows,
            here,
            vectors,
            pieces,
            block,
            side,
            ROW.credit_owed + OPPOSITE[side] * LANES,
            _OTHER + side * LANES,
        )
    for lane in range(lanes_in(vectors)):
        credit = here[lane] - here[lane]
        for side in range(4):
            has = here[ROW.has + side * LANES + lane]
            credit += has * here[_OTHER + side * LANES + lane]
            credit -= has * here[ROW.credit_owed + side * LANES + lane]
        here[_CREDIT + lane] = credit


@kernel
def add_up_reward(rows, vectors):
    """Writes the sum of a satellite's reward terms."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        total = rows[ROW.terms + lane]
        for term in range(1, N_TERMS):
            total = total + rows[ROW.terms + term * LANES + lane]
        rows[ROW.own_reward + lane] = total
        rows[ROW.reward + lane] = total


@kernel
def mean_reward(rows, first, n_sats):
    """Returns the mean of the rewards of a world whose first satellite has slot `first`."""
    total = 0.0
    for slot in range(first, first + n_sats):
        total += rows[address(slot) + ROW.own_reward]
    return total / n_sats


@kernel
def mix_reward(rows, first, last, mean, team_share):
    """Writes the rewards of slots `first` to `last`: their own, drawn towards the mean."""
    for slot in range(first, last):
        own = rows[address(slot) + ROW.own_reward]
        rows[address(slot) + ROW.reward] = own + team_share * (mean - own)

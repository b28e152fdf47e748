"""The passes that couple satellites: who sees whom, what is handed over, who owes whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.core.compilation import inlined_kernel, kernel, prefer_full_width
from sunward.core.observations import OPPOSITE
from sunward.core.params import N_SLOTS, Service, Weights
from sunward.core.rows import BLOCK_FLOATS, LANES, ROW
from sunward.core.satellite import share_of
from sunward.physics.approximation import maximum, minimum, select
from sunward.physics.link import is_link_up, line_of_sight
from sunward.physics.scalar import scalar

FORE, AFT, LEFT, RIGHT = range(4)
#: In a table of addresses: there is no neighbour.
NOBODY = 2**32 - 1


def chunk_wiring(neighbours: np.ndarray, n_worlds: int) -> np.ndarray:
    """Returns who neighbours whom within a chunk: slots (n_lanes, 4), -1 where there is none.

    Lanes beyond the last satellite are padding and have no neighbours.

    Args:
        neighbours: Satellites (n_sats, 4) on each side, or -1.
        n_worlds: Worlds of the chunk, one after another.
    """
    n_sats = len(neighbours)
    n_lanes = -(-n_worlds * n_sats // LANES) * LANES
    wiring = np.full((n_lanes, 4), -1, np.int32)
    first = np.arange(n_worlds, dtype=np.int32)[:, None, None] * n_sats
    wired = np.where(neighbours >= 0, neighbours + first, -1)
    wiring[: n_worlds * n_sats] = wired.reshape(-1, 4)
    return wiring


def wired_addresses(wiring: np.ndarray) -> np.ndarray:
    """Returns where in the working array the lanes of the neighbours start; NOBODY for none.

    Unsigned, so that the compiler need not ask at each load whether an index counts from the end.
    """
    where = wiring // LANES * BLOCK_FLOATS + wiring % LANES
    return np.where(wiring >= 0, where, NOBODY).astype(np.uint32)


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


@kernel
def fetch_neighbours(rows, here, places, side):
    """Copies the place of every neighbour on one side of a block beside the satellite's own."""
    for lane in range(LANES):
        there = places[lane, side]
        if there != NOBODY:
            here[ROW.other + lane] = rows[there + ROW.x]
            here[ROW.other + LANES + lane] = rows[there + ROW.y]
            here[ROW.other + 2 * LANES + lane] = rows[there + ROW.z]
            here[ROW.other + 3 * LANES + lane] = rows[there + ROW.orbit_radius_m]
            here[ROW.other_alive + lane] = rows[there + ROW.alive]
            if side == FORE:
                here[ROW.demand_ahead + lane] = (
                    rows[there + ROW.interactive_expected] + rows[there + ROW.deferrable_expected]
                )
        else:
            here[ROW.other + lane] = here[ROW.x + lane]
            here[ROW.other + LANES + lane] = here[ROW.y + lane]
            here[ROW.other + 2 * LANES + lane] = here[ROW.z + lane]
            here[ROW.other + 3 * LANES + lane] = here[ROW.orbit_radius_m + lane]
            here[ROW.other_alive + lane] = 0


@inlined_kernel
def judge_links(rows, link, down, service):
    """Writes whether the link to the fetched neighbour works, for a block of satellites."""
    prefer_full_width()
    for lane in range(LANES):
        rows[link + lane] = link_state(
            rows[ROW.x + lane],
            rows[ROW.y + lane],
            rows[ROW.z + lane],
            rows[ROW.orbit_radius_m + lane],
            rows[ROW.other + lane],
            rows[ROW.other + LANES + lane],
            rows[ROW.other + 2 * LANES + lane],
            rows[ROW.other + 3 * LANES + lane],
            rows[down + lane],
            rows[ROW.alive + lane] * rows[ROW.other_alive + lane],
            service,
        )


@inlined_kernel
def find_links(rows, here, places, service):
    """Writes which links fore and right of a block work, from positions that are all in place.

    A link is worked out once, by the satellite behind it or to the left of it, for both ends.
    """
    fetch_neighbours(rows, here, places, FORE)
    judge_links(here, ROW.link + FORE * LANES, ROW.down_fore, service)
    fetch_neighbours(rows, here, places, RIGHT)
    judge_links(here, ROW.link + RIGHT * LANES, ROW.down_right, service)


@kernel
def mirror_links(rows, here, places):
    """Copies the state of links aft and left of a block from the satellites at their other end."""
    for side in (AFT, LEFT):
        link = ROW.link + OPPOSITE[side] * LANES
        for lane in range(LANES):
            there = places[lane, side]
            here[ROW.link + side * LANES + lane] = rows[there + link] if there != NOBODY else 0


@scalar
def wanted_share(price_here, price_there, link, work, service: Service):
    """Returns the share of the movable work that a price difference sends over a link."""
    by_price = service.transfer_gain * maximum(price_here - price_there, 0.0)
    by_rate = service.link_work / (work + 1.0e-6)
    return link * minimum(minimum(by_price, by_rate), 1.0)


@scalar
def within_whole(share, total):
    """Returns a share cut down so that all shares together do not exceed one."""
    return share / maximum(total, 1.0)


@kernel
def fetch_prices(rows, here, places):
    """Copies what the neighbours of every satellite of a block ask beside its own price."""
    for side in range(4):
        for lane in range(LANES):
            there = places[lane, side]
            own = here[ROW.price + lane]
            asked = rows[there + ROW.price] if there != NOBODY else own
            here[ROW.other_price + side * LANES + lane] = asked


@inlined_kernel
def offer_block(rows, service):
    """Writes which share of its work a satellite sends over each link, from the prices."""
    prefer_full_width()
    for side in range(4):
        for lane in range(LANES):
            work = (
                rows[ROW.deferrable_left + lane]
                - rows[ROW.queue + lane]
                + rows[ROW.interactive_new + lane]
            )
            rows[ROW.send_share + side * LANES + lane] = wanted_share(
                rows[ROW.price + lane],
                rows[ROW.other_price + side * LANES + lane],
                rows[ROW.link + side * LANES + lane],
                work,
                service,
            )
    for lane in range(LANES):
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
def offer_work(rows, here, places, service):
    """Writes what every satellite of a block sends."""
    fetch_prices(rows, here, places)
    offer_block(here, service)


@kernel
def carry_work(rows, here, places):
    """Writes what comes to a block's satellites: slot by slot, and from which side.

    Of interactive work only what has just entered is handed on: work that is passed from satellite
    to satellite without end would be neither done nor missed.
    """
    for lane in range(LANES):
        zero = here[lane] - here[lane]
        here[ROW.interactive_in + lane] = zero
        here[ROW.deferrable_in + lane] = zero
        for deadline in range(N_SLOTS):
            here[ROW.inbox + deadline * LANES + lane] = zero
        for side in range(4):
            there = places[lane, side]
            interactive = zero
            deferrable = zero
            if there != NOBODY:
                share = rows[there + ROW.send_share + OPPOSITE[side] * LANES]
                # Of two neighbours at most one sends to the other.
                if share > 0:
                    interactive = share * rows[there + ROW.interactive_new]
                    for deadline in range(1, N_SLOTS):
                        amount = share * rows[there + ROW.queue + deadline * LANES]
                        here[ROW.inbox + deadline * LANES + lane] += amount
                        deferrable += amount
            here[ROW.interactive_in + lane] += interactive
            here[ROW.deferrable_in + lane] += deferrable
            here[ROW.foreign_interactive + side * LANES + lane] = interactive
            here[ROW.foreign_in + side * LANES + lane] = deferrable


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
def settle_block(rows, weights, service):
    """Writes the reward terms of a block's satellites and what they owe for foreign work."""
    prefer_full_width()
    for lane in range(LANES):
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
        for lane in range(LANES):
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
def pay_credits(rows, here, places):
    """Writes a satellite's credit: what its neighbours owe it less what it owes them."""
    for lane in range(LANES):
        credit = here[lane] - here[lane]
        for side in range(4):
            there = places[lane, side]
            if there != NOBODY:
                credit += rows[there + ROW.credit_owed + OPPOSITE[side] * LANES]
                credit -= here[ROW.credit_owed + side * LANES + lane]
        here[ROW.terms + 7 * LANES + lane] = credit


@kernel
def add_up_reward(rows):
    """Writes the sum of a satellite's reward terms."""
    prefer_full_width()
    for lane in range(LANES):
        total = rows[ROW.terms + lane]
        for term in range(1, 8):
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

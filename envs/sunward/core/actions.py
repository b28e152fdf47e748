"""What a satellite can do: one table, a continuous face and a discrete one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Action(NamedTuple):
    """One entry of the continuous action vector; -1 and 1 stand for `low` and `high`."""

    name: str
    low: str
    high: str
    meaning: str


ACTIONS = (
    Action("clock", "lowest clock of the hardware", "full clock", "clock of the accelerators"),
    Action("deferrable_energy", "0", "1", "share of the capacity left for deferrable work"),
    Action("coolant_flow", "lowest flow of the pump", "full flow", "coolant through the loop"),
    Action("active_share", "0.05", "1", "share of the accelerators that are switched on"),
    Action(
        "price",
        "0",
        "1",
        "price of work here: work flows to neighbours, and to the ground, that ask less",
    ),
)
N_ACTIONS = len(ACTIONS)
INDEX = {action.name: index for index, action in enumerate(ACTIONS)}

#: Levels of the discrete face: clock x deferrable_energy x price; flow and share stay at full.
CLOCK_LEVELS = (-1.0, -0.3, 0.3, 1.0)
DEFERRABLE_LEVELS = (-1.0, 0.0, 1.0)
PRICE_LEVELS = (-1.0, 0.0, 1.0)
N_DISCRETE = len(CLOCK_LEVELS) * len(DEFERRABLE_LEVELS) * len(PRICE_LEVELS)


def _discrete_table() -> np.ndarray:
    clock, deferrable, price = np.meshgrid(
        CLOCK_LEVELS, DEFERRABLE_LEVELS, PRICE_LEVELS, indexing="ij"
    )
    table = np.ones((N_DISCRETE, N_ACTIONS), np.float32)
    table[:, INDEX["clock"]] = clock.ravel()
    table[:, INDEX["deferrable_energy"]] = deferrable.ravel()
    table[:, INDEX["price"]] = price.ravel()
    return table


DISCRETE_TABLE = _discrete_table()


def discrete_to_continuous(index: np.ndarray) -> np.ndarray:
    """Returns the continuous actions (..., N_ACTIONS) that discrete indices (...) stand for."""
    return DISCRETE_TABLE[index]


def discrete_masks(is_off: np.ndarray, has_link: np.ndarray, has_queue: np.ndarray) -> np.ndarray:
    """Returns which discrete actions make a difference, bool (..., N_DISCRETE).

    Args:
        is_off: tripped or in safe mode: only the lowest clock is offered. Shape (...).
        has_link: a neighbour can be reached, or the ground; else only the middle price is offered.
        has_queue: deferrable work waits or arrives; else only its lowest level is offered.
    """
    table = DISCRETE_TABLE
    lowest_clock = table[:, INDEX["clock"]] == CLOCK_LEVELS[0]
    lowest_deferrable = table[:, INDEX["deferrable_energy"]] == DEFERRABLE_LEVELS[0]
    middle_price = table[:, INDEX["price"]] == 0.0
    allowed = ~is_off[..., None] | lowest_clock
    allowed &= has_link[..., None] | middle_price
    allowed &= has_queue[..., None] | lowest_deferrable
    return allowed

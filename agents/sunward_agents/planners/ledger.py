"""Columns of one satellite in a program: one row a block, states with one row more."""

from __future__ import annotations

import numpy as np

from sunward_agents.planners.linear import Affine, Level, Program, column
from sunward_agents.planners.world import Design, World


class Ledger:
    """Adds the columns of one satellite to a program, and means of what it foresees.

    Columns of a state have one entry more than there are blocks: what was before the first.
    """

    def __init__(self, program: Program, world: World, design: Design, sat: int) -> None:
        self.program, self.world, self.design, self.sat = program, world, design, sat
        self.hardware = world.params.hardware
        self.steps = world.lengths.astype(float)
        self.n = len(self.steps)
        self.seconds = self.steps * world.params.service.step_s

    def mean(self, per_step: np.ndarray) -> np.ndarray:
        """Returns means over blocks of this satellite's column."""
        return self.world.blocks(per_step[:, self.sat]) / self.steps

    def most(self, per_step: np.ndarray) -> np.ndarray:
        """Returns the greatest value of this satellite's column in each block."""
        starts = self.world.ends - self.world.lengths
        return np.maximum.reduceat(per_step[:, self.sat], starts)

    def columns(self, name: str, low: Level, high: Level, value: Level = 0.0) -> np.ndarray:
        """Adds a column a block."""
        return self.program.columns(f"{name} {self.sat}", self.n, low, high, value)

    def state(self, name: str, start: float, low: float, high: float) -> np.ndarray:
        """Adds a state: `start` before the first block, then within its bounds."""
        lows, highs = np.full(self.n + 1, low), np.full(self.n + 1, high)
        lows[0] = highs[0] = start
        return self.program.columns(f"{name} {self.sat}", self.n + 1, lows, highs)


def change(state: np.ndarray) -> Affine:
    """Returns the change of a state over each block."""
    return column(state[1:]) - column(state[:-1])


def middle(state: np.ndarray) -> Affine:
    """Returns the mean of a state at the two ends of each block."""
    return column(state[1:], 0.5) + column(state[:-1], 0.5)

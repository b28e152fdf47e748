"""The linear model of what one satellite can do, block by block of one or two control steps.

Each relaxation holds for sums of the simulator's own books over the sub-steps of a block; its
reason stands beside the rows that it becomes. `docs/bound.md` lists them.
"""

from __future__ import annotations

import numpy as np

from sunward_agents.planners.battery import Battery
from sunward_agents.planners.ground import send_down
from sunward_agents.planners.heat import Heat
from sunward_agents.planners.ledger import Ledger, change
from sunward_agents.planners.linear import Affine, Program, column
from sunward_agents.planners.world import Design, World


class Satellite:
    """Adds the limits of one satellite's machine to a program, in columns of one row a block.

    Work is a sum over a block in shares of a step's capacity; power is a mean over it in shares of
    the peak power; charge in shares of the battery.
    """

    def __init__(self, program: Program, world: World, design: Design, sat: int) -> None:
        self.ledger = Ledger(program, world, design, sat)
        self.world, self.design, self.sat = world, design, sat
        self.hardware = world.params.hardware
        self.steps, self.n = self.ledger.steps, self.ledger.n
        self.available = self.ledger.mean(world.foresight.available)
        self._add_accelerators()
        self.down = send_down(self.ledger)
        self._add_power()
        if world.relaxations.energy:
            self.battery = Battery(self.ledger, self.power, self.relieved)
        if world.relaxations.heat:
            shares = (self.interactive, self.deferrable)
            most = self.ledger.most(world.foresight.available)
            self.heat = Heat(self.ledger, self.power, most, shares, self.cool)

    def _add_accelerators(self) -> None:
        """Time shares of the operating points, the safe share, and the falls into safe mode.

        Capacity: shares at the corners add up to no more than what is available and not in safe
        mode. Safe mode begins with a fall, so its share is at most the falls so far; a fall costs
        its price, whatever it saves. A step is safe or may fall, not both.
        """
        ledger, points, world = self.ledger, self.design, self.world
        program = ledger.program
        self.interactive, self.deferrable = (
            program.columns(
                f"{name} {self.sat}", (self.n, len(corners.power)), 0.0, self.available[:, None]
            )
            for name, corners in (
                ("interactive", points.interactive),
                ("deferrable", points.deferrable),
            )
        )
        self.safe = ledger.columns("safe", 0.0, 1.0)
        self.fall = ledger.columns("fall", 0.0, self.steps, -world.params.weights.brownout)
        was_safe = float(world.start.safe_steps[self.sat] > 0)
        self.falls = ledger.state("falls", was_safe, 0.0, was_safe + float(self.steps.sum()))
        busy = column(self.interactive) + column(self.deferrable)
        program.at_most(busy + self.available * column(self.safe), self.available)
        program.equal(change(self.falls) - column(self.fall), 0.0)
        program.at_most(column(self.safe) - column(self.falls[1:]), 0.0)
        self.relieved = column(self.safe) + (1.0 / self.steps) * column(self.fall)
        program.at_most(self.relieved, 1.0)

    def interactive_work(self) -> Affine:
        """Returns the interactive work of each block."""
        return self.steps * column(self.interactive, self.design.interactive.rate)

    def deferrable_work(self) -> Affine:
        """Returns the deferrable work of each block."""
        return self.steps * column(self.deferrable, self.design.deferrable.rate)

    def interactive_served(self) -> Affine:
        """Returns the interactive work of each block that is done here or on the ground."""
        return self.interactive_work() + self.interactive_down()

    def deferrable_served(self) -> Affine:
        """Returns the deferrable work of each block that is done here or on the ground."""
        return self.deferrable_work() + _sum_of(self.down.deferrable)

    def interactive_down(self) -> Affine:
        """Returns the interactive work of each block that is done on the ground."""
        return _sum_of(self.down.interactive)

    def _add_power(self) -> None:
        """Power of the accelerators: at least that at the reference times the least leakage."""
        points, box = self.design, self.design.box
        outlook = self.world.outlook
        least = box.leak_low if outlook is None else outlook.leakage
        self.power = self.ledger.columns("power", 0.0, box.leak_high * self.available)
        self.cool = column(self.interactive, points.interactive.power) + column(
            self.deferrable, points.deferrable.power
        )
        self.ledger.program.at_most(least * self.cool - column(self.power), 0.0)


def _sum_of(columns: np.ndarray) -> Affine:
    """Returns columns of one a block; nothing where there are none."""
    return column(columns) if len(columns) else Affine(())

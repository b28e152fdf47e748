"""One world as the linear models of its satellites see it: what is foreseen, block by block."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sunward.core.params import Params
from sunward_agents.planners.foresight import Foresight, State
from sunward_agents.planners.operating_points import OperatingPoints, operating_points
from sunward_agents.planners.thermal_box import ThermalBox, thermal_box


@dataclass(frozen=True)
class Relaxations:
    """Which limits the model keeps; each can be dropped to see what it is worth."""

    energy: bool = True
    heat: bool = True
    leakage: bool = True
    throttle: bool = True
    deadlines: bool = True
    wear: bool = True


@dataclass(frozen=True)
class Outlook:
    """What a plan takes for true where a proof takes the best that could be.

    A plan made with the proof's relaxations promises itself more than there is: colder chips, a
    radiator that follows the chord, a pump at least flow and a battery used to its last joule.
    """

    leakage: float = 1.0  # factor on the accelerators' power
    radiator_k: float = 338.0  # where the radiated power touches its tangent
    flow: float = 0.7  # that the pump is paid for
    charge_floor: float = 0.13  # below it a charge costs `short_price` a step
    short_price: float = 0.5
    flow_price: float = 0.01  # for a step of capacity over a link
    priced_steps: int = 5  # in which work moves as prices make it, class by class after that


#: A fleet's coarse blocks reach the floor sooner than planned: below it requests are lost, which
#: costs more than any step of charge is worth.
FLEET_OUTLOOK = Outlook(charge_floor=0.12, short_price=20.0)


@dataclass(frozen=True)
class World:
    """Figures of one world that its satellites' models share."""

    foresight: Foresight
    start: State
    lengths: np.ndarray  # steps of each block
    relaxations: Relaxations = field(default_factory=Relaxations)
    outlook: Outlook | None = None  # None: a proof; else a plan

    @property
    def params(self) -> Params:
        """The scenario."""
        return self.foresight.params

    def blocks(self, per_step: np.ndarray) -> np.ndarray:
        """Returns sums over blocks of (n_steps, ...)."""
        return np.add.reduceat(per_step, self.ends - self.lengths, axis=0)

    @property
    def ends(self) -> np.ndarray:
        """Steps that have passed at the end of each block."""
        return np.cumsum(self.lengths)


def even_blocks(n_steps: int, block_steps: int) -> np.ndarray:
    """Returns the lengths of blocks of `block_steps` steps; the last one may be shorter."""
    lengths = np.full(-(-n_steps // block_steps), block_steps)
    lengths[-1] -= lengths.sum() - n_steps
    return lengths


def closing_blocks(n_steps: int, slot_steps: int, longest: int) -> np.ndarray:
    """Returns the lengths of blocks of up to `longest` steps, of which some end at each closing.

    A block that straddles a closing counts whole on either side, so its prices tell too little of
    the deadline. Blocks longer than a slot hold whole slots.
    """
    if longest >= slot_steps:
        return even_blocks(n_steps, longest // slot_steps * slot_steps)
    n_parts = -(-slot_steps // longest)
    ends = np.arange(1, n_parts + 1) * slot_steps // n_parts
    n_slots = -(-n_steps // slot_steps)
    ends = (np.arange(n_slots)[:, None] * slot_steps + ends).ravel()
    return np.diff(np.unique(np.minimum(ends, n_steps)), prepend=0)


@dataclass(frozen=True)
class Design:
    """What follows from the hardware alone."""

    interactive: OperatingPoints
    deferrable: OperatingPoints
    box: ThermalBox


def design_of(world: World) -> Design:
    """Returns operating points and temperature bounds of a world."""
    params, hardware = world.params, world.foresight.hardware
    start = world.start
    return Design(
        operating_points(params.hardware, params.service.interactive_prefill_share),
        operating_points(params.hardware, params.service.deferrable_prefill_share),
        thermal_box(
            params.hardware,
            params.service,
            radiator_factors=hardware["radiator_factor"],
            leak_factors=hardware["leak_factor"],
            absorbed_w=world.foresight.absorbed_w,
            start_k=np.stack([start.chip_k, start.loop_k, start.radiator_k]),
        ),
    )

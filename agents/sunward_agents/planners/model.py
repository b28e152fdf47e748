"""The linear model of what one satellite can do, block by block of one or two control steps.

Each relaxation holds for sums of the simulator's own books over the sub-steps of a block; its
reason stands beside the rows that it becomes. `docs/bound.md` lists them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sunward.core.params import N_SUBSTEPS, Params
from sunward.core.satellite import BROWNOUT_J
from sunward.physics.ageing import calendar_wear_fraction, cycle_wear_fraction
from sunward.physics.battery import rated_power_w
from sunward.physics.thermal import leakage_factor, pump_power_w
from sunward_agents.planners.foresight import Foresight, State
from sunward_agents.planners.linear import Affine, Level, Program, column
from sunward_agents.planners.operating_points import OperatingPoints, operating_points
from sunward_agents.planners.thermal_box import ThermalBox, radiated, thermal_box

#: Share of the chips' change over a sub-step by which the mean over its stages leads its start:
#: 1/2 and a little, as chips settle within half a minute.
LEAD = 0.54
#: What that leaves: the coolant's own change and the flow move it by a few tenths of a kelvin.
CHIP_MARGIN_K = 0.5
#: The half step at which leakage is taken is off the mean over the stages by 0.08 of the change
#: over a sub-step, and lower for the leakage's own heat: 0.2 K at full power.
LEAK_MARGIN_K = 1.0


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


class Satellite:
    """Adds the limits of one satellite's machine to a program, in columns of one row a block.

    Work is a sum over a block in shares of a step's capacity; power is a mean over it in shares of
    the peak power; charge in shares of the battery. Columns of a state have one entry more: what
    was before the first block.
    """

    def __init__(self, program: Program, world: World, design: Design, sat: int) -> None:
        self.program, self.world, self.design, self.sat = program, world, design, sat
        self.hardware = world.params.hardware
        self.steps = world.lengths.astype(float)
        self.n = len(self.steps)
        self.seconds = self.steps * world.params.service.step_s
        self.available = self._mean(world.foresight.available)
        self._add_accelerators()
        self._add_power()
        if world.relaxations.energy:
            self._add_battery()
        if world.relaxations.heat:
            self._add_heat()

    def _mean(self, per_step: np.ndarray) -> np.ndarray:
        """Returns means over blocks of this satellite's column."""
        return self.world.blocks(per_step[:, self.sat]) / self.steps

    def _columns(self, name: str, low: Level, high: Level, value: Level = 0.0) -> np.ndarray:
        return self.program.columns(f"{name} {self.sat}", self.n, low, high, value)

    def _state(self, name: str, start: float, low: float, high: float) -> np.ndarray:
        """Adds a state: `start` before the first block, then within its bounds."""
        lows, highs = np.full(self.n + 1, low), np.full(self.n + 1, high)
        lows[0] = highs[0] = start
        return self.program.columns(f"{name} {self.sat}", self.n + 1, lows, highs)

    def _add_accelerators(self) -> None:
        """Time shares of the operating points, the safe share, and the falls into safe mode.

        Capacity: shares at the corners add up to no more than what is available and not in safe
        mode. Safe mode begins with a fall, so its share is at most the falls so far; a fall costs
        its price, whatever it saves. A step is safe or may fall, not both.
        """
        program, points, world = self.program, self.design, self.world
        shape = (self.n, len(points.interactive.power))
        share = self.available[:, None]
        self.interactive = program.columns(f"interactive {self.sat}", shape, 0.0, share)
        self.deferrable = program.columns(f"deferrable {self.sat}", shape, 0.0, share)
        self.safe = self._columns("safe", 0.0, 1.0)
        self.fall = self._columns("fall", 0.0, self.steps, -world.params.weights.brownout)
        was_safe = float(world.start.safe_steps[self.sat] > 0)
        self.falls = self._state("falls", was_safe, 0.0, was_safe + float(self.steps.sum()))
        self.busy = column(self.interactive) + column(self.deferrable)
        program.at_most(self.busy + self.available * column(self.safe), self.available)
        program.equal(_change(self.falls) - column(self.fall), 0.0)
        program.at_most(column(self.safe) - column(self.falls[1:]), 0.0)
        self.relieved = column(self.safe) + (1.0 / self.steps) * column(self.fall)
        program.at_most(self.relieved, 1.0)

    def interactive_work(self) -> Affine:
        """Returns the interactive work of each block."""
        return self.steps * column(self.interactive, self.design.interactive.rate)

    def deferrable_work(self) -> Affine:
        """Returns the deferrable work of each block."""
        return self.steps * column(self.deferrable, self.design.deferrable.rate)

    def _add_power(self) -> None:
        """Power of the accelerators: at least that at the reference times the least leakage."""
        points, box = self.design, self.design.box
        outlook = self.world.outlook
        least = box.leak_low if outlook is None else outlook.leakage
        self.power = self._columns("power", 0.0, box.leak_high * self.available)
        self.cool = column(self.interactive, points.interactive.power) + column(
            self.deferrable, points.deferrable.power
        )
        self.program.at_most(least * self.cool - column(self.power), 0.0)

    def _add_battery(self) -> None:
        """Charge, and the balance of the bus.

        The simulator's books over a block: array = bus + accelerators + charging - discharging +
        curtailed, charge gained = efficiency x charging - discharging / efficiency. Kept:
        curtailed >= 0; charging and discharging within their C-rates; the taper, concave in the
        charge of a sub-step, which is at least the charge before the block less all discharging
        of the block. The bus takes its power at the least flow, less a joule a step, except in a
        step that falls into safe mode and in safe mode itself, where it may take nothing.
        """
        world, program, hw = self.world, self.program, self.hardware
        capacity_j = float(world.foresight.hardware["battery_capacity_j"][self.sat])
        start = float(world.start.charge_j[self.sat]) / capacity_j
        rate_in = rated_power_w(capacity_j, hw.charge_c_rate_per_h) / hw.peak_power_w
        rate_out = rated_power_w(capacity_j, hw.discharge_c_rate_per_h) / hw.peak_power_w
        # A block of peak power in charges: what leaves the cells for it, what it brings to them.
        unit = hw.peak_power_w * self.seconds / capacity_j
        drained, gained = unit / hw.discharge_efficiency, unit * hw.charge_efficiency
        self.charge = self._state("charge", start, 0.0, 1.0)
        self.charging = self._columns("charging", 0.0, rate_in)
        price = self._wear_price(capacity_j)
        self._add_ageing()
        self.discharging = self._columns("discharging", 0.0, rate_out, -price * drained)
        charging, discharging = column(self.charging), column(self.discharging)
        program.equal(_change(self.charge) - gained * charging + drained * discharging, 0.0)
        slope = rate_in / (1.0 - hw.taper_start)
        least_charge = column(self.charge[:-1]) - drained * discharging
        program.at_most(charging + slope * least_charge, slope)
        program.at_most(column(self.power) + self._bus() + charging - discharging, self._array())
        if world.outlook is not None:
            self._spare_charge(world.outlook)

    def _spare_charge(self, outlook: Outlook) -> None:
        """A plan keeps clear of the charge at which the accelerators lose the battery."""
        floor = outlook.charge_floor
        short = self._columns("short", 0.0, floor, -outlook.short_price * self.steps)
        self.program.at_most(-1.0 * column(self.charge[1:]) - column(short), -floor)

    def _bus(self) -> Affine:
        """Returns the power that bus and pump take at least."""
        hw, outlook = self.hardware, self.world.outlook
        flow = hw.min_flow if outlook is None else outlook.flow
        least_w = hw.bus_power_w + pump_power_w(flow, hw.pump_power_w)
        least = (least_w - BROWNOUT_J / self.world.params.service.step_s) / hw.peak_power_w
        return -least * self.relieved + least

    def _array(self) -> np.ndarray:
        """Returns the mean power that the array can give."""
        peak_j = self.hardware.peak_power_w * self.world.params.service.step_s
        return self._mean(self.world.foresight.array_j) / peak_j

    def _wear_price(self, capacity_j: float) -> float:
        """Returns the least price of a full charge drawn, whatever the depth."""
        depths = np.linspace(0.0, 1.0, 1001)
        least = min(cycle_wear_fraction(capacity_j, capacity_j, depth) for depth in depths)
        return self.world.params.weights.wear * least if self.world.relaxations.wear else 0.0

    def _add_ageing(self) -> None:
        """Wear by age: at least that of an empty battery as cool as its interface."""
        if self.world.relaxations.wear:
            step_s, coolest_k = self.world.params.service.step_s, self.hardware.pack_interface_k
            least = calendar_wear_fraction(0.0, coolest_k, step_s)
            self.program.offset -= self.world.params.weights.wear * least * self.steps.sum()

    def _add_heat(self) -> None:
        """Temperatures, and the flows of heat between them.

        With U and O the mean flows from chips to loop and from loop to radiator and F what is
        radiated, the books say C_c dT_c = P - U, C_l dT_l = U - O, C_r dT_r = O + A - F. `chip`,
        `loop` and `panel` are the nodes at the ends of blocks; `radiator`, `drop` (loop less
        radiator) and U / G_c are means over the Runge-Kutta stages.
        """
        hw, box, start = self.hardware, self.design.box, self.world.start
        nodes = (
            ("chip", start.chip_k, box.chip_high_k),
            ("loop", start.loop_k, box.chip_high_k),
            ("panel", start.radiator_k, box.radiator_high_k),
        )
        self.chip, self.loop, self.panel = (
            self._state(name, float(before[self.sat]), box.low_k, high)
            for name, before, high in nodes
        )
        self.radiator = self._columns("radiator", box.low_k, box.radiator_high_k)
        widest = box.chip_high_k - box.low_k
        self.drop = self._columns("drop", -widest, widest)
        per_s = 1.0 / self.seconds
        self.to_loop = hw.peak_power_w * column(self.power) - (
            hw.chip_capacity_j_k * per_s
        ) * _change(self.chip)
        self.to_radiator = self.to_loop - (hw.loop_capacity_j_k * per_s) * _change(self.loop)
        self.emitted = self.to_radiator - (hw.radiator_capacity_j_k * per_s) * _change(self.panel)
        self.emitted += self._mean(self.world.foresight.absorbed_w)
        self._emit()
        self._descend()
        self._store()
        self._warm_chips()

    def _emit(self) -> None:
        """F <= chord of eps sigma A T^4 over the box: convex, so every mean lies below it."""
        hw, box = self.hardware, self.design.box
        factor = float(self.world.foresight.hardware["radiator_factor"][self.sat])
        ends = box.low_k, box.radiator_high_k
        if self.world.outlook is not None:
            touch_k = self.world.outlook.radiator_k
            ends = touch_k - 0.01, touch_k + 0.01
        low, high = (radiated(at_k, factor, hw) for at_k in ends)
        slope = (high - low) / (ends[1] - ends[0])
        above = column(self.radiator) - ends[0]
        self.program.at_most((1.0 / high) * (self.emitted - slope * above), low / high)

    def coldness(self) -> Affine:
        """Returns a share that is at least 1 while a radiator may be warmed from outside.

        Then it is below the highest sky temperature; else the share is at least 0.
        """
        box = self.design.box
        width = box.radiator_high_k - box.sky_high_k
        return (-1.0 / width) * (column(self.radiator) - box.radiator_high_k)

    def _descend(self) -> None:
        """The drop is at least O / G at full flow: less flow needs more of it for the same heat.

        Where O < 0 the drop is negative, and no further below O / G than the greatest inverse drop.
        """
        hw, box, world = self.hardware, self.design.box, self.world
        inverse_k = box.sky_high_k - box.low_k
        health = np.maximum.reduceat(
            world.foresight.pump_health[:, self.sat], world.ends - world.lengths
        )
        needed = (1.0 / (hw.flow_conductance_w_k * health)) * self.to_radiator
        self.program.at_most(needed - inverse_k * self.coldness() - column(self.drop), 0.0)

    def _store(self) -> None:
        """The mean heat content is near that of the ends of a block.

        It changes by P + A - F, within [-F(high) + A, P(high) + A - F(low)]; between two values at
        the ends, a function whose slope is within [-a, b] has a mean that is off the mean of the
        ends by at most duration x a b / (2 (a + b)). The mean over Runge-Kutta stages is off that
        of a sub-step's ends by its length / 12 times the change of the slope between the stages,
        in which P is the same.
        """
        hw, box = self.hardware, self.design.box
        factor = float(self.world.foresight.hardware["radiator_factor"][self.sat])
        capacities = np.array(
            [hw.chip_capacity_j_k, hw.loop_capacity_j_k, hw.radiator_capacity_j_k]
        )
        chip, loop, panel = capacities / capacities.sum()
        absorbed = self.world.foresight.absorbed_w[:, self.sat]
        high_w, low_w = (radiated(at, factor, hw) for at in (box.radiator_high_k, box.low_k))
        cooling = high_w - absorbed.min()
        warming = box.leak_high * hw.peak_power_w + absorbed.max() - low_w
        off_j = self.seconds * cooling * warming / (2.0 * (cooling + warming))
        off_j += self.world.params.service.substep_s / 12.0 * (high_w - low_w)
        off_k = off_j / capacities.sum()
        over_chip = chip / hw.chip_conductance_w_k
        mean = column(self.radiator) + (chip + loop) * column(self.drop) + over_chip * self.to_loop
        ends = chip * _middle(self.chip) + loop * _middle(self.loop) + panel * _middle(self.panel)
        self.program.at_most(mean - ends, off_k)
        self.program.at_most(ends - mean, off_k)
        # A radiator is cooled by no more than it radiates, unless it warms the loop.
        fall = (self.seconds / hw.radiator_capacity_j_k) * self.emitted
        inverse_w = hw.flow_conductance_w_k * (box.sky_high_k - box.low_k)
        fall += (self.seconds * inverse_w / hw.radiator_capacity_j_k) * self.coldness()
        self.program.at_most(column(self.radiator) - column(self.panel[1:]) - fall, 0.0)

    def _warm_chips(self) -> None:
        """Chips, as warm as they are at least: what throttling and leakage cost.

        The mean over the stages of a sub-step leads its start by `LEAD` of its change; the half
        step at which the leakage is taken differs from that mean by less than its margin.
        """
        hw, relaxations = self.hardware, self.world.relaxations
        mean = column(self.radiator) + column(self.drop)
        mean += (1.0 / hw.chip_conductance_w_k) * self.to_loop
        lead = LEAD / (N_SUBSTEPS * self.steps)
        if relaxations.throttle:
            self._throttle(mean - lead * _change(self.chip))
        if relaxations.leakage:
            self._leak(mean)

    def _throttle(self, at_start: Affine) -> None:
        """Work lost to the throttle.

        With tau the kelvins above its start, a class's rate is at most 1 - k tau up to the trip,
        above which nothing runs. For o shares at work, o tau >= a tau + t (o - a) for any a >= o
        and t >= tau (McCormick), so the shares less their work, over k, are at least that.
        """
        hw, box = self.hardware, self.design.box
        highest = box.chip_high_k - hw.throttle_start_k
        self.excess = self._columns("excess", 0.0, highest)
        excess = column(self.excess)
        self.program.at_most(at_start - excess, hw.throttle_start_k + CHIP_MARGIN_K)
        lost = [
            column(shares, (1.0 - points.rate) / points.throttle_slope)
            for shares, points in (
                (self.interactive, self.design.interactive),
                (self.deferrable, self.design.deferrable),
            )
        ]
        gap = self.available * excess + highest * (self.busy - self.available)
        self.program.at_most(gap - lost[0] - lost[1], 0.0)

    def _leak(self, chip_k: Affine) -> None:
        """Power = cool power x leakage >= full x leakage + most leakage x (cool - full).

        (McCormick, from cool <= full and leakage <= most.) Leakage is convex in the temperature,
        so a tangent lies below it.
        """
        hw, box = self.hardware, self.design.box
        leak_fraction = hw.leak_fraction * float(
            self.world.foresight.hardware["leak_factor"][self.sat]
        )
        touch_k, width_k = hw.throttle_start_k - 10.0, 0.01
        level, beyond = (
            leakage_factor(at, leak_fraction, hw.leak_reference_k, hw.leak_scale_k)
            for at in (touch_k, touch_k + width_k)
        )
        slope = (beyond - level) / width_k
        leak = slope * (chip_k - (touch_k + LEAK_MARGIN_K)) + level
        full = self.available * leak + box.leak_high * (self.cool - self.available)
        self.program.at_most(full - column(self.power), 0.0)


def _change(state: np.ndarray) -> Affine:
    """Returns the change of a state over each block."""
    return column(state[1:]) - column(state[:-1])


def _middle(state: np.ndarray) -> Affine:
    """Returns the mean of a state at the two ends of each block."""
    return column(state[1:], 0.5) + column(state[:-1], 0.5)

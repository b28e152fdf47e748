"""The heat of one satellite in a linear program: chips, coolant loop and radiator."""

from __future__ import annotations

import numpy as np

from sunward.core.params import N_SUBSTEPS, Hardware
from sunward.physics.thermal import leakage_factor, passed_on_j
from sunward_agents.planners.ledger import Ledger, change, middle
from sunward_agents.planners.linear import Affine, column
from sunward_agents.planners.thermal_box import radiated

#: Share of the chips' change over a sub-step by which the mean over its stages leads its start:
#: 1/2 and a little, as chips settle within half a minute.
LEAD = 0.54
#: What that leaves: the coolant's own change and the flow move it by a few tenths of a kelvin.
CHIP_MARGIN_K = 0.5
#: The half step at which leakage is taken is off the mean over the stages by 0.08 of the change
#: over a sub-step, and lower for the leakage's own heat: 0.2 K at full power.
LEAK_MARGIN_K = 1.0


def early_k(hw: Hardware, substep_s: float, leak_high: float) -> tuple[float, float]:
    """Returns by how much heat that comes early or late within a sub-step moves the chips, K.

    First the mean over a sub-step of U / G_c - (chips - loop), then the chips at its end. With
    power P for a share x of the sub-step the moment about its middle is P T^2 x (1 - x) / 2, at
    most P T^2 / 8; `passed_on_j` times that is what flows from chips to loop besides.
    """
    heat_j_s = leak_high * hw.peak_power_w * substep_s**2 / 8.0
    passed_j = passed_on_j(heat_j_s, hw.chip_conductance_w_k, hw.chip_capacity_j_k)
    return passed_j / (substep_s * hw.chip_conductance_w_k), passed_j / hw.chip_capacity_j_k


class Heat:
    """Temperatures, and the flows of heat between them.

    With U and O the mean flows from chips to loop and from loop to radiator and F what is
    radiated, the books say C_c dT_c = P - U, C_l dT_l = U - O, C_r dT_r = O + A - F. `chip`,
    `loop` and `panel` are the nodes at the ends of blocks; `radiator`, `drop` (loop less
    radiator) and U / G_c are means over the Runge-Kutta stages.
    """

    def __init__(
        self,
        ledger: Ledger,
        power: np.ndarray,
        available: np.ndarray,
        shares: tuple[np.ndarray, np.ndarray],
        cool: Affine,
    ) -> None:
        """Adds the columns.

        Args:
            power: columns of the accelerators' mean power.
            available: share of accelerators that work, the greatest in each block: what bounds a
                product by its factors has to hold in each of its steps.
            shares: columns of the interactive and deferrable shares at each operating point.
            cool: power of the accelerators at the leakage's reference.
        """
        self.ledger, self.power, self.available = ledger, power, available
        self.early_k = early_k(
            ledger.hardware, ledger.world.params.service.substep_s, ledger.design.box.leak_high
        )
        self.shares, self.cool = shares, cool
        hw, box, start = ledger.hardware, ledger.design.box, ledger.world.start
        nodes = (
            ("chip", start.chip_k, box.chip_high_k),
            ("loop", start.loop_k, box.chip_high_k),
            ("panel", start.radiator_k, box.radiator_high_k),
        )
        self.chip, self.loop, self.panel = (
            ledger.state(name, float(before[ledger.sat]), box.low_k, high)
            for name, before, high in nodes
        )
        self.radiator = ledger.columns("radiator", box.low_k, box.radiator_high_k)
        widest = box.chip_high_k - box.low_k
        self.drop = ledger.columns("drop", -widest, widest)
        per_s = 1.0 / ledger.seconds
        self.to_loop = hw.peak_power_w * column(power) - (hw.chip_capacity_j_k * per_s) * change(
            self.chip
        )
        self.to_radiator = self.to_loop - (hw.loop_capacity_j_k * per_s) * change(self.loop)
        self.emitted = self.to_radiator - (hw.radiator_capacity_j_k * per_s) * change(self.panel)
        self.emitted += ledger.mean(ledger.world.foresight.absorbed_w)
        self._emit()
        self._descend()
        self._store()
        self._warm_chips()

    def _emit(self) -> None:
        """F <= chord of eps sigma A T^4 over the box: convex, so every mean lies below it."""
        ledger = self.ledger
        hw, box = ledger.hardware, ledger.design.box
        factor = float(ledger.world.foresight.hardware["radiator_factor"][ledger.sat])
        ends = box.low_k, box.radiator_high_k
        if ledger.world.outlook is not None:
            touch_k = ledger.world.outlook.radiator_k
            ends = touch_k - 0.01, touch_k + 0.01
        low, high = (radiated(at_k, factor, hw) for at_k in ends)
        slope = (high - low) / (ends[1] - ends[0])
        above = column(self.radiator) - ends[0]
        ledger.program.at_most((1.0 / high) * (self.emitted - slope * above), low / high)

    def coldness(self) -> Affine:
        """Returns a share that is at least 1 while a radiator may be warmed from outside.

        Then it is below the highest sky temperature; else the share is at least 0.
        """
        box = self.ledger.design.box
        width = box.radiator_high_k - box.sky_high_k
        return (-1.0 / width) * (column(self.radiator) - box.radiator_high_k)

    def _descend(self) -> None:
        """The drop is at least O / G at full flow: less flow needs more of it for the same heat.

        Where O < 0 the drop is negative, and no further below O / G than the greatest inverse drop.
        """
        ledger = self.ledger
        hw, box, foresight = ledger.hardware, ledger.design.box, ledger.world.foresight
        inverse_k = box.sky_high_k - box.low_k
        health = ledger.most(foresight.pump_health)
        needed = (1.0 / (hw.flow_conductance_w_k * health)) * self.to_radiator
        ledger.program.at_most(needed - inverse_k * self.coldness() - column(self.drop), 0.0)

    def _store(self) -> None:
        """The mean heat content is near that of the ends of a block.

        It changes by P + A - F, within [-F(high) + A, P(high) + A - F(low)]; between two values at
        the ends, a function whose slope is within [-a, b] has a mean that is off the mean of the
        ends by at most duration x a b / (2 (a + b)). The mean over Runge-Kutta stages is off that
        of a sub-step's ends by its length / 12 times the change of the slope between the stages,
        in which P is the same.
        """
        ledger = self.ledger
        hw, box = ledger.hardware, ledger.design.box
        factor = float(ledger.world.foresight.hardware["radiator_factor"][ledger.sat])
        capacities = np.array(
            [hw.chip_capacity_j_k, hw.loop_capacity_j_k, hw.radiator_capacity_j_k]
        )
        chip, loop, panel = capacities / capacities.sum()
        absorbed = ledger.world.foresight.absorbed_w[:, ledger.sat]
        high_w, low_w = (radiated(at, factor, hw) for at in (box.radiator_high_k, box.low_k))
        cooling = high_w - absorbed.min()
        warming = box.leak_high * hw.peak_power_w + absorbed.max() - low_w
        off_j = ledger.seconds * cooling * warming / (2.0 * (cooling + warming))
        off_j += ledger.world.params.service.substep_s / 12.0 * (high_w - low_w)
        off_k = off_j / capacities.sum() + chip * self.early_k[0]
        over_chip = chip / hw.chip_conductance_w_k
        mean = column(self.radiator) + (chip + loop) * column(self.drop) + over_chip * self.to_loop
        ends = chip * middle(self.chip) + loop * middle(self.loop) + panel * middle(self.panel)
        ledger.program.at_most(mean - ends, off_k)
        ledger.program.at_most(ends - mean, off_k)
        # A radiator is cooled by no more than it radiates, unless it warms the loop.
        fall = (ledger.seconds / hw.radiator_capacity_j_k) * self.emitted
        inverse_w = hw.flow_conductance_w_k * (box.sky_high_k - box.low_k)
        fall += (ledger.seconds * inverse_w / hw.radiator_capacity_j_k) * self.coldness()
        ledger.program.at_most(column(self.radiator) - column(self.panel[1:]) - fall, 0.0)

    def _warm_chips(self) -> None:
        """Chips, as warm as they are at least: what throttling and leakage cost.

        The mean over the stages of a sub-step leads its start by `LEAD` of its change; the half
        step at which the leakage is taken differs from that mean by less than its margin.
        """
        hw, relaxations = self.ledger.hardware, self.ledger.world.relaxations
        mean = column(self.radiator) + column(self.drop)
        mean += (1.0 / hw.chip_conductance_w_k) * self.to_loop
        lead = LEAD / (N_SUBSTEPS * self.ledger.steps)
        if relaxations.throttle:
            self._throttle(mean - lead * change(self.chip))
        if relaxations.leakage:
            self._leak(mean)

    def _throttle(self, at_start: Affine) -> None:
        """Work lost to the throttle.

        With tau the kelvins above its start, a class's rate is at most 1 - k tau up to the trip,
        above which nothing runs. For o shares at work, o tau >= a tau + t (o - a) for any a >= o
        and t >= tau (McCormick), so the shares less their work, over k, are at least that. At a
        clock below the best one the columns hold fewer shares that do the same work: with t >= 1/k
        what that takes from the shares takes as much from the other side.
        """
        ledger = self.ledger
        hw, box = ledger.hardware, ledger.design.box
        highest = box.chip_high_k - hw.throttle_start_k
        self.excess = ledger.columns("excess", 0.0, highest)
        excess = column(self.excess)
        margin_k = CHIP_MARGIN_K + sum(self.early_k)
        ledger.program.at_most(at_start - excess, hw.throttle_start_k + margin_k)
        classes = (ledger.design.interactive, ledger.design.deferrable)
        lost = [
            column(shares, (1.0 - points.rate) / points.throttle_slope)
            for shares, points in zip(self.shares, classes, strict=True)
        ]
        busy = column(self.shares[0]) + column(self.shares[1])
        slowest = min(points.throttle_slope for points in classes)
        most = max(highest, 1.0 / slowest)
        gap = self.available * excess + most * (busy - self.available)
        ledger.program.at_most(gap - lost[0] - lost[1], 0.0)

    def _leak(self, chip_k: Affine) -> None:
        """Power = cool power x leakage >= full x leakage + most leakage x (cool - full).

        (McCormick, from cool <= full and leakage <= most.) Leakage is convex in the temperature,
        so a tangent lies below it.
        """
        ledger = self.ledger
        hw, box = ledger.hardware, ledger.design.box
        leak_fraction = hw.leak_fraction * float(
            ledger.world.foresight.hardware["leak_factor"][ledger.sat]
        )
        touch_k, width_k = hw.throttle_start_k - 10.0, 0.01
        level, beyond = (
            leakage_factor(at, leak_fraction, hw.leak_reference_k, hw.leak_scale_k)
            for at in (touch_k, touch_k + width_k)
        )
        slope = (beyond - level) / width_k
        margin_k = LEAK_MARGIN_K + sum(self.early_k)
        leak = slope * (chip_k - (touch_k + margin_k)) + level
        full = self.available * leak + box.leak_high * (self.cool - self.available)
        ledger.program.at_most(full - column(self.power), 0.0)

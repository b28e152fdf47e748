"""The battery and the bus of one satellite in a linear program."""

from __future__ import annotations

from functools import cache

import numpy as np

from sunward.core.satellite import BROWNOUT_J
from sunward.physics.ageing import calendar_wear_fraction, cycle_wear_fraction
from sunward.physics.battery import rated_power_w
from sunward.physics.thermal import pump_power_w
from sunward_agents.planners.ledger import Ledger, change
from sunward_agents.planners.linear import Affine, column
from sunward_agents.planners.world import Outlook


class Battery:
    """Charge, and the balance of the bus.

    The simulator's books over a block: array = bus + accelerators + charging - discharging +
    curtailed, charge gained = efficiency x charging - discharging / efficiency. Kept:
    curtailed >= 0; charging and discharging within their C-rates; the taper, concave in the
    charge of a sub-step, which is at least the charge before the block less all discharging
    of the block. The bus takes its power at the least flow, less a joule a step, except in a
    step that falls into safe mode and in safe mode itself, where it may take nothing.
    """

    def __init__(self, ledger: Ledger, power: np.ndarray, relieved: Affine) -> None:
        """Adds the columns; `power` of the accelerators, `relieved` the share of safe mode."""
        self.ledger, self.relieved = ledger, relieved
        world, program, hw = ledger.world, ledger.program, ledger.hardware
        capacity_j = float(world.foresight.hardware["battery_capacity_j"][ledger.sat])
        start = float(world.start.charge_j[ledger.sat]) / capacity_j
        rate_in = rated_power_w(capacity_j, hw.charge_c_rate_per_h) / hw.peak_power_w
        rate_out = rated_power_w(capacity_j, hw.discharge_c_rate_per_h) / hw.peak_power_w
        # A block of peak power in charges: what leaves the cells for it, what it brings to them.
        unit = hw.peak_power_w * ledger.seconds / capacity_j
        drained, gained = unit / hw.discharge_efficiency, unit * hw.charge_efficiency
        self.charge = ledger.state("charge", start, 0.0, 1.0)
        self.charging = ledger.columns("charging", 0.0, rate_in)
        price = self._wear_price(capacity_j)
        self._add_ageing()
        self.discharging = ledger.columns("discharging", 0.0, rate_out, -price * drained)
        charging, discharging = column(self.charging), column(self.discharging)
        program.equal(change(self.charge) - gained * charging + drained * discharging, 0.0)
        slope = rate_in / (1.0 - hw.taper_start)
        least_charge = column(self.charge[:-1]) - drained * discharging
        program.at_most(charging + slope * least_charge, slope)
        program.at_most(column(power) + self._bus() + charging - discharging, self._array())
        if world.outlook is not None:
            self._spare_charge(world.outlook)

    def _spare_charge(self, outlook: Outlook) -> None:
        """A plan keeps clear of the charge at which the accelerators lose the battery."""
        ledger, floor = self.ledger, outlook.charge_floor
        short = ledger.columns("short", 0.0, floor, -outlook.short_price * ledger.steps)
        ledger.program.at_most(-1.0 * column(self.charge[1:]) - column(short), -floor)

    def _bus(self) -> Affine:
        """Returns the power that bus and pump take at least."""
        hw, outlook = self.ledger.hardware, self.ledger.world.outlook
        flow = hw.min_flow if outlook is None else outlook.flow
        least_w = hw.bus_power_w + pump_power_w(flow, hw.pump_power_w)
        least = (least_w - BROWNOUT_J / self.ledger.world.params.service.step_s) / hw.peak_power_w
        return -least * self.relieved + least

    def _array(self) -> np.ndarray:
        """Returns the mean power that the array can give."""
        ledger = self.ledger
        peak_j = ledger.hardware.peak_power_w * ledger.world.params.service.step_s
        return ledger.mean(ledger.world.foresight.array_j) / peak_j

    def _wear_price(self, capacity_j: float) -> float:
        """Returns the least price of a full charge drawn, whatever the depth."""
        world = self.ledger.world
        if not world.relaxations.wear:
            return 0.0
        return world.params.weights.wear * _least_cycle_wear_fraction(capacity_j)

    def _add_ageing(self) -> None:
        """Wear by age: at least that of an empty battery as cool as its interface."""
        ledger, params = self.ledger, self.ledger.world.params
        if ledger.world.relaxations.wear:
            coolest_k = ledger.hardware.pack_interface_k
            least = calendar_wear_fraction(0.0, coolest_k, params.service.step_s)
            ledger.program.offset -= params.weights.wear * least * ledger.steps.sum()


@cache
def _least_cycle_wear_fraction(capacity_j: float) -> float:
    """Returns the least wear of a full charge drawn, over all depths that it may be drawn at."""
    depths = np.linspace(0.0, 1.0, 1001)
    return min(cycle_wear_fraction(capacity_j, capacity_j, depth) for depth in depths)

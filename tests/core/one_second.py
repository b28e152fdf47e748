"""One satellite in plain Python and float64, in sub-steps of 1 s: what the simulator is held to.

It takes from the simulator's record what the outside decides (actions, work offered, accelerators
that work) and holds it for a control step, as the simulator does. Light by the two-disc formula,
heat from Earth and Sun, power, battery, throttle, trip and safe mode are its own, second by second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sunward import Simulator
from sunward.core.orbit_step import EARTH_ALBEDO, EARTH_INFRARED_W_M2
from sunward.core.params import N_SLOTS, Params
from sunward.core.rows import ROW
from sunward.core.satellite import (
    bus_load_w,
    from_action,
    full_array_w,
    operating_share,
    safe_mode,
    share_from_action,
    trip_outcome,
)
from sunward.core.substep import Supply, Waiting, plan_load, settle_power, work_left
from sunward.core.width import LANES
from sunward.physics import eclipse, mean_radius, orbit, power, sun, thermal, view
from sunward.physics.battery import pack_temperature_step
from sunward.physics.constants import SECONDS_PER_DAY

STEP_S, SUBSTEP_S = 60, 1.0


@dataclass(frozen=True)
class Outside:
    """What is not the satellite's own in one control step."""

    actions: np.ndarray  # (N_ACTIONS,)
    interactive: float  # GPU-s offered
    deferrable: float  # GPU-s waiting or new
    available: float
    pump_health: float


@dataclass(frozen=True)
class State:
    """What the satellite carries from second to second."""

    charge_j: float
    pack_k: float
    chip_k: float
    loop_k: float
    radiator_k: float
    tripped: float = 0.0
    safe_steps: float = 0.0


NODES = ("chip_k", "loop_k", "radiator_k", "pack_k")


def outside_of(simulator: Simulator, actions: np.ndarray) -> Outside:
    """Returns the record of the step that a simulator of one satellite is about to take."""
    waiting = [simulator.row(ROW.queue + slot * LANES)[0, 0] for slot in range(N_SLOTS)]
    return Outside(
        actions=actions[0, 0].astype(float),
        interactive=float(simulator.row(ROW.interactive_new)[0, 0]),
        deferrable=float(sum(waiting) + simulator.row(ROW.deferrable_new)[0, 0]),
        available=float(simulator.row(ROW.available)[0, 0]),
        pump_health=float(simulator.row(ROW.pump_health)[0, 0]),
    )


def state_of(simulator: Simulator) -> State:
    """Returns the state of a simulator of one satellite."""
    names = State.__dataclass_fields__
    return State(**{name: float(simulator.row(getattr(ROW, name))[0, 0]) for name in names})


class Sky:
    """Light and absorbed heat on one orbit, at any time after the start of a world."""

    def __init__(self, simulator: Simulator):
        params, orbits = simulator.params, simulator.params.orbits
        self.hardware = params.hardware
        self.days = float(simulator.days()[0])
        self.axis_m = float(orbits.semi_major_axis_m[0])
        inclination = float(orbits.inclination_rad[0])
        self.sin_i, self.cos_i = math.sin(inclination), math.cos(inclination)
        self.argument = float(simulator._phase("argument")[0, 0])
        self.node = float(simulator._phase("node")[0, 0])
        self.argument_rate = orbit.argument_rate_rad_s(self.axis_m, self.cos_i)
        self.node_rate = orbit.node_rate_rad_s(self.axis_m, self.cos_i)
        sin_limb, _ = eclipse.limb_sines(mean_radius.mean_radius_m(self.axis_m, self.cos_i))
        self.limb_rad = math.asin(sin_limb)
        self.earth_view = view.vertical_plate_view_factor(sin_limb)
        self.albedo = view.edge_albedo_coefficients(sin_limb)

    def at(self, second: float) -> tuple[float, float, float]:
        """Returns (illumination, irradiance in W/m2, heat the radiator absorbs in W)."""
        *direction, distance = sun.sun_direction_and_distance(self.days + second / SECONDS_PER_DAY)
        argument = self.argument + second * self.argument_rate
        node = self.node + second * self.node_rate
        place = orbit.orbit_position(
            math.sin(argument),
            math.cos(argument),
            math.sin(node),
            math.cos(node),
            self.sin_i,
            self.cos_i,
        )
        cos_sun = sum(a * b for a, b in zip(place, direction, strict=True))
        light = eclipse.two_disc_illumination(
            eclipse.sun_angular_radius_rad(distance), self.limb_rad, math.acos(-cos_sun)
        )
        irradiance = power.irradiance_w_m2(1.0, 1.0, distance)
        return light, irradiance, self._absorbed_w(cos_sun, light, irradiance)

    def _absorbed_w(self, cos_sun: float, light: float, irradiance: float) -> float:
        hardware = self.hardware
        absorbed_w_m2 = thermal.absorbed_flux_w_m2(
            hardware.emissivity,
            hardware.absorptivity,
            self.earth_view,
            EARTH_INFRARED_W_M2,
            view.edge_albedo_factor(max(cos_sun, 0.0), 0.0, *self.albedo),
            EARTH_ALBEDO,
            0.5 * hardware.pointing_sine * light,
            irradiance,
        )
        return (hardware.parasitic_w_m2 + absorbed_w_m2) * hardware.emitting_area_m2


class Reference:
    """Steps one satellite of a world, in sub-steps of 1 s.

    Args:
        simulator: At the start of a world of one satellite.
    """

    def __init__(self, simulator: Simulator):
        self.params: Params = simulator.params
        self.service = self.params.service._replace(substep_s=SUBSTEP_S)
        self.sky = Sky(simulator)
        self.simulator = simulator
        self.state = state_of(simulator)
        self.second = 0.0

    @cached_property
    def own(self) -> dict[str, float]:
        """Returns the satellite's own hardware, as it was drawn."""
        names = ("array_factor", "radiator_factor", "leak_factor", "battery_capacity_j")
        return {name: float(self.simulator.row(getattr(ROW, name))[0, 0]) for name in names}

    def step(self, outside: Outside) -> None:
        """Takes the satellite through a control step."""
        hardware, service, state = self.params.hardware, self.service, self.state
        flow = from_action(outside.actions[2], hardware.min_flow)
        operating = operating_share(
            from_action(outside.actions[3], hardware.min_active_share),
            outside.available,
            state.safe_steps,
            1.0,
        )
        waiting = Waiting(
            interactive_left=0.0,
            deferrable_left=outside.deferrable,
            clock=from_action(outside.actions[0], hardware.min_clock),
            deferrable_energy=share_from_action(outside.actions[1]),
            operating=operating,
        )
        bus_w = bus_load_w(flow, state.safe_steps, 0.0, hardware, service)
        flow_w_k = flow * outside.pump_health * hardware.flow_conductance_w_k
        loss_j = unmet_j = 0.0
        for _ in range(round(STEP_S / SUBSTEP_S)):
            arrived = outside.interactive * SUBSTEP_S / STEP_S
            waiting = waiting._replace(interactive_left=waiting.interactive_left + arrived)
            waiting, loss_w, unmet_w = self._substep(waiting, bus_w, flow_w_k)
            loss_j += loss_w * SUBSTEP_S
            unmet_j += unmet_w * SUBSTEP_S
        self._settle(loss_j, unmet_j)

    def _substep(
        self, waiting: Waiting, bus_w: float, flow_w_k: float
    ) -> tuple[Waiting, float, float]:
        """Takes a sub-step; returns what then waits, and power lost and unmet in W."""
        hardware, service, state = self.params.hardware, self.service, self.state
        light, irradiance, absorbed_w = self.sky.at(self.second + 0.5 * SUBSTEP_S)
        load = plan_load(
            waiting._replace(operating=waiting.operating * (1.0 - state.tripped)),
            state.chip_k,
            state.loop_k,
            self.own["leak_factor"] * hardware.leak_fraction,
            hardware,
            service,
        )
        supply = Supply(
            light * full_array_w(irradiance, self.own["array_factor"], hardware),
            bus_w,
            state.charge_j,
            self.own["battery_capacity_j"],
            state.pack_k,
        )
        settled = settle_power(supply, load.power_w, hardware, SUBSTEP_S)
        nodes = thermal.three_node_step(
            state.chip_k,
            state.loop_k,
            state.radiator_k,
            settled.compute_w,
            hardware.chip_conductance_w_k,
            flow_w_k,
            hardware.emitting_area_m2,
            self.own["radiator_factor"] * hardware.emissivity,
            0.0,
            hardware.chip_capacity_j_k,
            hardware.loop_capacity_j_k,
            hardware.radiator_capacity_j_k,
            absorbed_w,
            SUBSTEP_S,
        )
        tripped, _, _ = trip_outcome(state.tripped, nodes.chip_k, hardware, service)
        self.state = replace(
            state,
            charge_j=settled.charge_j,
            chip_k=nodes.chip_k,
            loop_k=nodes.loop_k,
            radiator_k=nodes.radiator_k,
            tripped=tripped,
        )
        self.second += SUBSTEP_S
        left = waiting._replace(
            interactive_left=work_left(
                waiting.interactive_left, settled.share * load.interactive_work
            ),
            deferrable_left=work_left(
                waiting.deferrable_left, settled.share * load.deferrable_work
            ),
        )
        return left, settled.loss_w, settled.unmet_w

    def _settle(self, loss_j: float, unmet_j: float) -> None:
        hardware, state = self.params.hardware, self.state
        safe_steps, _ = safe_mode(
            state.safe_steps,
            unmet_j,
            state.charge_j / self.own["battery_capacity_j"],
            hardware,
            self.service,
        )
        pack_k = pack_temperature_step(
            state.pack_k,
            hardware.pack_interface_k,
            loss_j / STEP_S,
            hardware.pack_conductance_w_k,
            hardware.pack_capacity_j_k,
            float(STEP_S),
        )
        self.state = replace(state, pack_k=pack_k, safe_steps=safe_steps)

"""The hardware of one satellite; each field is SI and is one figure of `configs/hardware/*.yaml`.

The key in the file is the field's name less its SI unit: `peak_power: {value: 150, unit: kW, ...}`
fills `peak_power_w = 150000.0`.
"""

import math
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from sunward.core.orbit_step import EARTH_ALBEDO, EARTH_INFRARED_W_M2
from sunward.core.satellite import EARTHSHINE_W_M2
from sunward.physics.ageing import array_power_share
from sunward.physics.constants import SOLAR_CONSTANT_W_M2
from sunward.physics.power import cell_efficiency, cell_temperature_k
from sunward.physics.stability import cell_feedback
from sunward.physics.thermal import absorbed_flux_w_m2, sink_temperature_k
from sunward.scenario import figure as f
from sunward.scenario.model import Identifier, Model

#: Between the temperatures at which accelerators slow down, stop and start again.
LEAST_GAP_K = 0.1
#: No cell and no idle radiator gets hotter than this by light alone.
HOTTEST_K = 500.0
#: Of a cell's warming by itself; at 1 it would run away.
GREATEST_FEEDBACK = 0.5
#: Of the array's efficiency that heat and age leave.
LEAST_ARRAY_SHARE = 0.01
GREATEST_PACK_RISE_K = 100.0
SUNLIGHT_AT_PERIHELION_W_M2 = 1408.0


class Compute(f.Section):
    """Accelerators: power against clock and temperature, throttle and trip."""

    accelerators: f.Count
    peak_power_w: f.Power  # all accelerators, full clock and batch, chip at leak_reference
    idle_fraction: f.Share  # of the dynamic power, an accelerator that is on and does nothing
    min_clock_fraction: f.ClockShare
    flat_voltage_below: f.ShareBelowOne  # clock fraction under which voltage falls no further
    min_voltage_fraction: f.Efficiency
    leak_fraction: f.Share  # of peak_power, at leak_reference
    leak_reference_k: f.Temperature
    leak_scale_k: f.TemperatureDifference  # leakage grows by e for each
    throttle_start_k: f.Temperature  # clock limit falls linearly from here ...
    throttle_end_k: f.Temperature  # ... to min_clock_fraction here
    trip_k: f.Temperature
    recover_k: f.Temperature  # a tripped satellite stays off until it is this cool

    @model_validator(mode="after")
    def _temperatures_in_order(self) -> Self:
        names = ("recover", "throttle_start", "throttle_end", "trip")
        values = (self.recover_k, self.throttle_start_k, self.throttle_end_k, self.trip_k)
        if any(high - low < LEAST_GAP_K for low, high in pairwise(values)):
            given = ", ".join(
                f"{name} {k - 273.15:g} degC" for name, k in zip(names, values, strict=True)
            )
            raise ValueError(
                f"has {given}: each must be at least {LEAST_GAP_K:g} K above the one before it"
            )
        return self


class Power(f.Section):
    """Solar array and bus."""

    array_area_m2: f.Area
    array_efficiency: f.Efficiency  # sunlight to bus at cell_reference, new, before MPPT
    cell_absorptivity: f.Efficiency
    cell_emissivity: f.Efficiency  # each of the two sides
    cell_reference_k: f.Temperature
    temperature_loss_per_k: f.PerKelvin  # share of power lost for each kelvin above the reference
    degradation_per_year: f.Share  # share of power lost in a year, compounding
    age_years: f.Age
    mppt_efficiency: f.Efficiency
    bus_power_w: f.Power
    safe_bus_fraction: f.Efficiency  # of bus_power, drawn in safe mode

    @model_validator(mode="after")
    def _no_more_power_than_light(self) -> Self:
        if self.array_efficiency > self.cell_absorptivity:
            raise ValueError(
                f"has array_efficiency {self.array_efficiency:g}, must be at most "
                f"cell_absorptivity {self.cell_absorptivity:g}: lower it"
            )
        return self

    @model_validator(mode="after")
    def _cells_bear_sunlight(self) -> Self:
        cell_k = self._sunlit_cell_k(0.0)
        if cell_k > HOTTEST_K:
            raise ValueError(
                f"has cells of {cell_k:.0f} K in sunlight, must be at most {HOTTEST_K:g} K: raise "
                f"cell_emissivity {self.cell_emissivity:g}"
            )
        feedback = cell_feedback(
            SOLAR_CONSTANT_W_M2,
            self.array_efficiency,
            self.temperature_loss_per_k,
            cell_k,
            self.cell_emissivity,
        )
        if feedback > GREATEST_FEEDBACK:
            raise ValueError(
                f"has cells that a kelvin of warming heats by {feedback:.2g} K more, must be at "
                f"most {GREATEST_FEEDBACK:g}: lower temperature_loss or raise cell_emissivity"
            )
        return self

    @model_validator(mode="after")
    def _array_gives_power(self) -> Self:
        left = cell_efficiency(
            array_power_share(self.degradation_per_year, self.age_years),
            self._sunlit_cell_k(self.temperature_loss_per_k),
            self.cell_reference_k,
            self.temperature_loss_per_k,
        )
        if left < LEAST_ARRAY_SHARE:
            raise ValueError(
                f"has {100.0 * left:.2g} % of array_efficiency left in sunlight, must be at least "
                f"{100.0 * LEAST_ARRAY_SHARE:g} %: lower temperature_loss, degradation_per_year or "
                "age_years"
            )
        return self

    def _sunlit_cell_k(self, temperature_loss_per_k: float) -> float:
        return cell_temperature_k(
            SOLAR_CONSTANT_W_M2,
            self.cell_absorptivity,
            self.array_efficiency,
            self.cell_reference_k,
            temperature_loss_per_k,
            self.cell_emissivity,
            EARTHSHINE_W_M2,
        )


class Battery(f.Section):
    """Pack: energy, losses, limits, and its own temperature."""

    capacity_j: f.Energy
    charge_efficiency: f.Efficiency
    discharge_efficiency: f.Efficiency
    charge_rate_per_s: f.PositiveRate  # largest charging power / capacity
    discharge_rate_per_s: f.PositiveRate  # largest discharging power / capacity
    taper_start_fraction: (
        f.ShareBelowOne
    )  # the charging limit falls linearly to zero from here to full
    compute_floor_fraction: f.Share  # compute is shed below this charge
    safe_exit_fraction: f.Share  # charge that ends a safe mode
    min_charge_temperature_k: f.Temperature  # no charging when colder
    pack_heat_capacity_j_k: f.HeatCapacity
    pack_conductance_w_k: f.HeatConductance  # pack to interface
    pack_interface_k: f.Temperature

    @model_validator(mode="after")
    def _exit_above_floor(self) -> Self:
        if self.safe_exit_fraction <= self.compute_floor_fraction:
            raise ValueError(
                f"has safe_exit_fraction {self.safe_exit_fraction:g}, must be above "
                f"compute_floor_fraction {self.compute_floor_fraction:g}: raise it, or a satellite "
                "leaves safe mode only to fall back"
            )
        return self

    @model_validator(mode="after")
    def _pack_can_be_cooled(self) -> Self:
        hottest_w = self.capacity_j * max(
            self.charge_rate_per_s * (1.0 - self.charge_efficiency),
            self.discharge_rate_per_s * (1.0 / self.discharge_efficiency - 1.0),
        )
        warmer_k = hottest_w / self.pack_conductance_w_k
        if warmer_k > GREATEST_PACK_RISE_K:
            raise ValueError(
                f"has a pack {warmer_k:.0f} K above its interface at full power, must be at most "
                f"{GREATEST_PACK_RISE_K:g} K: raise pack_conductance or lower the rates"
            )
        return self


class Thermal(f.Section):
    """Three nodes in a row: chips, coolant loop, radiator; and the pump between them."""

    radiator_area_m2: f.Area  # of the panel; it emits from both sides, so from twice as much
    emissivity: f.Efficiency
    solar_absorptivity: f.Share
    pointing_error_rad: f.Angle  # between the panel's edge and the Sun
    parasitic_flux_w_m2: f.HeatFlux  # from array and bus, absorbed on each emitting square metre
    chip_capacity_j_k: f.HeatCapacity
    loop_capacity_j_k: f.HeatCapacity
    radiator_capacity_j_k: f.HeatCapacity
    chip_conductance_w_k: f.HeatConductance  # chips to coolant, at full flow
    coolant_flow_kg_s: f.MassFlow  # at full pump speed
    min_flow_fraction: f.Efficiency
    coolant_specific_heat_j_kg_k: f.SpecificHeat
    exchanger_effectiveness: f.Efficiency  # loop to radiator
    pump_power_w: f.Power  # at full flow; falls with its cube
    failed_loop_fraction: f.Share  # of the flow that is left when one of two loops has failed

    @property
    def flow_conductance_w_k(self) -> float:
        """Coolant to radiator at full flow, W/K."""
        flow_w_k = self.coolant_flow_kg_s * self.coolant_specific_heat_j_kg_k
        return flow_w_k * self.exchanger_effectiveness

    @model_validator(mode="after")
    def _radiator_stays_cool_in_sunlight(self) -> Self:
        if self.sink_k > HOTTEST_K:
            raise ValueError(
                f"has a radiator that sees {self.sink_k:.0f} K, must be at most {HOTTEST_K:g} K: "
                "raise emissivity, or lower solar_absorptivity, pointing_error or parasitic_flux"
            )
        return self

    @property
    def sink_k(self) -> float:
        """The warmest that an idle radiator gets, K: over the noon side of the lowest orbit."""
        absorbed_w_m2 = absorbed_flux_w_m2(
            self.emissivity,
            self.solar_absorptivity,
            0.5,
            EARTH_INFRARED_W_M2,
            0.5,
            EARTH_ALBEDO,
            0.5 * math.sin(self.pointing_error_rad),  # one face of the two
            SUNLIGHT_AT_PERIHELION_W_M2,
        )
        return sink_temperature_k(absorbed_w_m2 + self.parasitic_flux_w_m2, self.emissivity)


class Links(f.Section):
    """Lasers to the neighbours."""

    rate_bit_s: f.DataRate
    max_range_m: f.Length
    clearance_m: f.Length  # lowest altitude that a beam may pass
    energy_j_bit: f.EnergyPerBit
    outage_rate_per_s: f.Rate
    outage_duration_s: f.Duration  # mean


class Faults(f.Section):
    """Poisson rates and mean durations."""

    upset_rate_per_s: f.Rate  # per accelerator, mean over the orbit
    upset_floor_fraction: f.Share  # of upset_rate, from cosmic rays: the same everywhere
    upset_recovery_s: f.Duration
    accelerator_failure_rate_per_s: f.Rate  # per accelerator, permanent
    pump_failure_rate_per_s: f.Rate  # per satellite, permanent


class Spread(f.Section):
    """How satellites differ: relative standard deviation of each figure over a fleet."""

    array_std_fraction: f.Spread
    radiator_std_fraction: f.Spread
    leak_std_fraction: f.Spread
    battery_std_fraction: f.Spread


class Hardware(Model):
    """One kind of satellite, every figure in SI with its provenance."""

    id: Identifier
    description: Annotated[str, Field(min_length=1)]
    compute: Compute
    power: Power
    battery: Battery
    thermal: Thermal
    links: Links
    faults: Faults
    spread: Spread

    @model_validator(mode="after")
    def _no_chip_leaks_more_than_it_takes(self) -> Self:
        worst = self.compute.leak_fraction * (1.0 + 3.0 * self.spread.leak_std_fraction)
        if worst > 1.0:
            raise ValueError(
                f"has compute.leak_fraction {self.compute.leak_fraction:g}, with three times "
                f"spread.leak_std_fraction {worst:.3g}, must be at most 1: lower either"
            )
        return self

"""The hardware of one satellite; each field is SI and is one figure of `configs/hardware/*.yaml`.

The key in the file is the field's name less its SI unit: `peak_power: {value: 150, unit: kW, ...}`
fills `peak_power_w = 150000.0`.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from sunward.scenario import figure as f
from sunward.scenario.model import Identifier, Model


class Compute(f.Section):
    """Accelerators: power against clock and temperature, throttle and trip."""

    accelerators: f.Count
    peak_power_w: f.Power  # all accelerators, full clock and batch, chip at leak_reference
    idle_fraction: f.Share  # of the dynamic power, an accelerator that is on and does nothing
    min_clock_fraction: f.Efficiency
    flat_voltage_below: f.Share  # clock fraction under which voltage falls no further
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
        if list(values) != sorted(set(values)):
            given = ", ".join(
                f"{name} {k - 273.15:g} degC" for name, k in zip(names, values, strict=True)
            )
            raise ValueError(f"has {given}: each must be above the one before it")
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


class Battery(f.Section):
    """Pack: energy, losses, limits, and its own temperature."""

    capacity_j: f.Energy
    charge_efficiency: f.Efficiency
    discharge_efficiency: f.Efficiency
    charge_rate_per_s: f.PositiveRate  # largest charging power / capacity
    discharge_rate_per_s: f.PositiveRate  # largest discharging power / capacity
    taper_start_fraction: f.Share  # the charging limit falls linearly to zero from here to full
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

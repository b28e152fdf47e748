"""From a build-out scenario and its table of yields to the arrays that a month is played with."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sunward.buildout import model
from sunward.buildout.figures import Buildout, Design, Shell
from sunward.buildout.load import content_hash, yields_file
from sunward.buildout.yields import YieldTable, load_yields
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.physics.orbit import sun_synchronous_inclination_rad
from sunward.scenario import load_hardware
from sunward.scenario.hardware import Hardware
from sunward.scenario.units import SECONDS_PER_YEAR

#: Markets, in the order of every array that has an axis of them.
MARKETS = ("dawn_dusk", "inclined", "batch")
N_MARKETS = len(MARKETS)


class Params(NamedTuple):
    """One build-out scenario as arrays; S shells, D designs, A ages in months from 0."""

    scenario: Buildout
    content_hash: str
    shells: tuple[str, ...]  # S
    designs: tuple[str, ...]  # D
    gpu_h: np.ndarray  # (12, N_MARKETS, S, D, A) reference GPU-hours a satellite and month;
    # none at age 0, when a satellite still climbs
    launch_mass_kg: np.ndarray  # (S, D)
    dry_mass_kg: np.ndarray  # (D,)
    removal_usd: np.ndarray  # (S, D) for each dead satellite; 0 where it comes down by itself
    loss_rate: np.ndarray  # (A,) share of satellites that die in a month
    worth: np.ndarray  # (A,) over that of a new satellite
    power_w: np.ndarray  # (D,) peak power of the accelerators
    accelerators_usd: np.ndarray  # (D,)
    bus_usd: np.ndarray  # (D,)
    operations_usd: np.ndarray  # (D,) a satellite and month
    price_shares: np.ndarray  # (N_MARKETS,) of the terrestrial price
    first_demand: np.ndarray  # (N_MARKETS,) reference GPU-hours a month
    lead_months: int

    @property
    def n_shells(self) -> int:
        return len(self.shells)

    @property
    def n_designs(self) -> int:
        return len(self.designs)

    @property
    def n_pairs(self) -> int:
        return len(self.shells) * len(self.designs)

    @property
    def n_ages(self) -> int:
        return len(self.worth)

    @property
    def months(self) -> int:
        return self.scenario.months


def build_params(scenario: Buildout) -> Params:
    """Returns the parameters of a scenario.

    Raises:
        ScenarioError: an unknown design, or a table of yields that lacks or spoils a cell.
    """
    shells = tuple(shell.id for shell in scenario.shells)
    designs = tuple(design.hardware for design in scenario.designs)
    kinds = [load_hardware(name) for name in designs]
    table = load_yields(yields_file(scenario), list(shells), list(designs))
    fleet, market = scenario.fleet, scenario.market
    ages = np.arange(math.ceil(fleet.last_age_months) + 1, dtype=float)
    interactive, batch = market.interactive_price_fraction, market.batch_price_fraction
    return Params(
        scenario=scenario,
        content_hash=content_hash(scenario),
        shells=shells,
        designs=designs,
        gpu_h=_gpu_h(scenario, kinds, table, ages),
        launch_mass_kg=_each(scenario, _launch_mass_kg),
        dry_mass_kg=_of_designs(scenario, "dry_mass_kg"),
        removal_usd=_each(scenario, _removal_usd),
        loss_rate=model.loss_rate_per_month(
            ages, fleet.loss_rate_per_month, fleet.design_life_months, fleet.wear_out_months
        ),
        worth=model.worth_left(ages, fleet.design_life_months),
        power_w=np.array([kind.compute.peak_power_w for kind in kinds]),
        accelerators_usd=_of_designs(scenario, "accelerators_cost_usd"),
        bus_usd=_of_designs(scenario, "bus_cost_usd"),
        operations_usd=_of_designs(scenario, "operations_usd"),
        price_shares=np.array([interactive, interactive, batch]),
        first_demand=np.array(
            [
                market.dawn_dusk_demand_gpu_h_per_month,
                market.inclined_demand_gpu_h_per_month,
                market.batch_demand_gpu_h_per_month,
            ]
        ),
        lead_months=max(1, round(fleet.lead_time_months)),
    )


def _of_designs(scenario: Buildout, figure: str) -> np.ndarray:
    return np.array([getattr(design.figures, figure) for design in scenario.designs])


def _each(scenario: Buildout, function) -> np.ndarray:
    """Returns function(scenario, shell, design) for every pair, (S, D)."""
    return np.array(
        [
            [function(scenario, shell, design) for design in scenario.designs]
            for shell in scenario.shells
        ]
    )


def _gpu_h(
    scenario: Buildout, kinds: list[Hardware], table: YieldTable, ages: np.ndarray
) -> np.ndarray:
    """Returns reference GPU-hours a satellite and month, (12, N_MARKETS, S, D, A)."""
    shape = (len(scenario.shells), len(scenario.designs))
    gpu_h = np.zeros((12, N_MARKETS, *shape, len(ages)))
    for place in np.ndindex(shape):
        shell, design, kind = scenario.shells[place[0]], scenario.designs[place[1]], kinds[place[1]]
        share = ages / table.aged_months[place]
        new, aged = table.gpu_h[place][:, :, None, :]  # (12, 1, 2 classes) each
        measured = np.maximum(new + (aged - new) * share[:, None], 0.0)  # (12, A, 2)
        upsets = float(table.upsets_per_month[place])
        left = _accelerators_left(scenario, design, kind, upsets, ages)
        work = measured * left[:, None] * _reference_ratio(kind, kinds[0])
        work[:, 0] = 0.0  # still climbing
        interactive = 0 if shell.is_sun_synchronous else 1
        gpu_h[:, interactive, *place] = work[:, :, 0]
        gpu_h[:, 2, *place] = work[:, :, 1]
    return gpu_h


def _reference_ratio(kind: Hardware, reference: Hardware) -> float:
    """Returns the work of one accelerator over that of the first design's: as their power."""
    own = kind.compute.peak_power_w / kind.compute.accelerators
    return own / (reference.compute.peak_power_w / reference.compute.accelerators)


def _accelerators_left(
    scenario: Buildout, design: Design, kind: Hardware, upsets: float, ages: np.ndarray
) -> np.ndarray:
    """Returns the share of a satellite's accelerators that work at each age, (A,)."""
    faults, fleet = kind.faults, scenario.fleet
    month_s = SECONDS_PER_YEAR / 12.0
    mean_upsets = faults.upset_rate_per_s * month_s * kind.compute.accelerators
    ratio = model.dose_ratio(upsets, mean_upsets, faults.upset_floor_fraction)
    return model.accelerators_left(
        ages,
        design.figures.accelerator_failure_per_month,
        ages * ratio * fleet.dose_per_month_gy,
        fleet.half_dose_gy,
    )


def _launch_mass_kg(scenario: Buildout, shell: Shell, design: Design) -> float:
    fleet, figures = scenario.fleet, design.figures
    speed = model.life_speed_change_m_s(
        shell.altitude_km * 1e3,
        fleet.insertion_altitude_m,
        figures.drag_area_m2_kg * _drag_share(shell),
        fleet.solar_flux_f107,
        fleet.last_age_months / model.MONTHS_PER_YEAR,
    )
    return model.launch_mass_kg(figures.dry_mass_kg, speed, fleet.specific_impulse_s)


def _drag_share(shell: Shell) -> float:
    if shell.ltan_h is not None:
        axis_m = EARTH_RADIUS_M + shell.altitude_km * 1e3
        return model.sun_synchronous_drag_share(
            sun_synchronous_inclination_rad(axis_m), shell.ltan_h
        )
    assert shell.inclination_deg is not None
    return model.drifting_drag_share(math.radians(shell.inclination_deg))


def _removal_usd(scenario: Buildout, shell: Shell, design: Design) -> float:
    fleet = scenario.fleet
    months = model.natural_decay_months(
        shell.altitude_km * 1e3, design.figures.drag_area_m2_kg, fleet.solar_flux_f107
    )
    return fleet.removal_cost_usd if months > fleet.natural_decay_months else 0.0

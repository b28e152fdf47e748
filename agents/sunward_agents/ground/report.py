"""A result beside the same work on the ground, for a terminal and for result files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table

from sunward.scenario import Scenario
from sunward.workload.profile import load_profile
from sunward_agents.ground.account import Comparison, compared
from sunward_agents.ground.site import Site
from sunward_agents.results import Result

CAPTION = (
    "sums over all worlds. The same accelerators at full clock and batch; launch, building and "
    "upkeep are counted nowhere but in the rent."
)


def comparisons(result: Result, scenarios: Iterable[Scenario], site: Site) -> dict[str, Comparison]:
    """Returns scenario -> comparison of all its episodes in a result."""
    return {scenario.id: _comparison(result, scenario, site) for scenario in scenarios}


def _comparison(result: Result, scenario: Scenario, site: Site) -> Comparison:
    episodes = [one.metrics for one in result.episodes if one.scenario == scenario.id]
    sums = {name: sum(metrics[name] for metrics in episodes) for name in episodes[0]}
    profile, compute = load_profile(scenario.demand.profile), scenario.hardware.compute
    tokens_per_gpu_s = (
        profile.interactive.tokens_per_gpu_s.value,
        profile.deferrable.tokens_per_gpu_s.value,
    )
    accelerator_w = compute.peak_power_w / compute.accelerators
    return compared(sums, accelerator_w, tokens_per_gpu_s, site)


def as_json(site: Site, found: Mapping[str, Comparison]) -> dict[str, Any]:
    """Returns site, figures with sources, and every amount; units end the names."""
    return {
        "site": site.id,
        "figures": {
            key: figure.model_dump(mode="json") for key, figure in site.figures.figures.items()
        },
        "scenarios": {name: _amounts(one) for name, one in found.items()},
    }


def _amounts(one: Comparison) -> dict[str, Any]:
    return {
        "orbit_kwh": one.orbit_kwh,
        "orbit_kwh_per_gpu_hour": one.orbit_kwh_per_gpu_hour(),
        "orbit_kwh_per_million_tokens": one.orbit_kwh_per_million_tokens(),
        "million_tokens": one.million_tokens,
        "same_work_on_ground": one.same_work._asdict(),
        "sent_to_ground": one.sent_down._asdict(),
        "overflow_to_ground": one.overflow._asdict(),
    }


def ground_table(site: Site, found: Mapping[str, Comparison]) -> Table:
    """Returns one column a scenario: energy in orbit, then the ground's energy, carbon, water."""
    table = Table(
        title=f"against the ground: {site.description}",
        title_justify="left",
        caption=CAPTION,
        box=None,
    )
    table.add_column("amount")
    for name in found:
        table.add_column(name, justify="right")
    columns = [_rows(one) for one in found.values()]
    for title in columns[0]:
        table.add_row(title, *(f"{column[title]:,.4g}" for column in columns))
    return table


def _rows(one: Comparison) -> dict[str, float]:
    same, sent, over = one.same_work, one.sent_down, one.overflow
    return {
        "work done, GPU-h": same.gpu_hours,
        "work done, million tokens": one.million_tokens,
        "in orbit, kWh": one.orbit_kwh,
        "in orbit, kWh per GPU-h": one.orbit_kwh_per_gpu_hour(),
        "in orbit, kWh per million tokens": one.orbit_kwh_per_million_tokens(),
        "on the ground, kWh": same.energy_kwh,
        "on the ground, kg CO2": same.carbon_kg,
        "on the ground, litres": same.water_l,
        "on the ground, USD of electricity": same.electricity_usd,
        "on the ground, USD of rent": same.rent_usd,
        "sent down, GPU-h": sent.gpu_hours,
        "sent down, kWh": sent.energy_kwh,
        "sent down, kg CO2": sent.carbon_kg,
        "sent down, litres": sent.water_l,
        "sent down, USD of rent": sent.rent_usd,
        "missed work, GPU-h": over.gpu_hours,
        "missed work on the ground, kg CO2": over.carbon_kg,
        "missed work on the ground, USD of rent": over.rent_usd,
    }

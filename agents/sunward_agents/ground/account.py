"""What work takes on the ground: energy, carbon, water and money, by a site's five figures.

Accelerators on the ground are those of the satellites, at full clock and in full batches, where a
joule does most at that speed. Water and PUE are counted by their definitions: litres per kWh of the
computers, and energy of the building over that of its computers.

References: The Green Grid, White Paper 49, PUE: a comprehensive examination of the metric, 2012;
White Paper 35, Water usage effectiveness, 2011.
"""

from __future__ import annotations

from typing import NamedTuple

from sunward_agents.ground.site import Site

JOULES_PER_KWH = 3.6e6
SECONDS_PER_HOUR = 3600.0


class GroundCost(NamedTuple):
    """What an amount of work takes on the ground."""

    gpu_hours: float
    energy_kwh: float  # of the whole building
    carbon_kg: float
    water_l: float
    electricity_usd: float
    rent_usd: float  # at the price of a GPU-hour, which holds all costs


def ground_cost(work_gpu_s: float, accelerator_w: float, site: Site) -> GroundCost:
    """Returns what work takes at a site.

    Args:
        work_gpu_s: GPU-seconds at full clock, at least 0.
        accelerator_w: power of one accelerator with its share of the rack, full clock and batch.
        site: where it is done.
    """
    figures = site.figures
    computers_kwh = work_gpu_s * accelerator_w / JOULES_PER_KWH
    building_kwh = computers_kwh * figures.pue
    gpu_hours = work_gpu_s / SECONDS_PER_HOUR
    return GroundCost(
        gpu_hours=gpu_hours,
        energy_kwh=building_kwh,
        carbon_kg=building_kwh * figures.carbon_g_per_kwh / 1e3,
        water_l=computers_kwh * figures.water_l_per_kwh,
        electricity_usd=building_kwh * figures.electricity_price_usd_per_kwh,
        rent_usd=gpu_hours * figures.gpu_hour_price_usd_per_gpu_h,
    )


class Comparison(NamedTuple):
    """A scenario's work in orbit, the same work on the ground, and what was left to the ground."""

    orbit_kwh: float  # bus, pumps, lasers, accelerators and losses of the battery
    million_tokens: float  # that the work done in orbit stands for
    same_work: GroundCost
    sent_down: GroundCost  # work that the satellites sent there, and that was done there
    overflow: GroundCost  # work that was missed, had the ground taken it at its price

    def orbit_kwh_per_gpu_hour(self) -> float:
        """Returns the energy that a GPU-hour at full clock took in orbit; 0 where none was done."""
        return _per(self.orbit_kwh, self.same_work.gpu_hours)

    def orbit_kwh_per_million_tokens(self) -> float:
        """Returns the energy that a million tokens took in orbit; 0 where none was done."""
        return _per(self.orbit_kwh, self.million_tokens)


def _per(amount: float, whole: float) -> float:
    return amount / whole if whole > 0.0 else 0.0


def compared(
    metrics: dict[str, float],
    accelerator_w: float,
    tokens_per_gpu_s: tuple[float, float],
    site: Site,
) -> Comparison:
    """Returns the comparison of some episodes.

    Args:
        metrics: sums of the metrics in `sunward.core.metrics`, in their units.
        accelerator_w: as in `ground_cost`.
        tokens_per_gpu_s: of interactive and of deferrable work.
        site: the data centre on the ground.
    """
    done = (metrics["interactive_done"], metrics["deferrable_done"])
    sent_gpu_s = metrics["interactive_ground"] + metrics["deferrable_ground"]
    missed_gpu_s = metrics["interactive_missed"] + metrics["deferrable_missed"]
    orbit_j = metrics["bus_energy"] + metrics["compute_energy"] + metrics["battery_loss"]
    tokens = sum(work * rate for work, rate in zip(done, tokens_per_gpu_s, strict=True))
    return Comparison(
        orbit_kwh=orbit_j / JOULES_PER_KWH,
        million_tokens=tokens / 1e6,
        same_work=ground_cost(sum(done), accelerator_w, site),
        sent_down=ground_cost(sent_gpu_s, accelerator_w, site),
        overflow=ground_cost(missed_gpu_s, accelerator_w, site),
    )

"""What is played on the satellites: time, demand, network, safe mode and what counts."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from sunward.scenario.model import Model, Share
from sunward.scenario.units import to_si

LONGEST_MIN = 366.0 * 24.0 * 60.0
#: Half of the Earth's circumference: a cap cannot be wider.
WIDEST_CAP_KM = 20_000.0

#: Up to a million, so that products of two stay finite in float32.
Weight = Annotated[float, Field(ge=0.0, le=1e6)]
Minutes = Annotated[float, Field(gt=0.0, le=LONGEST_MIN)]
Load = Annotated[float, Field(ge=0.0, le=5.0)]


class Episode(Model):
    """Length and grid of an episode."""

    hours: Annotated[float, Field(gt=0.0, le=24.0 * 366.0)]
    # Between two decisions; the thermal network takes four sub-steps and diverges on long ones.
    step_s: Annotated[int, Field(ge=10, le=120)] = 60

    @property
    def steps(self) -> int:
        """Decisions in an episode."""
        return round(to_si(self.hours, "h", "time") / self.step_s)

    @field_validator("step_s")
    @classmethod
    def _grid_fits(cls, step_s: int, info: ValidationInfo) -> int:
        hours = info.data.get("hours", 1.0)
        steps = to_si(hours, "h", "time") / step_s
        if steps < 1.0 or abs(steps - round(steps)) > 1e-9:
            whole = max(1, round(steps)) * step_s / 3600.0
            raise ValueError(
                f"is {step_s}, which does not divide hours {hours:g}: use hours {whole:g}"
            )
        return step_s


class Demand(Model):
    """Work that arrives, as shares of the fleet's capacity at full clock."""

    profile: str  # fitted figures: configs/demand/PROFILE.yaml, or a path
    sites: str  # cities with weights and clocks: configs/demand/SITES.yaml, or a path
    interactive_load: Load  # mean
    deferrable_load: Load  # mean
    ingress_radius_km: Annotated[
        float, Field(ge=50.0, le=WIDEST_CAP_KM)
    ]  # of the cap within which a site's requests reach a satellite
    shortest_deadline_min: Minutes  # deferrable deadlines are drawn between these two
    longest_deadline_min: Minutes
    trace: str | None = None  # plays a trace file in place of the generator
    trace_scale: Literal["load", "raw"] = "load"  # scaled to the loads above, or as recorded

    @property
    def ingress_radius_m(self) -> float:
        """Radius of a site's cap along the ground, m."""
        return to_si(self.ingress_radius_km, "km", "length")

    @property
    def shortest_deadline_s(self) -> float:
        """Shortest deferrable deadline, s."""
        return to_si(self.shortest_deadline_min, "min", "time")

    @property
    def longest_deadline_s(self) -> float:
        """Longest deferrable deadline, s."""
        return to_si(self.longest_deadline_min, "min", "time")

    @field_validator("longest_deadline_min")
    @classmethod
    def _deadlines_in_order(cls, longest: float, info: ValidationInfo) -> float:
        shortest = info.data.get("shortest_deadline_min", longest)
        if longest < shortest:
            raise ValueError(
                f"is {longest:g}, must be at least shortest_deadline_min {shortest:g}: raise it"
            )
        return longest


class Network(Model):
    """How work moves to neighbours: flow = gain x price difference, up to a limit."""

    neighbours: Literal["grid", "crossed-grid", "none"] = "grid"
    transfer_gain: Weight
    transfer_limit_satellite_min: Weight  # of full-clock work, per link and step
    carries_interactive: bool = True  # else requests are answered where they come down

    @property
    def transfer_limit_s(self) -> float:
        """Most work on one link in one step, seconds of a whole satellite at full clock."""
        return to_si(self.transfer_limit_satellite_min, "min", "time")


class Ground(Model):
    """A data centre on the ground that takes work at a price: flow = gain x price difference."""

    price: Share  # that it asks, on the scale of the action `price`
    cost: Weight  # of a satellite-step of work there, in the unit of the reward's values
    limit_satellite_min: Annotated[
        float, Field(gt=0.0, le=1e6)
    ]  # of full-clock work that a satellite sends down in a step

    @property
    def limit_s(self) -> float:
        """Most work a satellite sends down in a step, seconds of a whole one at full clock."""
        return to_si(self.limit_satellite_min, "min", "time")


class Reward(Model):
    """Weights of the reward terms; work counts in satellite-steps at full clock."""

    value_interactive: Weight
    value_deferrable: Weight
    miss_interactive: Weight
    miss_deferrable: Weight
    wear_per_kwh: Weight  # of energy that leaves the battery
    brownout: Weight  # each
    trip: Weight  # each
    sender_credit: Share  # share of a handed-over job's outcome that goes to its sender
    team_share: Share = 0.0  # 0: a satellite's own reward, 1: the mean over the fleet


class SafeMode(Model):
    """What follows a brown-out."""

    minutes: Minutes  # at least; it ends at the battery's safe_exit_fraction

    @property
    def duration_s(self) -> float:
        """Shortest stay in safe mode, s."""
        return to_si(self.minutes, "min", "time")

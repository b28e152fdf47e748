"""Figures of a build-out scenario: launches, satellites, markets, money, each with its source.

The key in the file is the field's name less its unit, as in `sunward.scenario.hardware`. Money is
in dollars of the first year, time in months, work in GPU-hours of the reference accelerator: one of
the first design in the first month.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from sunward.scenario import figure as f
from sunward.scenario.model import Identifier, Model, ScenarioId

Quantity = f.Quantity
Mass = Annotated[float, Quantity("mass", above=0.0)]
Isp = Annotated[float, Quantity("time", above=0.0, at_most=1e5)]
AreaPerMass = Annotated[float, Quantity("area per mass", above=0.0, at_most=100.0)]
Dose = Annotated[float, Quantity("dose", above=0.0)]
Money = Annotated[float, Quantity("money", at_least=0.0)]
Price = Annotated[float, Quantity("money per work", above=0.0)]
MoneyPerMass = Annotated[float, Quantity("money per mass", above=0.0)]
WorkRate = Annotated[float, Quantity("work rate", above=0.0)]
Months = Annotated[float, Quantity("months", at_least=1.0, at_most=120.0)]
MonthlyRate = Annotated[float, Quantity("monthly rate", at_least=0.0, at_most=1.0)]
Flights = Annotated[float, Quantity("monthly rate", above=0.0, at_most=1e4)]
Scale = Annotated[float, Quantity("count", above=0.0)]
Share = Annotated[float, Quantity("fraction", at_least=0.0, at_most=1.0)]
ShareBelowOne = Annotated[float, Quantity("fraction", at_least=0.0, at_most=0.99)]


class Launch(f.Section):
    """Flights that are open to the company, and how they slip, fail and get cheaper."""

    first_flights_per_month: Flights
    full_flights_per_month: Flights  # where the curve of the cadence ends
    growth_per_month: MonthlyRate  # logistic
    growth_spread_fraction: ShareBelowOne  # worlds differ by as much either way
    slip_rate_per_month: MonthlyRate  # the curve stands still
    shortest_slip_months: Months
    longest_slip_months: Months
    first_payload_kg: Mass
    full_payload_kg: Mass  # at full cadence
    first_price_usd_per_kg: MoneyPerMass
    lowest_price_usd_per_kg: MoneyPerMass
    price_learning_fraction: ShareBelowOne  # fall of what is above the lowest, a doubling
    past_flights: Scale  # that doublings count from
    first_failure_fraction: ShareBelowOne  # of flights
    lowest_failure_fraction: ShareBelowOne
    failure_flights: Scale  # over which what is above the lowest falls by e
    shortest_grounding_months: Months
    longest_grounding_months: Months

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _ordered(self, "shortest_slip_months", "longest_slip_months")
        _ordered(self, "shortest_grounding_months", "longest_grounding_months")
        _ordered(self, "first_flights_per_month", "full_flights_per_month")
        _ordered(self, "first_payload_kg", "full_payload_kg")
        _ordered(self, "lowest_price_usd_per_kg", "first_price_usd_per_kg")
        _ordered(self, "lowest_failure_fraction", "first_failure_fraction")
        return self


class DesignFigures(f.Section):
    """What one satellite of a design weighs and costs."""

    dry_mass_kg: Mass
    drag_area_m2_kg: AreaPerMass  # drag coefficient x array face-on / mass
    accelerators_cost_usd: Money  # all of a satellite; buys ever more work
    bus_cost_usd: Money  # of the first satellites
    operations_usd: Money  # a satellite and month
    accelerator_failure_per_month: MonthlyRate


class Design(Model):
    """A kind of satellite: its hardware flies in the simulator, its figures count here."""

    hardware: Identifier  # of configs/hardware
    figures: DesignFigures


class Fleet(f.Section):
    """How satellites are ordered, kept, lost and taken down."""

    lead_time_months: Months  # order to delivery
    bus_learning_fraction: ShareBelowOne  # fall of the bus's cost, a doubling
    past_satellites: Scale  # that doublings count from
    design_life_months: Months
    last_age_months: Months  # everything older is taken down
    loss_rate_per_month: MonthlyRate  # of whole satellites within their design life
    wear_out_months: Months  # after which, past the design life, losses are e times as many
    half_dose_gy: Dose  # at which half of the accelerators are gone
    dose_per_month_gy: Dose  # behind the shield, at the mean upset rate of the hardware file
    specific_impulse_s: Isp
    insertion_altitude_m: f.Length
    solar_flux_f107: Annotated[float, Quantity("count", at_least=60.0, at_most=260.0)]
    removal_cost_usd: Money  # of a dead satellite that will not come down by itself in time
    natural_decay_months: Months  # the time in question

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _ordered(self, "design_life_months", "last_age_months")
        return self


class Market(f.Section):
    """Who buys GPU-hours: two interactive markets, each for its own orbits, and one of batch work.

    A market of demand D that is offered Q pays the terrestrial price times D / (Q + D).
    """

    dawn_dusk_demand_gpu_h_per_month: WorkRate  # interactive, beneath Sun-synchronous shells
    inclined_demand_gpu_h_per_month: WorkRate  # interactive, beneath inclined shells
    batch_demand_gpu_h_per_month: WorkRate  # anywhere
    interactive_price_fraction: Annotated[float, Quantity("fraction", above=0.0, at_most=5.0)]
    batch_price_fraction: Annotated[float, Quantity("fraction", above=0.0, at_most=5.0)]
    growth_per_month: MonthlyRate
    growth_spread_fraction: ShareBelowOne  # worlds differ by as much either way
    swing_std_fraction: ShareBelowOne  # of the logarithm of demand about its growth
    swing_memory_months: Months  # over which a swing fades


class Progress(f.Section):
    """Accelerators get better; what a GPU-hour on the ground costs follows."""

    first_price_usd_per_gpu_h: Price
    performance_growth_per_month: MonthlyRate
    growth_spread_fraction: ShareBelowOne  # worlds differ by as much either way
    price_follows_fraction: Share  # price ~ performance^-this
    price_swing_std_fraction: ShareBelowOne
    price_swing_memory_months: Months


class Finance(f.Section):
    """Money to begin with, money to borrow, and what time costs."""

    cash_usd: Annotated[float, Quantity("money", above=0.0)]
    discount_rate_per_month: MonthlyRate
    interest_rate_per_month: Annotated[float, Quantity("monthly rate", above=0.0, at_most=1.0)]
    loan_to_book_fraction: Share  # debt limit over what the satellites are worth
    residual_fraction: Share  # of that worth, counted at the end

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        # Else to borrow and to sit on the money would pay.
        _ordered(self, "discount_rate_per_month", "interest_rate_per_month")
        return self


class Shell(Model):
    """Orbits that satellites are launched into."""

    id: Identifier
    altitude_km: Annotated[float, Field(ge=300.0, le=2000.0)]  # belt.py holds up to here
    ltan_h: Annotated[float, Field(ge=0.0, lt=24.0)] | None = None  # Sun-synchronous
    inclination_deg: Annotated[float, Field(ge=0.0, le=180.0)] | None = None

    @model_validator(mode="after")
    def _one_plane(self) -> Self:
        if (self.ltan_h is None) == (self.inclination_deg is None):
            raise ValueError(
                f"has ltan_h {self.ltan_h} beside inclination_deg {self.inclination_deg}: give "
                "exactly one of the two"
            )
        return self

    @property
    def is_sun_synchronous(self) -> bool:
        return self.ltan_h is not None


class Buildout(Model):
    """Everything that decides a world of the build-out, apart from split, seed and episode."""

    id: ScenarioId
    description: Annotated[str, Field(min_length=1)]
    months: Annotated[int, Field(ge=1, le=600)]
    yields: Annotated[str, Field(min_length=1)]  # table of `sunward yields`: shipped name or path
    launch: Launch
    fleet: Fleet
    market: Market
    progress: Progress
    finance: Finance
    # strict mode takes no list for a tuple, and YAML has only lists
    designs: Annotated[tuple[Design, ...], Field(max_length=8, strict=False)]
    shells: Annotated[tuple[Shell, ...], Field(max_length=32, strict=False)]

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        for kind, names in (
            ("designs", [design.hardware for design in self.designs]),
            ("shells", [shell.id for shell in self.shells]),
        ):
            if not names:
                raise ValueError(f"has no {kind}: name at least one")
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"has {kind} {', '.join(twice)} twice: name each once")
        return self


def _ordered(section: f.Section, low: str, high: str) -> None:
    """Raises ValueError unless the figure `low` is at most the figure `high`."""
    if getattr(section, low) > getattr(section, high):
        raise ValueError(
            f"has {f.file_key(low)} {getattr(section, low):g} above {f.file_key(high)} "
            f"{getattr(section, high):g}: swap or change them"
        )

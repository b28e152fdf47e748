"""Which orbits the satellites fly, and when the episode begins."""

from collections.abc import Mapping
from datetime import date as Date
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator

from sunward.scenario.model import Model, Share
from sunward.scenario.units import to_si

Pattern = Literal["walker-delta", "walker-star", "single-plane"]

MAX_SATELLITES = 1_000_000
LOWEST_KM, HIGHEST_KM = 200.0, 2000.0


class Shell(Model):
    """Circular orbits: a Walker pattern `inclination: satellites/planes/phasing`, or one plane."""

    pattern: Pattern
    satellites: Annotated[int, Field(ge=1, le=MAX_SATELLITES)]
    planes: Annotated[int, Field(ge=1)]
    phasing: Annotated[int, Field(ge=0)] = 0  # Walker F: in-plane step from plane to plane
    altitude_km: Annotated[float, Field(ge=LOWEST_KM, le=HIGHEST_KM)]
    inclination_deg: Annotated[float, Field(ge=0.0, le=180.0)] | None = None
    sun_synchronous: bool = False  # the inclination then follows from the altitude
    ltan_h: Annotated[float, Field(ge=0.0, lt=24.0)] | None = None  # of the first plane

    @property
    def shells(self) -> tuple["Shell", ...]:
        """This shell alone."""
        return (self,)

    @property
    def altitude_m(self) -> float:
        """Altitude above the equatorial radius, m."""
        return to_si(self.altitude_km, "km", "length")

    @property
    def inclination_rad(self) -> float | None:
        """Inclination, rad; None where it follows from the Sun-synchronous altitude."""
        angle = self.inclination_deg
        return None if angle is None else to_si(angle, "deg", "angle")

    @property
    def satellites_per_plane(self) -> int:
        """Satellites in each plane."""
        return self.satellites // self.planes

    @field_validator("planes")
    @classmethod
    def _planes_fit(cls, planes: int, info: ValidationInfo) -> int:
        satellites = info.data.get("satellites", planes)
        if satellites % planes:
            raise ValueError(
                f"is {planes}, which does not divide satellites {satellites}: use "
                f"{_nearest_divisor(satellites, planes)} planes or "
                f"{-(-satellites // planes) * planes} satellites"
            )
        if info.data.get("pattern") == "single-plane" and planes != 1:
            raise ValueError(f"is {planes}, pattern single-plane has one: set it to 1")
        return planes

    @field_validator("phasing")
    @classmethod
    def _phasing_fits(cls, phasing: int, info: ValidationInfo) -> int:
        planes = info.data.get("planes", phasing + 1)
        if phasing >= planes:
            raise ValueError(f"is {phasing}, must be below planes {planes}: lower it")
        return phasing

    @field_validator("sun_synchronous")
    @classmethod
    def _one_inclination(cls, sun_synchronous: bool, info: ValidationInfo) -> bool:
        inclination = info.data.get("inclination_deg", None)
        known = "inclination_deg" in info.data
        if known and sun_synchronous == (inclination is not None):
            raise ValueError(
                f"is {str(sun_synchronous).lower()} beside inclination_deg {inclination}: "
                "give exactly one of the two"
            )
        return sun_synchronous

    @field_validator("ltan_h")
    @classmethod
    def _ltan_fits(cls, ltan_h: float | None, info: ValidationInfo) -> float | None:
        sun_synchronous = info.data.get("sun_synchronous", ltan_h is not None)
        if sun_synchronous != (ltan_h is not None):
            raise ValueError(
                f"is {ltan_h} beside sun_synchronous {str(sun_synchronous).lower()}: "
                "a Sun-synchronous orbit needs one, another has none"
            )
        return ltan_h


def _nearest_divisor(number: int, wanted: int) -> int:
    divisors = [n for n in range(1, number + 1) if number % n == 0]
    return min(divisors, key=lambda n: abs(n - wanted))


class MixedShells(Model):
    """Several patterns, each with an altitude of its own; links stay within a shell."""

    # strict mode takes no list for a tuple, and YAML has only lists
    shells: Annotated[tuple[Shell, ...], Field(min_length=1, max_length=1000, strict=False)]

    @property
    def satellites(self) -> int:
        """Satellites of all shells."""
        return sum(shell.satellites for shell in self.shells)

    @field_validator("shells")
    @classmethod
    def _fleet_fits(cls, shells: tuple[Shell, ...]) -> tuple[Shell, ...]:
        total = sum(shell.satellites for shell in shells)
        if total > MAX_SATELLITES:
            raise ValueError(
                f"have {total} satellites together, must be at most {MAX_SATELLITES}: take some out"
            )
        return shells


class ElementSets(Model):
    """Satellites as a file of published element sets gives them (`sunward.scenario.elements`)."""

    elements: Annotated[str, Field(min_length=1)]  # TLE, OMM CSV or OMM JSON; beside the scenario


def kind_of(value: Any) -> str:
    """Returns which kind of constellation a mapping or a model is, by the key that only it has.

    The brackets keep it apart from every key of a file (see `problems`).
    """
    if isinstance(value, Mapping):
        for key in value:
            near = get_close_matches(str(key), ("elements", "shells"), n=1, cutoff=0.8)
            if near:
                return f"({near[0]})"
    if isinstance(value, ElementSets):
        return "(elements)"
    return "(shells)" if isinstance(value, MixedShells) else "(pattern)"


Constellation = Annotated[
    Annotated[Shell, Tag("(pattern)")]
    | Annotated[MixedShells, Tag("(shells)")]
    | Annotated[ElementSets, Tag("(elements)")],
    Discriminator(kind_of),
]


class Start(Model):
    """How a world begins: the draws that make one world differ from the next."""

    date: Date  # 00:00 UTC; the time of day is drawn
    day_spread: Annotated[int, Field(ge=0, le=182)] = 0  # +- days, drawn evenly
    charge_min_fraction: Share
    charge_max_fraction: Share
    queue_max_fraction: Share = 0.0  # deferrable work that waits, drawn from 0 to this share
    temperature_c: Annotated[float, Field(ge=-50.0, le=80.0)] = 40.0  # of all thermal nodes
    solar_activity: Share = 0.0  # of the cycle: 0 minimum, most trapped protons; 1 maximum
    node_spread_deg: Annotated[float, Field(ge=0.0, le=180.0)] = 0.0  # +- turn of all planes

    @property
    def temperature_k(self) -> float:
        """First temperature of chips, loop and radiator, K."""
        return to_si(self.temperature_c, "degC", "temperature")

    @property
    def node_spread_rad(self) -> float:
        """Largest turn of all planes about the Earth's axis, either way, rad."""
        return to_si(self.node_spread_deg, "deg", "angle")

    @field_validator("charge_max_fraction")
    @classmethod
    def _charge_in_order(cls, highest: float, info: ValidationInfo) -> float:
        lowest = info.data.get("charge_min_fraction", highest)
        if highest < lowest:
            raise ValueError(
                f"is {highest:g}, must be at least charge_min_fraction {lowest:g}: raise it"
            )
        return highest

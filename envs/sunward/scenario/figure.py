"""A data-sheet figure: value, unit and provenance in the file, a plain SI float in the program."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from sunward.scenario.errors import suggestion
from sunward.scenario.model import Model
from sunward.scenario.units import UNITS, si_unit, to_si

Confidence = Literal["high", "medium", "low", "assumption"]
_SI_SUFFIX = re.compile(
    r"_(w|j|m2|m|s|k|rad|per_s|per_k|j_k|w_k|w_m2|j_kg_k|kg_s|bit_s|bit|j_bit"
    r"|kg|m2_kg|gy|usd|usd_per_kg|usd_per_gpu_h|gpu_h_per_month|months|per_month"
    r"|g_per_kwh|l_per_kwh|usd_per_kwh)$"
)


class Figure(Model):
    """One number of a data sheet, as the file gives it."""

    value: float
    unit: str
    source: Annotated[str, Field(min_length=3)]
    date: Date  # when the source was published or the assumption made
    confidence: Confidence


@dataclass(frozen=True)
class Quantity:
    """Reads a `Figure` as an SI float of one kind, within bounds that are SI too."""

    kind: str
    above: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return a schema that validates the figure, converts it and checks its bounds."""
        return core_schema.no_info_after_validator_function(
            self.si_value,
            handler.generate_schema(Figure),
            serialization=core_schema.plain_serializer_function_ser_schema(float),
        )

    def si_value(self, figure: Figure) -> float:
        """Return the figure in SI, or say which unit or bound it breaks."""
        if figure.unit not in UNITS[self.kind]:
            advice = suggestion(figure.unit, UNITS[self.kind])
            raise _problem(
                f"has unit {figure.unit!r}, which does not measure {self.kind}: {advice}"
            )
        value = to_si(figure.value, figure.unit, self.kind)
        self._check(value, f"is {figure.value:g} {figure.unit}".removesuffix(" 1"))
        return value

    def _check(self, value: float, given: str) -> None:
        unit = f" {si_unit(self.kind)}".removesuffix(" 1")
        if self.above is not None and not value > self.above:
            raise _problem(f"{given}, must be above {self.above:g}{unit}: raise it")
        if self.at_least is not None and not value >= self.at_least:
            raise _problem(f"{given}, must be at least {self.at_least:g}{unit}: raise it")
        if self.at_most is not None and not value <= self.at_most:
            raise _problem(f"{given}, must be at most {self.at_most:g}{unit}: lower it")


def _problem(text: str) -> PydanticCustomError:
    return PydanticCustomError("figure", "{text}", {"text": text})


def file_key(field_name: str) -> str:
    """Return a field's key in a file: its name less the SI unit, which the file states itself."""
    return _SI_SUFFIX.sub("", field_name)


class Section(Model):
    """Figures of one part of a satellite: fields are SI, `figures` keeps what the file says."""

    model_config = ConfigDict(alias_generator=file_key)
    _figures: dict[str, Figure] = PrivateAttr(default_factory=dict)

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Figures by their key in the file, for reports: value, unit, source, confidence."""
        return self._figures

    def sourced(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield "name.key" and figure (value, unit, source, date, confidence) of each."""
        for key, figure in self._figures.items():
            yield f"{name}.{key}", figure.model_dump(mode="json")

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        section = handler(data)
        section._figures = {key: Figure.model_validate(value) for key, value in data.items()}
        return section


# Bounds are wide: from a student's satellite to one of ten gigawatts. They are there so that
# every figure that passes can be computed with in float32 (tests/core/test_any_hardware.py).
Count = Annotated[float, Quantity("count", at_least=1.0, at_most=1e7)]
Share = Annotated[float, Quantity("fraction", at_least=0.0, at_most=1.0)]
ShareBelowOne = Annotated[float, Quantity("fraction", at_least=0.0, at_most=0.99)]
Efficiency = Annotated[float, Quantity("fraction", at_least=0.01, at_most=1.0)]
# The polynomial of the decoding rate holds from here.
ClockShare = Annotated[float, Quantity("fraction", at_least=0.05, at_most=1.0)]
# Three deviations are the most that is drawn: at 0.3 they leave a tenth.
Spread = Annotated[float, Quantity("fraction", at_least=0.0, at_most=0.3)]
Power = Annotated[float, Quantity("power", at_least=0.01, at_most=1e10)]
Energy = Annotated[float, Quantity("energy", at_least=1.0, at_most=1e15)]
Area = Annotated[float, Quantity("area", at_least=1e-4, at_most=1e8)]
Length = Annotated[float, Quantity("length", above=0.0, at_most=1e8)]
Duration = Annotated[float, Quantity("time", above=0.0, at_most=1e9)]
Age = Annotated[float, Quantity("age", at_least=0.0, at_most=30.0)]
Rate = Annotated[float, Quantity("rate", at_least=0.0, at_most=1e6)]
PositiveRate = Annotated[float, Quantity("rate", at_least=1e-9, at_most=1.0)]
Temperature = Annotated[float, Quantity("temperature", at_least=50.0, at_most=500.0)]
TemperatureDifference = Annotated[
    float, Quantity("temperature difference", at_least=1.0, at_most=1e4)
]
PerKelvin = Annotated[float, Quantity("per kelvin", at_least=0.0, at_most=0.02)]
Angle = Annotated[float, Quantity("angle", at_least=0.0, at_most=1.5707963267948966)]
HeatCapacity = Annotated[float, Quantity("heat capacity", at_least=1e-3, at_most=1e15)]
SpecificHeat = Annotated[float, Quantity("specific heat", at_least=100.0, at_most=2e4)]
HeatConductance = Annotated[float, Quantity("heat conductance", at_least=1e-6, at_most=1e12)]
HeatFlux = Annotated[float, Quantity("heat flux", at_least=0.0, at_most=1400.0)]
MassFlow = Annotated[float, Quantity("mass flow", at_least=1e-9, at_most=1e9)]
DataRate = Annotated[float, Quantity("data rate", at_least=1.0, at_most=1e18)]
EnergyPerBit = Annotated[float, Quantity("energy per bit", at_least=0.0, at_most=1e-3)]

"""The one table that turns data-sheet units into SI."""

from typing import NamedTuple

SECONDS_PER_YEAR = 365.25 * 86_400.0


class Unit(NamedTuple):
    """SI value = value * factor + offset."""

    factor: float
    offset: float = 0.0


#: kind of quantity -> unit -> conversion; the first unit of a row is the SI unit.
UNITS: dict[str, dict[str, Unit]] = {
    "fraction": {"1": Unit(1.0), "percent": Unit(0.01)},
    "count": {"1": Unit(1.0)},
    "power": {"W": Unit(1.0), "kW": Unit(1e3), "MW": Unit(1e6)},
    "energy": {"J": Unit(1.0), "MJ": Unit(1e6), "Wh": Unit(3.6e3), "kWh": Unit(3.6e6)},
    "area": {"m2": Unit(1.0)},
    "length": {"m": Unit(1.0), "km": Unit(1e3)},
    "time": {
        "s": Unit(1.0),
        "min": Unit(60.0),
        "h": Unit(3.6e3),
        "day": Unit(86_400.0),
        "yr": Unit(SECONDS_PER_YEAR),
    },
    "age": {"yr": Unit(1.0)},
    "rate": {
        "1/s": Unit(1.0),
        "C": Unit(1 / 3.6e3),  # battery C-rate: nominal energies an hour
        "1/h": Unit(1 / 3.6e3),
        "1/day": Unit(1 / 86_400.0),
        "1/yr": Unit(1 / SECONDS_PER_YEAR),
    },
    "temperature": {"K": Unit(1.0), "degC": Unit(1.0, 273.15)},
    "temperature difference": {"K": Unit(1.0)},
    "per kelvin": {"1/K": Unit(1.0), "percent/K": Unit(0.01)},
    "angle": {"rad": Unit(1.0), "deg": Unit(0.017453292519943295)},
    "heat capacity": {"J/K": Unit(1.0), "kJ/K": Unit(1e3), "MJ/K": Unit(1e6)},
    "specific heat": {"J/(kg K)": Unit(1.0)},
    "heat conductance": {"W/K": Unit(1.0), "kW/K": Unit(1e3)},
    "heat flux": {"W/m2": Unit(1.0)},
    "mass flow": {"kg/s": Unit(1.0)},
    "data": {"bit": Unit(1.0), "GB": Unit(8e9), "TB": Unit(8e12)},
    "data rate": {"bit/s": Unit(1.0), "Gb/s": Unit(1e9), "Tb/s": Unit(1e12)},
    "energy per bit": {"J/bit": Unit(1.0), "J/Gb": Unit(1e-9), "pJ/bit": Unit(1e-12)},
    "mass": {"kg": Unit(1.0), "t": Unit(1e3)},
    "area per mass": {"m2/kg": Unit(1.0)},
    "dose": {"Gy": Unit(1.0), "rad": Unit(0.01), "krad": Unit(10.0)},
    # What a company counts in: dollars of the first year, months, GPU-hours.
    "money": {"USD": Unit(1.0), "kUSD": Unit(1e3), "MUSD": Unit(1e6), "BUSD": Unit(1e9)},
    "money per mass": {"USD/kg": Unit(1.0)},
    "money per work": {"USD/GPU-h": Unit(1.0)},
    "work rate": {"GPU-h/month": Unit(1.0), "MGPU-h/month": Unit(1e6)},
    # What a data centre on the ground is told in.
    "carbon per energy": {"g/kWh": Unit(1.0), "kg/kWh": Unit(1e3)},
    "water per energy": {"L/kWh": Unit(1.0)},
    "money per energy": {"USD/kWh": Unit(1.0), "USD/MWh": Unit(1e-3)},
    "months": {"month": Unit(1.0), "yr": Unit(12.0)},
    "monthly rate": {"1/month": Unit(1.0), "1/yr": Unit(1 / 12.0), "percent/yr": Unit(0.01 / 12.0)},
}


def si_unit(kind: str) -> str:
    """Return the SI unit of a kind of quantity, such as "W" for "power"."""
    return next(iter(UNITS[kind]))


def to_si(value: float, unit: str, kind: str) -> float:
    """Return `value` in the SI unit of `kind`.

    Raises:
        KeyError: where `unit` does not measure `kind`.
    """
    conversion = UNITS[kind][unit]
    return value * conversion.factor + conversion.offset

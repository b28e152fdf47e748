"""Plates before the Earth against quadrature (plate_earth_view_factor, plate_albedo_factor)."""

from __future__ import annotations

import math

from sunward.physics import view
from sunward.physics.constants import EARTH_RADIUS_M
from sunward_agents.validation.check import Check, each_row
from sunward_agents.validation.geometry import ALTITUDE_KM, radius_m
from sunward_agents.validation.tables import Row, Spec, number

#: The plate on edge, whose short forms the kernel uses.
ON_EDGE_DEG = 90.0

VIEW_FACTOR = Spec(
    "plate_earth_view_factor.csv",
    (
        number("altitude_km", *ALTITUDE_KM),
        number("tilt_from_nadir_deg", 0.0, 180.0),
        number("F_earth_ir", 0.0, 1.0),
    ),
)
ALBEDO_FACTOR = Spec(
    "plate_albedo_factor.csv",
    (
        number("altitude_km", *ALTITUDE_KM),
        number("tilt_from_nadir_deg", 0.0, 180.0),
        number("subsat_solar_zenith_deg", 0.0, 180.0),
        number("sun_azimuth_rel_plate_deg"),
        number("F_albedo", 0.0, 1.0),
    ),
)


def sin_limb(row: Row) -> float:
    """Returns the Earth's radius over the distance from its centre."""
    return EARTH_RADIUS_M / radius_m(row)


def view_error(row: Row) -> float:
    """Returns the error of the view factor of a tilted plate."""
    ours = view.plate_view_factor(sin_limb(row), math.radians(row["tilt_from_nadir_deg"]))
    return abs(ours - row["F_earth_ir"])


def edge_view_error(row: Row) -> float | None:
    """Returns the error of the kernel's view factor of a plate on edge."""
    if row["tilt_from_nadir_deg"] != ON_EDGE_DEG:
        return None
    return abs(view.vertical_plate_view_factor(sin_limb(row)) - row["F_earth_ir"])


def albedo_error(row: Row) -> float:
    """Returns the error of the albedo factor of a tilted plate by quadrature."""
    keys = ("tilt_from_nadir_deg", "subsat_solar_zenith_deg", "sun_azimuth_rel_plate_deg")
    ours = view.plate_albedo_factor(sin_limb(row), *(math.radians(row[key]) for key in keys))
    return abs(ours - row["F_albedo"])


def edge_albedo_error(row: Row) -> float | None:
    """Returns the error of the kernel's albedo factor of a plate on edge."""
    if row["tilt_from_nadir_deg"] != ON_EDGE_DEG:
        return None
    zenith = math.radians(row["subsat_solar_zenith_deg"])
    azimuth = math.radians(row["sun_azimuth_rel_plate_deg"])
    coefficients = view.edge_albedo_coefficients(sin_limb(row))
    towards = math.sin(zenith) * math.cos(azimuth)
    return abs(view.edge_albedo_factor(math.cos(zenith), towards, *coefficients) - row["F_albedo"])


CHECKS = (
    Check(VIEW_FACTOR, "view factor", "", 0.005, each_row(view_error)),
    Check(VIEW_FACTOR, "the kernel's, plate on edge", "", 0.005, each_row(edge_view_error)),
    Check(ALBEDO_FACTOR, "albedo factor", "", 0.02, each_row(albedo_error)),
    Check(ALBEDO_FACTOR, "the kernel's, plate on edge", "", 0.02, each_row(edge_albedo_error)),
)

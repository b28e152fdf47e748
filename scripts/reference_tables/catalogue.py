"""Every shipped table: where it is computed, with what, and what its columns mean."""

from __future__ import annotations

import importlib
import importlib.metadata
from dataclasses import dataclass

from reference_tables.constants import Rows

NUMERICS = ("numpy", "scipy")
SKY = (*NUMERICS, "skyfield", "skyfield-data")
ORBITS = (*NUMERICS, "sgp4")
PASSES = ("numpy", "skyfield", "sgp4")


@dataclass(frozen=True)
class Recipe:
    """How a table is made.

    Args:
        source: Module of this package and function, with a dot between.
        packages: What it is made with, as installed.
        meaning: Of the columns, where their names leave a question.
    """

    source: str
    packages: tuple[str, ...]
    meaning: str

    def rows(self) -> Rows:
        """Returns the table, computed now.

        Raises: ModuleNotFoundError where one of the packages is not installed: no environment holds
            all of them.
        """
        module, function = self.source.split(".")
        return getattr(importlib.import_module(f"reference_tables.{module}"), function)()

    def versions(self) -> str:
        """Returns the installed packages with their versions."""
        return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in self.packages)


#: File without its ending -> how it is made.
TABLES: dict[str, Recipe] = {
    "sun_direction": Recipe(
        "sun_table.sun_direction",
        SKY,
        "skyfield, DE421: unit vectors without light time (geom), apparent (app) in GCRF, mean "
        "(mod) and true (tod) equator and equinox of date; dist_au geometric",
    ),
    "eclipse_orbits": Recipe(
        "shadow_tables.eclipse_orbits",
        SKY,
        "circular two-body orbit from its node at epoch_utc, Sun of DE421 moving, spheres of "
        "6378.1363 and 695000 km, edges by scipy's brentq; last entry and exit in [0, period]",
    ),
    "eclipse_season": Recipe(
        "shadow_tables.eclipse_season",
        SKY,
        "mean of one minus the Sun's disc in view over 20,000 points of the orbit, DE421; node by "
        "the first-order J2 rate",
    ),
    "j2_raan_drift": Recipe(
        "orbit_tables.j2_raan_drift",
        ORBITS,
        "scipy DOP853 under the J2 force, ten days; mean elements and rate by least squares "
        "beside the short-period swings; sgp4's own rate at those elements",
    ),
    "sso_inclination": Recipe(
        "orbit_tables.sso_inclination",
        ORBITS,
        "where sgp4's secular rate of the node (WGS72) is 0.98564736 deg/day; without brahe's "
        "column",
    ),
    "ground_access": Recipe(
        "ground_table.ground_access",
        PASSES,
        "skyfield's find_events on SGP4 (WGS72, no drag, eccentricity 1e-9), stations on WGS84; "
        "rates are SGP4's secular ones",
    ),
    "isl_walker": Recipe(
        "orbit_tables.isl_walker",
        ("numpy",),
        "rotated vectors and the nearest point of a segment, NumPy; los_basilisk keeps its name "
        "but is this geometry: the segment stays 100 km above the sphere",
    ),
    "basilisk_power_thermal_cases": Recipe(
        "chain_table.cases",
        SKY,
        "cases of the next file",
    ),
    "basilisk_power_thermal": Recipe(
        "chain_table.samples",
        SKY,
        "the chain in continuous time: two-disc light at DE421's Sun held at jd_tt, energy by the "
        "trapezoid rule at 0.1 s, node by Radau with the constants of Basilisk's sensorThermal",
    ),
    "thermal_one_node_cases": Recipe(
        "heat_tables.thermal_one_node_cases",
        NUMERICS,
        "cases of the next file",
    ),
    "thermal_one_node": Recipe(
        "heat_tables.thermal_one_node",
        NUMERICS,
        "scipy Radau, tolerance 1e-10, from event to event",
    ),
    "thermal_three_node_cases": Recipe(
        "heat_tables.thermal_three_node_cases",
        NUMERICS,
        "cases of the next file",
    ),
    "thermal_three_node": Recipe(
        "heat_tables.thermal_three_node",
        NUMERICS,
        "scipy Radau, tolerance 1e-10, from event to event",
    ),
    "radiator_area": Recipe(
        "heat_tables.radiator_area",
        NUMERICS,
        "closed form, Stefan-Boltzmann",
    ),
    "plate_earth_view_factor": Recipe(
        "plate_tables.plate_earth_view_factor",
        NUMERICS,
        "scipy's quad over rings of the disc in view",
    ),
    "plate_albedo_factor": Recipe(
        "plate_tables.plate_albedo_factor",
        ("numpy",),
        "product rule of 300 x 2,000 points; q = S x albedo x F_albedo, Lambertian sphere",
    ),
    "relative_motion": Recipe(
        "orbit_tables.relative_motion",
        NUMERICS,
        "two two-body orbits by DOP853, seen in the frame that turns with the first",
    ),
    "atmosphere_decay": Recipe(
        "air_table.atmosphere_decay",
        ("numpy", "pymsis"),
        "NRLMSIS 2.1, means over ten days of the year, 12 longitudes and 16 Gaussian latitudes at "
        "noon and midnight UT; C_d A / m of 1 m2/kg, air at rest",
    ),
    "saa_proton_flux": Recipe(
        "belt_tables.saa_proton_flux",
        ("numpy", "sgp4", "aep8", "astropy"),
        "AP8 of IRBEM, protons above 30 MeV in cm-2 s-1 along circles of SGP4, in its own fields "
        "of the 1960s; inside is above 10",
    ),
    "saa_flux_map": Recipe(
        "belt_tables.saa_flux_map",
        ("numpy", "aep8", "astropy"),
        "the same at solar minimum; altitude above a sphere of 6,371.2 km, places above 10 alone",
    ),
    "battery_ageing_blast": Recipe(
        "battery_table.battery_ageing_blast",
        ("numpy", "blast-lite"),
        "BLAST-Lite (NREL): the dark discharges evenly to dod, a share of what is left, the light "
        "charges as fast, then rest at soc_max; of every four days the first season_share has "
        "eclipses; a year is 365 days",
    ),
}

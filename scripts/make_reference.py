"""Computes the reference tables that `sunward validate` ships, by independent packages.

    pip install -e ".[validation]"
    python scripts/make_reference.py [--out agents/sunward_agents/validation/reference]

Imports nothing of ours: a table made by the code it judges would judge nothing.
"""
# ruff: noqa: T201 - a script reports what it did

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import io
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from reference_tables import (
    chain_table,
    ground_table,
    heat_tables,
    orbit_tables,
    plate_tables,
    shadow_tables,
    sun_table,
)
from reference_tables.constants import Rows

OUT = Path(__file__).resolve().parents[1] / "agents/sunward_agents/validation/reference"
PACKAGES = ("numpy", "scipy", "skyfield", "skyfield-data", "sgp4")

#: file -> how it is made, and what its columns mean where their names leave a question.
TABLES: dict[str, tuple[Callable[[], Rows], str]] = {
    "sun_direction": (
        sun_table.sun_direction,
        "skyfield, DE421: unit vectors without light time (geom), apparent (app) in GCRF, mean "
        "(mod) and true (tod) equator and equinox of date; dist_au geometric",
    ),
    "eclipse_orbits": (
        shadow_tables.eclipse_orbits,
        "circular two-body orbit from its node at epoch_utc, Sun of DE421 moving, spheres of "
        "6378.1363 and 695000 km, edges by scipy's brentq; last entry and exit in [0, period]",
    ),
    "eclipse_season": (
        shadow_tables.eclipse_season,
        "mean of one minus the Sun's disc in view over 20,000 points of the orbit, DE421; node by "
        "the first-order J2 rate",
    ),
    "j2_raan_drift": (
        orbit_tables.j2_raan_drift,
        "scipy DOP853 under the J2 force, ten days; mean elements and rate by least squares "
        "beside the short-period swings; sgp4's own rate at those elements",
    ),
    "sso_inclination": (
        orbit_tables.sso_inclination,
        "where sgp4's secular rate of the node (WGS72) is 0.98564736 deg/day; without brahe's "
        "column",
    ),
    "ground_access": (
        ground_table.ground_access,
        "skyfield's find_events on SGP4 (WGS72, no drag, eccentricity 1e-9), stations on WGS84; "
        "rates are SGP4's secular ones",
    ),
    "isl_walker": (
        orbit_tables.isl_walker,
        "rotated vectors and the nearest point of a segment, NumPy; los_basilisk keeps its name "
        "but is this geometry: the segment stays 100 km above the sphere",
    ),
    "basilisk_power_thermal_cases": (
        chain_table.cases,
        "cases of the next file",
    ),
    "basilisk_power_thermal": (
        chain_table.samples,
        "the chain in continuous time: two-disc light at DE421's Sun held at jd_tt, energy by the "
        "trapezoid rule at 0.1 s, node by Radau with the constants of Basilisk's sensorThermal",
    ),
    "thermal_one_node_cases": (heat_tables.thermal_one_node_cases, "cases of the next file"),
    "thermal_one_node": (
        heat_tables.thermal_one_node,
        "scipy Radau, tolerance 1e-10, from event to event",
    ),
    "thermal_three_node_cases": (heat_tables.thermal_three_node_cases, "cases of the next file"),
    "thermal_three_node": (
        heat_tables.thermal_three_node,
        "scipy Radau, tolerance 1e-10, from event to event",
    ),
    "radiator_area": (heat_tables.radiator_area, "closed form, Stefan-Boltzmann"),
    "plate_earth_view_factor": (
        plate_tables.plate_earth_view_factor,
        "scipy's quad over rings of the disc in view",
    ),
    "plate_albedo_factor": (
        plate_tables.plate_albedo_factor,
        "product rule of 300 x 2,000 points; q = S x albedo x F_albedo, Lambertian sphere",
    ),
    "relative_motion": (
        orbit_tables.relative_motion,
        "two two-body orbits by DOP853, seen in the frame that turns with the first",
    ),
}


def main() -> None:
    """Computes and writes every table, then the README beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, (compute, meaning) in TABLES.items():
        rows = compute()
        lines.append(f"| {name}.csv | {len(rows)} | {' '.join(rows[0])} | {meaning} |\n")
        write(folder / f"{name}.csv", as_csv(rows))
        print(f"{name}.csv: {len(rows)} rows", flush=True)
    write(folder / "README.md", readme("".join(lines)))


def as_csv(rows: Rows) -> str:
    """Returns the rows as CSV text with one header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def readme(lines: str) -> str:
    """Returns what the tables are, by which versions and when.

    Args:
        lines: One a table: file, number of rows, columns, how it is computed.
    """
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return f"""\
# Reference tables of `sunward validate`

Computed on {datetime.now(UTC):%Y-%m-%d} by `python scripts/make_reference.py` with independent
packages, none of them ours; nothing is copied from another table. Columns end in their unit; times
are UTC unless a column says TT.

Tools: {versions}, Python {platform.python_version()}.

Constants: mu 398600.4418 km3/s2, Earth radius 6378.1363 km, J2 1.08262668e-3, AU 149597870.7 km,
Stefan-Boltzmann 5.670374419e-8, sunlight 1361 W/m2 at 1 AU.

| file | rows | columns | how it is computed |
|---|---|---|---|
{lines}"""


if __name__ == "__main__":
    main()

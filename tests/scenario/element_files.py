"""Element sets for tests: a made-up shell, and the real fleet of the shared tables as OMM.

`python -m tests.scenario.element_files` writes `constellations/shell.tle` anew.
"""

from __future__ import annotations

import csv
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "constellations"
SHELL = FOLDER / "shell.tle"
N_PLANES, N_SLOTS, PHASING = 6, 8, 1
INCLINATION_DEG, REV_PER_DAY = 53.05, 15.06
EPOCH_1949_DAYS = 27_543.0  # 2025-05-29, as sgp4 counts
#: Days between the epochs of one satellite and the next: sets are never of one moment.
EPOCH_STEP_DAYS = 0.011


def satrec(number: int, node_deg: float, argument_deg: float, age_days: float = 0.0, **other: Any):
    """Returns the record of one near-circular satellite."""
    from sgp4.api import WGS72, Satrec

    values = {"bstar": 0.0, "ecco": 0.0, "inc_deg": INCLINATION_DEG, "rev_day": REV_PER_DAY} | other
    record = Satrec()
    record.sgp4init(
        WGS72,
        "i",
        number,
        EPOCH_1949_DAYS - age_days,
        values["bstar"],
        0.0,
        0.0,
        values["ecco"],
        0.0,
        math.radians(values["inc_deg"]),
        math.radians(argument_deg % 360.0),
        values["rev_day"] * 2.0 * math.pi / 1440.0,
        math.radians(node_deg % 360.0),
    )
    record.classification, record.intldesg = "U", "25001A"
    return record


def tle(record, name: str = "") -> str:
    """Returns the two lines of a record, below its name if it has one."""
    from sgp4.exporter import export_tle

    return "\n".join([*([name] if name else []), *export_tle(record)]) + "\n"


def shell_records() -> list:
    """Returns a Walker shell whose sets were made at different moments, the last one now.

    What J2 turned until each set's epoch is in its node and argument, by SGP4's own rates.
    """
    probe = satrec(1, 0.0, 0.0)
    minutes_per_day = 1440.0
    node_rate = math.degrees(probe.nodedot) * minutes_per_day
    argument_rate = math.degrees(probe.argpdot + probe.mdot) * minutes_per_day
    records = []
    n_sats = N_PLANES * N_SLOTS
    for index in range(n_sats):
        plane, slot = divmod(index, N_SLOTS)
        age = (n_sats - 1 - index) * EPOCH_STEP_DAYS
        node = 360.0 * plane / N_PLANES - node_rate * age
        argument = 360.0 * (slot / N_SLOTS + PHASING * plane / n_sats) - argument_rate * age
        records.append(satrec(70_001 + index, node, argument, age))
    return records


def shell_text() -> str:
    """Returns the made-up shell as lines with names."""
    return "".join(tle(record, f"TEST-{record.satnum}") for record in shell_records())


def real_omm(shared_dir: Path) -> list[dict[str, Any]]:
    """Returns Starlink of 2025-05-29 as OMM, from the numbers of the shared table."""
    path = shared_dir / "data" / "geo" / "starlink_gp_2025-05-29.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return [_omm(row) for row in csv.DictReader(file)]


def _omm(row: dict[str, str]) -> dict[str, Any]:
    year, day = divmod(float(row["epoch_yyddd"]), 1000.0)
    epoch = datetime(2000 + int(year), 1, 1) + timedelta(days=day - 1.0)
    mantissa, exponent = row["bstar"][:-2], row["bstar"][-2:]
    return {
        "OBJECT_NAME": row["name"],
        "EPOCH": epoch.isoformat(timespec="microseconds"),
        "MEAN_MOTION": float(row["n_rev_day"]),
        "ECCENTRICITY": float(row["ecc"]),
        "INCLINATION": float(row["incl_deg"]),
        "RA_OF_ASC_NODE": float(row["raan_deg"]),
        "ARG_OF_PERICENTER": float(row["argp_deg"]),
        "MEAN_ANOMALY": float(row["ma_deg"]),
        "NORAD_CAT_ID": int(row["norad"]),
        "BSTAR": float(mantissa) * 1e-5 * 10.0 ** int(exponent),
    }


def write_csv(path: Path, sets: list[dict[str, Any]]) -> Path:
    """Writes sets as OMM CSV and returns the path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(sets[0]))
        writer.writeheader()
        writer.writerows(sets)
    return path


if __name__ == "__main__":
    SHELL.write_text(shell_text(), encoding="utf-8")

"""sun_direction.csv: skyfield with DE421."""

from __future__ import annotations

import numpy as np

from reference_tables.constants import AU_KM, Rows, rounded
from reference_tables.sky import ephemeris, geometric_sun_km, iso, timescale

N_ROWS, STEP_DAYS = 60, 61.37
#: TAI - UTC since 2017.
_LEAP_SECONDS = 37.0


def sun_direction() -> Rows:
    """Returns the Sun's direction in four frames, every two months from 2024 to 2034."""
    rows: Rows = []
    for index in range(N_ROWS):
        # Whole seconds, so that the time as written is the time computed with.
        seconds = round(index * STEP_DAYS * 86400.0)
        time = timescale().utc(2024, 2, 5, 3, 17, seconds)
        rows.append(_row(time))
    return rows


def _row(time) -> dict:
    geometric_km = geometric_sun_km(time)
    apparent = ephemeris()["earth"].at(time).observe(ephemeris()["sun"]).apparent()
    gcrf = apparent.position.au / np.linalg.norm(apparent.position.au)
    true_of_date = time.M @ gcrf
    mean_of_date = time.nutation_matrix().T @ true_of_date
    row = {"utc": iso(time), "jd_utc": round(_jd_utc(time), 9), "jd_tt": round(float(time.tt), 9)}
    vectors = {
        "sun_geom_gcrf": geometric_km / np.linalg.norm(geometric_km),
        "sun_app_gcrf": gcrf,
        "sun_app_mod": mean_of_date,
        "sun_app_tod": true_of_date,
    }
    for name, vector in vectors.items():
        row |= rounded(9, **{f"{name}_{axis}": vector[i] for i, axis in enumerate("xyz")})
    x, y, z = true_of_date
    row |= rounded(
        7,
        ra_tod_deg=np.degrees(np.arctan2(y, x)) % 360.0,
        dec_tod_deg=np.degrees(np.arcsin(z)),
    )
    return row | rounded(9, dist_au=float(np.linalg.norm(geometric_km)) / AU_KM)


def _jd_utc(time) -> float:
    """Returns the Julian day of the UTC clock: TT less 32.184 s and the leap seconds."""
    return float(time.tt) - (32.184 + _LEAP_SECONDS) / 86400.0

"""ground_access.csv: skyfield's passes of SGP4 satellites."""

from __future__ import annotations

import numpy as np
from skyfield.api import EarthSatellite, wgs84

from reference_tables.constants import EARTH_RADIUS_KM, SECONDS_PER_DAY, Rows, rounded
from reference_tables.orbit_tables import satrec
from reference_tables.sky import iso, timescale

DAYS = 3.0
EPOCH = (2027, 8, 14, 0, 0, 0)
#: Days from SGP4's zero, 1949-12-31T00:00 UTC.
SGP4_ZERO_JD = 2433281.5
#: name, altitude in km, inclination, node in TEME in deg.
SATELLITES = (
    ("SSO560", 560.0, 97.63, 250.0),
    ("INC47", 630.0, 47.0, 15.0),
    ("INC74", 900.0, 74.0, 130.0),
)
#: name, latitude, longitude in deg, height in km, mask in deg.
STATIONS = (
    ("Kiruna", 67.8571, 20.9643, 0.40, 10.0),
    ("Madrid", 40.4314, -4.2481, 0.83, 10.0),
    ("Singapore", 1.3521, 103.8198, 0.02, 5.0),
    ("Perth", -31.8025, 115.8852, 0.05, 10.0),
)


def ground_access() -> Rows:
    """Returns every pass of three days above the stations' masks."""
    rows: Rows = []
    start = timescale().utc(*EPOCH)
    for satellite in SATELLITES:
        for station in STATIONS:
            rows += _passes(start, satellite, station)
    return rows


def _passes(start, satellite: tuple, station: tuple) -> Rows:
    name, altitude_km, inc_deg, raan_deg = satellite
    place, lat_deg, lon_deg, height_km, mask_deg = station
    jd_utc = start.tt - 69.184 / SECONDS_PER_DAY
    model = satrec(
        EARTH_RADIUS_KM + altitude_km, inc_deg, raan_deg, round(jd_utc - SGP4_ZERO_JD, 6)
    )
    body = EarthSatellite.from_satrec(model, timescale())
    ground = wgs84.latlon(lat_deg, lon_deg, elevation_m=height_km * 1e3)
    head = {
        "sat": name,
        "altitude_km": altitude_km,
        "inc_deg": inc_deg,
        "raan_teme_deg": raan_deg,
        "u0_deg": 0.0,
        "epoch_utc": iso(start),
        **rounded(6, nodedot_deg_per_day=np.degrees(model.nodedot) * 1440.0),
        **rounded(5, argdot_plus_mdot_deg_per_day=np.degrees(model.argpdot + model.mdot) * 1440.0),
        "station": place,
        "lat_deg": lat_deg,
        "lon_deg": lon_deg,
        "height_km": height_km,
        "mask_deg": mask_deg,
    }
    times, kinds = body.find_events(ground, start, start + DAYS, altitude_degrees=mask_deg)
    seconds = (times.tt - start.tt) * SECONDS_PER_DAY
    # A pass is rise, culmination, set in a row: those cut off by the ends of the three days go.
    return [
        head | _row((body - ground).at(times[k + 1]).altaz(), seconds[k : k + 3])
        for k in range(len(kinds) - 2)
        if list(kinds[k : k + 3]) == [0, 1, 2]
    ]


def _row(altaz, seconds) -> dict:
    elevation, _, distance = altaz
    return {
        **rounded(3, rise_s=seconds[0], culminate_s=seconds[1], set_s=seconds[2]),
        **rounded(3, duration_s=seconds[2] - seconds[0]),
        **rounded(3, max_elev_deg=elevation.degrees, range_at_max_km=distance.km),
    }

"""saa_proton_flux.csv and saa_flux_map.csv: AP8 of IRBEM by aep8, in its fields of the 1960s."""

from __future__ import annotations

import warnings

import aep8
import numpy as np
from astropy import units
from astropy.coordinates import EarthLocation
from astropy.time import Time

from reference_tables.constants import EARTH_RADIUS_KM, SECONDS_PER_DAY, Rows, rounded
from reference_tables.orbit_tables import satrec
from reference_tables.sky import Array

ENERGY = 30.0 * units.MeV
#: Protons in cm-2 s-1 above which a satellite counts as inside the anomaly.
EDGE_FLUX = 10.0
#: name, altitude in km, inclination in deg.
ORBITS = (
    ("INC52_390", 390.0, 51.6),
    ("INC43_475", 475.0, 43.0),
    ("SSO_560", 560.0, 97.6),
    ("INC53_610", 610.0, 53.0),
    ("INC86_670", 670.0, 86.0),
    ("SSO_780", 780.0, 98.5),
    ("INC37_870", 870.0, 37.0),
    ("INC66_1050", 1050.0, 66.0),
    ("SSO_1250", 1250.0, 100.7),
    ("INC88_1450", 1450.0, 88.0),
)
DAYS, STEP_S = 4.0, 40.0
#: Sidereal day, by which the Earth turns under the orbit.
EARTH_TURN_RAD_S = 7.2921158553e-5
MAP_ALTITUDES_KM = (550.0, 900.0)
MAP_SPHERE_KM = 6371.2
MAP_LATITUDES_DEG = np.arange(-53.0, 30.0, 7.0)
MAP_LONGITUDES_DEG = np.arange(-112.0, 60.0, 11.0)
#: The field models ignore the date.
ANY_DATE = Time(2461000.5, format="jd")


def saa_proton_flux() -> Rows:
    """Returns statistics of the flux along orbits, at both ends of the solar cycle."""
    return [
        {
            "orbit": name,
            "altitude_km": altitude_km,
            "inc_deg": inc_deg,
            "solar": solar,
            "days": DAYS,
            "step_s": STEP_S,
            **statistics(flux_cm2_s(orbit_km(altitude_km, inc_deg), solar)),
        }
        for name, altitude_km, inc_deg in ORBITS
        for solar in ("min", "max")
    ]


def saa_flux_map() -> Rows:
    """Returns the flux at solar minimum on two spheres, where there is any."""
    grid = [
        (altitude, latitude, longitude)
        for altitude in MAP_ALTITUDES_KM
        for latitude in MAP_LATITUDES_DEG
        for longitude in MAP_LONGITUDES_DEG
    ]
    altitude, latitude, longitude = np.array(grid).T
    flux = flux_cm2_s(on_sphere_km(MAP_SPHERE_KM + altitude, latitude, longitude), "min")
    return [
        {
            "altitude_km": place[0],
            "geocentric_lat_deg": place[1],
            "lon_deg": place[2],
            **rounded(3, flux30_per_cm2_s=value),
        }
        for place, value in zip(np.array(grid).tolist(), flux, strict=True)
        if value > EDGE_FLUX
    ]


def orbit_km(altitude_km: float, inc_deg: float) -> Array:
    """Returns Earth-fixed positions along a circular orbit of SGP4 in km (3, n).

    The node starts over Greenwich; which meridian it is hardly counts in four days.
    """
    satellite = satrec(EARTH_RADIUS_KM + altitude_km, inc_deg)
    times_s = np.arange(int(DAYS * SECONDS_PER_DAY / STEP_S)) * STEP_S
    places = []
    for time_s in times_s:
        error, place, _ = satellite.sgp4_tsince(time_s / 60.0)
        assert error == 0, error
        places.append(place)
    x, y, z = np.array(places).T
    turn = EARTH_TURN_RAD_S * times_s
    return np.stack([np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x, z])


def on_sphere_km(radius_km: Array, latitude_deg: Array, longitude_deg: Array) -> Array:
    """Returns Earth-fixed positions in km (3, n)."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    across = np.cos(latitude)
    unit = np.stack([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)])
    return radius_km * unit


def flux_cm2_s(place_km: Array, solar: str) -> Array:
    """Returns AP8's flux of protons above 30 MeV in cm-2 s-1 (n,)."""
    location = EarthLocation.from_geocentric(*(place_km * units.km))
    with warnings.catch_warnings():
        # Field lines that AP8 does not know come back as NaN: no trapped protons there.
        warnings.simplefilter("ignore", RuntimeWarning)
        flux = aep8.model(solar=solar, particle="p").integral_flux(
            location, Time(np.full(place_km.shape[1], ANY_DATE.jd), format="jd"), ENERGY
        )
    return np.maximum(np.nan_to_num(flux.value), 0.0)


def statistics(flux: Array) -> dict[str, float]:
    """Returns what the flux along an orbit amounts to."""
    inside = flux > EDGE_FLUX
    entries = np.count_nonzero(inside[1:] & ~inside[:-1]) + int(inside[0])
    minutes = np.count_nonzero(inside) * STEP_S / 60.0
    return {
        **rounded(5, time_share_flux30_gt_10=inside.mean()),
        **rounded(2, crossings_per_day=entries / DAYS),
        **rounded(3, mean_crossing_min=minutes / max(entries, 1)),
        **rounded(3, mean_flux30=flux.mean(), peak_flux30=flux.max()),
        **rounded(5, share_of_fluence30_inside=flux[inside].sum() / flux.sum()),
    }

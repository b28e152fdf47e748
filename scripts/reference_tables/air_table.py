"""atmosphere_decay.csv: NRLMSIS 2.1 by pymsis, means over the globe, the day and the year."""

from __future__ import annotations

import numpy as np
import pymsis

from reference_tables.constants import EARTH_RADIUS_KM, MU_KM3_S2, SECONDS_PER_DAY, Rows
from reference_tables.sky import Array

ALTITUDES_KM = (220, 300, 365, 420, 480, 540, 610, 690, 770, 860, 1050, 1350)
#: activity, F10.7 of the day and of 81 days alike, ap.
LEVELS = (("low", 72.0, 5.0), ("rising", 110.0, 9.0), ("high", 175.0, 16.0), ("peak", 210.0, 24.0))
N_LATITUDES, N_LONGITUDES = 16, 12
#: Ten days of a year, noon and midnight in turn; over the longitudes all local times occur.
DATES = np.datetime64("2026-01-14T00:00") + np.arange(10) * np.timedelta64(36 * 24 + 12, "h")
SECONDS_PER_YEAR = 365.25 * SECONDS_PER_DAY


def atmosphere_decay() -> Rows:
    """Returns mean density, and what it does to a circular orbit with C_d A / m of 1 m2/kg."""
    rows: Rows = []
    for activity, f107, ap in LEVELS:
        field, weights = density_field(f107, ap)
        means = np.einsum("dnla,l->a", field, weights) / (len(DATES) * N_LONGITUDES)
        for column, altitude_km in enumerate(ALTITUDES_KM):
            layer = field[..., column]
            rows.append(
                {
                    "altitude_km": altitude_km,
                    "activity": activity,
                    "f107": f107,
                    "ap": ap,
                    "rho_mean_kg_m3": significant(means[column]),
                    "rho_max": significant(layer.max()),
                    "rho_min": significant(layer.min()),
                    **orbit_effects(altitude_km, means[column]),
                }
            )
    return rows


def density_field(f107: float, ap: float) -> tuple[Array, Array]:
    """Returns densities in kg/m3 (dates, longitudes, latitudes, altitudes), weights of latitudes.

    The latitudes are Gauss's, so that the weighted sum is the mean over the sphere.
    """
    sines, weights = np.polynomial.legendre.leggauss(N_LATITUDES)
    longitudes = (np.arange(N_LONGITUDES) + 0.5) * 360.0 / N_LONGITUDES
    layers = [
        pymsis.calculate(
            date,
            longitudes,
            np.degrees(np.arcsin(sines)),
            np.array(ALTITUDES_KM, dtype=float),
            f107s=[f107],
            f107as=[f107],
            aps=[[ap] * 7],
            version=2.1,
        )[..., pymsis.Variable.MASS_DENSITY]
        for date in DATES
    ]
    shape = (len(DATES), N_LONGITUDES, N_LATITUDES, len(ALTITUDES_KM))
    return np.asarray(layers, dtype=np.float64).reshape(shape), 0.5 * weights


def orbit_effects(altitude_km: float, density: float) -> dict[str, float]:
    """Returns decay, deceleration and a year's change of speed, from density in kg/m3."""
    radius_m, mu = 1e3 * (EARTH_RADIUS_KM + altitude_km), 1e9 * MU_KM3_S2
    deceleration = 0.5 * density * mu / radius_m
    decay_m_s = -density * np.sqrt(mu * radius_m)
    return {
        "dadt_km_per_day_per_unit_CdA_m": significant(1e-3 * SECONDS_PER_DAY * decay_m_s),
        "drag_accel_m_s2_per_unit_CdA_m": significant(deceleration),
        "dv_m_s_per_year_per_unit_CdA_m": significant(SECONDS_PER_YEAR * deceleration),
    }


def significant(value: float) -> float:
    """Returns a value with six digits."""
    return float(f"{value:.6g}")

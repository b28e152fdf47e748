"""Prints the table of `sunward.physics.atmosphere`, from NRLMSIS 2.1, and its errors.

    pip install -e ".[validation]"
    python scripts/fit_atmosphere.py [--check]

Means over the globe, the hours of the day and twelve months. `--check` only compares the package's
function with the model, at altitudes and activities between those of the table.
"""

from __future__ import annotations

import argparse
import math
import sys
from itertools import product

import numpy as np
import pymsis
from scipy.optimize import least_squares

from sunward.physics import atmosphere

ALTITUDES_KM = (150, 175, 205, 240, 280, 325, 375, 430, 490, 560)
ALTITUDES_KM = (*ALTITUDES_KM, 640, 730, 830, 940, 1080, 1260, 1480, 1740, 2000)
F107 = (60, 80, 105, 135, 170, 210, 260)
#: The law that turns geomagnetic activity into F10.7 is fitted on these.
AP_ALTITUDES_KM = (200, 300, 400, 500, 600, 700, 850, 1000, 1300, 1700)
AP_F107 = (65, 75, 90, 115, 150, 190, 230)
AP_LEVELS = (2, 6, 18, 30, 60)
CHECK_ALTITUDES_KM = (160, 190, 260, 345, 410, 470, 525, 590, 670, 780, 900, 1150, 1600, 1900)
CHECK_LEVELS = ((67, 3), (75, 5), (90, 8), (120, 10), (150, 12), (180, 9), (205, 22), (235, 30))
N_LATITUDES, N_HOURS, N_MONTHS = 12, 8, 12


def mean_log_density(f107: float, ap: float, altitudes_km: tuple[float, ...]) -> np.ndarray:
    """Returns ln(mean density in kg/m3) at each altitude."""
    sines, weights = np.polynomial.legendre.leggauss(N_LATITUDES)
    latitudes = np.degrees(np.arcsin(sines))
    longitudes = np.arange(N_HOURS) * 360.0 / N_HOURS  # at one hour of UT: all local times
    total = np.zeros(len(altitudes_km))
    for month in range(N_MONTHS):
        minutes = int((month + 0.5) * 365.25 / N_MONTHS * 1440.0)
        date = np.datetime64("2025-01-01T00:00") + np.timedelta64(minutes, "m")
        densities = pymsis.calculate(
            date,
            longitudes,
            latitudes,
            np.array(altitudes_km, dtype=float),
            f107s=[f107],
            f107as=[f107],
            aps=[[ap] * 7],
        )[..., pymsis.Variable.MASS_DENSITY]
        field = np.asarray(densities).reshape(N_HOURS, N_LATITUDES, len(altitudes_km))
        total += np.einsum("hla,l->a", field, weights) / (2.0 * N_HOURS)
    return np.log(total / N_MONTHS)


def fit_equivalence(table: np.ndarray) -> np.ndarray:
    """Returns (scale, offset, exponent) of `atmosphere.equivalent_f107`."""
    levels = list(product(AP_F107, AP_LEVELS))
    truth = np.array([mean_log_density(f107, ap, AP_ALTITUDES_KM) for f107, ap in levels])
    rows = tuple(tuple(row) for row in table)

    def misses(constants: np.ndarray) -> np.ndarray:
        ours = [
            [
                atmosphere.interpolated(
                    rows,
                    atmosphere.equivalent_f107(f107, ap, *constants),
                    altitude_km,
                )
                for altitude_km in AP_ALTITUDES_KM
            ]
            for f107, ap in levels
        ]
        return (np.array(ours) - truth).ravel()

    found = least_squares(misses, [12.0, 6.0, 0.4])
    print(f"geomagnetic activity: rms {np.sqrt(np.mean(found.fun**2)):.3f} of ln(density)")
    return found.x


def check() -> None:
    """Prints the package's density over the model's, less one, in per cent."""
    print("per cent at", *(f"{altitude_km} km" for altitude_km in CHECK_ALTITUDES_KM))
    worst = 0.0
    for f107, ap in CHECK_LEVELS:
        truth = mean_log_density(f107, ap, CHECK_ALTITUDES_KM)
        misses = [
            100.0 * math.expm1(math.log(atmosphere.density_kg_m3(1e3 * km, f107, ap)) - log)
            for km, log in zip(CHECK_ALTITUDES_KM, truth, strict=True)
        ]
        worst = max(worst, *map(abs, misses))
        print(f"F10.7 {f107}, ap {ap}:", *(f"{miss:+.1f}" for miss in misses))
    print(f"worst {worst:.1f} per cent")


def main() -> int:
    """Tabulates, fits, prints and checks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only, do not tabulate")
    if not parser.parse_args().check:
        table = np.array([mean_log_density(f107, 12, ALTITUDES_KM) for f107 in F107])
        print("ALTITUDES_KM =", ALTITUDES_KM)
        print("F107 =", F107)
        for row in table:
            print("(" + ", ".join(f"{value:.4f}" for value in row) + "),")
        print("scale, offset, exponent:", fit_equivalence(table).round(4))
    check()
    return 0


if __name__ == "__main__":
    sys.exit(main())

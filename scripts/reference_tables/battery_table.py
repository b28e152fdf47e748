"""battery_ageing_blast.csv: a cell in orbit by BLAST-Lite.

Its package holds NumPy below 2, so this table has an environment of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from blast.models import Nmc111_Gr_Sanyo2Ah_Battery
from numpy.typing import NDArray

from reference_tables.constants import SECONDS_PER_DAY, Rows

MODEL = "NMC111_Sanyo2Ah(Schmalstieg2014)"
YEARS = (1.5, 4.0)
DAYS_PER_YEAR = 365.0
#: Samples of one orbit: well below the minutes in which it charges.
SAMPLES = 97
#: The days of the input, which BLAST-Lite repeats: shares of it can be free of eclipses.
BLOCK_DAYS = 4


@dataclass(frozen=True)
class Stress:
    """What a battery goes through."""

    dod: float = 0.25
    temp_C: float = 25.0
    eclipse_min: float = 34.0
    soc_max: float = 0.9
    season_share: float = 1.0
    orbits_per_day: float = 15.0


BASE = Stress()
STRESSES = (
    BASE,
    *(replace(BASE, dod=dod) for dod in (0.0, 0.08, 0.15, 0.4)),
    *(replace(BASE, temp_C=celsius) for celsius in (12.0, 18.0, 32.0)),
    *(replace(BASE, soc_max=top) for top in (0.7, 0.8, 1.0)),
    *(replace(BASE, season_share=share) for share in (0.25, 0.5, 0.75)),
    replace(BASE, eclipse_min=22.0),
    replace(BASE, orbits_per_day=13.0),
    Stress(dod=0.12, temp_C=28.0, eclipse_min=20.0, soc_max=0.75, season_share=0.5),
    Stress(dod=0.35, temp_C=15.0, eclipse_min=36.0, soc_max=0.95, orbits_per_day=14.0),
)


def battery_ageing_blast() -> Rows:
    """Returns what is left of the capacity, one stressor changed at a time."""
    rows: Rows = []
    for stress in STRESSES:
        for years, left in zip(YEARS, capacity(stress), strict=True):
            rows.append({"model": MODEL, **vars(stress), "years": years, "q_rel": round(left, 5)})
    return rows


def capacity(stress: Stress) -> list[float]:
    """Returns the share of the capacity left at each of `YEARS`."""
    time_s, charge = block(stress)
    battery = Nmc111_Gr_Sanyo2Ah_Battery()
    battery.simulate_battery_life(
        {"Time_s": time_s, "SOC": charge, "Temperature_C": np.full_like(time_s, stress.temp_C)},
        threshold_time=max(YEARS),
        # A depth is a share of what is left: the charge that goes through falls with age.
        is_conserve_energy_throughput=False,
    )
    aged_years = battery.stressors["t_days"] / DAYS_PER_YEAR
    return np.interp(YEARS, aged_years, battery.outputs["q"]).tolist()


def block(stress: Stress) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns (times in s, charge fractions) of the days that repeat: with eclipses, then without.

    An orbit discharges evenly in the dark, charges as fast in the light and rests full.
    """
    period_s = SECONDS_PER_DAY / stress.orbits_per_day
    dark_s = 60.0 * stress.eclipse_min
    orbit_s = np.linspace(0.0, period_s, SAMPLES)[:-1]
    drawn = np.interp(orbit_s, [0.0, dark_s, 2.0 * dark_s, period_s], [0.0, stress.dod, 0.0, 0.0])
    n_orbits = round(BLOCK_DAYS * stress.orbits_per_day)
    n_dark = round(n_orbits * stress.season_share)
    times_s = np.concatenate([orbit_s + period_s * turn for turn in range(n_orbits)])
    drawn = np.concatenate([drawn * (turn < n_dark) for turn in range(n_orbits)])
    return np.append(times_s, n_orbits * period_s), np.append(
        stress.soc_max - drawn, stress.soc_max
    )

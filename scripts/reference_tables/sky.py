"""Skyfield's clock and ephemeris DE421, and circular orbits as vectors."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
from numpy.typing import NDArray
from skyfield.api import Loader
from skyfield_data import get_skyfield_data_path

from reference_tables.constants import AU_KM

Array = NDArray[np.float64]


@cache
def loader() -> Loader:
    """Returns a loader of the files that skyfield-data brings: nothing is downloaded."""
    with warnings.catch_warnings():
        # Its tables of the Earth's rotation may be out of date: the time scale takes skyfield's.
        warnings.simplefilter("ignore", RuntimeWarning)
        return Loader(get_skyfield_data_path(), verbose=False)


@cache
def timescale():
    """Returns skyfield's time scale with the Earth's rotation of its own files."""
    return loader().timescale(builtin=True)


@cache
def ephemeris():
    """Returns DE421."""
    return loader()("de421.bsp")


def geometric_sun_km(time) -> Array:
    """Returns the vector from Earth to Sun in GCRF in km, without light time; (3,) or (3, n)."""
    bodies = ephemeris()
    return (bodies["sun"].at(time).position.au - bodies["earth"].at(time).position.au) * AU_KM


def plane(raan_deg: float, inc_deg: float) -> tuple[Array, Array, Array]:
    """Returns unit vectors along the node, a quarter turn ahead, and along the pole."""
    node, tilt = np.radians(raan_deg), np.radians(inc_deg)
    along = np.array([np.cos(node), np.sin(node), 0.0])
    east = np.array([-np.sin(node), np.cos(node), 0.0])
    pole = np.array([0.0, 0.0, 1.0])
    return (
        along,
        np.cos(tilt) * east + np.sin(tilt) * pole,
        np.cos(tilt) * pole - np.sin(tilt) * east,
    )


def mean_sun_right_ascension_deg(time) -> float:
    """Returns the right ascension of the mean Sun: Greenwich sidereal time less its hour angle."""
    hour_angle_deg = ((time.ut1 + 0.5) % 1.0) * 360.0 - 180.0
    return (15.0 * time.gmst - hour_angle_deg) % 360.0


def iso(time) -> str:
    """Returns a time as 2026-01-01T12:00:00Z."""
    return time.utc_strftime("%Y-%m-%dT%H:%M:%SZ")

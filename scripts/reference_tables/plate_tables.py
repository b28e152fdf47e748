"""What a plate sees of the Earth: quadrature over the disc in view."""

from __future__ import annotations

import numpy as np
from scipy.integrate import quad

from reference_tables.constants import EARTH_RADIUS_KM, Rows, rounded

ALTITUDES_KM = (450.0, 720.0, 1150.0)
TILTS_DEG = (0.0, 15.0, 45.0, 60.0, 80.0, 90.0, 100.0, 120.0, 145.0, 175.0)
ALBEDO_TILTS_DEG = (0.0, 50.0, 90.0)
ZENITHS_DEG = (10.0, 40.0, 65.0, 85.0)
AZIMUTHS_DEG = (0.0, 70.0, 180.0)
#: Points of the product rule: rings by Gauss-Legendre, sectors by the midpoint rule.
N_RINGS, N_SECTORS = 300, 2000


def plate_earth_view_factor() -> Rows:
    """Returns the share of a plate's view that the Earth takes, weighted by the cosine."""
    return [
        {
            "altitude_km": altitude_km,
            "tilt_from_nadir_deg": tilt_deg,
            **rounded(8, F_earth_ir=_view(altitude_km, np.radians(tilt_deg))),
        }
        for altitude_km in ALTITUDES_KM
        for tilt_deg in TILTS_DEG
    ]


def _view(altitude_km: float, tilt: float) -> float:
    limb = np.arcsin(EARTH_RADIUS_KM / (EARTH_RADIUS_KM + altitude_km))

    def ring(nadir: float) -> float:
        """Integrates the cosine to the plate's normal over the sectors that face it."""
        even, swing = np.cos(tilt) * np.cos(nadir), np.sin(tilt) * np.sin(nadir)
        if even >= swing:
            return 2.0 * np.pi * even * np.sin(nadir)
        if even <= -swing:
            return 0.0
        edge = np.arccos(-even / swing)
        return 2.0 * (even * edge + swing * np.sin(edge)) * np.sin(nadir)

    kinks = [k for k in (abs(np.pi / 2.0 - tilt),) if 0.0 < k < limb]
    return quad(ring, 0.0, limb, points=kinks or None, epsabs=1e-12, limit=200)[0] / np.pi


def plate_albedo_factor() -> Rows:
    """Returns the reflected sunlight on a plate over sunlight times albedo."""
    return [
        {
            "altitude_km": altitude_km,
            "tilt_from_nadir_deg": tilt_deg,
            "subsat_solar_zenith_deg": zenith_deg,
            "sun_azimuth_rel_plate_deg": azimuth_deg,
            **rounded(6, F_albedo=_albedo(altitude_km, *map(np.radians, angles))),
        }
        for altitude_km in ALTITUDES_KM
        for tilt_deg in ALBEDO_TILTS_DEG
        for zenith_deg in ZENITHS_DEG
        for azimuth_deg in AZIMUTHS_DEG
        for angles in [(tilt_deg, zenith_deg, azimuth_deg)]
    ]


def _albedo(altitude_km: float, tilt: float, zenith: float, azimuth: float) -> float:
    """Integrates over directions from the plate: x towards its horizontal lean, z to the zenith."""
    ratio = EARTH_RADIUS_KM / (EARTH_RADIUS_KM + altitude_km)
    limb = np.arcsin(ratio)
    nodes, weights = np.polynomial.legendre.leggauss(N_RINGS)
    nadir = 0.5 * limb * (nodes + 1.0)[:, None]
    sector = (2.0 * np.pi * (np.arange(N_SECTORS) + 0.5) / N_SECTORS)[None, :]
    look = np.stack(
        np.broadcast_arrays(
            np.sin(nadir) * np.cos(sector), np.sin(nadir) * np.sin(sector), -np.cos(nadir)
        )
    )
    # Where that line of sight meets the ground: the outward normal there is the place itself.
    reach = np.cos(nadir) - np.sqrt(np.maximum(ratio**2 - np.sin(nadir) ** 2, 0.0))
    ground = (np.array([0.0, 0.0, 1.0])[:, None, None] + reach * look) / ratio
    normal = np.array([np.sin(tilt), 0.0, -np.cos(tilt)])
    sun = np.array(
        [np.sin(zenith) * np.cos(azimuth), np.sin(zenith) * np.sin(azimuth), np.cos(zenith)]
    )
    facing = np.maximum(np.tensordot(normal, look, 1), 0.0)
    light = np.maximum(np.tensordot(sun, ground, 1), 0.0)
    rings = np.sum(facing * light * np.sin(nadir), axis=1) * 2.0 * np.pi / N_SECTORS
    return float(rings @ weights) * 0.5 * limb / np.pi

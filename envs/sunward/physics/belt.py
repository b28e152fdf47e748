"""Trapped protons of the inner belt and its South Atlantic Anomaly, 300 to 2,000 km, all activity.

In a dipole's coordinates the belt itself is smooth: a low polynomial of the logarithm of flux. What
makes the anomaly is its lower edge, where the atmosphere eats the belt: a steep wall whose height
follows the true field, here the dipole's coordinates plus harmonics of the third degree, near and
far (r^-3). Up to 1,000 km the wall leaves a bell over the South Atlantic; above 1,250 km it sinks
away and the belt closes round the Earth between the dipole latitudes of +-40 degrees.

Fitted by `scripts/fit_saa.py` to AP8 (protons above 30 MeV, solar minimum and maximum, each in its
own field) on 21 spheres, then turned 11 degrees west to where the anomaly lies now. Against AP8 on
orbits of 350 to 1,850 km that the fit has not seen, at both ends of the solar cycle: time above
10 cm-2 s-1 within 13 %, mean flux within 16 %, crossings a day within 18 % below 1,850 km. AP8
itself is good to a factor of two, and tells nothing of cosmic rays. The greatest flux comes out 5
to 30 % low.

References: Sawyer and Vette, AP-8 trapped proton environment, NSSDC 76-06 (1976);
Heynderickx, Lemaire and Daly, Historical review of the different procedures used to compute the
L-parameter, Radiation Measurements 26 (1996): AP-8 goes with its own fields of 1960 and 1970.
"""

import math

from sunward.physics.approximation import clamp, exponential, square_root
from sunward.physics.constants import EARTH_RADIUS_M, HALF_PI, PI
from sunward.physics.scalar import scalar

LOWEST_M, HIGHEST_M = 300e3, 2000e3
PER_EARTH_RADIUS = 1.0 / EARTH_RADIUS_M

#: How far west of AP8's own frame this one lies: there AP8 in the field of 2025 has the centre of
#: its flux at 600 km. (It also has it 2 degrees further north, which is left out.)
WESTWARD_DRIFT_RAD = 0.19198621771937624
#: The dipole of the fit: where it stands, in Earth radii, and its axis; Earth-fixed.
DIPOLE_X, DIPOLE_Y, DIPOLE_Z = -0.0212644, 0.067991, 0.040795
AXIS_X, AXIS_Y, AXIS_Z = -0.157379, -0.231933, 0.959916
#: Where the polynomials are centred: squared sine of dipole latitude, distance in Earth radii.
MIDDLE_SINE, MIDDLE_DISTANCE = 0.2, 1.15

#: Inside the anomaly the flux is greater than this (the boundary that statistics are told for).
EDGE_FLUX_CM2_S = 10.0
#: Mean of `proton_flux` on the Sun-synchronous orbit of 650 km, solar minimum (AP8: 50.3).
MEAN_FLUX_SSO_650_CM2_S = 51.66

#: Dose behind 10 mm of aluminium on that orbit in rad(Si) a year.
DOSE_SSO_650_RAD_PER_YEAR = 150.0
SECONDS_PER_YEAR = 365.25 * 86400.0

#: Steps of a quarter turn in `greatest_proton_flux`: 3 degrees.
N_STEPS = 30


@scalar
def proton_flux(
    x: float, y: float, z: float, altitude_m: float, solar_activity: float = 0.0
) -> float:
    """Returns the flux of protons above 30 MeV in cm-2 s-1, all directions together.

    Args:
        x, y, z: Unit vector to the satellite in the Earth-fixed frame.
        altitude_m: Height above the Earth's sphere in m; held within 300 to 2,000 km.
        solar_activity: 0 at solar minimum, 1 at solar maximum; in between the logarithm of flux
            is linear (an assumption: AP8 has the two ends only).
    """
    zero = altitude_m - altitude_m
    held_m = clamp(altitude_m, LOWEST_M + zero, HIGHEST_M + zero)
    radius = 1.0 + held_m * PER_EARTH_RADIUS
    cosine, distance = _dipole_place(radius * x, radius * y, radius * z)
    inside = _belt_logarithm(cosine, distance, solar_activity)
    outside = _edge_logarithm(cosine, distance, solar_activity)
    outside = outside + _field_logarithm(x, y, z, radius, solar_activity)
    return exponential(inside) / (1.0 + exponential(outside))


@scalar
def _dipole_place(x: float, y: float, z: float) -> tuple[float, float]:
    """Returns (squared cosine of dipole latitude, distance in Earth radii), both centred."""
    x = x - DIPOLE_X
    y = y - DIPOLE_Y
    z = z - DIPOLE_Z
    along = AXIS_X * x + AXIS_Y * y + AXIS_Z * z
    squared = x * x + y * y + z * z
    return MIDDLE_SINE - along * along / squared, square_root(squared) - MIDDLE_DISTANCE


@scalar
def _belt_logarithm(cosine: float, distance: float, activity: float) -> float:
    """Returns the logarithm of the flux that the belt would have without its lower edge."""
    calm = _quadratic(cosine, distance, 7.26169, 21.0671, -54.226, 0.254792, 39.5093, -30.3741)
    change = _quadratic(
        cosine, distance, -0.391837, 5.89477, -17.7636, -0.401665, 5.22794, -6.58058
    )
    return calm + activity * change


@scalar
def _edge_logarithm(cosine: float, distance: float, activity: float) -> float:
    """Returns the dipole's part of the logarithm of (belt missing over belt left)."""
    calm = _quadratic(cosine, distance, -22.0142, 30.0657, 197.103, -56.0093, 93.7281, -34.5681)
    calm = calm + _cubic(cosine, distance, 1.10225, 37.5538, 4.14978, -12.117)
    change = _quadratic(cosine, distance, 55.9436, -11.9596, 53.8217, 89.5838, 38.7962, -29.8116)
    change = change + _cubic(cosine, distance, -45.0746, -16.1008, 133.03, -204.11)
    return calm + activity * change


@scalar
def _field_logarithm(x: float, y: float, z: float, radius: float, activity: float) -> float:
    """Returns the part of the same logarithm that depends on the place above the turning Earth."""
    far = 1.0 / (radius * radius * radius)
    even = _flat(x, y, 3.46993, -37.443, 39.5958, -0.290307, -41.7706)
    even = even + _upright(x, y, z, 35.3597, -15.4768, -7.90898)
    even = even + _third(
        x, y, z, -2.4747, -26.4398, -3.74408, -50.1865, -70.6731, -8.91307, -32.7791
    )
    steep = _flat(x, y, -0.289234, 115.888, -84.7017, -1.55262, 117.152)
    steep = steep + _upright(x, y, z, -66.4967, 51.6528, 59.3083)
    steep = steep + _third(x, y, z, 9.1091, 53.2096, 14.6885, 95.754, 154.55, 23.2591, 69.1567)
    change = _flat(x, y, 2.29285, -66.1671, -0.710398, 3.56719, -68.6155)
    change = change + _upright(x, y, z, -0.459985, -33.5717, -22.2777)
    return even + far * steep + activity * change


@scalar
def _quadratic(
    c: float, d: float, one: float, d1: float, d2: float, c1: float, cd: float, c2: float
) -> float:
    return one + d * (d1 + d * d2) + c * (c1 + d * cd + c * c2)


@scalar
def _cubic(c: float, d: float, d3: float, cd2: float, c2d: float, c3: float) -> float:
    return d * d * (d * d3 + c * cd2) + c * c * (d * c2d + c * c3)


@scalar
def _flat(x: float, y: float, y1: float, y2: float, x1: float, xy: float, x2: float) -> float:
    return y * (y1 + y * y2) + x * (x1 + y * xy + x * x2)


@scalar
def _upright(x: float, y: float, z: float, z1: float, yz: float, xz: float) -> float:
    return z * (z1 + y * yz + x * xz)


@scalar
def _third(
    x: float,
    y: float,
    z: float,
    y3: float,
    xy2: float,
    x2y: float,
    x3: float,
    y2z: float,
    xyz: float,
    x2z: float,
) -> float:
    flat = y * y * (y * y3 + x * xy2) + x * x * (y * x2y + x * x3)
    return flat + z * (y * (y * y2z + x * xyz) + x * x * x2z)


@scalar
def greatest_proton_flux(altitude_m: float, solar_activity: float) -> float:
    """Returns the greatest flux at an altitude in cm-2 s-1, by search (not for the kernel).

    Args:
        altitude_m, solar_activity: As in `proton_flux`.
    """
    greatest = 0.0
    for ring in range(-N_STEPS, N_STEPS + 1):
        latitude = HALF_PI * ring / N_STEPS
        z, across = math.sin(latitude), math.cos(latitude)
        for sector in range(4 * N_STEPS):
            longitude = 0.5 * PI * sector / N_STEPS
            x, y = across * math.cos(longitude), across * math.sin(longitude)
            greatest = max(greatest, proton_flux(x, y, z, altitude_m, solar_activity))
    return greatest


@scalar
def shielded_dose_rate_rad_s(flux_cm2_s: float) -> float:
    """Returns the dose rate behind 10 mm of aluminium in rad(Si)/s, in proportion to the flux.

    The shield stops protons below 50 MeV, and the share of those above 30 MeV that also exceed
    60 MeV hardly changes: 0.69 to 0.82 of them on all orbits from 420 to 2,000 km, by AP8. Crude
    where electrons or solar protons count: behind thinner shields, at solar maximum.

    Args:
        flux_cm2_s: Protons above 30 MeV now, from `proton_flux`.

    References: 150 rad(Si) a year at 650 km, Google, Towards a future space-based AI
    infrastructure (Suncatcher), arXiv 2511.19468; range of 50 MeV protons 2.9 g/cm2 of aluminium,
    Berger et al., NIST PSTAR.
    """
    mean_rate_rad_s = DOSE_SSO_650_RAD_PER_YEAR / SECONDS_PER_YEAR
    return mean_rate_rad_s * flux_cm2_s / MEAN_FLUX_SSO_650_CM2_S

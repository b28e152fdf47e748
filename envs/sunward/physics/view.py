"""What a flat plate sees of the Earth: view factors for infrared and for reflected sunlight."""

import math

from sunward.physics.approximation import maximum
from sunward.physics.constants import HALF_PI, PI
from sunward.physics.scalar import scalar

#: Panels of the midpoint rules: 48 give 1e-4 on the smooth factors.
N_PANELS = 48


@scalar
def plate_view_factor(sin_limb: float, tilt_rad: float) -> float:
    """Returns the view factor of the Earth from one face of a plate, 0 to 1.

    Args:
        sin_limb: Earth's radius over distance from its centre, 0 to 1.
        tilt_rad: Angle between the face's normal and nadir in rad, 0 to pi.

    References: Juul, Journal of Heat Transfer 101 (1979) 558, plate to sphere; the closed form of
    Cunningham, Earth reflected solar radiation input, NASA TN D-1099 (1961).
    """
    cos_tilt = math.cos(tilt_rad)
    limb_rad = math.asin(sin_limb)
    if tilt_rad <= HALF_PI - limb_rad:
        return sin_limb * sin_limb * cos_tilt
    if tilt_rad >= HALF_PI + limb_rad:
        return 0.0
    sin_tilt = math.sin(tilt_rad)
    tan_height = math.sqrt(1.0 - sin_limb * sin_limb) / sin_limb
    edge = math.acos(max(min(-tan_height * cos_tilt / sin_tilt, 1.0), -1.0))
    horizon = math.asin(max(min(tan_height * sin_limb / sin_tilt, 1.0), -1.0))
    root = math.sqrt(max(1.0 - cos_tilt * cos_tilt / (sin_limb * sin_limb), 0.0))
    lune = sin_limb * sin_limb * (cos_tilt * edge - tan_height * root)
    return 0.5 - horizon / PI + lune / PI


@scalar
def vertical_plate_view_factor(sin_limb: float) -> float:
    """Returns the view factor of the Earth from one face of a plate that stands on edge, 0 to 0.5.

    (B - sin B cos B) / pi with B the angle from Earth's centre to its limb.

    Args:
        sin_limb: Earth's radius over distance from its centre, 0 to 1.
    """
    return (math.asin(sin_limb) - sin_limb * math.sqrt(1.0 - sin_limb * sin_limb)) / PI


@scalar
def edge_albedo_coefficients(sin_limb: float) -> tuple[float, float]:
    """Returns (radial, horizontal) for `edge_albedo_factor`, from the orbit's height alone.

    For a plate on edge over a wholly sunlit Earth the reflected light is
    radial cos(zenith) + horizontal sin(zenith) cos(azimuth), exactly; both are integrals over the
    angle from nadir: (2/pi) sin^2 cos(central angle) and (1/2) sin^2 sin(central angle).

    Args:
        sin_limb: Earth's radius over distance from its centre, above 0, below 1.
    """
    limb_rad = math.asin(sin_limb)
    radial = 0.0
    horizontal = 0.0
    for panel in range(N_PANELS):
        # nadir = limb * sin(phase) packs the points where the central angle turns fast.
        phase = HALF_PI * (panel + 0.5) / N_PANELS
        nadir_rad = limb_rad * math.sin(phase)
        width = limb_rad * math.cos(phase) * HALF_PI / N_PANELS
        central = math.asin(min(math.sin(nadir_rad) / sin_limb, 1.0)) - nadir_rad
        weight = math.sin(nadir_rad) * math.sin(nadir_rad) * width
        radial += 2.0 / PI * weight * math.cos(central)
        horizontal += 0.5 * weight * math.sin(central)
    return radial, horizontal


@scalar
def edge_albedo_factor(
    cos_zenith: float, sin_zenith_cos_azimuth: float, radial: float, horizontal: float
) -> float:
    """Returns the albedo factor of one face of a plate on edge: reflected light over S x albedo.

    Exact where all the Earth in view is sunlit; near the terminator the light that reaches over it
    is left out: 0.01 at most. The two faces together get 2 radial cos(zenith).

    Args:
        cos_zenith: Cosine of the Sun's zenith angle below the satellite.
        sin_zenith_cos_azimuth: Sine of it times the cosine of the Sun's azimuth from the normal's:
            for a plate on edge the dot product of the face's normal and the Sun's direction.
        radial, horizontal: From `edge_albedo_coefficients`.
    """
    return maximum(radial * cos_zenith + horizontal * sin_zenith_cos_azimuth, 0.0)


@scalar
def plate_albedo_factor(
    sin_limb: float, tilt_rad: float, zenith_rad: float, azimuth_rad: float
) -> float:
    """Returns the albedo factor of one face of any plate by quadrature (not for the kernel).

    Args:
        sin_limb: Earth's radius over distance from its centre.
        tilt_rad: Angle between the face's normal and nadir in rad, 0 to pi.
        zenith_rad: Sun's zenith angle below the satellite in rad, 0 to pi.
        azimuth_rad: Sun's azimuth from the horizontal direction of the normal in rad.

    References: a Lambertian sphere, integrated over the disc in view.
    """
    limb_rad = math.asin(sin_limb)
    cos_zenith, sin_zenith = math.cos(zenith_rad), math.sin(zenith_rad)
    cos_tilt, sin_tilt = math.cos(tilt_rad), math.sin(tilt_rad)
    total = 0.0
    for ring in range(N_PANELS):
        phase = HALF_PI * (ring + 0.5) / N_PANELS
        nadir_rad = limb_rad * math.sin(phase)
        width = limb_rad * math.cos(phase) * HALF_PI / N_PANELS
        sin_nadir, cos_nadir = math.sin(nadir_rad), math.cos(nadir_rad)
        central = math.asin(min(sin_nadir / sin_limb, 1.0)) - nadir_rad
        for sector in range(N_PANELS):
            angle = 2.0 * PI * (sector + 0.5) / N_PANELS
            facing = cos_tilt * cos_nadir + sin_tilt * sin_nadir * math.cos(angle)
            slant = sin_zenith * math.cos(angle - azimuth_rad)
            light = math.cos(central) * cos_zenith + math.sin(central) * slant
            total += max(facing, 0.0) * max(light, 0.0) * sin_nadir * width
    return total * 2.0 / N_PANELS

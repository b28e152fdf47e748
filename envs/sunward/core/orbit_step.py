"""Where a satellite is in a step, what light falls on it, and what its radiator sees."""

from __future__ import annotations

from typing import NamedTuple

from sunward.physics.approximation import arctangent2, maximum, select, sin_cos
from sunward.physics.belt import MEAN_FLUX_SSO_650_CM2_S, proton_flux
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.physics.eclipse import limb_illumination, shadow_half_angle_rad
from sunward.physics.orbit import orbit_position
from sunward.physics.scalar import scalar
from sunward.physics.thermal import absorbed_flux_w_m2, sink_temperature_k
from sunward.physics.view import edge_albedo_factor

from .params import Hardware, Service

PHASE_RAD = 1.462918079267159e-09  # 2 pi / 2^32
TWO_PI = 6.283185307179586
PI = 3.141592653589793
EARTH_INFRARED_W_M2 = 237.0
EARTH_ALBEDO = 0.3
#: How far ahead `ahead_x`, `ahead_y`, `ahead_z` look, and how far the Earth turns meanwhile.
AHEAD_S = 600.0
SIN_TURN_AHEAD = 0.0437387371826375
COS_TURN_AHEAD = 0.9990430035136967
#: Bounds of the eclipse forecast; a satellite without eclipse sees the first.
NO_ECLIPSE_S = 6000.0


class Elements(NamedTuple):
    """A circular orbit at one moment."""

    argument_phase: float  # turns x 2^32, in [-2^31, 2^31)
    node_phase: float
    sin_inclination: float
    cos_inclination: float
    radius_m: float
    rate_rad_s: float
    sin_limb: float
    cos_limb: float
    earth_view: float
    albedo_radial: float
    sin_ahead: float
    cos_ahead: float
    sin_half_step: float
    cos_half_step: float


class Sun(NamedTuple):
    """The Sun and the Earth's rotation in one step."""

    x: float
    y: float
    z: float
    irradiance_w_m2: float
    angular_radius_rad: float
    sin_sidereal: float
    cos_sidereal: float


class Place(NamedTuple):
    """What follows from orbit and Sun; positions are Earth-fixed unit vectors."""

    x: float
    y: float
    z: float
    ahead_x: float
    ahead_y: float
    ahead_z: float
    sin_argument: float
    cos_argument: float
    sun_p: float
    sun_q: float
    illumination: float
    time_to_eclipse_s: float
    time_to_sunrise_s: float
    eclipse_fraction: float
    absorbed_w: float
    sink_temperature_k: float
    proton_flux: float


@scalar
def wrap_turn(angle_rad):
    """Returns an angle in (-4 pi, 4 pi) as one in [0, 2 pi)."""
    once = select(angle_rad < 0.0, angle_rad + TWO_PI, angle_rad)
    twice = select(once < 0.0, once + TWO_PI, once)
    return select(twice >= TWO_PI, twice - TWO_PI, twice)


@scalar
def eclipse_forecast(argument_rad, sun_p, sun_q, sin_beta, cos_limb, rate_rad_s):
    """Returns (time to shadow, time to its end, its share of the orbit) in s, s, 1.

    In shadow the first is 0, in sunlight the second. The arc is that of the cylinder, whose edge
    is where half of the Sun shows; it is analytic, so the forecast needs no stepping.
    """
    half_angle = shadow_half_angle_rad(sin_beta, cos_limb)
    middle = arctangent2(-sun_q, -sun_p)
    since_entry = wrap_turn(argument_rad - middle + half_angle)
    is_dark = since_entry < 2.0 * half_angle
    has_eclipse = half_angle > 0.0
    to_entry = select(has_eclipse, (TWO_PI - since_entry) / rate_rad_s, NO_ECLIPSE_S)
    to_exit = (2.0 * half_angle - since_entry) / rate_rad_s
    return select(is_dark, 0.0, to_entry), select(is_dark, to_exit, 0.0), half_angle / PI


@scalar
def rotate(sine, cosine, sin_step, cos_step):
    """Returns (sine, cosine) of an angle advanced by a step."""
    return sine * cos_step + cosine * sin_step, cosine * cos_step - sine * sin_step


@scalar
def radiator_heat_w_m2(
    sin_u, cos_u, sun_p, sun_q, elements: Elements, sun: Sun, hardware: Hardware
):
    """Returns what a radiator absorbs in a step in W/m2.

    It is held for the whole step, so it is that of its middle.
    """
    sin_middle, cos_middle = rotate(sin_u, cos_u, elements.sin_half_step, elements.cos_half_step)
    cos_sun = cos_middle * sun_p + sin_middle * sun_q
    illumination = limb_illumination(
        cos_sun, elements.cos_limb, elements.sin_limb, sun.angular_radius_rad
    )
    # Its normal is at right angles to Sun and nadir, so the Sun's azimuth from it is 90 degrees.
    albedo_factor = edge_albedo_factor(maximum(cos_sun, 0.0), 0.0, elements.albedo_radial, 0.0)
    return hardware.parasitic_w_m2 + absorbed_flux_w_m2(
        hardware.emissivity,
        hardware.absorptivity,
        elements.earth_view,
        EARTH_INFRARED_W_M2,
        albedo_factor,
        EARTH_ALBEDO,
        0.5 * hardware.pointing_sine * illumination,  # one face of the two
        sun.irradiance_w_m2,
    )


@scalar
def locate(elements: Elements, sun: Sun, hardware: Hardware, service: Service) -> Place:
    """Returns position, light and surroundings at the start of a step."""
    argument_rad = elements.argument_phase * PHASE_RAD
    sin_u, cos_u = sin_cos(argument_rad)
    sin_node, cos_node = sin_cos(elements.node_phase * PHASE_RAD)
    sin_i, cos_i = elements.sin_inclination, elements.cos_inclination
    # Seen from the turning Earth the node moves west.
    sin_west, cos_west = rotate(sin_node, cos_node, -sun.sin_sidereal, sun.cos_sidereal)
    x, y, z = orbit_position(sin_u, cos_u, sin_west, cos_west, sin_i, cos_i)
    sin_later, cos_later = rotate(sin_u, cos_u, elements.sin_ahead, elements.cos_ahead)
    sin_west, cos_west = rotate(sin_west, cos_west, -SIN_TURN_AHEAD, COS_TURN_AHEAD)
    ahead_x, ahead_y, ahead_z = orbit_position(
        sin_later, cos_later, sin_west, cos_west, sin_i, cos_i
    )

    sun_p = sun.x * cos_node + sun.y * sin_node
    sun_q = (sun.y * cos_node - sun.x * sin_node) * cos_i + sun.z * sin_i
    sin_beta = (sun.x * sin_node - sun.y * cos_node) * sin_i + sun.z * cos_i
    cos_sun = cos_u * sun_p + sin_u * sun_q
    illumination = limb_illumination(
        cos_sun, elements.cos_limb, elements.sin_limb, sun.angular_radius_rad
    )
    to_entry, to_exit, fraction = eclipse_forecast(
        argument_rad, sun_p, sun_q, sin_beta, elements.cos_limb, elements.rate_rad_s
    )
    absorbed_w_m2 = radiator_heat_w_m2(sin_u, cos_u, sun_p, sun_q, elements, sun, hardware)
    altitude_m = elements.radius_m - EARTH_RADIUS_M
    flux = proton_flux(x, y, z, altitude_m, service.solar_activity)
    return Place(
        x,
        y,
        z,
        ahead_x,
        ahead_y,
        ahead_z,
        sin_u,
        cos_u,
        sun_p,
        sun_q,
        illumination,
        to_entry,
        to_exit,
        fraction,
        absorbed_w_m2 * hardware.emitting_area_m2,
        sink_temperature_k(absorbed_w_m2, hardware.emissivity),
        flux / MEAN_FLUX_SSO_650_CM2_S,
    )

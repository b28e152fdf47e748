"""View factors of the Earth against quadrature."""

import math

import pytest

from sunward.physics import view
from sunward.physics.constants import EARTH_RADIUS_M


def sin_limb(row):
    return EARTH_RADIUS_M / (EARTH_RADIUS_M + row["altitude_km"] * 1e3)


def test_plate_view_factor_matches_quadrature(table):
    for row in table("plate_earth_view_factor.csv"):
        tilt = math.radians(row["tilt_from_nadir_deg"])
        assert view.plate_view_factor(sin_limb(row), tilt) == pytest.approx(
            row["F_earth_ir"], abs=2e-6
        )


def test_a_plate_on_edge_is_the_tilted_plate_at_a_right_angle(table):
    for row in table("plate_earth_view_factor.csv"):
        if row["tilt_from_nadir_deg"] == 90:
            factor = view.vertical_plate_view_factor(sin_limb(row))
            assert factor == pytest.approx(row["F_earth_ir"], abs=2e-6)
            assert factor == pytest.approx(view.plate_view_factor(sin_limb(row), math.pi / 2))


def test_a_nadir_plate_sees_the_square_of_the_sine_and_a_zenith_plate_nothing():
    assert view.plate_view_factor(0.9, 0.0) == pytest.approx(0.81)
    assert view.plate_view_factor(0.9, math.pi) == 0.0


def test_both_faces_of_a_sphere_of_plates_see_the_solid_angle():
    # The mean over all directions of a face's view factor is a quarter of solid angle / pi.
    n = 4000
    limb = 0.9
    mean = sum(
        view.plate_view_factor(limb, math.pi * (k + 0.5) / n) * math.sin(math.pi * (k + 0.5) / n)
        for k in range(n)
    ) * (math.pi / n / 2.0)
    assert mean == pytest.approx(0.5 * (1.0 - math.sqrt(1.0 - limb * limb)), rel=1e-4)


def angles(row):
    keys = ("tilt_from_nadir_deg", "subsat_solar_zenith_deg", "sun_azimuth_rel_plate_deg")
    return [math.radians(row[key]) for key in keys]


def test_albedo_by_quadrature_matches_the_table(table):
    for row in table("plate_albedo_factor.csv"):
        ours = view.plate_albedo_factor(sin_limb(row), *angles(row))
        assert ours == pytest.approx(row["F_albedo"], abs=1e-3)


def test_the_kernels_albedo_of_a_plate_on_edge(table):
    for row in table("plate_albedo_factor.csv"):
        if row["tilt_from_nadir_deg"] != 90:
            continue
        _, zenith, azimuth = angles(row)
        radial, horizontal = view.edge_albedo_coefficients(sin_limb(row))
        ours = view.edge_albedo_factor(
            math.cos(zenith), math.sin(zenith) * math.cos(azimuth), radial, horizontal
        )
        limit = 2e-4 if zenith < math.radians(61) else 0.012
        assert ours == pytest.approx(row["F_albedo"], abs=limit)

"""View factors of the Earth: limits, and the kernel's short forms against the long."""

import math

import pytest

from sunward.physics import view


@pytest.mark.parametrize("sin_limb", [0.8, 0.9, 0.95])
def test_a_plate_on_edge_is_the_tilted_plate_at_a_right_angle(sin_limb):
    tilted = view.plate_view_factor(sin_limb, math.pi / 2)
    assert view.vertical_plate_view_factor(sin_limb) == pytest.approx(tilted)


@pytest.mark.parametrize("azimuth", [0.0, 1.0, 3.0])
def test_the_kernels_albedo_of_a_plate_on_edge_is_exact_over_a_sunlit_earth(azimuth):
    sin_limb, zenith = 0.9, 0.8
    radial, horizontal = view.edge_albedo_coefficients(sin_limb)
    towards = math.sin(zenith) * math.cos(azimuth)
    short = view.edge_albedo_factor(math.cos(zenith), towards, radial, horizontal)
    exact = view.plate_albedo_factor(sin_limb, math.pi / 2, zenith, azimuth)
    assert short == pytest.approx(exact, abs=2e-4)


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

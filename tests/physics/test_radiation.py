"""The anomaly's bell against orbit statistics of AP8, and the law of rare events."""

import math

import numpy as np
import pytest

from sunward.physics import orbit, radiation
from sunward.physics.constants import EARTH_RADIUS_M, EARTH_ROTATION_RAD_S

HIGHEST_KM = 1250.0


def fluxes(altitude_km, inclination_deg, node_rad, *, days=5.0, step_s=30.0):
    """Returns the flux along an orbit, from plain Python floats."""
    radius_m = EARTH_RADIUS_M + altitude_km * 1e3
    sine, cosine = math.sin(math.radians(inclination_deg)), math.cos(math.radians(inclination_deg))
    rate = orbit.argument_rate_rad_s(radius_m, cosine)
    turning = orbit.node_rate_rad_s(radius_m, cosine) - EARTH_ROTATION_RAD_S
    shape = radiation.anomaly_shape(altitude_km * 1e3)
    out = []
    for step in range(int(days * 86400.0 / step_s)):
        argument, node = rate * step * step_s, node_rad + turning * step * step_s
        x, y, z = orbit.orbit_position(
            math.sin(argument), math.cos(argument), math.sin(node), math.cos(node), sine, cosine
        )
        out.append(radiation.anomaly_flux(x, y, z, *shape))
    return np.array(out)


def test_orbit_statistics_match_ap8_at_solar_minimum(table):
    for row in table("saa_proton_flux.csv"):
        if row["solar"] != "min" or row["altitude_km"] > HIGHEST_KM:
            continue
        flux = np.concatenate([fluxes(row["altitude_km"], row["inc_deg"], node) for node in (0, 3)])
        is_inside = flux > 10.0
        crossings_per_day = np.count_nonzero(np.diff(is_inside.astype(int)) > 0) / 10.0
        assert is_inside.mean() == pytest.approx(row["time_share_flux30_gt_10"], rel=0.25)
        assert crossings_per_day == pytest.approx(row["crossings_per_day"], rel=0.20)
        assert flux[is_inside].sum() > 0.9 * flux.sum()
        assert flux.mean() == pytest.approx(row["mean_flux30"], rel=0.25)


def test_the_anomaly_lies_over_brazil_and_nothing_on_the_far_side():
    def flux(latitude_deg, longitude_deg):
        latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
        x = math.cos(latitude) * math.cos(longitude)
        y = math.cos(latitude) * math.sin(longitude)
        return radiation.saa_flux(x, y, math.sin(latitude), 600e3)

    assert flux(-27.0, -46.0) > 1000.0
    assert flux(25.0, 130.0) < 1e-6
    assert flux(50.0, 10.0) < 1e-6
    assert flux(-80.0, 100.0) < 1e-3


def test_the_centre_lies_where_todays_field_puts_it(shared_dir):
    path = shared_dir / "data" / "geo" / "saa_flux_ap8min_ae8max_5deg.csv"
    rows = np.genfromtxt(path, delimiter=",", names=True)
    latitude, longitude = np.radians(rows["lat"]), np.radians(rows["lon"])
    weight = np.cos(latitude) * rows["p30MeV_600km"]
    theirs = [np.average(np.degrees(a), weights=weight) for a in (latitude, longitude)]
    ours = np.array(
        [
            radiation.saa_flux(
                math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a), 6e5
            )
            for a, b in zip(latitude, longitude, strict=True)
        ]
    )
    weight = np.cos(latitude) * ours
    mine = [np.average(np.degrees(a), weights=weight) for a in (latitude, longitude)]
    assert mine == pytest.approx(theirs, abs=2.0)


def test_flux_grows_with_altitude():
    shapes = [radiation.anomaly_shape(altitude) for altitude in (4e5, 5.5e5, 7e5, 8.5e5, 10e5)]
    peaks = [shape.log_peak for shape in shapes]
    widths = [shape.east_steepness for shape in shapes]
    assert peaks == sorted(peaks)
    assert widths == sorted(widths, reverse=True)


def test_one_call_equals_shape_and_flux():
    shape = radiation.anomaly_shape(550e3)
    point = (0.6, -0.64, -0.48)
    assert radiation.saa_flux(*point, 550e3) == radiation.anomaly_flux(*point, *shape)


def test_upset_rate_averages_to_its_mean_and_keeps_its_floor():
    mean = radiation.MEAN_FLUX_SSO_650
    assert radiation.upset_rate_per_s(mean, 1e-5, mean, 0.2) == pytest.approx(1e-5)
    assert radiation.upset_rate_per_s(0.0, 1e-5, mean, 0.2) == pytest.approx(2e-6)


def test_upset_probability_is_that_of_a_poisson_process():
    assert radiation.upset_probability(0.0, 60.0) == 0.0
    assert radiation.upset_probability(1e-9, 60.0) == pytest.approx(6e-8, rel=1e-6)
    assert radiation.upset_probability(0.01, 60.0) == pytest.approx(-math.expm1(-0.6), rel=1e-7)
    assert radiation.upset_probability(10.0, 60.0) == pytest.approx(1.0)

"""The simulator's own orbits, light and demand against independent formulas."""

import math

import numpy as np
import pytest
from tests.core.worlds import small_params

from sunward import Simulator, build_params, load_scenario
from sunward.core.rows import ROW
from sunward.core.satellite import full_array_w
from sunward.physics.eclipse import two_disc_illumination
from sunward.physics.mean_radius import mean_radius_m
from sunward.physics.orbit import sun_synchronous_inclination_rad
from sunward.physics.sun import greenwich_sidereal_angle_rad, sun_direction_and_distance


def idle(simulator):
    """Returns actions that switch all off but the bus."""
    return np.full((simulator.n_envs, simulator.n_sats, 5), -1, np.float32)


def test_light_of_a_day_equals_the_two_disc_eclipse_along_the_orbit():
    params = build_params(load_scenario("single-dawn-dusk-v0"))
    simulator = Simulator(params, 1)
    simulator.reset([(3, 0)])
    orbit = params.orbits
    factor = float(simulator.row(ROW.array_factor)[0, 0])
    radius_m = mean_radius_m(orbit.semi_major_axis_m[0], math.cos(orbit.inclination_rad[0]))
    given_j = expected_j = expected_s = 0.0
    for _ in range(400):
        phases = simulator.row(ROW.sin_argument)[0, 0], simulator.row(ROW.cos_argument)[0, 0]
        sun_p, sun_q = simulator.row(ROW.sun_p)[0, 0], simulator.row(ROW.sun_q)[0, 0]
        rate = 2 * math.pi / 5863.7
        argument = math.atan2(*map(float, phases))
        irradiance = float(simulator.row(ROW.irradiance_w_m2)[0, 0])
        seen_s = 0.0
        for second in np.arange(0.5, 60):
            u = argument + rate * second
            cos_sun = math.cos(u) * sun_p + math.sin(u) * sun_q
            separation = math.pi - math.acos(max(-1.0, min(1.0, cos_sun)))
            limb = math.asin(6378136.3 / radius_m)
            radius = float(simulator.row(ROW.sun_radius_rad)[0, 0])
            seen_s += two_disc_illumination(radius, limb, separation)
        simulator.step(idle(simulator))
        given_j += float(simulator.row(ROW.array_j)[0, 0])
        expected_j += seen_s * full_array_w(irradiance, factor, params.hardware)
        expected_s += seen_s
    assert given_j == pytest.approx(expected_j, rel=1e-3)
    assert expected_s < 400 * 60 * 0.95  # there was an eclipse to get right


def test_a_sun_synchronous_plane_keeps_its_local_time():
    params = build_params(load_scenario("dawn-dusk-24-v0"))
    assert params.orbits.inclination_rad[0] == pytest.approx(
        sun_synchronous_inclination_rad(params.orbits.semi_major_axis_m[0])
    )
    simulator = Simulator(params, 1)
    simulator.reset([(1, 0)])
    fractions = []
    for _hour in range(8):
        for _ in range(60):
            simulator.step(idle(simulator))
        sun_p, sun_q = simulator.row(ROW.sun_p)[0, 0], simulator.row(ROW.sun_q)[0, 0]
        fractions.append(math.hypot(sun_p, sun_q))
    assert np.ptp(fractions) < 0.01  # the beta angle hardly moves in eight hours


def test_mean_demand_is_the_load_of_the_scenario():
    params = small_params(**{"demand.interactive_load": 0.4, "demand.deferrable_load": 0.3})
    simulator = Simulator(params, 96)
    simulator.reset([(seed, 0) for seed in range(96)])
    initial = simulator.metrics()["deferrable_arrived"].mean()
    for _ in range(240):
        simulator.step(idle(simulator))
    capacity = params.service.capacity_work * params.n_sats * 240
    m = simulator.metrics()
    assert m["interactive_arrived"].mean() / capacity == pytest.approx(0.4, rel=0.06)
    assert (m["deferrable_arrived"].mean() - initial) / capacity == pytest.approx(0.3, rel=0.06)


def test_an_idle_satellite_settles_where_the_radiator_balances():
    params = build_params(load_scenario("single-walker-v0"))
    simulator = Simulator(params, 1, dtype=np.float64)
    simulator.reset([(0, 0)])
    for _ in range(300):
        simulator.step(idle(simulator))
    before = simulator.metrics()
    orbits = 96 * 2
    for _ in range(orbits):
        simulator.step(idle(simulator))
    after = simulator.metrics()
    heat = [after[n] - before[n] for n in ("compute_energy", "absorbed_heat", "radiated_heat")]
    assert heat[0] + heat[1] == pytest.approx(heat[2], rel=0.05)


def test_the_sky_of_a_world_is_the_almanac_of_its_date():
    simulator = Simulator(small_params(), 1)
    simulator.reset([(11, 0)])
    days = simulator._worlds[0, 0]
    x, y, z, distance_au = sun_direction_and_distance(days)
    irradiance = float(simulator.row(ROW.irradiance_w_m2)[0, 0])
    assert irradiance == pytest.approx(1361.0 / distance_au**2, rel=1e-6)
    assert math.hypot(x, y, z) == pytest.approx(1.0)
    assert math.isfinite(greenwich_sidereal_angle_rad(days))


def test_positions_are_where_the_kernel_sees_the_satellites():
    simulator = Simulator(small_params(), 2)
    simulator.reset([(0, 0), (1, 0)])
    for _ in range(30):
        simulator.step(idle(simulator))
    sites = simulator.params.sites
    across = np.cos(sites.latitude_rad)
    ground = np.stack(
        [
            across * np.cos(sites.longitude_rad),
            across * np.sin(sites.longitude_rad),
            np.sin(sites.latitude_rad),
        ],
        axis=-1,
    )
    service = simulator.params.service
    height = np.maximum(simulator.positions() @ ground.T - service.ingress_cosine, 0.0)
    has_demand = simulator.row(ROW.interactive_new) > 0
    assert np.array_equal(has_demand, height.sum(axis=-1) > 1e-7)
    assert 0.1 < has_demand.mean() < 0.9

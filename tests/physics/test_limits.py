"""Limits, signs and monotonic responses of the physics over the whole range of hardware."""

import math

import pytest
from hypothesis import given
from tests.core.any_hardware import any_hardware, decades, linear
from tests.core.any_world import on_draws

from sunward.core.params import N_SUBSTEPS
from sunward.physics.battery import battery_exchange
from sunward.physics.compute import (
    accelerator_power_w,
    batch_power_fraction,
    dynamic_power_fraction,
    work_rate,
)
from sunward.physics.constants import EARTH_RADIUS_M, SOLAR_CONSTANT_W_M2
from sunward.physics.eclipse import (
    limb_illumination,
    limb_sines,
    shadow_half_angle_rad,
    sun_angular_radius_rad,
    two_disc_illumination,
)
from sunward.physics.power import array_power_w, cell_temperature_k, irradiance_w_m2
from sunward.physics.thermal import equilibrium_temperature_k, leakage_factor, three_node_step

SUBSTEP_S = 60.0 / N_SUBSTEPS
shares = linear(0.0, 1.0)
radii_m = linear(200e3, 2000e3).map(lambda altitude_m: EARTH_RADIUS_M + altitude_m)


def settled(thermal, heat_w, area_m2):
    """Returns (chip, loop, radiator) in K at which a held load stands still, in closed form."""
    absorbed_w = thermal.parasitic_flux_w_m2 * area_m2
    radiator_k = equilibrium_temperature_k(heat_w + absorbed_w, 0.0, area_m2, thermal.emissivity)
    loop_k = radiator_k + heat_w / thermal.flow_conductance_w_k
    return loop_k + heat_w / thermal.chip_conductance_w_k, loop_k, radiator_k


def stepped(thermal, nodes, heat_w, area_m2):
    """Returns the nodes after a sub-step with a held load."""
    return three_node_step(
        *nodes,
        heat_w,
        thermal.chip_conductance_w_k,
        thermal.flow_conductance_w_k,
        area_m2,
        thermal.emissivity,
        0.0,
        thermal.chip_capacity_j_k,
        thermal.loop_capacity_j_k,
        thermal.radiator_capacity_j_k,
        thermal.parasitic_flux_w_m2 * area_m2,
        SUBSTEP_S,
    )


def stored_j2(thermal, nodes, rest):
    """Returns the distance from rest that no step of a stable network can enlarge."""
    capacities = (
        thermal.chip_capacity_j_k,
        thermal.loop_capacity_j_k,
        thermal.radiator_capacity_j_k,
    )
    return math.fsum(c * (t - r) ** 2 for c, t, r in zip(capacities, nodes, rest, strict=True))


@on_draws()
@given(any_hardware(), shares, linear(-20.0, 20.0), linear(-20.0, 20.0), linear(-20.0, 20.0))
def test_a_held_load_settles_at_the_closed_form(hardware, load, chip_k, loop_k, radiator_k):
    thermal = hardware.thermal
    area_m2 = 2.0 * thermal.radiator_area_m2
    # As much as keeps the radiator below what the sub-steps are stable for, and off 0 K.
    hottest_w = area_m2 * thermal.emissivity * 5.67e-8 * 450.0**4
    heat_w = load * min(hardware.compute.peak_power_w, hottest_w)
    rest = settled(thermal, heat_w, area_m2)
    if rest[2] < 60.0 or rest[2] > hardware.compute.trip_k:
        return
    after = stepped(thermal, rest, heat_w, area_m2)
    for node_k, rest_k in zip(after[:3], rest, strict=True):
        assert node_k == pytest.approx(rest_k, rel=1e-9)
    assert after.radiated_j == pytest.approx(
        (heat_w + thermal.parasitic_flux_w_m2 * area_m2) * SUBSTEP_S, rel=1e-6
    )
    away = (rest[0] + chip_k, rest[1] + loop_k, rest[2] + radiator_k)
    nearer = stepped(thermal, away, heat_w, area_m2)[:3]
    assert stored_j2(thermal, nearer, rest) <= stored_j2(thermal, away, rest) * (1.0 + 1e-9)


@on_draws()
@given(any_hardware(), linear(1.001, 10.0), linear(1.0, 1e6), linear(0.0, 300.0))
def test_more_area_or_less_heat_is_cooler(hardware, growth, heat_w, sink_k):
    area_m2, emissivity = hardware.thermal.radiator_area_m2, hardware.thermal.emissivity
    plain_k = equilibrium_temperature_k(heat_w, sink_k, area_m2, emissivity)
    assert plain_k > sink_k * (1.0 - 1e-12)
    assert equilibrium_temperature_k(heat_w, sink_k, area_m2 * growth, emissivity) <= plain_k
    assert equilibrium_temperature_k(heat_w / growth, sink_k, area_m2, emissivity) <= plain_k
    assert equilibrium_temperature_k(heat_w, sink_k + growth, area_m2, emissivity) >= plain_k
    warm_k = equilibrium_temperature_k(0.0, sink_k + growth, area_m2, emissivity)
    assert warm_k > equilibrium_temperature_k(0.0, sink_k, area_m2, emissivity)
    assert equilibrium_temperature_k(0.0, sink_k, area_m2, emissivity) == pytest.approx(sink_k)


def array_w(power, irradiance):
    """Returns the power of an array in full sunlight."""
    cell_k = cell_temperature_k(
        irradiance,
        power.cell_absorptivity,
        power.array_efficiency,
        power.cell_reference_k,
        power.temperature_loss_per_k,
        power.cell_emissivity,
        150.0,
    )
    return array_power_w(
        irradiance,
        power.array_area_m2,
        power.array_efficiency,
        cell_k,
        power.cell_reference_k,
        power.temperature_loss_per_k,
        power.mppt_efficiency,
    )


@on_draws()
@given(any_hardware(), linear(0.9833, 1.0167))
def test_an_array_gives_less_than_it_absorbs_and_follows_the_suns_distance(hardware, distance_au):
    power = hardware.power
    irradiance = irradiance_w_m2(1.0, 1.0, distance_au)
    assert irradiance == pytest.approx(SOLAR_CONSTANT_W_M2 / distance_au**2)
    given_w = array_w(power, irradiance)
    # Cells colder than their reference give more than rated, within the first law.
    assert given_w > 0.0
    assert irradiance_w_m2(0.0, 1.0, distance_au) == 0.0
    assert irradiance_w_m2(1.0, -0.5, distance_au) == 0.0


@on_draws()
@given(radii_m, linear(0.0, math.pi), linear(0.9833, 1.0167))
def test_light_is_whole_outside_and_none_in_umbra(radius_m, angle_rad, distance_au):
    sin_limb, cos_limb = limb_sines(radius_m)
    sun_rad, limb_rad = sun_angular_radius_rad(distance_au), math.asin(sin_limb)
    light = limb_illumination(math.cos(angle_rad), cos_limb, sin_limb, sun_rad)
    exact = two_disc_illumination(sun_rad, limb_rad, math.pi - angle_rad)
    assert 0.0 <= light <= 1.0
    assert light == pytest.approx(exact, abs=0.004)
    height_rad = math.pi - angle_rad - limb_rad
    if height_rad < -1.001 * sun_rad:
        assert light == 0.0
    if height_rad > 1.001 * sun_rad:
        assert light == 1.0


@on_draws()
@given(radii_m, linear(1.0, 500e3), linear(0.0, 1.0), linear(0.0, 0.3))
def test_eclipses_shorten_with_altitude_and_with_the_suns_elevation(radius_m, more_m, sin_beta, up):
    def half_angle_rad(radius, sine):
        return shadow_half_angle_rad(sine, limb_sines(radius)[1])

    plain = half_angle_rad(radius_m, sin_beta)
    assert 0.0 <= plain < math.pi / 2.0
    # The approximate arc cosine is good to 1e-8.
    assert half_angle_rad(radius_m + more_m, sin_beta) <= plain + 3e-8
    assert half_angle_rad(radius_m, min(sin_beta + up, 1.0)) <= plain + 3e-8
    assert half_angle_rad(radius_m, -sin_beta) == plain
    if sin_beta > EARTH_RADIUS_M / radius_m:
        assert plain == pytest.approx(0.0, abs=3e-8)


@on_draws()
@given(any_hardware(), shares, linear(-3.0, 3.0), decades(1e-3, 1e3), decades(1e-3, 1e3))
def test_a_battery_keeps_its_books_and_its_bounds(hardware, charge, surplus, taking, giving):
    battery = hardware.battery
    capacity_j = battery.capacity_j
    surplus_w = surplus * capacity_j / SUBSTEP_S
    exchange = battery_exchange(
        charge * capacity_j,
        capacity_j,
        surplus_w,
        taking * capacity_j / SUBSTEP_S,
        giving * capacity_j / SUBSTEP_S,
        battery.charge_efficiency,
        battery.discharge_efficiency,
        SUBSTEP_S,
    )
    rounding_j = 1e-14 * capacity_j / battery.discharge_efficiency
    assert -rounding_j <= exchange.charge_j <= capacity_j + rounding_j
    stored_w = (exchange.charge_j - charge * capacity_j) / SUBSTEP_S
    size = abs(surplus_w) + capacity_j / SUBSTEP_S
    assert exchange.bus_power_w == pytest.approx(stored_w + exchange.loss_w, abs=1e-9 * size)
    assert surplus_w == pytest.approx(
        exchange.bus_power_w + exchange.curtailed_w - exchange.unmet_w, abs=1e-9 * size
    )
    assert min(exchange.curtailed_w, exchange.unmet_w, exchange.loss_w) >= -1e-12 * size


@on_draws()
@given(any_hardware(), linear(0.05, 1.0), linear(0.0, 1.0), shares, shares)
def test_power_and_work_rise_with_clock_and_fill(hardware, clock, faster, fill, fuller):
    compute = hardware.compute
    clocks = (clock, clock + faster * (1.0 - clock))
    fills = (fill, fill + fuller * (1.0 - fill))

    def power_w(clock, fill):
        dynamic = dynamic_power_fraction(
            clock, compute.flat_voltage_below, compute.min_voltage_fraction
        )
        return accelerator_power_w(
            compute.peak_power_w, compute.idle_fraction, 1.0, dynamic, batch_power_fraction(fill)
        )

    least, most = power_w(clocks[0], fills[0]), power_w(clocks[1], fills[1])
    highest = compute.peak_power_w * (1.0 + 1e-9)
    assert 0.0 <= least <= most * (1.0 + 1e-9)
    assert most <= highest
    assert work_rate(clocks[0], fill) <= work_rate(clocks[1], fill) * (1.0 + 1e-9)
    assert power_w(1.0, 1.0) == pytest.approx(compute.peak_power_w)


@on_draws()
@given(any_hardware(), linear(100.0, 600.0), linear(0.0, 100.0))
def test_leakage_grows_with_heat_and_never_turns_power_negative(hardware, chip_k, warmer_k):
    compute, spread = hardware.compute, hardware.spread
    leak = compute.leak_fraction * (1.0 + 3.0 * spread.leak_std_fraction)

    def factor(temperature_k):
        return leakage_factor(temperature_k, leak, compute.leak_reference_k, compute.leak_scale_k)

    assert 0.0 <= factor(chip_k) <= factor(chip_k + warmer_k)
    assert factor(chip_k + warmer_k) <= math.exp(2.5)
    assert factor(compute.leak_reference_k) == pytest.approx(1.0)

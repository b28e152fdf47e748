"""The gang's satellites are those of the simulator: where they fly, and how their work goes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.training.conftest import controls, simulator

from sunward.core.rows import ROW
from sunward.core.simulator import Simulator
from sunward.training.build import build_training
from sunward.training.controls import satellite_actions
from sunward.training.features import OWN, in_units
from sunward.training.load import load_training
from sunward.training.worlds import build_gangs

#: Between nothing done and full clock.
CLOCKS = [0.3, 0.5, 0.65]


def test_a_formation_flies_within_a_kilometre_and_is_dark_all_at_once():
    worlds = build_gangs("training-formation-81-v0", 2)
    worlds.reset([(0, 0), (1, 0)])
    radius_m = float(worlds.params.orbits.semi_major_axis_m[0])
    centre = worlds.positions().mean(axis=1, keepdims=True)
    offset_m = np.linalg.norm(worlds.positions() - centre, axis=-1) * radius_m
    assert 700.0 < offset_m.max() < 1000.0
    nights = 0
    for _ in range(100):
        worlds.step(controls(worlds))
        light = in_units(worlds.observations, "illumination")
        assert (np.ptp(light, axis=1) < 0.05).all()  # a kilometre is an eighth of a second
        nights += int((light < 0.5).all(axis=1).any())
    assert nights > 10


def test_along_one_plane_some_are_dark_while_others_see_the_sun():
    worlds = build_gangs("training-plane-24-v0", 4)
    worlds.reset([(seed, 0) for seed in range(4)])
    light = in_units(worlds.observations, "illumination")
    assert ((light.min(axis=1) == 0.0) & (light.max(axis=1) == 1.0)).any()


@pytest.mark.parametrize("clock", CLOCKS)
def test_training_goes_with_the_clock(clock):
    worlds = simulator(hours=1.0, **{"hardware.faults.upset_rate": "0 1/yr"})
    low = worlds.params.hardware.min_clock
    for _ in range(20):
        worlds.step(controls(worlds, clock=2.0 * (clock - low) / (1.0 - low) - 1.0))
    pace = worlds.gang("slowest")[0] / worlds.params.gang.capacity_work
    assert pace == pytest.approx(clock, rel=1e-4)
    assert in_units(worlds.observations, "pace")[0, 0] == pytest.approx(clock, rel=1e-3)


def test_the_satellites_do_what_the_plain_simulator_does_with_the_same_actions_and_queue():
    """Orbit, power, heat and faults to the bit: the gang only fills queues and reads results."""
    params = build_training(
        load_training("training-easy-v0", **{"constellation.satellites": 4, "episode.hours": 1.0})
    )
    worlds = build_gangs(
        "training-easy-v0",
        2,
        overrides={"constellation.satellites": 4, "episode.hours": 1.0},
    )
    plain = Simulator(params, 2)
    for one in (worlds, plain):
        one.reset([(3, 0), (4, 0)])
    shares = np.zeros((2, 4))
    for _ in range(60):
        rows = controls(worlds, join=-1.0)  # nobody works, so queues stay empty in both
        worlds.step(rows)
        plain.step(satellite_actions(rows, shares))
        for row in (ROW.charge_j, ROW.chip_k, ROW.radiator_k, ROW.available, ROW.pack_k):
            assert np.array_equal(worlds.row(row), plain.row(row))
    for name in ("array_energy", "compute_energy", "radiated_heat", "wear", "upsets"):
        assert np.array_equal(worlds.satellite_sums(name), plain.satellite_sums(name))


def test_own_features_are_the_simulator_s():
    worlds = simulator(hours=1.0)
    from sunward.core.observations import in_units as satellite_in_units

    for _ in range(10):
        worlds.step(controls(worlds))
    seen = worlds._observation_rows.reshape(1, 4, -1)
    for name in OWN:
        mine = in_units(worlds.observations, name)
        assert np.array_equal(mine, satellite_in_units(seen, name)), name


def test_the_parameters_are_those_of_the_fleet_but_for_the_rate_of_work():
    params = build_training(load_training("training-plane-24-v0"))
    assert params.service.deferrable_prefill_share == 1.0
    assert params.slot_steps > params.episode_steps
    assert not params.sites.interactive_work.any()
    assert not params.sites.deferrable_work.any()
    names = {field.name for field in dataclasses.fields(params)}
    assert {"gang", "jobs", "hardware", "orbits"} <= names

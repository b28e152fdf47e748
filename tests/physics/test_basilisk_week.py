"""A week of one satellite against the same week in Basilisk, kept as two small tables.

No limit is taken from the differences: each follows from what the two models leave out. In words:
no term of first order in J2 beyond drifts and mean distance (a wave of at most J2 (R/a)^2 along the
track, and in radius), nothing of second order, one sample of light for 15 s, the radiator's light
for 60 s.
"""

import itertools
import math
import sys

import numpy as np
import pytest
from scripts import compare_basilisk
from scripts.basilisk_week import cases, ours, reference

from sunward.physics.constants import EARTH_RADIUS_M, J2, SOLAR_CONSTANT_W_M2
from sunward.physics.eclipse import limb_sines
from sunward.physics.mean_radius import mean_radius_m, radius_at_m
from sunward.physics.orbit import argument_rate_rad_s, mean_motion_rad_s, oblateness_ratio

CASES = {case.name: case for case in cases.CASES}
SUBSTEP_S = 15.0
SETTLED_S = 43_200.0


@pytest.fixture(scope="module")
def samples():
    """Returns Basilisk's samples by case: each column an array."""
    rows = reference.read(reference.SAMPLES)
    return {
        name: {
            column: np.array([float(row[column]) for row in rows if row["case"] == name])
            for column in reference.COLUMNS[1:]
        }
        for name in CASES
    }


@pytest.fixture(scope="module")
def crossings():
    """Returns Basilisk's times of half light by (case, event)."""
    rows = reference.read(reference.CROSSINGS)
    return {
        (name, event): np.array(
            [float(row["t_s"]) for row in rows if (row["case"], row["event"]) == (name, event)]
        )
        for name, event in itertools.product(CASES, ("entry", "exit"))
    }


@pytest.fixture(scope="module", params=list(CASES))
def flown(request):
    """Returns (case, parameters, our week in the width that is played)."""
    case = CASES[request.param]
    params = ours.params_of(case)
    week = ours.fly(case, params, np.float32)
    week.entry_s, week.exit_s = ours.half_light(case, ours.limb_radius_m(params))
    return case, params, week


@pytest.fixture
def lateness(flown, crossings):
    """Returns (times, seconds of light gained) of every crossing: ours less Basilisk's."""
    case, _, week = flown
    entry_s, exit_s = (crossings[case.name, event] for event in ("entry", "exit"))
    gained_s = np.concatenate([week.entry_s - entry_s, exit_s - week.exit_s])
    times_s = np.concatenate([entry_s, exit_s])
    order = np.argsort(times_s)
    return times_s[order], gained_s[order]


def full_sun_w(params):
    """Returns the array's power in full light where the Earth is nearest to the Sun."""
    return params.hardware.nominal_array_w / 0.9833**2


def radius_wave(case):
    """Returns what our circle leaves out of the distance, as a share: the wave of two an orbit."""
    return 0.25 * oblateness_ratio(case.radius_m) * math.sin(case.inclination_rad) ** 2


def drift_rad(case, time_s):
    """Returns how far terms of second order in J2 may carry the satellite.

    Brouwer's factor at these inclinations is 1 for node and argument alike; Basilisk's start is a
    mean orbit to first order, and what its axis is off by counts one and a half times.
    """
    ratio = oblateness_ratio(case.radius_m)
    return 3.0 * ratio * ratio * mean_motion_rad_s(case.radius_m) * time_s


def height_limit_rad(case, time_s):
    """Returns how far the Sun may stand from our limb when Basilisk has half of it."""
    sin_limb, cos_limb = limb_sines(case.radius_m)
    along = oblateness_ratio(case.radius_m)
    sun_rad = math.radians(0.008)
    return sin_limb / cos_limb * radius_wave(case) + along + drift_rad(case, time_s) + sun_rad


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_reference_is_of_the_orbits_that_are_flown(case):
    comments = [line for line in reference.SAMPLES.read_text().splitlines() if line.startswith("#")]
    node = f"node {case.node_rad % (2 * math.pi):.9f} rad"
    assert any(case.name in line and node in line and str(case.start) in line for line in comments)
    assert "Basilisk (bsk)" in comments[0]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_distance_from_the_earth_is_basilisks_to_second_order_in_j2(case, samples):
    cosine = math.cos(case.inclination_rad)
    rate = argument_rate_rad_s(case.radius_m, cosine)
    limit_m = 10.0 * case.radius_m * (J2 * (EARTH_RADIUS_M / case.radius_m) ** 2) ** 2
    wave_m = 0.25 * oblateness_ratio(case.radius_m) * case.radius_m * (1.0 - cosine * cosine)
    assert limit_m < 0.1 * wave_m  # what the formula adds is seen
    times_s, radii_m = (samples[case.name][column] for column in ("t_s", "radius_m"))
    for time_s, radius_m in zip(times_s, radii_m, strict=True):
        argument = case.argument_rad + rate * time_s
        formula_m = radius_at_m(case.radius_m, cosine, math.cos(2.0 * argument))
        assert abs(formula_m - radius_m) < limit_m, time_s


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_sun_is_at_our_limb_when_basilisk_sees_half_of_it(case, crossings):
    limb_m = ours.limb_radius_m(ours.params_of(case))
    for event in ("entry", "exit"):
        assert len(crossings[case.name, event]) > 100
        for time_s in crossings[case.name, event]:
            height_rad = ours.sun_height_rad(case, time_s, limb_m)
            assert abs(height_rad) < height_limit_rad(case, time_s), (event, time_s)
            # The Sun goes down at an entry and up at an exit.
            rising = ours.sun_height_rad(case, time_s + 1.0, limb_m) > height_rad
            assert rising == (event == "exit")


def test_the_limb_is_seen_from_the_mean_radius_and_so_nearer_basilisks(crossings):
    case = CASES["dawn-dusk"]
    radius_m = ours.limb_radius_m(ours.params_of(case))
    formula_m = mean_radius_m(case.radius_m, math.cos(case.inclination_rad))
    assert radius_m == pytest.approx(formula_m, rel=1e-12)
    for event in ("entry", "exit"):
        circle, mean = (
            max(abs(ours.sun_height_rad(case, t, radius)) for t in crossings[case.name, event])
            for radius in (case.radius_m, radius_m)
        )
        assert mean < 0.5 * circle


def test_light_and_array_energy_add_up_to_basilisks(flown, samples, lateness):
    case, params, week = flown
    times_s = samples[case.name]["t_s"]
    crossed_s, gained_s = lateness
    n_crossings = np.searchsorted(crossed_s, times_s)
    # What the orbit is early or late is tested above; here it is taken as it is. The rest: a
    # sub-step's light is that of its middle, so each crossing is off by up to half of 15 s, evenly
    # spread, and the sum walks at random; four deviations.
    expected_s = np.concatenate([[0.0], np.cumsum(gained_s)])[n_crossings]
    limit_s = 4.0 * SUBSTEP_S / math.sqrt(12.0) * np.sqrt(n_crossings) + 0.5 * SUBSTEP_S
    rows = (times_s / cases.STEP_S).astype(int)
    light_s = np.concatenate([[0.0], np.cumsum(week.light) * cases.STEP_S])[rows]
    assert (abs(light_s - samples[case.name]["light_s"] - expected_s) < limit_s).all()
    array_j = np.concatenate([[0.0], np.cumsum(week.array_j)])[rows]
    off_j = array_j - samples[case.name]["array_j"]
    # The satellite is up to 7,100 km nearer to the Sun or farther than the Earth: 1e-4.
    full_w = full_sun_w(params)
    assert (abs(off_j - full_w * expected_s) < full_w * limit_s + 1e-4 * array_j).all()


def test_stored_energy_is_basilisks(flown, samples, lateness):
    case, params, week = flown
    capacity_j = params.hardware.capacity_j
    rows = (samples[case.name]["t_s"] / cases.STEP_S).astype(int)
    # Every orbit fills the battery, so a difference lives no longer than two crossings. Charging
    # counts 1e-4 of what an orbit brings, as above, and so does the taper just below full.
    limit_s = 2.0 * (0.5 * SUBSTEP_S + abs(lateness[1]).max())
    limit_j = full_sun_w(params) * limit_s + 2e-4 * capacity_j
    assert limit_j < 0.02 * capacity_j
    for column, load in enumerate(cases.LOADS):
        theirs_j = samples[case.name][f"stored_{load}_j"]
        assert theirs_j.min() < 0.95 * capacity_j
        assert abs(week.stored_j[rows, column] - theirs_j).max() < limit_j


def test_temperature_is_basilisks_once_the_start_is_over(flown, samples, lateness):
    case, params, week = flown
    hw = params.hardware
    settled = samples[case.name]["t_s"] > SETTLED_S
    rows = (samples[case.name]["t_s"][settled] / cases.STEP_S).astype(int)
    face_m2 = 0.5 * hw.emitting_area_m2
    sunlight_w_m2 = SOLAR_CONSTANT_W_M2 * full_sun_w(params) / hw.nominal_array_w
    sunlight_w = hw.absorptivity * sunlight_w_m2 * face_m2
    capacity = hw.chip_capacity_j_k + hw.loop_capacity_j_k + hw.radiator_capacity_j_k
    # The radiator's light holds for a step, so it comes and goes up to a minute late. The albedo
    # factors of both faces are good to 0.02, and a watt more is worth 1 / (4 eps sigma A T^3).
    late_k = sunlight_w * (cases.STEP_S + abs(lateness[1]).max()) / capacity
    albedo_w = 2.0 * 0.02 * 0.3 * sunlight_w
    for column, load in enumerate(cases.LOADS):
        theirs_k = samples[case.name][f"{load}_k"][settled]
        stiffness = 4.0 * 5.67e-8 * hw.emissivity * hw.emitting_area_m2 * theirs_k.min() ** 3
        limit_k = late_k + albedo_w / stiffness
        assert np.ptp(theirs_k) > 4.0 * limit_k  # the light moves it by far more
        assert abs(week.node_k[rows, column] - theirs_k).max() < limit_k


def test_without_basilisk_the_script_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "Basilisk", None)
    assert compare_basilisk.main([]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "pip install" in shown.err
    assert shown.err.count("\n") == 1

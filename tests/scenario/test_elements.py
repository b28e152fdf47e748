"""Element sets: what is read, what is refused, how near SGP4 a circle with J2 stays."""

import math

import numpy as np
import pytest
from tests.scenario.element_files import (
    FOLDER,
    INCLINATION_DEG,
    N_PLANES,
    N_SLOTS,
    SHELL,
    real_omm,
    satrec,
    shell_text,
    write_csv,
)

from sunward import build_params
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.physics.mean_elements import brouwer_mean_motion_rad_s, keplerian_axis_m
from sunward.physics.orbit import (
    argument_rate_rad_s,
    mean_motion_rad_s,
    node_rate_rad_s,
    orbit_position,
)
from sunward.scenario import ScenarioError, content_hash, load_scenario
from sunward.scenario.build_orbits import shell_neighbours
from sunward.scenario.constellation import Shell
from sunward.scenario.element_formats import read_element_sets
from sunward.scenario.elements import load_elements
from sunward.scenario.planes import find_planes, find_shells, plane_neighbours

J2000_JD = 2451545.0
SCENARIO = FOLDER / "elements.yaml"


@pytest.fixture
def fleet(shared_dir, tmp_path):
    """Starlink of 2025-05-29 as OMM CSV, less the sets that are refused."""
    sets = real_omm(shared_dir)
    whole = write_csv(tmp_path / "all.csv", sets)
    with pytest.raises(ScenarioError) as caught:
        load_elements(whole)
    (problem,) = caught.value.problems
    assert problem == (
        "all.csv:3072: mean altitude is 197.7 km, must be 200 to 2000: take the set out"
    )
    del sets[3072 - 2]
    return write_csv(tmp_path / "starlink.csv", sets)


# Physics


@pytest.mark.parametrize("inclination_deg", [0.0, 30.0, 53.05, 70.0, 97.6])
@pytest.mark.parametrize(("rev_day", "eccentricity"), [(15.5, 0.0), (15.06, 0.0002), (12.7, 0.02)])
def test_the_mean_axis_is_that_of_sgp4(inclination_deg, rev_day, eccentricity):
    record = satrec(1, 0.0, 0.0, inc_deg=inclination_deg, rev_day=rev_day, ecco=eccentricity)
    cosine = math.cos(record.inclo)
    ours = keplerian_axis_m(brouwer_mean_motion_rad_s(record.no_kozai / 60.0, eccentricity, cosine))
    # In SGP4's Earth radii of WGS72, whose Earth is heavier by 9e-7: 2 m of axis.
    assert ours == pytest.approx(record.a * 6378135.0, abs=3.0)
    plain = keplerian_axis_m(record.no_kozai / 60.0)
    assert abs(plain - ours) > 100.0


def test_axis_and_mean_motion_undo_each_other():
    assert keplerian_axis_m(mean_motion_rad_s(7e6)) == pytest.approx(7e6, rel=1e-14)


def distances_km(table, records, hours):
    """Returns how far circles and SGP4 are apart some hours after the table's epoch."""
    apart = []
    for index, record in enumerate(records):
        radius_m, inclination = table.semi_major_axis_m[index], table.inclination_rad[index]
        cosine, elapsed_s = math.cos(inclination), hours * 3600.0
        node = table.node_rad[index] + node_rate_rad_s(radius_m, cosine) * elapsed_s
        along = table.argument_rad[index] + argument_rate_rad_s(radius_m, cosine) * elapsed_s
        place = orbit_position(
            math.sin(along),
            math.cos(along),
            math.sin(node),
            math.cos(node),
            math.sin(inclination),
            cosine,
        )
        error, theirs, _ = record.sgp4(J2000_JD, table.epoch_days + hours / 24.0)
        assert error == 0
        apart.append(math.dist(np.array(place) * radius_m / 1e3, theirs))
    return np.array(apart)


def test_without_drag_a_circle_stays_within_twenty_km_of_sgp4_over_a_day():
    table = load_elements(SHELL)
    records = {item.satellite: item.record for item in read_element_sets(SHELL)}
    ordered = [records[number] for number in table.satellite]
    worst = [distances_km(table, ordered, hours).max() for hours in np.arange(0.0, 24.1, 1.5)]
    # 12 km of it are there from the start: what J2 and J3 do within an orbit.
    assert max(worst) < 20.0
    assert worst[-1] - worst[0] < 3.0


def test_the_real_fleet_stays_near_sgp4_over_a_day(fleet):
    table = load_elements(fleet)
    records = {item.satellite: item.record for item in read_element_sets(fleet)}
    # Working shells: those that fall through thick air below leave any orbit without drag.
    working = np.flatnonzero(table.semi_major_axis_m > EARTH_RADIUS_M + 470e3)[::20]
    assert len(working) > 250
    part = type(table)(
        table.epoch_days,
        *(getattr(table, name)[working] for name in list(vars(table))[1:]),
    )
    ordered = [records[number] for number in part.satellite]
    start, day = (distances_km(part, ordered, hours) for hours in (0.0, 24.0))
    assert np.median(start) < 12.0
    assert np.percentile(start, 90) < 16.0
    assert np.median(day) < 15.0
    assert np.percentile(day, 90) < 60.0


# Reading


def test_the_test_file_is_what_sgp4_exports():
    assert SHELL.read_text(encoding="utf-8") == shell_text()


def test_a_shell_is_found_again_from_sets_of_different_moments():
    table = load_elements(SHELL)
    assert table.shell.tolist() == [0] * 48
    assert table.plane.tolist() == np.repeat(np.arange(6), 8).tolist()
    assert table.satellite.tolist() == list(range(70_001, 70_049))
    pattern = Shell(
        pattern="walker-delta",
        satellites=N_PLANES * N_SLOTS,
        planes=N_PLANES,
        phasing=1,
        altitude_km=550.0,
        inclination_deg=INCLINATION_DEG,
    )
    assert (table.neighbours() == shell_neighbours(pattern)).all()
    # A quarter of a day of first-order J2 rates: 0.004 deg of argument, 0.5 km.
    slot = np.degrees(table.argument_rad) - 7.5 * table.plane
    assert np.abs((slot + 22.5) % 45.0 - 22.5).max() < 0.01


def test_the_real_fleet_has_the_planes_that_it_was_filed_with(fleet):
    table = load_elements(fleet)
    sizes = np.bincount(table.shell)
    planes = {
        (
            round(math.degrees(np.median(table.inclination_rad[table.shell == number])), 1),
            size,
        ): len(np.unique(table.plane[table.shell == number]))
        for number, size in enumerate(sizes.tolist())
        if size > 300
    }
    # Two shells were filed with 72 planes; the sets' epochs spread over two days and 10 degrees.
    assert planes[(53.1, 801)] == planes[(53.2, 1413)] == 72
    grid = table.neighbours()
    assert_one_to_one(grid)
    large = sizes[table.shell] > 300
    assert (grid[large, 0] >= 0).mean() > 0.95
    assert (grid[large, 3] >= 0).mean() > 0.6


def assert_one_to_one(grid):
    everyone = np.arange(len(grid))
    for side, other in ((0, 1), (3, 2)):
        linked = grid[:, side] >= 0
        assert (grid[grid[linked, side], other] == everyone[linked]).all()
        assert (grid[:, other] >= 0).sum() == linked.sum()


def test_shells_are_cut_by_inclination_and_altitude():
    inclination = np.radians([53.0, 53.0, 53.2, 53.0, 53.01])
    radius_m = 1e3 * np.array([6928.0, 6918.0, 6928.0, 6928.4, 6928.9])
    assert find_shells(inclination, radius_m).tolist() == [1, 0, 2, 1, 1]


def test_a_plane_that_lies_across_zero_is_one():
    node = np.radians([359.8, 90.0, 0.2, 90.3, 180.0])
    shell = np.zeros(5, int)
    plane = find_planes(shell, node)
    assert plane[0] == plane[2]
    assert plane[1] == plane[3]
    assert len(set(plane.tolist())) == 3


def grid_of(nodes_deg, n_slots, phase_deg):
    """Returns the +Grid of planes at some nodes, each turned by a phase against the last."""
    argument = [
        (360.0 * slot / n_slots + phase_deg * plane) % 360.0
        for plane in range(len(nodes_deg))
        for slot in range(n_slots)
    ]
    plane = np.repeat(np.arange(len(nodes_deg)), n_slots)
    order = np.lexsort((argument, plane))
    node = np.radians(np.repeat(nodes_deg, n_slots))
    shell = np.zeros(len(plane), int)
    return plane_neighbours(shell, plane, node, np.radians(argument)[order])


def test_a_star_has_no_links_across_its_seam():
    grid = grid_of([0.0, 30.0, 60.0, 90.0, 120.0, 150.0], 8, 3.0)
    assert (grid[40:, 3] == -1).all()
    assert (grid[:8, 2] == -1).all()
    assert (grid[:40, 3] >= 0).all()
    assert_one_to_one(grid)


@pytest.mark.parametrize("phase_deg", [0.0, 10.0, 22.5, 30.0])
def test_neighbours_in_argument_are_linked_whatever_the_phase(phase_deg):
    grid = grid_of([0.0, 40.0, 80.0], 8, phase_deg)
    assert (grid[:16, 3] >= 0).all()
    assert_one_to_one(grid)


def test_two_satellites_in_a_plane_have_no_ring():
    assert (grid_of([0.0, 40.0, 80.0], 2, 0.0)[:, :2] == -1).all()


# Scenarios


def test_the_file_is_found_beside_the_scenario_and_its_content_counts(tmp_path):
    for name in ("elements.yaml", "shell.tle"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    here, there = load_scenario(SCENARIO), load_scenario(tmp_path / "elements.yaml")
    assert there.constellation.elements == str(tmp_path / "shell.tle")
    assert content_hash(here) == content_hash(there)
    (tmp_path / "shell.tle").write_text(shell_text() + "\n", encoding="utf-8")
    assert content_hash(here) != content_hash(there)


def test_a_missing_file_gets_a_clear_line():
    scenario = load_scenario(SCENARIO, **{"constellation.elements": "nowhere.tle"})
    with pytest.raises(ScenarioError, match=r"constellation\.elements is 'nowhere\.tle', which is"):
        build_params(scenario)


def test_a_task_of_one_satellite_refuses_a_fleet():
    scenario = load_scenario(SCENARIO, task="satellite")
    with pytest.raises(ScenarioError, match="has satellites 48, task satellite has one"):
        build_params(scenario)


def test_a_fleet_of_element_sets_has_its_mean_demand():
    params = build_params(load_scenario(SCENARIO))
    assert params.n_sats == 48
    assert params.service.looks_ahead == 0.0
    assert not params.orbits.is_sun_synchronous.any()
    pattern = build_params(
        load_scenario(
            "walker-53-66-v0",
            **{"constellation.satellites": 48, "constellation.planes": 6},
        )
    )
    assert params.service.ingress_gain == pytest.approx(pattern.service.ingress_gain, rel=0.01)


def test_other_keys_beside_elements_are_an_error(tmp_path):
    text = SCENARIO.read_text(encoding="utf-8").replace("  elements:", "  planes: 6\n  elements:")
    path = tmp_path / "both.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert caught.value.problems == (
        "both.yaml:14: constellation.planes is unknown: use one of elements",
    )

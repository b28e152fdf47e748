"""Element sets: what is read, what is refused, how near SGP4 a circle with J2 stays."""

import builtins
import csv
import json
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
    shell_records,
    shell_text,
    tle,
    write_csv,
)

from sunward import build_params
from sunward.physics.constants import EARTH_RADIUS_M, TWO_PI
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

pytest.importorskip("sgp4", reason="comes with the extra `elements`")

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


def same_orbits(one, other):
    for name in ("satellite", "shell", "plane"):
        assert (getattr(one, name) == getattr(other, name)).all()
    np.testing.assert_allclose(one.semi_major_axis_m, other.semi_major_axis_m, atol=0.01)
    for name in ("node_rad", "argument_rad", "inclination_rad"):
        apart = np.angle(np.exp(1j * (getattr(one, name) - getattr(other, name))))
        assert np.abs(apart).max() < 1e-6


def omm_of(record):
    days = record.jdsatepoch - 2433281.5 + record.jdsatepochF  # of 1949-12-31
    epoch = np.datetime64("1949-12-31T00:00:00", "us") + np.timedelta64(round(days * 86400e6), "us")
    return {
        "OBJECT_NAME": f"TEST-{record.satnum}",
        "OBJECT_ID": "2025-001A",
        "EPOCH": str(epoch),
        "MEAN_MOTION": round(record.no_kozai * 1440.0 / TWO_PI, 8),
        "ECCENTRICITY": record.ecco,
        "INCLINATION": round(math.degrees(record.inclo), 4),
        "RA_OF_ASC_NODE": round(math.degrees(record.nodeo), 4),
        "ARG_OF_PERICENTER": round(math.degrees(record.argpo), 4),
        "MEAN_ANOMALY": round(math.degrees(record.mo), 4),
        "EPHEMERIS_TYPE": 0,
        "CLASSIFICATION_TYPE": "U",
        "NORAD_CAT_ID": record.satnum,
        "ELEMENT_SET_NO": 999,
        "REV_AT_EPOCH": 1,
        "BSTAR": 0.0,
        "MEAN_MOTION_DOT": 0.0,
        "MEAN_MOTION_DDOT": 0.0,
    }


def test_all_formats_give_the_same_orbits(tmp_path):
    whole = load_elements(SHELL)
    lines = [line for line in shell_text().splitlines() if line[:2] in ("1 ", "2 ")]
    bare = tmp_path / "bare.txt"
    bare.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    same_orbits(whole, load_elements(bare))
    numbered = tmp_path / "numbered.3le"
    numbered.write_text(shell_text().replace("TEST-", "0 TEST-"), encoding="utf-8")
    same_orbits(whole, load_elements(numbered))
    sets = [omm_of(item.record) for item in read_element_sets(SHELL)]
    same_orbits(whole, load_elements(write_csv(tmp_path / "gp.csv", sets)))
    for name, indent in (("gp.json", None), ("pretty.json", 2)):
        path = tmp_path / name
        path.write_text(json.dumps(sets, indent=indent), encoding="utf-8")
        same_orbits(whole, load_elements(path))


def test_a_nine_digit_number_and_a_whole_second_are_read(tmp_path):
    omm = omm_of(shell_records()[0]) | {"NORAD_CAT_ID": 799_500_123, "EPOCH": "2025-05-29T00:00:00"}
    path = tmp_path / "one.json"
    path.write_text(json.dumps([omm]), encoding="utf-8")
    table = load_elements(path)
    assert table.satellite.tolist() == [799_500_123]
    assert table.epoch_days == pytest.approx(9279.5)  # 2025-05-29, from noon of 2000-01-01


# Refusals


def problems_of(path):
    with pytest.raises(ScenarioError) as caught:
        load_elements(path)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("line", "old", "new", "problem"),
    [
        (2, " 53.0500", " 53.0600", "checksum is {got}, expected {want}: a character of the line"),
        (2, " 53.0500", " 53.O500", "inclination is ' 53.O500', expected a number in columns 9 to"),
        (2, "15.06", "15,06", "mean motion is '15,06000000', expected a number in columns 53 to"),
        (1, "U 25001A", "U 2501A", "is 68 characters long, expected 69 of line 1"),
        (2, "2 7000", "3 7000", "is line 1 alone, expected line 2 below it: add it"),
        (1, "1 7000", "l 7000", "is 'TEST-70003', expected line 1 of an element set, or a name"),
    ],
)
def test_a_malformed_line_is_told_with_file_line_and_what_was_expected(
    tmp_path, line, old, new, problem
):
    lines = shell_text().splitlines()
    index = 2 * 3 + line  # the third satellite, below its name
    assert old in lines[index]
    lines[index] = lines[index].replace(old, new, 1)
    path = tmp_path / "bad.tle"
    path.write_text("\n".join(lines), encoding="utf-8")
    first = problems_of(path)[0]
    place, _, rest = first.partition(": ")
    offset = {"is line 1 alone": -1, "is 'TEST-70003'": -1}
    told = index + 1 + next((n for text, n in offset.items() if problem.startswith(text)), 0)
    assert place == f"bad.tle:{told}"
    want = sum(int(c) if c.isdigit() else c == "-" for c in lines[index][:68]) % 10
    assert rest.startswith(problem.format(got=lines[index][-1], want=want))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ecco": 0.03}, "eccentricity is 0.03, must be at most 0.02, as orbits are circles here"),
        ({"rev_day": 2.0}, "period is 720 min, must be below 225 (deep space): take the set out"),
        ({"rev_day": 16.4}, "mean altitude is 166.1 km, must be 200 to 2000: take the set out"),
        ({"rev_day": 8.0}, "mean altitude is 4182.3 km, must be 200 to 2000: take the set out"),
        ({"age_days": 31.0}, "epoch is 31 days before the file's latest, must be at most 30"),
    ],
)
def test_a_set_that_cannot_be_flown_is_refused_by_line(tmp_path, change, reason):
    bad = tle(satrec(70_999, 10.0, 20.0, **change), "ODD ONE")
    path = tmp_path / "odd.tle"
    path.write_text(shell_text() + bad, encoding="utf-8")
    (problem,) = problems_of(path)
    assert problem.startswith(f"odd.tle:146: {reason}")


def test_many_bad_sets_are_counted(tmp_path):
    path = tmp_path / "odd.tle"
    path.write_text("".join(tle(satrec(n, 0.0, n, ecco=0.1)) for n in range(1, 26)), "utf-8")
    problems = problems_of(path)
    assert len(problems) == 11
    assert problems[-1] == "odd.tle: 25 element sets in all cannot be used"


def test_a_satellite_that_stands_twice_is_told_with_both_lines(tmp_path):
    path = tmp_path / "twice.tle"
    path.write_text(shell_text() + tle(shell_records()[1]), encoding="utf-8")
    (problem,) = problems_of(path)
    assert problem == "twice.tle:145: satellite 70002 stands twice, first in twice.tle:5: keep one"


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("MEAN_MOTION", "fast", "MEAN_MOTION is 'fast', expected a number"),
        ("INCLINATION", float("nan"), "INCLINATION is nan, expected a number"),
        ("EPOCH", "29.5.2025", "EPOCH is '29.5.2025', expected a time such as 2025-05-29T08"),
        ("EPOCH", "2025-02-30T08:00:00", "is no OMM (day is out of range for month): fetch it"),
        ("MEAN_MOTION", -3.0, "mean motion is -0.0130"),
        ("INCLINATION", 190.0, "inclination is 190, must be 0 to 180"),
    ],
)
def test_a_malformed_omm_is_told_with_its_line(tmp_path, key, value, problem):
    sets = [omm_of(record) for record in shell_records()[:4]]
    sets[2][key] = value
    csv_path, json_path = write_csv(tmp_path / "gp.csv", sets), tmp_path / "gp.json"
    json_path.write_text("[\n" + ",\n".join(map(json.dumps, sets)) + "\n]\n", encoding="utf-8")
    for path in (csv_path, json_path):
        (line,) = problems_of(path)
        # The header, or the bracket, is line 1.
        assert line.startswith(f"{path.name}:4: ")
        assert problem in line.replace("'nan'", "nan")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "bad: holds no element set: give TLE, OMM CSV or OMM JSON"),
        ("[]", "bad: holds no element set: give TLE, OMM CSV or OMM JSON"),
        ("No GP data found", "bad:1: is 'No GP data found', expected line 1 of an element set"),
        ('[{"EPOCH": ', "bad:1: is not JSON (Expecting value), expected an OMM object"),
        ("[3, 4]", "bad:1: is '3', expected an OMM object"),
        ("EPOCH,MEAN_MOTION,ECCENTRICITY,X\n", "bad:1: has no column INCLINATION"),
    ],
)
def test_a_file_that_is_none_is_told_in_a_line(tmp_path, text, problem):
    path = tmp_path / "bad"
    path.write_text(text, encoding="utf-8")
    assert problems_of(path)[0].startswith(problem)


def test_a_short_row_of_a_table_is_told(tmp_path):
    path = write_csv(tmp_path / "gp.csv", [omm_of(record) for record in shell_records()[:3]])
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], lines[2][:40], *lines[3:]]), encoding="utf-8")
    columns = len(next(csv.reader(lines)))
    assert problems_of(path) == [f"gp.csv:3: expected {columns} values as in line 1: fix it"]


def test_without_sgp4_a_line_names_the_extra(monkeypatch):
    real_import = builtins.__import__

    def absent(name, *rest):
        if name.startswith("sgp4"):
            raise ModuleNotFoundError("No module named 'sgp4'", name="sgp4")
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    (problem,) = problems_of(SHELL)
    assert 'pip install "sunward[elements]"' in problem
    assert load_scenario(SCENARIO).id == "elements-v0"


# Shells, planes, neighbours


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

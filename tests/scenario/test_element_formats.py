"""Element sets as files give them: TLE, OMM and tables, and what is said of bad ones."""

import builtins
import csv
import json
import math

import numpy as np
import pytest
from tests.scenario.element_files import (
    FOLDER,
    SHELL,
    satrec,
    shell_records,
    shell_text,
    tle,
    write_csv,
)

from sunward.physics.constants import TWO_PI
from sunward.scenario import ScenarioError, load_scenario
from sunward.scenario.element_formats import read_element_sets
from sunward.scenario.elements import load_elements

J2000_JD = 2451545.0
SCENARIO = FOLDER / "elements.yaml"


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

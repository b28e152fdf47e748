"""`sunward validate`: every check on the reference tables, and every way a folder can be wrong."""

import ast
import csv
import json
import math
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sunward_agents.cli import main
from sunward_agents.validation.catalogue import CHECKS
from sunward_agents.validation.check import beyond_rounding, written_decimals
from sunward_agents.validation.eclipse import UMBRA, Shadow, crossing_error_s
from sunward_agents.validation.run import SHIPPED, validate
from sunward_agents.validation.tables import Row
from sunward_agents.validation.thermal import lit_share

ROOT = Path(__file__).resolve().parents[2]
NAMES = [f"{check.family}-{check.quantity}" for check in CHECKS]
#: The one check whose tool is not among those of the shipped tables.
NEEDS_BRAHE = "sso_inclination-inclination, to first order"
ROW_KEYS = {
    *("file", "quantity", "unit", "cases", "median", "worst", "statistic", "value", "limit"),
    *("is_own_limit", "status", "note"),
}


@pytest.fixture(scope="module")
def against_shared(shared_dir):
    return validate(shared_dir / "reference" / "physics")


@pytest.fixture(scope="module")
def against_shipped():
    return validate(SHIPPED)


@pytest.fixture
def folder(tmp_path):
    """A copy of a few shipped tables, to be spoilt."""
    target = tmp_path / "tables"
    target.mkdir()
    for name in ("sun_direction", "isl_walker", "thermal_one_node", "thermal_one_node_cases"):
        shutil.copy(SHIPPED / f"{name}.csv", target)
    return target


def run(capsys, *args):
    code = main(["validate", *map(str, args)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def edit(path, line, column, cell):
    """Replaces one cell of a CSV file; line 1 is the header."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[line - 1][rows[0].index(column)] = cell
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def drop(path, column):
    """Removes a column of a CSV file."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    index = rows[0].index(column)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(row[:index] + row[index + 1 :] for row in rows)


@pytest.mark.parametrize("index", range(len(CHECKS)), ids=NAMES)
def test_a_check_holds_on_every_row_of_the_shared_tables(against_shared, index):
    outcome = against_shared[index]
    assert outcome.check is CHECKS[index]
    assert outcome.note == ""
    assert outcome.passed, f"{outcome.value:g} above {outcome.check.limit:g} {outcome.check.unit}"


@pytest.mark.parametrize("index", range(len(CHECKS)), ids=NAMES)
def test_a_check_holds_on_the_shipped_tables(against_shipped, index):
    outcome = against_shipped[index]
    if NAMES[index] == NEEDS_BRAHE:
        assert outcome.note == "no column sso_inc_brahe_deg"
    else:
        assert outcome.passed, f"{outcome.value:g} above {outcome.check.limit:g}"


def test_shipped_and_shared_tables_have_no_case_of_drag_belt_or_ageing_in_common(shared_dir):
    for file, keys in (
        ("atmosphere_decay.csv", ("altitude_km",)),
        ("saa_proton_flux.csv", ("altitude_km",)),
        ("saa_flux_map.csv", ("altitude_km", "geocentric_lat_deg", "lon_deg")),
        ("battery_ageing_blast.csv", ("dod", "temp_C", "soc_max", "season_share", "years")),
    ):
        shipped, shared = (
            {
                tuple(float(row[key]) for key in keys)
                for row in csv.DictReader(path.read_text().splitlines())
            }
            for path in (SHIPPED / file, shared_dir / "reference" / "physics" / file)
        )
        assert len(shipped) > 5
        assert not shipped & shared, file


def test_every_row_of_a_table_is_compared(against_shipped):
    cases = {(o.check.table.file, o.check.quantity): o.errors.size for o in against_shipped}
    for file, quantity in (
        ("sun_direction.csv", "direction of date"),
        ("eclipse_orbits.csv", "umbra, total"),
        ("eclipse_season.csv", "share of the orbit in shadow"),
        ("basilisk_power_thermal.csv", "stored energy over capacity"),
        ("thermal_three_node.csv", "temperatures, 10 s sub-steps"),
        ("atmosphere_decay.csv", "mean density"),
        ("saa_proton_flux.csv", "time in the anomaly"),
        ("battery_ageing_blast.csv", "capacity left, NMC111"),
    ):
        n_lines = len((SHIPPED / file).read_text().splitlines())
        assert cases[file, quantity] == n_lines - 1


def test_names_of_checks_are_unique():
    assert len(set(NAMES)) == len(NAMES)


def test_the_shipped_set_passes_and_is_small(capsys):
    code, out, err = run(capsys)
    assert code == 0
    assert "FAIL" not in out
    assert "no column sso_inc_brahe_deg" in out
    assert err == ""
    assert "not in this folder" not in out
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 250_000


def test_one_wrong_row_fails_with_exit_code_1(capsys, folder):
    edit(folder / "sun_direction.csv", 7, "dist_au", "1.05")
    code, out, _ = run(capsys, "--reference", folder)
    assert code == 1
    assert out.count("FAIL") == 1
    failed = next(line for line in out.splitlines() if "FAIL" in line)
    assert "distance" in failed


def test_a_line_of_sight_called_otherwise_is_counted(capsys, folder):
    path = folder / "isl_walker.csv"
    seen = path.read_text().splitlines()[1].rsplit(",", 1)[1]
    edit(path, 2, "los_basilisk", "0" if seen == "1" else "1")
    code, out, _ = run(capsys, "--reference", folder, "--json", "-")
    rows = {row["quantity"]: row for row in json.loads(out)["checks"] if row["cases"]}
    assert code == 1
    assert rows["line of sight"]["value"] == 1.0
    assert rows["line of sight"]["status"] == "fail"
    assert rows["range"]["status"] == "pass"


def test_tables_that_are_not_there_are_named_and_no_failure(capsys, folder):
    (folder / "notes.txt").write_text("no table")
    code, out, _ = run(capsys, "--reference", folder)
    assert code == 0
    absent = [line for line in out.splitlines() if "not in this folder" in line]
    assert any("relative_motion" in line for line in absent)
    assert not any("sun_direction" in line for line in absent)


def test_further_columns_and_other_rows_are_welcome(capsys, folder):
    path = folder / "sun_direction.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([f"remark,{header}", *(f"mine,{row}" for row in rows[::-3])]) + "\n")
    code, out, _ = run(capsys, "--reference", folder, "--json", "-")
    assert code == 0
    assert json.loads(out)["checks"][0]["cases"] == len(rows[::-3])


def test_the_json_keeps_its_shape(capsys, folder, tmp_path):
    target = tmp_path / "out.json"
    code, out, _ = run(capsys, "--reference", folder, "--json", target)
    content = json.loads(target.read_text())
    assert code == 0
    assert "checks pass" in out
    assert set(content) == {"sunward", "reference", "passed", "checks"}
    assert content["passed"] is True
    assert [row["quantity"] for row in content["checks"]] == [check.quantity for check in CHECKS]
    assert all(set(row) == ROW_KEYS for row in content["checks"])
    assert {row["status"] for row in content["checks"]} == {"pass", "absent"}
    absent = next(row for row in content["checks"] if row["status"] == "absent")
    assert (absent["cases"], absent["worst"], absent["value"]) == (0, None, None)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: shutil.rmtree(f), "no such folder of reference tables"),
        (
            lambda f: [path.unlink() for path in f.iterdir()],
            "holds no reference table, expected any of sun_direction.csv",
        ),
        (
            lambda f: drop(f / "sun_direction.csv", "dist_au"),
            "sun_direction.csv: line 1: expected the columns",
        ),
        (
            lambda f: edit(f / "sun_direction.csv", 5, "dist_au", "one"),
            "sun_direction.csv: line 5: dist_au: expected a number, found 'one'",
        ),
        (
            lambda f: edit(f / "sun_direction.csv", 5, "dist_au", "inf"),
            "line 5: dist_au: expected a finite number, found 'inf'",
        ),
        (
            lambda f: edit(f / "isl_walker.csv", 3, "altitude_km", "-7000"),
            "isl_walker.csv: line 3: altitude_km: expected from 100 to 60000, found '-7000'",
        ),
        (
            lambda f: edit(f / "isl_walker.csv", 3, "pattern", "rosette"),
            "line 3: pattern: expected one of delta, star, found 'rosette'",
        ),
        (
            lambda f: edit(f / "isl_walker.csv", 4, "P", "500"),
            "isl_walker.csv: line 4: no figure of ours can be computed",
        ),
        (
            lambda f: (f / "sun_direction.csv").write_text(""),
            "sun_direction.csv: line 1: expected a header row",
        ),
        (
            lambda f: (f / "sun_direction.csv").write_text("a,b\n1\n"),
            "sun_direction.csv: line 1: expected the columns",
        ),
        (
            lambda f: (f / "thermal_one_node_cases.csv").unlink(),
            "thermal_one_node_cases.csv: cannot be read",
        ),
        (
            lambda f: edit(f / "thermal_one_node.csv", 3, "case", "single_x"),
            "thermal_one_node.csv: line 3: no case 'single_x' in thermal_one_node_cases.csv: "
            "did you mean single_",
        ),
    ],
)
def test_bad_input_is_told_in_one_line_with_exit_code_2(capsys, folder, spoil, message):
    spoil(folder)
    code, out, err = run(capsys, "--reference", folder)
    assert code == 2
    assert message in err
    assert err.count("\n") == 1
    assert out == ""


def test_a_malformed_time_is_told_with_its_line(capsys, tmp_path):
    shutil.copy(SHIPPED / "ground_access.csv", tmp_path)
    edit(tmp_path / "ground_access.csv", 9, "epoch_utc", "yesterday")
    code, _, err = run(capsys, "--reference", tmp_path)
    assert code == 2
    assert "line 9: epoch_utc: expected a time such as 2026-01-01T12:00:00Z" in err


def test_pictures_are_drawn_into_a_folder(capsys, folder, tmp_path):
    for name in ("basilisk_power_thermal", "basilisk_power_thermal_cases"):
        shutil.copy(SHIPPED / f"{name}.csv", folder)
    code, out, _ = run(capsys, "--reference", folder, "--plots", tmp_path / "plots")
    pictures = sorted((tmp_path / "plots").iterdir())
    assert code == 0
    assert [path.name for path in pictures] == ["errors.png", "orbit.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)
    assert all(str(path) in out for path in pictures)


def test_pictures_that_cannot_be_written_are_told_in_one_line(capsys, folder, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run(capsys, "--reference", folder, "--plots", tmp_path / "file")
    assert code == 2
    assert "cannot be written" in err
    assert err.count("\n") == 1


def test_validation_needs_neither_torch_nor_the_tools_of_the_tables():
    program = (
        "import sys; from sunward_agents.cli import main; code = main(['validate', '--json', '-']);"
        "tools = ('torch', 'skyfield', 'sgp4', 'pymsis', 'aep8', 'astropy', 'blast');"
        "sys.exit(code or any(name in sys.modules for name in tools))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0


def test_the_script_that_makes_the_tables_imports_nothing_of_ours():
    files = [
        ROOT / "scripts/make_reference.py",
        *(ROOT / "scripts/reference_tables").glob("*.py"),
    ]
    assert len(files) > 5
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.startswith("sunward") for name in names), path.name


def test_the_shipped_readme_names_every_table_and_its_rows():
    text = (SHIPPED / "README.md").read_text()
    for path in SHIPPED.glob("*.csv"):
        n_rows = len(path.read_text().splitlines()) - 1
        assert f"| {path.name} | {n_rows} |" in text
    for tool in ("skyfield", "sgp4", "pymsis", "aep8", "blast-lite"):
        assert re.search(rf"{tool} \d+\.\d+", text), tool


def test_rounding_of_a_table_is_no_error_of_ours():
    assert written_decimals([1.25, 3.0, 2.5]) == 2
    assert beyond_rounding(1.2549, 1.25, 2) == 0.0
    assert beyond_rounding(1.26, 1.25, 2) == pytest.approx(0.005)


def test_light_over_a_step_is_the_share_outside_the_end_of_the_period():
    case = Row(period_s=100.0, eclipse_s=40.0)
    assert lit_share(case, 0.0, 60.0) == 1.0
    assert lit_share(case, 50.0, 20.0) == pytest.approx(0.5)
    assert lit_share(case, 60.0, 40.0) == 0.0
    assert lit_share(case, 90.0, 210.0) == pytest.approx(120.0 / 210.0)
    assert lit_share(Row(period_s=math.nan, eclipse_s=math.nan), 5.0, 9.0) == 1.0


def test_an_eclipse_only_one_side_sees_is_an_error():
    row = Row(period_s=6000.0)
    assert crossing_error_s(row, 100.0, (100.4, 6100.1), 900.0) == pytest.approx(0.4)
    assert crossing_error_s(row, 100.0, (), 30.0) == 15.0
    assert crossing_error_s(row, math.nan, (5990.0,), 0.0) == 10.0
    assert crossing_error_s(row, math.nan, (-300.0, 6200.0), 0.0) is None


def test_a_noon_orbit_is_dark_for_the_arc_of_the_earths_disc():
    row = Row(
        altitude_km=600.0, inc_deg=0.0, raan_deg=0.0, epoch_utc=9600.0, sun_dist_km=149.6e6
    ) | {"sun_gcrf_x": 1.0, "sun_gcrf_y": 0.0, "sun_gcrf_z": 0.0}
    arc = Shadow(Row(row)).arc(UMBRA)
    half = math.asin(6378.1363 / 6978.1363) - math.asin(695000.0 / 149.6e6)
    # The Sun runs ahead by a turn a year meanwhile: 0.4 s.
    still_s = 5801.23 * half / math.pi
    assert arc.total_s == pytest.approx(still_s * (1.0 + 5801.23 / 31.557e6), abs=0.1)
    middle_s = 0.5 * (arc.entries_s[1] + arc.exits_s[1])
    assert middle_s % 5801.23 == pytest.approx(5801.23 / 2, abs=1.0)

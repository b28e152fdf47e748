"""The table of yields is what the simulator measures, and says what physics says."""

from __future__ import annotations

import numpy as np
import pytest

from sunward.buildout.load import load_buildout, yields_file
from sunward.buildout.yields import by_month, load_yields, read_rows
from sunward.scenario import content_hash
from sunward_agents.yields import (
    LEAST_CAPACITY,
    SEASONS,
    Cell,
    _played,
    aged_capacity,
    as_csv,
    cell_scenario,
)

HOURS = 54


@pytest.fixture(scope="module")
def scenario():
    return load_buildout("buildout-medium-v0")


@pytest.fixture(scope="module")
def rows(scenario):
    return read_rows(yields_file(scenario))


def measured(rows, name, **keys) -> list[float]:
    return [
        float(row[name])
        for row in rows
        if all(row[key] == str(value) for key, value in keys.items())
    ]


def test_every_cell_is_measured_with_its_interval(scenario, rows):
    n_pairs = len(scenario.shells) * len(scenario.designs)
    assert len(rows) == 2 * n_pairs * len(SEASONS)
    for row in rows:
        for name in ("interactive_gpu_h", "batch_gpu_h", "value", "wear", "upsets"):
            low, mean, high = (float(row[name + end]) for end in ("_low", "", "_high"))
            assert low <= mean <= high
        assert int(row["worlds"]) >= 8
        assert len({one["model_sha256"] for one in rows}) == 1


def test_the_shipped_cells_are_the_scenarios_that_the_command_plays_now(scenario, rows):
    shells = {shell.id: shell for shell in scenario.shells}
    days = [int(row["day"]) for row in rows[: len(SEASONS)]]
    for row in rows[:: len(SEASONS) // 2]:
        if row["age_months"] == "0":
            date = SEASONS[days.index(int(row["day"]))]
            cell = Cell(shells[row["shell"]], row["design"], date, 0.0, 1.0)
            assert content_hash(cell_scenario(cell, HOURS)) == row["scenario_sha256"]


def test_the_simulator_gives_what_the_table_says(scenario, rows):
    shell = next(shell for shell in scenario.shells if shell.id == "dawn-650")
    played = _played(cell_scenario(Cell(shell, "ai1", SEASONS[11], 0.0, 1.0), 30), 4)
    for name in ("interactive_gpu_h", "batch_gpu_h"):
        told = measured(rows, name, shell="dawn-650", design="ai1", age_months=0)[11]
        assert played[name].mean() == pytest.approx(told, rel=0.05)


def test_a_dawn_plane_yields_least_in_december_and_a_dusk_plane_in_june(rows):
    for shell, month in (("dawn-650", 11), ("dusk-650", 5)):
        work = measured(rows, "batch_gpu_h", shell=shell, design="ai1", age_months=0)
        energy = measured(rows, "array_energy_kwh", shell=shell, design="ai1", age_months=0)
        assert np.argmin(work) == month
        assert np.argmin(energy) in (month - 1, month, (month + 1) % 12)


def test_inclined_shells_yield_less_and_wear_more_than_dawn_dusk(rows):
    def mean(name, shell):
        return np.mean(measured(rows, name, shell=shell, design="ai1", age_months=0))

    assert mean("batch_gpu_h", "low-30") < 0.8 * mean("batch_gpu_h", "dawn-650")
    assert mean("wear", "low-30") > 3.0 * mean("wear", "dawn-650")


def test_high_shells_see_many_times_the_upsets(rows):
    counts = {
        shell: np.mean(measured(rows, "upsets", shell=shell, design="ai1", age_months=0))
        for shell in ("dawn-500", "dawn-650", "dawn-1200")
    }
    assert counts["dawn-500"] < counts["dawn-650"] < counts["dawn-1200"] / 5.0


def test_age_never_helps(rows, scenario):
    for shell in scenario.shells:
        for design in scenario.designs:
            new, aged = (
                np.mean(
                    measured(
                        rows, "batch_gpu_h", shell=shell.id, design=design.hardware, age_months=age
                    )
                )
                for age in (0, 60)
            )
            assert aged <= new * 1.005


def test_a_battery_ages_with_the_root_of_its_use():
    # A price that is the mean over a life to 80 %: after one such life 80 % are left.
    assert aged_capacity(0.01, 20.0) == pytest.approx(0.8)
    assert aged_capacity(0.01, 5.0) == pytest.approx(0.9)
    assert aged_capacity(0.0, 60.0) == 1.0
    assert aged_capacity(1.0, 60.0) == LEAST_CAPACITY


def test_months_lie_on_straight_lines_round_the_year():
    days = [0.0, 91.3125, 182.625, 273.9375]
    months = by_month(days, np.array([0.0, 3.0, 6.0, 3.0]))
    assert months == pytest.approx([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 5.5, 4.5, 3.5, 2.5, 1.5, 0.5])


def test_a_written_table_reads_back(tmp_path, scenario, rows):
    path = tmp_path / "table.csv"
    path.write_text(as_csv(rows))
    names = [shell.id for shell in scenario.shells], [one.hardware for one in scenario.designs]
    table, again = load_yields(yields_file(scenario), *names), load_yields(path, *names)
    for one, other in zip(table, again, strict=True):
        np.testing.assert_array_equal(one, other)
    assert table.gpu_h.shape == (6, 2, 2, 12, 2)
    assert (table.gpu_h > 0.0).all()

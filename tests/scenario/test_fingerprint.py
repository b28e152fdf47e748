"""The content hash moves with everything that moves a world, and with nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from sunward.scenario import ScenarioError, content_hash, load_scenario

WALKER = "walker-53-66-v0"


def hash_of(demand, **overrides):
    return content_hash(load_scenario(WALKER, **demand, **overrides))


def test_two_loads_have_one_hash(demand):
    assert hash_of(demand) == hash_of(demand)
    assert len(hash_of(demand)) == 64


def test_the_hash_is_the_same_in_another_process(demand):
    code = (
        "from sunward.scenario import content_hash, load_scenario;"
        f"print(content_hash(load_scenario({WALKER!r}, **{demand!r})))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == hash_of(demand)


@pytest.mark.parametrize(
    "override",
    [
        {"reward.trip": 5.5},
        {"start.day_spread": 3},
        {"hardware.thermal.radiator_area": 111},
        {"hardware.spread.leak_std_fraction": "11 percent"},
        {"id": "other-v0"},
        {"demand.trace_scale": "raw"},
        {"network.carries_interactive": False},
        {"ground": {"price": 0.5, "cost": 1.0, "limit_satellite_min": 1.0}},
    ],
)
def test_a_changed_value_changes_the_hash(demand, override):
    assert hash_of(demand, **override) != hash_of(demand)


@pytest.mark.parametrize(
    "override",
    [
        {"description": "better words"},
        {"hardware.description": "better words"},
        {"hardware.compute.peak_power": "150000 W"},
        {"hardware.thermal.radiator_area": 110},  # the same figure, its source now "override"
        {"network.carries_interactive": True},  # as where it is left out
        {"ground": None},
    ],
)
def test_words_sources_and_units_do_not_change_the_hash(demand, override):
    assert hash_of(demand, **override) == hash_of(demand)


def test_the_files_of_the_demand_count_by_content(demand, tmp_path):
    before = hash_of(demand)
    profile = Path(demand["demand.profile"])
    moved = profile.rename(tmp_path / "moved.yaml")
    assert hash_of({**demand, "demand.profile": str(moved)}) == before
    moved.write_text("rate: 5.5\n", encoding="utf-8")  # its comment is gone
    assert hash_of({**demand, "demand.profile": str(moved)}) == before
    moved.write_text("rate: 5.6\n", encoding="utf-8")
    assert hash_of({**demand, "demand.profile": str(moved)}) != before


def test_the_sites_and_a_trace_count(demand, tmp_path):
    before = hash_of(demand)
    trace = tmp_path / "trace.csv"
    trace.write_text("0.0,10,20\n", encoding="utf-8")
    assert hash_of({**demand, "demand.trace": str(trace)}) != before
    Path(demand["demand.sites"]).write_text("name,weight\nOsaka,1.0\n", encoding="utf-8")
    assert hash_of(demand) != before


def test_a_missing_demand_file_gets_a_clear_line(demand):
    with pytest.raises(ScenarioError, match=r"demand\.profile is 'nowhere', which is no file and"):
        hash_of({**demand, "demand.profile": "nowhere"})

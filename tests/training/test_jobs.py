"""Jobs: the profiles are what the traces say, and draws follow the profiles."""

from __future__ import annotations

import numpy as np
import pytest
from scripts import fit_gangs
from tests.training.conftest import simulator

from sunward.scenario.errors import ScenarioError
from sunward.training.books import N_SUMS
from sunward.training.gang import GANG, begin_gangs
from sunward.training.jobs import job_table, list_job_profiles, load_job_profile
from sunward.workload.job_traces import load_jobs


@pytest.mark.parametrize("source", fit_gangs.SOURCES, ids=lambda source: source.name)
def test_a_shipped_profile_is_what_the_script_fits_to_the_trace(source, shared_dir):
    trace = load_jobs(shared_dir / "data" / "workload" / source.file)
    assert fit_gangs.fitted(source, trace) == load_job_profile(source.name)


def test_every_shipped_profile_has_its_trace():
    assert list_job_profiles() == sorted(source.name for source in fit_gangs.SOURCES)


def test_kalos_trains_in_gangs_of_256_and_512(shared_dir):
    profile = load_job_profile("kalos-2023")
    share = {one.num_gpus: one.share for one in profile.sizes}
    assert share[256] + share[512] > 0.75


def test_drawn_jobs_have_the_sizes_and_durations_of_the_trace(shared_dir):
    """Two thousand first jobs against the rows of the trace themselves."""
    trace = load_jobs(shared_dir / "data" / "workload" / "acme_kalos_completed_day0-59.csv")
    worlds = simulator(**{"constellation.satellites": 16})
    n = 2000
    states, sums = np.zeros((n, len(GANG))), np.zeros((n, N_SUMS))
    keys = np.random.default_rng(0).integers(0, 2**32, (n, 2))
    params = worlds.params
    begin_gangs(states, sums, keys, np.ones(n, np.bool_), 0, params.gang, *params.jobs)
    size = states[:, GANG.size]
    full_s = states[:, GANG.work] / (size * params.gang.accelerators)
    is_gang = (trace.num_gpus >= 200) & (trace.duration_s >= 600.0)
    is_half = trace.num_gpus < 400
    smaller, whole = 13.0, 16.0
    assert set(size.tolist()) == {smaller, whole}
    expected = (is_gang & is_half).sum() / is_gang.sum()
    assert (size == smaller).mean() == pytest.approx(expected, abs=0.04)
    for kind, rows in ((smaller, is_gang & is_half), (whole, is_gang & ~is_half)):
        found = np.log(np.quantile(full_s[size == kind], [0.25, 0.5, 0.75]))
        real = np.log(np.quantile(trace.duration_s[rows], [0.25, 0.5, 0.75]))
        # Quantiles of some forty rows, with straight lines between them.
        np.testing.assert_allclose(found, real, atol=0.45)


def test_jobs_differ_from_number_to_number_and_from_world_to_world():
    params = simulator().params
    keys = np.random.default_rng(1).integers(0, 2**32, (10, 2))
    works = []
    for number in range(20):
        states, sums = np.zeros((10, len(GANG))), np.zeros((10, N_SUMS))
        begin_gangs(states, sums, keys, np.ones(10, np.bool_), number, params.gang, *params.jobs)
        assert (states[:, GANG.job] == number).all()
        works.append(states[:, GANG.work])
    assert len(np.unique(works)) == 200


def test_a_gang_as_large_as_the_whole_takes_all_satellites_and_none_has_less_than_two():
    profile = load_job_profile("kalos-2023")
    table = job_table(profile, 64, 512, 81)
    assert table.members.tolist() == [10.0, 20.0, 40.0, 81.0, 81.0]
    assert job_table(profile, 64, 512, 4).members.tolist() == [2.0, 2.0, 2.0, 4.0, 4.0]
    assert table.cumulative[-1] == 1.0


def test_gangs_larger_than_any_are_refused():
    with pytest.raises(ScenarioError, match="smallest_gpus is 4096, the largest gang of kalos"):
        job_table(load_job_profile("kalos-2023"), 4096, 8192, 16)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.95, 1.0]", "0.95, 0.9]", "must rise from 0 to 1"),
        ("share: 0.3", "share: 0.9", "add up to"),
        ("[775.0, 793.0", "[875.0, 793.0", "quantiles ascend"),
        ("[775.0, 793.0", "[793.0", "one a probability"),
        ("num_gpus: 64", "num_gps: 64", "num_gpus"),
    ],
)
def test_a_mistake_in_a_profile_gets_one_line(tmp_path, old, new, message):
    from sunward.training.jobs import job_file

    text = job_file("kalos-2023").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "own.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        load_job_profile(path)


def test_an_unknown_profile_gets_the_nearest_name():
    with pytest.raises(ScenarioError, match="kalos-2023"):
        load_job_profile("kalos-2024")

"""The benchmark's measurements run, and say in what unit."""

import pytest

from sunward_agents import bench


def test_every_quick_measurement_gives_a_positive_figure_with_its_unit():
    figures = [*bench.one_world(), *bench.memory()]
    assert [figure.unit for figure in figures] == ["us", "us", "bytes"]
    assert all(figure.value > 0 for figure in figures)


def test_a_satellite_takes_less_than_a_kibibyte():
    (figure,) = bench.memory()
    assert figure.value < 1024


def test_large_fleets_are_measured_only_when_asked_for():
    usual, all_of_them = bench.measurements(), bench.measurements(with_large=True)
    assert all_of_them[: len(usual)] == usual
    assert len(all_of_them) - len(usual) == len(bench.LARGE) == 2


def test_a_large_fleet_is_built_stepped_and_weighed():
    build, step, rate, memory = bench.large_fleet("mega-10k-v0")
    assert [figure.unit for figure in (build, step, rate, memory)] == [
        "s",
        "s",
        "M satellite-steps/s",
        "GiB",
    ]
    assert rate.value * step.value == pytest.approx(0.01)  # 10,000 satellites
    assert 0.0 < step.value < 1.0
    assert 0.05 < memory.value < 3.0


def test_the_promise_of_the_million_is_told():
    limit_s, limit_gib = bench.LARGE["million-v0"]
    assert bench.Figure("step", 0.3, "s", limit_s).holds
    assert not bench.Figure("memory", 3.5, "GiB", limit_gib).holds

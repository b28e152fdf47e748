"""The benchmark's measurements run, and say in what unit."""

from sunward_agents import bench


def test_every_quick_measurement_gives_a_positive_figure_with_its_unit():
    figures = [*bench.one_world(), *bench.memory()]
    assert [figure.unit for figure in figures] == ["us", "us", "bytes"]
    assert all(figure.value > 0 for figure in figures)


def test_a_satellite_takes_less_than_a_kibibyte():
    (figure,) = bench.memory()
    assert figure.value < 1024

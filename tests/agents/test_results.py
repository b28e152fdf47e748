"""Result files: whole or absent, and refused with a reason where they are damaged."""

import json

import pytest

from sunward_agents.atomic import atomic_path
from sunward_agents.results import Episode, Result, ResultError, hardware, read_result, write_result


@pytest.fixture
def result():
    episodes = [
        Episode(scenario="a-v0", split="test", seed=seed, metrics={"value": 0.1 + seed})
        for seed in range(3)
    ]
    return Result(
        package_version="0.1.0",
        policy="idle",
        suite="quick-v0",
        scenarios={"a-v0": "f" * 64},
        episodes=episodes,
        hardware=hardware(),
        wall_time_s=1.5,
    )


def test_a_result_survives_its_file_to_the_last_bit(result, tmp_path):
    write_result(tmp_path / "deep" / "result.json", result)
    assert read_result(tmp_path / "deep" / "result.json") == result
    assert result.column("value") == [0.1, 1.1, 2.1]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "result.json"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_path(path) as temporary:
        temporary.write_text(f"half of the n{1 / 0}")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_sees_the_old_content_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "result.json"
    path.write_text("old")
    with atomic_path(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 2}, "schema_version"),
        ({"wall_time_s": -1.0}, "wall_time_s"),
        ({"extra": 1}, "extra"),
        ({"episodes": [{"scenario": "a-v0"}]}, r"episodes\.0"),
    ],
)
def test_a_damaged_result_is_refused_with_file_and_place(result, tmp_path, change, message):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(result.model_dump(mode="json") | change))
    with pytest.raises(ResultError, match=rf"result\.json: {message}") as caught:
        read_result(path)
    assert "\n" not in str(caught.value)


def test_a_missing_or_cut_off_result_is_refused(result, tmp_path):
    path = tmp_path / "result.json"
    with pytest.raises(ResultError, match="No such file"):
        read_result(path)
    write_result(path, result)
    path.write_text(path.read_text()[:100])
    with pytest.raises(ResultError, match=r"result\.json"):
        read_result(path)

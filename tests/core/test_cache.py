"""Compiled code is kept for one state of the sources and one kind of processor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sunward.core import compilation

#: A module with a function that Python calls; tells what it returns, and whether it was compiled.
MODULE = """\
from sunward.core.compilation import entry

@entry
def twice(number):
    return 2.0 * number

if __name__ == "__main__":
    told = twice(4.0)
    print(told, sum(twice.stats.cache_misses.values()))
"""

#: The same, and tells how often the collector of garbage was stopped.
PAUSES = (
    """\
import gc

stopped = []
gc.disable = lambda: stopped.append(True)
"""
    + MODULE
    + "    print(len(stopped))\n"
)


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "doubling.py"
    path.write_text(MODULE)
    return path


def start(module: Path, cache_dir: str | Path, **variables: str) -> subprocess.Popen[str]:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache_dir), "NUMBA_DISABLE_JIT": "0"}
    return subprocess.Popen(
        [sys.executable, str(module)],
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> list[str]:
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    return out.split()


def test_a_second_process_compiles_nothing(module, tmp_path):
    assert told(start(module, tmp_path / "cache")) == ["8.0", "1"]
    assert told(start(module, tmp_path / "cache")) == ["8.0", "0"]


def test_a_warm_start_leaves_the_garbage_collector_alone(module, tmp_path):
    module.write_text(PAUSES)
    assert told(start(module, tmp_path / "cache")) == ["8.0", "1", "1"]
    assert told(start(module, tmp_path / "cache")) == ["8.0", "0", "0"]


def test_another_processor_compiles_for_itself_and_spoils_nothing(module, tmp_path):
    folder = tmp_path / "cache"
    assert told(start(module, folder)) == ["8.0", "1"]
    assert told(start(module, folder, NUMBA_CPU_NAME="generic")) == ["8.0", "1"]
    assert told(start(module, folder)) == ["8.0", "0"]
    assert told(start(module, folder, NUMBA_CPU_NAME="generic")) == ["8.0", "0"]


def test_processes_that_fill_an_empty_cache_at_once_all_work(module, tmp_path):
    folder = tmp_path / "cache"
    results = [told(process) for process in [start(module, folder) for _ in range(4)]]
    assert {result[0] for result in results} == {"8.0"}
    assert told(start(module, folder)) == ["8.0", "0"]
    assert not list(folder.rglob("*.tmp*"))


def test_a_folder_that_cannot_be_written_is_no_mistake(module):
    for _ in range(2):
        assert told(start(module, "/dev/null/cache")) == ["8.0", "1"]
    assert not list(module.parent.rglob("*.nb?"))


def test_an_edit_of_any_source_of_the_kernel_gives_another_folder(tmp_path, monkeypatch):
    for name in ("core", "physics"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "formula.py").write_text("ONE = 1\n")
    monkeypatch.setattr(compilation, "__file__", str(tmp_path / "core" / "compilation.py"))
    folder = compilation.cache_folder.__wrapped__
    seen = {folder()}
    assert folder() in seen
    for name in ("core", "physics"):
        (tmp_path / name / "formula.py").write_text("ONE = 2\n")
        assert folder() not in seen
        seen.add(folder())

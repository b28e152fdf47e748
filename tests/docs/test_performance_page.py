"""The tables on speed are those of the measurements beside them."""

from __future__ import annotations

import json
from pathlib import Path

from scripts import gpu_tables
from scripts import performance_tables as tables

ROOT = Path(__file__).resolve().parents[2]


def test_the_tables_are_what_the_script_makes():
    page = tables.PAGE.read_text(encoding="utf-8")
    assert page == tables.with_tables(page), "run python scripts/performance_tables.py"


def test_the_tables_of_the_gpu_are_what_the_script_makes():
    page = gpu_tables.PAGE.read_text(encoding="utf-8")
    assert page == gpu_tables.with_tables(page), "run python scripts/gpu_tables.py"


def test_the_page_has_every_kind_of_measurement():
    measured = json.loads(tables.FIGURES.read_text(encoding="utf-8"))
    for kind in ("figures", "sweep", "peers", "explanation"):
        assert measured[kind], f"run {tables.__doc__}"


def test_a_missed_promise_stands_out():
    rows = tables.Rows(
        "Promises", ("what", "promised"), [("step", "< 2 missed"), ("go", "< 9 yes")]
    )
    assert list(tables.lines(rows)) == [
        "\n### Promises\n\n| what | promised |\n",
        "|---|---|\n",
        "| step | < 2 **missed** |\n",
        "| go | < 9 yes |\n",
    ]

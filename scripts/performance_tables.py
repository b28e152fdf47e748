"""Makes the tables of docs/performance.md from docs/performance.json.

sunward bench --large --explain --json docs/performance.json --plot docs/images/throughput.png
python scripts/performance_tables.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sunward_agents.atomic import write_text
from sunward_agents.bench.report import Report, Rows

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, FIGURES = DOCS / "performance.md", DOCS / "performance.json"
BEGIN, END = "<!-- begin of the tables -->\n", "<!-- end of the tables -->\n"


def main() -> None:
    """Rewrites the tables."""
    write_text(PAGE, with_tables(PAGE.read_text(encoding="utf-8")))


def with_tables(page: str) -> str:
    """Returns the page with the part between the marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    report = Report.from_json(json.loads(FIGURES.read_text(encoding="utf-8")))
    return before + BEGIN + "".join(tables(report)) + END + after


def tables(report: Report) -> Iterator[str]:
    """Yields the lines of all tables."""
    told = ", ".join(f"{name} {value}" for name, value in report.machine.items())
    yield f"\nMeasured on: {told}.\n"
    for table in report.tables():
        yield from lines(table)
    yield "\n"
    for line in report.absent_lines():
        yield f"- {line}\n"
    yield "\n"


def lines(table: Rows) -> Iterator[str]:
    """Yields one table in Markdown."""
    yield f"\n### {table.title}\n\n| {' | '.join(table.columns)} |\n"
    yield f"|{'---|' * len(table.columns)}\n"
    for row in table.rows:
        yield f"| {' | '.join(word.replace('missed', '**missed**') for word in row)} |\n"


if __name__ == "__main__":
    main()

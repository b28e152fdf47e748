"""Computes the reference tables that `sunward validate` ships, by independent packages.

    pip install -e ".[validation]"
    python scripts/make_reference.py [--only TABLE ...] [--out DIR]

A table whose package is not installed stays as it is. BLAST-Lite holds NumPy below 2, so its table
is made in an environment of its own:

    python -m venv .venv-blast && .venv-blast/bin/pip install blast-lite
    .venv-blast/bin/python scripts/make_reference.py --only battery_ageing_blast

Imports nothing of ours: a table made by the code it judges would judge nothing.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

from reference_tables.catalogue import TABLES, Recipe
from reference_tables.constants import Rows

OUT = Path(__file__).resolve().parents[1] / "agents/sunward_agents/validation/reference"


def main() -> None:
    """Computes and writes the tables, then the README beside them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR")
    parser.add_argument("--only", nargs="+", choices=TABLES, default=list(TABLES), metavar="TABLE")
    arguments = parser.parse_args()
    folder = arguments.out
    folder.mkdir(parents=True, exist_ok=True)
    lines = lines_of(folder / "README.md")
    for name in arguments.only:
        try:
            rows = TABLES[name].rows()
        except ModuleNotFoundError as error:
            print(f"{name}.csv: left as it is, no module {error.name!r}", flush=True)
            continue
        lines[name] = line(name, TABLES[name], rows)
        write(folder / f"{name}.csv", as_csv(rows))
        write(folder / "README.md", readme("".join(lines[key] for key in TABLES if key in lines)))
        print(f"{name}.csv: {len(rows)} rows", flush=True)


def lines_of(readme: Path) -> dict[str, str]:
    """Returns the lines of a README's table by the name of the file they tell of."""
    if not readme.is_file():
        return {}
    told = re.finditer(r"^\| (\w+)\.csv \|.*\n", readme.read_text(encoding="utf-8"), re.MULTILINE)
    return {match[1]: match[0] for match in told}


def line(name: str, recipe: Recipe, rows: Rows) -> str:
    """Returns the README's line of a table just made."""
    columns = " ".join(rows[0])
    made = f"{recipe.versions()}, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    return f"| {name}.csv | {len(rows)} | {columns} | {recipe.meaning} | {made} |\n"


def as_csv(rows: Rows) -> str:
    """Returns the rows as CSV text with one header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def readme(lines: str) -> str:
    """Returns what the tables are, by which versions and when.

    Args:
        lines: One a table, from `line`.
    """
    return f"""\
# Reference tables of `sunward validate`

Computed by `python scripts/make_reference.py` with independent packages, none of them ours; nothing
is copied from another table. Columns end in their unit; times are UTC unless a column says TT.

Constants: mu 398600.4418 km3/s2, Earth radius 6378.1363 km, J2 1.08262668e-3, AU 149597870.7 km,
Stefan-Boltzmann 5.670374419e-8, sunlight 1361 W/m2 at 1 AU.

| file | rows | columns | how it is computed | made with, on |
|---|---|---|---|---|
{lines}"""


if __name__ == "__main__":
    main()

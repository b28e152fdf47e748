"""Reading reference tables: columns by name, cells checked, mistakes told by file and line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sunward.scenario.errors import suggestion
from sunward.workload.csv_table import Column, TraceError, read_header, read_table
from sunward_agents.errors import UsageError

Result = TypeVar("Result")

#: No history of a table is longer than this: a slip of the pen would keep us stepping for hours.
LONGEST_S = 1e7
J2000 = datetime.fromisoformat("2000-01-01T12:00:00+00:00")
SECONDS_PER_DAY = 86400.0


class Row(dict[str, Any]):
    """One row by column name, with the line of the file that it stood in."""

    line = 0


@dataclass(frozen=True)
class Field:
    """One column that a check reads.

    Args:
        name: Its header.
        parse: Turns a cell into a value; raises ValueError that tells what was expected.
        is_optional: True where the column may be absent, as that of a tool not everybody has.
    """

    name: str
    parse: Callable[[str], Any]
    is_optional: bool = False


def number(
    name: str,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    may_be_empty: bool = False,
    is_optional: bool = False,
) -> Field:
    """Returns a column of finite numbers within [low, high]; NaN where a cell may be empty."""

    def parse(cell: str) -> float:
        if may_be_empty and cell.strip().lower() in ("", "nan"):
            return math.nan
        try:
            value = float(cell)
        except ValueError:
            raise ValueError("a number") from None
        if not math.isfinite(value):
            raise ValueError("a finite number")
        if not low <= value <= high:
            raise ValueError(_bounds(low, high))
        return value

    return Field(name, parse, is_optional)


def numbers(*names: str, low: float = -math.inf, high: float = math.inf) -> tuple[Field, ...]:
    """Returns one column of numbers for each name, all with the same bounds."""
    return tuple(number(name, low, high) for name in names)


def word(name: str, *choices: str, is_optional: bool = False) -> Field:
    """Returns a column of text: one of the choices where there are any."""

    def parse(cell: str) -> str:
        if choices and cell not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return cell

    return Field(name, parse, is_optional)


def vector(name: str) -> Field:
    """Returns a column of three numbers with blanks between them, read as a tuple."""

    def parse(cell: str) -> tuple[float, ...]:
        try:
            values = tuple(float(part) for part in cell.split())
        except ValueError:
            values = ()
        if len(values) != 3 or not all(map(math.isfinite, values)):
            raise ValueError("three numbers with blanks between them")
        return values

    return Field(name, parse)


def days_utc(name: str) -> Field:
    """Returns a column of ISO times, read as days since 2000-01-01T12:00 of the same clock."""

    def parse(cell: str) -> float:
        try:
            instant = datetime.fromisoformat(cell.replace("Z", "+00:00"))
            return (instant - J2000).total_seconds() / SECONDS_PER_DAY
        except (ValueError, TypeError):
            raise ValueError("a time such as 2026-01-01T12:00:00Z") from None

    return Field(name, parse)


def _bounds(low: float, high: float) -> str:
    if math.isinf(high):
        return f"at least {low:g}"
    return f"at most {high:g}" if math.isinf(low) else f"from {low:g} to {high:g}"


@dataclass(frozen=True)
class Spec:
    """One file of a reference folder.

    Args:
        file: Its name.
        fields: The columns that our checks read; further ones are left alone.
        cases: File of the cases that the column `case` names, if there is one.
    """

    file: str
    fields: tuple[Field, ...]
    cases: Spec | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of one file, and its cases by name."""

    path: Path
    rows: list[Row]
    columns: frozenset[str]
    cases: Mapping[str, Row] = field(default_factory=dict)
    _shared: dict[Any, Any] = field(default_factory=dict)

    def once(self, function: Callable[[Table], Result]) -> Result:
        """Returns `function(table)`, computed for the first check that asks and kept for others."""
        if function not in self._shared:
            self._shared[function] = function(self)
        return self._shared[function]

    def by_case(self) -> Iterator[tuple[Row, list[Row]]]:
        """Yields each case with its rows, in the order of the file."""
        for name in dict.fromkeys(row["case"] for row in self.rows):
            yield self.cases[name], [row for row in self.rows if row["case"] == name]

    @contextmanager
    def blame(self, row: Row) -> Iterator[None]:
        """Turns an arithmetic error of the block into one line that names the row."""
        try:
            yield
        except (ArithmeticError, ValueError) as error:
            raise UsageError(
                f"{self.path}: line {row.line}: no figure of ours can be computed for this row "
                f"({error}): check its values"
            ) from error


def read(folder: Path, spec: Spec) -> Table:
    """Returns the table of a folder.

    Raises: UsageError, in one line with file, line and column, where it is malformed.
    """
    columns, rows = _rows(folder / spec.file, spec.fields)
    cases = {} if spec.cases is None else _cases(folder, spec.cases)
    table = Table(folder / spec.file, rows, columns, cases)
    if spec.cases is not None:
        _require_known_cases(table, spec.cases.file)
    return table


def _cases(folder: Path, spec: Spec) -> dict[str, Row]:
    _, rows = _rows(folder / spec.file, spec.fields)
    return {row["case"]: row for row in rows}


def _rows(path: Path, fields: tuple[Field, ...]) -> tuple[frozenset[str], list[Row]]:
    try:
        header = read_header(path)
        present = [item for item in fields if item.name in header or not item.is_optional]
        texts = read_table(path, [Column(item.name, kind=str) for item in present])
    except TraceError as error:
        raise UsageError(str(error)) from None
    columns = {item.name: _parsed(path, item, texts[item.name].tolist()) for item in present}
    rows = [Row(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    for line, row in enumerate(rows, start=2):
        row.line = line
    return frozenset(columns), rows


def _parsed(path: Path, item: Field, cells: list[str]) -> list[Any]:
    values = []
    for line, cell in enumerate(cells, start=2):
        try:
            values.append(item.parse(cell))
        except ValueError as error:
            raise UsageError(
                f"{path}: line {line}: {item.name}: expected {error}, found {cell!r}"
            ) from None
    return values


def _require_known_cases(table: Table, file: str) -> None:
    for row in table.rows:
        if row["case"] not in table.cases:
            raise UsageError(
                f"{table.path}: line {row.line}: no case {row['case']!r} in {file}: "
                f"{suggestion(row['case'], table.cases)}"
            )

"""Reads a CSV file into typed NumPy columns, and says where a malformed row lies."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: Greatest whole number that a float64 holds with all smaller ones.
MAX_WHOLE = 2**53


class TraceError(ValueError):
    """A trace file that cannot be used: one line with file, line, expected and found."""


@dataclass(frozen=True)
class Column:
    """One column that a file must have.

    Args:
        name: Its header.
        kind: `int`, `float` or `str`.
        low: Least value allowed; None for any.
        ascending: True where no value may be less than the one before it.
        may_be_empty: True where an empty field means "unknown" (NaN).
    """

    name: str
    kind: type = float
    low: float | None = 0.0
    ascending: bool = False
    may_be_empty: bool = False


def read_table(path: str | Path, columns: Sequence[Column]) -> dict[str, np.ndarray]:
    """Returns the named columns of a CSV file (`.gz` too), each of shape (n_rows,).

    Args:
        path: The file; its first line is the header, further columns are left alone.
        columns: What is expected.

    Raises:
        TraceError: In one line, when the file is missing, empty or malformed.
    """
    path = Path(path)
    header, rows = _read_rows(path)
    _require_columns(path, header, columns)
    if not rows:
        raise TraceError(f"{path}: line 2: expected a row of data, found the end of the file")
    _require_widths(path, header, rows)
    fields = dict(zip(header, zip(*rows, strict=True), strict=True))
    return {column.name: _parse(path, column, fields[column.name]) for column in columns}


def read_header(path: str | Path) -> list[str]:
    """Returns the column names of a CSV file.

    Raises:
        TraceError: When the file is missing or empty.
    """
    return _read_rows(Path(path), header_only=True)[0]


def _read_rows(path: Path, header_only: bool = False) -> tuple[list[str], list[list[str]]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            rows = [] if header_only else list(reader)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise TraceError(f"{path}: cannot be read: {reason}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise TraceError(f"{path}: expected CSV text in UTF-8, found {error}") from None
    if not header:
        raise TraceError(f"{path}: line 1: expected a header row, found an empty file")
    while rows and not rows[-1]:
        rows.pop()
    return [name.strip() for name in header], rows


def _require_columns(path: Path, header: list[str], columns: Sequence[Column]) -> None:
    missing = [column.name for column in columns if column.name not in header]
    if missing:
        expected = ",".join(column.name for column in columns)
        raise TraceError(
            f"{path}: line 1: expected the columns {expected}, found {','.join(header)} "
            f"(missing {', '.join(missing)})"
        )


def _require_widths(path: Path, header: list[str], rows: list[list[str]]) -> None:
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise TraceError(
                f"{path}: line {line}: expected {len(header)} fields, found {len(row)}"
            )


def _parse(path: Path, column: Column, fields: Sequence[str]) -> np.ndarray:
    if column.kind is str:
        return np.array(fields)
    values = _numbers(path, column, fields)
    known = np.array([bool(f) for f in fields]) if column.may_be_empty else True
    _require(path, column, fields, np.isfinite(values) | ~np.asarray(known), "a finite number")
    if column.kind is int:
        _require(path, column, fields, values == np.rint(values), "a whole number")
        _require(path, column, fields, abs(values) <= MAX_WHOLE, f"at most {MAX_WHOLE}")
    if column.low is not None:
        _require(path, column, fields, ~(values < column.low), f"at least {column.low:g}")
    if column.ascending:
        steps_back = np.concatenate(([False], values[1:] < values[:-1]))
        _require(path, column, fields, ~steps_back, "no less than the line before")
    return values.astype(np.int64) if column.kind is int else values


def _numbers(path: Path, column: Column, fields: Sequence[str]) -> np.ndarray:
    if column.may_be_empty:
        fields = [field or "nan" for field in fields]
    try:
        return np.array(fields, dtype=np.float64)
    except ValueError:
        is_number = np.array([_is_number(field) for field in fields])
        _require(path, column, fields, is_number, "a number")
        raise


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _require(path: Path, column: Column, fields: Sequence[str], good, expected: str) -> None:
    if not np.all(good):
        row = int(np.argmin(np.broadcast_to(good, len(fields))))
        raise TraceError(
            f"{path}: line {row + 2}: {column.name}: expected {expected}, found {fields[row]!r}"
        )

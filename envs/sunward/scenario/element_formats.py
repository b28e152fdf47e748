"""Reads files of element sets: two lines with or without a name, OMM as CSV, OMM as JSON.

`sgp4` turns each set into numbers; what it takes without a word (a broken checksum, a shifted
column, a missing key) is told here, with file and line.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sunward.scenario.errors import ScenarioError

LINE_LENGTH = 69
#: The greatest satellite number that sgp4 takes.
MAX_SGP4_NUMBER = 339_999
EPOCH_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z?"
#: Problems of one file that are told one by one; the rest is counted.
MAX_TOLD = 10


class ElementSet(NamedTuple):
    """One satellite's published elements, and where they stand."""

    place: str  # file and line
    satellite: int  # catalogue number
    record: Any  # sgp4's Satrec


class LineError(ValueError):
    """What is wrong with one element set: place, value, what was expected."""


class Field(NamedTuple):
    """Columns of a line, counted from 1 as the format's definition does, and what they hold."""

    name: str
    first: int
    last: int
    form: str


_CATALOGUE = Field("satellite number", 3, 7, r"[ 0-9A-Z][ 0-9]{3}[0-9]")
_EXPONENT = r"[ +-][ 0-9]{5}[ +-][0-9]"
#: Fields of the two lines.
LINES = {
    "1": (
        _CATALOGUE,
        Field("epoch", 19, 32, r"[ 0-9]{2}[ 0-9]{3}\.[0-9]{8}"),
        Field("first derivative of mean motion", 34, 43, r"[ +-]\.[0-9]{8}"),
        Field("second derivative of mean motion", 45, 52, _EXPONENT),
        Field("drag term", 54, 61, _EXPONENT),
        Field("checksum", 69, 69, r"[0-9]"),
    ),
    "2": (
        _CATALOGUE,
        Field("inclination", 9, 16, r"[ 0-9]{3}\.[0-9]{4}"),
        Field("node", 18, 25, r"[ 0-9]{3}\.[0-9]{4}"),
        Field("eccentricity", 27, 33, r"[ 0-9]{7}"),
        Field("argument of perigee", 35, 42, r"[ 0-9]{3}\.[0-9]{4}"),
        Field("mean anomaly", 44, 51, r"[ 0-9]{3}\.[0-9]{4}"),
        Field("mean motion", 53, 63, r"[ 0-9]{2}\.[0-9]{8}"),
        Field("checksum", 69, 69, r"[0-9]"),
    ),
}
#: Numbers that an OMM must give, and what the others are where it gives none.
OMM_NUMBERS = (
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "NORAD_CAT_ID",
)
OMM_DEFAULTS = {
    "OBJECT_ID": "",
    "CLASSIFICATION_TYPE": "U",
    "EPHEMERIS_TYPE": 0,
    "ELEMENT_SET_NO": 999,
    "REV_AT_EPOCH": 0,
    "BSTAR": 0.0,
    "MEAN_MOTION_DOT": 0.0,
    "MEAN_MOTION_DDOT": 0.0,
}


def read_element_sets(path: Path) -> list[ElementSet]:
    """Returns the element sets of a file; its content tells the format.

    Raises:
        ScenarioError: one line for each malformed set (the first ten), `sgp4` is not installed, or
            the file holds none.
    """
    sgp4 = _sgp4()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read as text ({error})") from error
    sets: list[ElementSet] = []
    problems: list[str] = []
    for place, source in _pieces(text, path.name):
        try:
            sets.append(sgp4.element_set(place, source))
        except LineError as error:
            problems.append(str(error))
    raise_problems(path.name, problems)
    if not sets:
        raise ScenarioError(f"{path.name}: holds no element set: give TLE, OMM CSV or OMM JSON")
    return sets


def raise_problems(name: str, problems: list[str]) -> None:
    """Raises what is wrong with element sets of a file, if anything: ten lines and a count."""
    if not problems:
        return
    told = problems[:MAX_TOLD]
    if len(problems) > MAX_TOLD:
        told.append(f"{name}: {len(problems)} element sets in all cannot be used")
    raise ScenarioError(told)


#: The two lines of a set, each with its place; or an OMM by its keys; or what is wrong.
Source = list[tuple[str, str]] | Mapping[str, Any] | LineError


def _pieces(text: str, name: str) -> Iterator[tuple[str, Source]]:
    """Yields where each element set stands and what it is made of."""
    start = text.lstrip()[:1]
    if start in ("[", "{"):
        yield from _json_pieces(text, name)
    elif text.lstrip().partition("\n")[0].count(",") > 2:
        yield from _csv_pieces(text, name)
    else:
        yield from _line_pieces(text, name)


def _line_pieces(text: str, name: str) -> Iterator[tuple[str, Source]]:
    """Yields pairs of lines; a line before them that is neither is the satellite's name."""
    lines = [
        (f"{name}:{number}", line.rstrip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    index = 0
    while index < len(lines):
        place, line = lines[index]
        below = lines[index + 1][1] if index + 1 < len(lines) else ""
        if line.startswith("1 ") and below.startswith("2 "):
            yield place, lines[index : index + 2]
            index += 2
        elif line.startswith("1 "):
            yield place, LineError(f"{place}: is line 1 alone, expected line 2 below it: add it")
            index += 1
        elif below.startswith("1 ") and not (line.startswith("2 ") and len(line) == LINE_LENGTH):
            index += 1  # a name
        else:
            expected = "expected line 1 of an element set, or a name above it"
            yield place, LineError(f"{place}: is {line[:24]!r}, {expected}: fetch the file again")
            # What was meant for line 1 takes its line 2 along.
            index += 2 if below.startswith("2 ") else 1


def _csv_pieces(text: str, name: str) -> Iterator[tuple[str, Source]]:
    rows = csv.DictReader(text.splitlines())
    columns = rows.fieldnames or ()
    missing = [key for key in ("EPOCH", *OMM_NUMBERS) if key not in columns]
    if missing:
        expected = f"expected a column {missing[0]}"
        yield f"{name}:1", LineError(f"{name}:1: has no column {missing[0]}, {expected} as in OMM")
        return
    for row in rows:
        place = f"{name}:{rows.line_num}"
        if None in row or None in row.values():
            yield place, LineError(f"{place}: expected {len(columns)} values as in line 1: fix it")
        else:
            yield place, row


def _json_pieces(text: str, name: str) -> Iterator[tuple[str, Source]]:
    """Yields the objects of a JSON array, decoded one by one so that each knows its line."""
    decoder = json.JSONDecoder()
    at = _after(text, 0, " \t\r\n[")
    line, counted = 1, 0
    while at < len(text) and text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        place = f"{name}:{line}"
        try:
            item, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            place = f"{name}:{error.lineno}"
            yield place, LineError(f"{place}: is not JSON ({error.msg}), expected an OMM object")
            return
        if isinstance(item, Mapping):
            yield place, item
        else:
            yield place, LineError(f"{place}: is {str(item)[:24]!r}, expected an OMM object")
        at = _after(text, at, " \t\r\n,")


def _after(text: str, start: int, skipped: str) -> int:
    while start < len(text) and text[start] in skipped:
        start += 1
    return start


class _Sgp4(NamedTuple):
    """The parts of `sgp4` that are used."""

    satrec: Any
    initialize: Any
    checksum: Any

    def element_set(self, place: str, source: Source) -> ElementSet:
        """Returns one element set.

        Raises:
            LineError: what is wrong with it.
        """
        if isinstance(source, LineError):
            raise source
        if isinstance(source, Mapping):
            return self._from_omm(place, source)
        return self._from_lines(source)

    def _from_lines(self, lines: list[tuple[str, str]]) -> ElementSet:
        (place, first), (below, second) = lines
        for where, line in lines:
            _check_columns(where, line)
            expected = self.checksum(line)
            if int(line[-1]) != expected:
                raise LineError(
                    f"{where}: checksum is {line[-1]}, expected {expected}: a character of the "
                    "line was changed, fetch it again"
                )
        if first[2:7] != second[2:7]:
            raise LineError(
                f"{below}: satellite number is {second[2:7]}, expected {first[2:7]} as in line 1"
            )
        record = self.satrec.twoline2rv(first, second)
        return ElementSet(place, record.satnum, record)

    def _from_omm(self, place: str, fields: Mapping[str, Any]) -> ElementSet:
        for key in OMM_NUMBERS:
            _check_number(place, key, fields.get(key))
        given = {key: value for key, value in fields.items() if value not in (None, "")}
        values = {**OMM_DEFAULTS, **given}
        for key in ("EPHEMERIS_TYPE", "ELEMENT_SET_NO", "REV_AT_EPOCH", "NORAD_CAT_ID"):
            values[key] = int(_check_number(place, key, values[key]))
        satellite = values["NORAD_CAT_ID"]
        # sgp4 takes six digits; the catalogue has nine.
        values["NORAD_CAT_ID"] = satellite if 0 <= satellite <= MAX_SGP4_NUMBER else 0
        values["EPOCH"] = _checked_epoch(place, values.get("EPOCH"))
        record = self.satrec()
        try:
            self.initialize(record, values)
        except (ValueError, TypeError) as error:
            raise LineError(f"{place}: is no OMM ({error}): fetch it again") from error
        return ElementSet(place, satellite, record)


def _checked_epoch(place: str, value: Any) -> str:
    """Returns an OMM's epoch as sgp4 wants it, with a fraction of a second."""
    if not re.fullmatch(EPOCH_FORM, str(value)):
        raise LineError(
            f"{place}: EPOCH is {value!r}, expected a time such as 2025-05-29T08:12:39.711"
        )
    epoch = str(value).removesuffix("Z")
    return epoch if "." in epoch else f"{epoch}.0"


def _check_columns(place: str, line: str) -> None:
    if len(line) != LINE_LENGTH:
        raise LineError(
            f"{place}: is {len(line)} characters long, expected {LINE_LENGTH} of line {line[0]} "
            "of an element set"
        )
    for field in LINES[line[0]]:
        value = line[field.first - 1 : field.last]
        if not re.fullmatch(field.form, value):
            raise LineError(
                f"{place}: {field.name} is {value!r}, expected a number in columns "
                f"{field.first} to {field.last}"
            )


def _check_number(place: str, key: str, value: Any) -> float:
    """Returns a number of an OMM, which JSON may hold as a text too."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        given = "missing" if value is None else repr(value)
        raise LineError(f"{place}: {key} is {given}, expected a number")
    return number


def _sgp4() -> _Sgp4:
    """Returns what is used of `sgp4`, which comes with an extra."""
    try:
        from sgp4.api import Satrec
        from sgp4.io import compute_checksum
        from sgp4.omm import initialize
    except ModuleNotFoundError as error:
        raise ScenarioError(
            "constellation.elements needs the package sgp4, which the extra `elements` brings: "
            'run pip install "sunward[elements]"'
        ) from error
    return _Sgp4(Satrec, initialize, compute_checksum)

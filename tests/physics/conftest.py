"""Reading the reference tables."""

import csv

import pytest


def number(text):
    """Returns a cell as a float where it is one, NaN where it is empty, else the text."""
    if text == "":
        return float("nan")
    try:
        return float(text)
    except ValueError:
        return text


@pytest.fixture(scope="session")
def table(shared_dir):
    """Returns a function that reads one reference table as a list of rows."""

    def read(name):
        with open(shared_dir / "reference" / "physics" / name, newline="") as file:
            return [
                {key: number(cell) for key, cell in row.items()} for row in csv.DictReader(file)
            ]

    return read

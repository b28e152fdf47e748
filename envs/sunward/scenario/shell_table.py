"""The shells of a constellation as rows for people: pattern by pattern, or as found in a file."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sunward.physics.constants import EARTH_RADIUS_M
from sunward.scenario.build_orbits import shell_inclination_rad
from sunward.scenario.constellation import ElementSets, Shell
from sunward.scenario.elements import ElementTable, load_elements
from sunward.scenario.fingerprint import element_file
from sunward.scenario.scenario import Scenario


class ShellRow(NamedTuple):
    """One shell; a shell of element sets has medians for figures, and neither phasing nor LTAN."""

    pattern: str
    satellites: int
    planes: int
    phasing: int | None
    altitude_km: float
    inclination_deg: float
    ltan_h: float | None  # of the first plane, where the orbits follow the Sun


def shell_rows(scenario: Scenario) -> list[ShellRow]:
    """Returns the shells in the order of their satellites.

    Raises:
        ScenarioError: the file of element sets cannot be used.
    """
    constellation = scenario.constellation
    if isinstance(constellation, ElementSets):
        table = load_elements(element_file(constellation))
        return [_found_row(table, number) for number in range(int(table.shell.max()) + 1)]
    return [_pattern_row(shell) for shell in constellation.shells]


def _pattern_row(shell: Shell) -> ShellRow:
    return ShellRow(
        shell.pattern,
        shell.satellites,
        shell.planes,
        shell.phasing,
        shell.altitude_km,
        math.degrees(shell_inclination_rad(shell)),
        shell.ltan_h,
    )


def _found_row(table: ElementTable, number: int) -> ShellRow:
    members = table.shell == number
    altitude_m = float(np.median(table.semi_major_axis_m[members])) - EARTH_RADIUS_M
    return ShellRow(
        "elements",
        int(members.sum()),
        len(np.unique(table.plane[members])),
        None,
        altitude_m / 1e3,
        math.degrees(float(np.median(table.inclination_rad[members]))),
        None,
    )

"""Flies one satellite for a week in Basilisk and in `Simulator`, and writes `docs/basilisk.md`.

pip install -e ".[basilisk]"   # in an environment of its own: see docs/basilisk.md
python scripts/compare_basilisk.py [--keep-reference]
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

# The parts are a package beside this file; run as a script, its folder alone is on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.basilisk_week import differences, ours, page, reference
from scripts.basilisk_week.cases import CASES, Case, Week

from sunward.core.params import Params

DOCS = Path(__file__).resolve().parents[1] / "docs"
MISSING = (
    "no module {name!r}: the comparison needs Basilisk and an ephemeris, "
    'pip install -e ".[basilisk]" in an environment of its own'
)


def compare(case: Case, chain: Any) -> tuple[page.Comparison, np.ndarray]:
    """Returns both programs' weeks of one orbit, and Basilisk's positions in m.

    Args:
        case: The orbit.
        chain: The module that needs Basilisk.
    """
    params = ours.params_of(case)
    theirs, positions_m = chain.fly(case, ours.satellite_of(params))
    singles, doubles = (our_week(case, params, width) for width in (np.float32, np.float64))
    entry_s, exit_s = ours.half_light(case, case.radius_m)
    from_axis = dataclasses.replace(singles, entry_s=entry_s, exit_s=exit_s)
    measured_m = float(np.linalg.norm(positions_m, axis=1).mean())
    comparison = page.Comparison(
        case, params, theirs, singles, doubles, from_axis, ours.limb_radius_m(params), measured_m
    )
    return comparison, positions_m


def our_week(case: Case, params: Params, width: type) -> Week:
    """Returns our week in one width of floating point, with its moments of half light."""
    week = ours.fly(case, params, width)
    week.entry_s, week.exit_s = ours.half_light(case, ours.limb_radius_m(params))
    return week


def main(argv: list[str] | None = None) -> int:
    """Runs everything and returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--keep-reference", action="store_true", help="do not write the tables that tests read"
    )
    arguments = parser.parse_args(argv)
    try:
        from scripts.basilisk_week import chain, plots
    except ModuleNotFoundError as error:
        print(MISSING.format(name=error.name), file=sys.stderr)
        return 2
    results = [compare(case, chain) for case in CASES]
    comparisons = [comparison for comparison, _ in results]
    plots.draw(comparisons, DOCS / "images")
    page.write(DOCS / "basilisk.md", comparisons)
    if not arguments.keep_reference:
        weeks = {one.case.name: (one.theirs, places) for one, places in results}
        made_by = (
            f"Basilisk (bsk) {version('bsk')}, Sun of DE421 by Skyfield {version('skyfield')}: "
            "python scripts/compare_basilisk.py"
        )
        reference.write(weeks, CASES, made_by)
    for one in comparisons:
        print(one.case.title)
        for row in differences.differences(one.singles, one.theirs, one.params.hardware.capacity_j):
            print(f"  {row.name:38} {row.worst:8.3f} {row.unit} at most, drift {row.drift:+.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

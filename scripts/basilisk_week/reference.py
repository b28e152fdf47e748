"""The Basilisk week thinned to two small tables, which the tests read without Basilisk."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
from scripts.basilisk_week.cases import STEP_S, Case, Week

from sunward_agents.atomic import write_text

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "physics" / "data"
SAMPLES = FOLDER / "basilisk_week.csv"
CROSSINGS = FOLDER / "basilisk_week_crossings.csv"
#: Not a divisor of any orbit, so that samples fall on all its parts.
MINUTES_BETWEEN = 47
COLUMNS = (
    "case",
    "t_s",
    "radius_m",
    "light_s",  # since the start
    "array_j",  # since the start
    "stored_idle_j",
    "stored_load_j",
    "idle_k",
    "load_k",
)


def write(weeks: dict[str, tuple[Week, np.ndarray]], cases: tuple[Case, ...], made_by: str) -> None:
    """Writes both tables, each whole or not at all.

    Args:
        weeks: By case: the week in Basilisk and positions in m at the end of each minute.
        cases: The orbits.
        made_by: How they were made, for their first lines.
    """
    samples, crossings = [], []
    for case in cases:
        week, positions_m = weeks[case.name]
        samples += sample_rows(case, week, np.linalg.norm(positions_m, axis=1))
        for event, times_s in (("entry", week.entry_s), ("exit", week.exit_s)):
            crossings += [(case.name, event, f"{time_s:.2f}") for time_s in times_s]
    elements = [
        f"{case.name}: start {case.start} 00:00 UTC, mean a {case.radius_m:.1f} m, "
        f"i {case.inclination_rad:.9f} rad, node {case.node_rad % (2 * np.pi):.9f} rad, "
        f"argument {case.argument_rad:.9f} rad"
        for case in cases
    ]
    write_text(SAMPLES, table([made_by, *elements], COLUMNS, samples))
    write_text(CROSSINGS, table([made_by], ("case", "event", "t_s"), crossings))


def sample_rows(case: Case, week: Week, radius_m: np.ndarray) -> list[tuple]:
    """Returns one row in `MINUTES_BETWEEN` of a case, as text."""
    light_s = np.concatenate([[0.0], np.cumsum(week.light) * STEP_S])
    array_j = np.concatenate([[0.0], np.cumsum(week.array_j)])
    return [
        (
            case.name,
            f"{STEP_S * row:.0f}",
            f"{radius_m[row]:.1f}",
            f"{light_s[row]:.2f}",
            f"{array_j[row]:.7g}",
            *(f"{joules:.7g}" for joules in week.stored_j[row]),
            *(f"{kelvin:.3f}" for kelvin in week.node_k[row]),
        )
        for row in range(0, len(light_s), MINUTES_BETWEEN)
    ]


def table(comments: list[str], header: tuple[str, ...], rows: list[tuple]) -> str:
    """Returns a CSV text whose first lines, after `#`, say where it comes from."""
    text = io.StringIO()
    text.writelines(f"# {comment}\n" for comment in comments)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def read(path: Path) -> list[dict[str, str]]:
    """Returns the rows of a table of this kind."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))

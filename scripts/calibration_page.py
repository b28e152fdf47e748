"""Writes the tables of docs/calibration.md from what `sunward calibrate` and `ablate` wrote.

    sunward calibrate satellite-easy-v0 --json docs/calibration/satellite-easy-v0.json
    sunward ablate satellite-easy-v0 satellite-hard-v0 --json docs/calibration/ablations.json
    python scripts/calibration_page.py

The files lie beside the page, so that it can be made again without playing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "calibration"
PAGE = FOLDER.with_suffix(".md")
ABLATIONS = FOLDER / "ablations.json"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"


def main() -> None:
    """Rewrites the page."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def with_tables(page: str) -> str:
    """Returns the page with the tables between its marks made anew."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    parts = [_ladder(found) for found in ladders()]
    if ABLATIONS.exists():
        parts.append(_ablations(json.loads(ABLATIONS.read_text(encoding="utf-8"))))
    return f"{before}{BEGIN}\n{chr(10).join(parts)}\n{END}{after}"


def ladders() -> list[dict[str, Any]]:
    """Returns what `sunward calibrate` wrote, scenario by scenario."""
    files = sorted(path for path in FOLDER.glob("*.json") if path != ABLATIONS)
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def _ladder(found: dict[str, Any]) -> str:
    best = found["best_rule"]
    lines = [
        f"### {found['scenario']}\n",
        f"| policy | worlds | value | score | over {best} |",
        "|---|---:|---:|---:|---:|",
    ]
    for policy in found["policies"]:
        name = policy["name"]
        score = "0" if policy["kind"] == "floor" else _points(policy["score"])
        lead = "" if name == best else _points(policy["over_best_rule"], "+")
        value = f"{policy['value']['mean']:.4f}"
        lines.append(f"| {name} | {len(policy['values'])} | {value} | {score} | {lead} |")
    bounds = found["bounds"]
    mean = sum(bounds) / len(bounds)
    lines.append(f"| bound | {len(bounds)} | {mean:.4f} | 100 | |\n")
    lines += ["| demand | points | limit | |", "|---|---:|---|---|"]
    lines += [_check(check) for check in found["checks"]]
    return "\n".join(lines) + "\n"


def _check(check: dict[str, Any]) -> str:
    verdict = "pass" if check["passed"] else "**fail**"
    return f"| {check['statement']} | {_points(check['figure'])} | {check['limit']} | {verdict} |"


def _ablations(found: dict[str, Any]) -> str:
    columns = found["scenarios"]
    lines = [
        "### What each resource is worth\n",
        f"| without | {' | '.join(column['scenario'] for column in columns)} |",
        "|---" + "|---:" * len(columns) + "|",
    ]
    for resource in columns[0]["shift_percent"]:
        shifts = [column["shift_percent"][resource] for column in columns]
        cells = ["-" if shift is None else _points(shift, "+") for shift in shifts]
        lines.append(f"| {resource} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _points(estimate: dict[str, float], sign: str = "") -> str:
    mean, low, high = (f"{estimate[key]:{sign}.1f}" for key in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"


if __name__ == "__main__":
    main()

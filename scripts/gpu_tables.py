"""Makes the tables of docs/gpu.md from docs/gpu.json.

python scripts/gpu_report.py --json docs/gpu.json   # on a machine with an NVIDIA GPU
python scripts/gpu_tables.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sunward_agents.atomic import write_text

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, FIGURES = DOCS / "gpu.md", DOCS / "gpu.json"


def main() -> None:
    """Rewrites the tables."""
    write_text(PAGE, with_tables(PAGE.read_text(encoding="utf-8")))


def with_tables(page: str) -> str:
    """Returns the page with the parts between the marks made anew."""
    report = json.loads(FIGURES.read_text(encoding="utf-8"))
    page = _between(page, "agreement", agreement(report["agreement"]))
    return _between(page, "speed", speed(report))


def _between(page: str, name: str, lines: Iterator[str]) -> str:
    begin, end = f"<!-- begin of the {name} -->\n", f"<!-- end of the {name} -->\n"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return before + begin + "".join(lines) + end + after


def agreement(report: dict[str, Any]) -> Iterator[str]:
    """Yields how far the GPU is from the processor."""
    yield f"\n| over {report['steps']:,} steps | apart by |\n|---|---|\n"
    yield f"| 999 of 1,000 observations of every step | {report['999 of 1000 within']:.1e} |\n"
    for name, apart in report["metrics, relative"].items():
        yield f"| {name.replace('_', ' ')}, relative | {apart:.1e} |\n"
    for name, apart in report["worst"].items():
        yield f"| worst ever: {name.replace('_', ' ')} | {apart:.1e} |\n"
    yield "\n"


def speed(report: dict[str, Any]) -> Iterator[str]:
    """Yields satellite-steps a second, by fleet and by kernel, and the speed of training."""
    yield f"\nMeasured on one {report['device']}, random actions, observations written.\n\n"
    yield "| scenario | worlds | satellites | ms a step | M satellite-steps/s |\n"
    yield "|---|---|---|---|---|\n"
    for row in report["speed"]:
        rate = row["satellite_steps_per_s"] / 1e6
        yield f"| `{row['scenario']}` | {row['worlds']:,} | {row['satellites']:,} "
        yield f"| {row['ms_a_step']:.3f} | {rate:,.0f} |\n"
    largest = report["speed"][-1]
    yield f"\n| kernel, {largest['satellites']:,} satellites | ms |\n|---|---|\n"
    for name, ms in largest["ms_by_kernel"].items():
        yield f"| {name.replace('_', ' ')} | {ms:.3f} |\n"
    yield from training(report["ppo"])


def training(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yields the speed of PPO on the device, rollouts and updates together."""
    shares = list(rows[0]["shares"])
    yield f"\n| PPO: satellites | minibatch | M satellite-steps/s | {' | '.join(shares)} |\n"
    yield f"|{'---|' * (3 + len(shares))}\n"
    for row in rows:
        yield f"| {row['satellites']:,} | {row['minibatch']:,} "
        yield f"| {row['satellite_steps_per_s'] / 1e6:.1f} |"
        yield "".join(f" {100 * row['shares'][name]:.0f} % |" for name in shares) + "\n"
    yield "\n"


if __name__ == "__main__":
    main()

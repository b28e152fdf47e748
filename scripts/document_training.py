"""Fills the tables of docs/environments/training.md from the code and the configs.

    python scripts/document_training.py            # controls, features, terms, scenarios, jobs ...
    python scripts/document_training.py --ladder   # and the comparison of rules, two minutes

Text between `<!-- NAME -->` and `<!-- end -->` is replaced, prose being that of the docstring of
`GangParallelEnv`; the rest is written by hand.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# The other scripts are beside this file; run as a script, its folder alone is on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.document_buildout import filled, table
from scripts.environment_pages import SIGNS, sections

from sunward.core.metrics import Metric
from sunward.training.books import METRICS, TERMS
from sunward.training.build import build_training
from sunward.training.controls import (
    CHECKPOINT_LEVELS,
    CLOCK_LEVELS,
    CONTROLS,
    JOIN_LEVELS,
    N_CHOICES,
)
from sunward.training.features import FEATURES
from sunward.training.jobs import list_job_profiles, load_job_profile
from sunward.training.load import load_training
from sunward.training.parallel_env import GangParallelEnv
from sunward_agents.atomic import write_text
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.progress import Bar
from sunward_agents.results import Result
from sunward_agents.statistics import mean_interval, paired_difference
from sunward_agents.tables import written
from sunward_agents.training.evaluate import evaluate
from sunward_agents.training.intervals import daly_interval_s
from sunward_agents.training.rules import POLICIES, mean_failure_s

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "environments" / "training.md"
LEVELS = tuple(f"training-{level}-v0" for level in ("easy", "medium", "hard"))
NAMES = (*LEVELS, "training-formation-81-v0", "training-plane-24-v0")
N_WORLDS = 32
#: Prose of the docstring, by heading.
PROSE = ("Description", "Action Space", "Observation Space", "Rewards", "Starting State")
PROSE += ("Episode End", "Info", "Arguments", "Version History")


@dataclass(frozen=True)
class Arguments:
    """Fills the tables of the page on gangs.

    Example: `python scripts/document_training.py --ladder`.
    """

    ladder: bool = False
    """Plays every rule again, on 32 test worlds of each scenario, and prints the table."""


def main(args: list[str]) -> int:
    """Writes the page; returns the exit code."""
    try:
        arguments = parse(Arguments, args, prog="python scripts/document_training.py")
    except UsageError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    text = filled(PAGE.read_text(encoding="utf-8"), tables())
    if arguments.ladder:
        found = ladder()
        sys.stdout.write(found)
        text = filled(text, {"ladder": found})
    write_text(PAGE, text)
    return 0


def tables() -> dict[str, str]:
    """Returns the parts of the page that need no play."""
    prose = sections(GangParallelEnv)
    levels = {"clock": CLOCK_LEVELS, "join": JOIN_LEVELS, "checkpoint": CHECKPOINT_LEVELS}
    return {
        **{f"prose {heading}": prose[heading] for heading in PROSE},
        "controls": table(
            ("no.", "name", "at -1", "at 1", "meaning"),
            (
                (n, f"`{one.name}`", one.low, one.high, one.meaning)
                for n, one in enumerate(CONTROLS)
            ),
        ),
        "choices": f"The {N_CHOICES} discrete choices are all combinations of these levels, the "
        "last fastest; flow and share stay at full.\n\n"
        + table(
            ("name", "levels"),
            ((f"`{name}`", ", ".join(map(str, of))) for name, of in levels.items()),
        ),
        "features": table(
            ("no.", "name", "min", "max", "unit", "meaning"),
            (
                (n, f"`{f.name}`", f"{f.low:g}", f"{f.high:g}", f.unit, f.meaning)
                for n, f in enumerate(FEATURES)
            ),
        ),
        "terms": table(
            ("term", "sign", "meaning"), ((f"`{t.name}`", SIGNS[t.sign], t.meaning) for t in TERMS)
        ),
        "metrics": table(("metric", "unit", "meaning"), map(_metric, METRICS)),
        "scenarios": scenarios(),
        "jobs": jobs(),
    }


def _metric(metric: Metric) -> tuple[str, str, str]:
    return f"`{metric.name}`", metric.unit, metric.meaning


def scenarios() -> str:
    """Returns what each scenario is made of, and what follows for its gang."""
    titles = ("scenario", "what", "satellites", "accelerators", "hours", "checkpoint, s")
    titles += ("restart, s", "regroup, s", "upsets an hour, all members", "Daly's interval, min")
    rows = []
    for name in NAMES:
        params = build_training(load_training(name))
        gang, n_sats = params.gang, np.asarray(float(params.n_sats))
        between_s = mean_failure_s(params, n_sats)
        rows.append(
            (
                f"`{name}`",
                load_training(name).description,
                params.n_sats,
                f"{params.n_sats * gang.accelerators:,.0f}",
                f"{params.episode_steps * gang.step_s / 3600.0:g}",
                f"{gang.checkpoint_s:.1f}",
                f"{gang.restart_s:.0f}",
                f"{gang.regroup_s:.0f}",
                f"{3600.0 / between_s:.2f}",
                f"{daly_interval_s(gang.checkpoint_s, between_s) / 60.0:.1f}",
            )
        )
    return table(titles, rows)


def jobs() -> str:
    """Returns the sizes of every profile of jobs, with share and middle of the durations."""
    titles = ("profile", "GPUs", "share of the jobs", "jobs", "10 %, h", "median, h", "90 %, h")
    rows = []
    for name in list_job_profiles():
        profile = load_job_profile(name)
        for one in profile.sizes:
            low, middle, high = np.interp((0.1, 0.5, 0.9), profile.probability, one.duration_s)
            hours = (f"{duration_s / 3600.0:.1f}" for duration_s in (low, middle, high))
            rows.append((f"`{name}`", one.num_gpus, f"{one.share:.2f}", one.n_jobs, *hours))
    return table(titles, rows)


def ladder() -> str:
    """Returns every rule on the same worlds, one row a scenario and policy, best first."""
    titles = ("scenario", "policy", "value", "lead over the next", "goodput", "lost, %")
    titles += ("waiting, %", "paused, %", "checkpoints", "interruptions", "brown-outs")
    rows = []
    with Bar("playing", len(NAMES) * len(POLICIES)) as bar:
        for place, scenario in enumerate(NAMES):
            found: dict[str, Result] = {}
            for name in POLICIES:
                found[name] = evaluate(name, scenario, N_WORLDS, "test")
                bar.update(place * len(POLICIES) + len(found))
            rows += _rows(scenario, found)
    return table(titles, rows)


def _rows(scenario: str, found: dict[str, Result]) -> list[tuple[str, ...]]:
    order = sorted(found, key=lambda name: -float(np.mean(found[name].column("value"))))
    hours = load_training(scenario).episode.hours
    rows = []
    for name, below in zip(order, [*order[1:], None], strict=True):
        result = found[name]
        mean = {key: float(np.mean(result.column(key))) for key in result.episodes[0].metrics}
        done = max(mean["progress_work"], 1.0)
        rows.append(
            (
                f"`{scenario}`",
                f"`{name}`",
                written(mean_interval(result.column("value")), digits=3),
                "" if below is None else _lead(result, found[below]),
                f"{mean['goodput']:.3f}",
                f"{100.0 * mean['lost_work'] / done:.1f}",
                f"{100.0 * mean['waiting_work'] / (done + mean['waiting_work']):.1f}",
                f"{100.0 * mean['paused_time'] / (3600.0 * hours):.1f}",
                f"{mean['checkpoints']:.1f}",
                f"{mean['interruptions']:.1f}",
                f"{mean['brownouts']:.1f}",
            )
        )
    return rows


def _lead(result: Result, below: Result) -> str:
    lead = paired_difference(result.column("value"), below.column("value"))
    return written(lead, signed=True, digits=3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

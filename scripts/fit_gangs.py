"""Fits the job profiles of the training task to the public traces and writes the YAML files.

python scripts/fit_gangs.py --data ../shared/data [--out configs/training/jobs]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from sunward.training.jobs import JobProfile
from sunward.workload.csv_table import TraceError
from sunward.workload.job_traces import JobTrace, load_jobs
from sunward_agents.atomic import write_text

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "python scripts/fit_gangs.py --data ../shared/data"
#: Shorter jobs are tests, that end before a first checkpoint.
SHORTEST_S = 600.0
PROBABILITY = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


class Source(NamedTuple):
    """One trace, and what the profile made of it is called."""

    name: str
    file: str
    smallest_gpus: int
    description: str
    citation: str


SOURCES = (
    Source(
        "kalos-2023",
        "acme_kalos_completed_day0-59.csv",
        64,
        "Completed jobs of 64 GPUs and more of a cluster that trains language models.",
        "Acme, Kalos cluster, 60 days of 2023 (Hu et al., NSDI 2024), CC-BY-4.0",
    ),
    Source(
        "philly-2017",
        "philly_gang_ge4gpu_open.csv",
        8,
        "Jobs of 8 GPUs and more of a cluster of many tenants.",
        "Philly, ten weeks of 2017 (Jeon et al., ATC 2019), CC-BY-4.0",
    ),
)


def main(argv: list[str] | None = None) -> int:
    """Writes every profile; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--data", type=Path, required=True, help="folder of workload/*.csv")
    parser.add_argument("--out", type=Path, default=ROOT / "configs" / "training" / "jobs")
    arguments = parser.parse_args(argv)
    try:
        for source in SOURCES:
            trace = load_jobs(arguments.data / "workload" / source.file)
            text = document(fitted(source, trace))
            write_text(arguments.out / f"{source.name}.yaml", text)
            print(f"{source.name}: {arguments.out / source.name}.yaml")
    except (TraceError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


_Plain = argparse.RawDescriptionHelpFormatter


def fitted(source: Source, trace: JobTrace) -> JobProfile:
    """Returns the profile of a trace: share and quantiles of duration of each size."""
    is_gang = (trace.num_gpus >= source.smallest_gpus) & (trace.duration_s >= SHORTEST_S)
    gpus, duration_s = trace.num_gpus[is_gang], trace.duration_s[is_gang]
    size = 2 ** np.round(np.log2(gpus)).astype(int)
    sizes: list[dict[str, Any]] = []
    for one in np.unique(size).tolist():
        of_size = duration_s[size == one]
        sizes.append(
            {
                "num_gpus": one,
                "share": round(len(of_size) / len(size), 5),
                "n_jobs": len(of_size),
                "duration_s": np.quantile(of_size, PROBABILITY).round().tolist(),
            }
        )
    return JobProfile.model_validate(
        {
            "name": source.name,
            "description": source.description,
            "source": source.citation,
            "fitted_by": COMMAND,
            "shortest_s": SHORTEST_S,
            "probability": PROBABILITY,
            "sizes": sizes,
        }
    )


def document(profile: JobProfile) -> str:
    """Returns the YAML of a profile."""
    body = yaml.safe_dump(
        profile.model_dump(mode="json"), sort_keys=False, width=100, default_flow_style=None
    )
    return f"# Gang jobs, fitted to a public trace.\n# Written by: {COMMAND}\n{body}"


if __name__ == "__main__":
    sys.exit(main())

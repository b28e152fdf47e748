"""Job traces: training and batch work of shared clusters (Philly, Kalos, Alibaba)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sunward.workload.csv_table import Column, read_header, read_table


@dataclass(frozen=True, eq=False)
class JobTrace:
    """Gang jobs in order of submission; every array has shape (n_jobs,).

    Attributes:
        name: Where it came from.
        submit_s: Submission, s from the trace's own origin.
        duration_s: Run time.
        num_gpus: Accelerators held for all of it.
        queue_s: Wait before the start; empty where the trace does not tell.
        nodes: Machines held; empty where the trace does not tell.
        is_pretrain: True for pretraining; empty where the trace does not tell.
        virtual_cluster: Tenant, as a number; empty where the trace does not tell.
    """

    name: str
    submit_s: np.ndarray
    duration_s: np.ndarray
    num_gpus: np.ndarray
    queue_s: np.ndarray
    nodes: np.ndarray
    is_pretrain: np.ndarray
    virtual_cluster: np.ndarray

    @property
    def gpu_hours(self) -> np.ndarray:
        """GPU-hours of each job."""
        return self.num_gpus * self.duration_s / 3600.0


@dataclass(frozen=True, eq=False)
class PodTrace:
    """Pods of a shared cluster in order of creation (Alibaba openb), (n_pods,).

    Times in s; `scheduled_s` is NaN for a pod that was never placed; `gpu_milli` is thousandths
    of one accelerator.
    """

    create_s: np.ndarray
    scheduled_s: np.ndarray
    delete_s: np.ndarray
    num_gpu: np.ndarray
    gpu_milli: np.ndarray
    cpu_milli: np.ndarray
    memory_mib: np.ndarray
    qos: np.ndarray
    phase: np.ndarray


_JOB_COLUMNS = (
    Column("submit_s", ascending=True),
    Column("duration_s"),
    Column("num_gpus", kind=int, low=1.0),
)
_OPTIONAL = {
    "queue_s": Column("queue_s"),
    "nodes": Column("nodes", kind=int, low=1.0),
    "is_pretrain": Column("is_pretrain", kind=int),
    "vc": Column("vc", kind=int),
}
_POD_COLUMNS = (
    Column("create_s", ascending=True),
    Column("scheduled_s", may_be_empty=True),
    Column("delete_s"),
    Column("num_gpu", kind=int),
    Column("gpu_milli", kind=int),
    Column("cpu_milli", kind=int),
    Column("memory_mib", kind=int),
    Column("qos", kind=str),
    Column("phase", kind=str),
)


def load_jobs(path: str | Path) -> JobTrace:
    """Returns the jobs of Philly (`.csv` or `.csv.gz`) or of Kalos, by the columns of the header.

    Raises:
        TraceError: In one line, with file, line, what was expected and what was found.
    """
    present = [name for name in read_header(path) if name in _OPTIONAL]
    table = read_table(path, (*_JOB_COLUMNS, *(_OPTIONAL[name] for name in present)))
    absent = np.zeros(0)
    return JobTrace(
        name=Path(path).name.partition(".")[0],
        submit_s=table["submit_s"],
        duration_s=table["duration_s"],
        num_gpus=table["num_gpus"],
        queue_s=table.get("queue_s", absent),
        nodes=table.get("nodes", absent),
        is_pretrain=table.get("is_pretrain", absent).astype(bool),
        virtual_cluster=table.get("vc", absent),
    )


def load_pods(path: str | Path) -> PodTrace:
    """Returns Alibaba's openb pods; raises `TraceError` in one line."""
    return PodTrace(**read_table(path, _POD_COLUMNS))

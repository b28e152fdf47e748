"""What the kernel of a gang needs beside the simulator's own parameters, in SI units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sunward.core.params import Params
from sunward.training.jobs import JobTable


class Gang(NamedTuple):
    """Figures of the gang of a scenario."""

    step_s: float
    accelerators: float  # of a satellite
    capacity_work: float  # GPU-s of a satellite in a step at full clock
    checkpoint_s: float  # the state goes over one link
    checkpoint_j: float  # that the link takes for it
    restart_s: float  # and the state is read back
    regroup_s: float
    upset_rate: float  # per accelerator and second at the mean flux of the reference orbit
    upset_floor: float  # part of it that does not follow the trapped protons
    value_progress: float  # reward of a satellite-step of work at full clock
    team_share: float  # of the gang's reward that goes to all satellites alike


@dataclass(frozen=True)
class TrainingParams(Params):
    """A training scenario ready for the kernels."""

    gang: Gang
    jobs: JobTable

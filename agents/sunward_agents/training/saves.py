"""When a gang saves: what the next minutes may take of it against what a checkpoint takes."""

from __future__ import annotations

import numpy as np

from sunward.physics.radiation import upset_rate_per_s
from sunward.training.params import TrainingParams

#: A save is asked for with a view of so many steps at most.
LONGEST_VIEW = 30


def upsets_ahead(params: TrainingParams, proton_flux: np.ndarray) -> np.ndarray:
    """Returns the upsets to expect of each satellite in each step, from the flux over its mean."""
    gang = params.gang
    floor = upset_rate_per_s(0.0, gang.upset_rate, 1.0, gang.upset_floor)
    slope = upset_rate_per_s(1.0, gang.upset_rate, 1.0, gang.upset_floor) - floor
    return (floor + slope * proton_flux) * gang.accelerators * gang.step_s


def is_due(unsaved_steps: float, expected: np.ndarray, checkpoint_steps: float) -> bool:
    """Returns whether a gang had better save now.

    At a steady rate of upsets a gang that looks ahead for half as long as it has not saved saves at
    Young's interval; where the rate rises, it saves before.

    Args:
        unsaved_steps: Work since the last checkpoint, in steps of computing.
        expected: Upsets of all members to expect in each of the steps to come.
        checkpoint_steps: What a checkpoint takes.
    """
    view = int(np.clip(np.ceil(unsaved_steps / 2.0), 1, LONGEST_VIEW))
    return unsaved_steps * float(expected[:view].sum()) >= checkpoint_steps

"""What a member of a gang can do: one table, a continuous face and a discrete one."""

from __future__ import annotations

import numpy as np

from sunward.core.actions import ACTIONS as SATELLITE_ACTIONS
from sunward.core.actions import INDEX as SATELLITE_INDEX
from sunward.core.actions import N_ACTIONS as N_SATELLITE_ACTIONS
from sunward.core.actions import Action

#: Taken over as the simulator has them.
OWN = ("clock", "coolant_flow", "active_share")
CONTROLS = (
    *(SATELLITE_ACTIONS[SATELLITE_INDEX[name]] for name in OWN),
    Action(
        "join",
        "leaves",
        "joins",
        "above 0 into the gang, below -0.5 out of it, else no change",
    ),
    Action("checkpoint", "no", "yes", "the gang saves where the mean over its members is above 0"),
)
N_CONTROLS = len(CONTROLS)
INDEX = {action.name: index for index, action in enumerate(CONTROLS)}

#: Levels of the discrete face; flow and share stay at full.
CLOCK_LEVELS = (-1.0, -0.3, 0.3, 1.0)
JOIN_LEVELS = (-1.0, 1.0)
CHECKPOINT_LEVELS = (-1.0, 1.0)
N_CHOICES = len(CLOCK_LEVELS) * len(JOIN_LEVELS) * len(CHECKPOINT_LEVELS)

_OWN_SOURCE = [INDEX[name] for name in OWN]
_OWN_TARGET = [SATELLITE_INDEX[name] for name in OWN]


def _choice_table() -> np.ndarray:
    clock, join, checkpoint = np.meshgrid(
        CLOCK_LEVELS, JOIN_LEVELS, CHECKPOINT_LEVELS, indexing="ij"
    )
    table = np.ones((N_CHOICES, N_CONTROLS), np.float32)
    table[:, INDEX["clock"]] = clock.ravel()
    table[:, INDEX["join"]] = join.ravel()
    table[:, INDEX["checkpoint"]] = checkpoint.ravel()
    return table


CHOICE_TABLE = _choice_table()


def choice_masks(is_off: np.ndarray, has_unsaved: np.ndarray) -> np.ndarray:
    """Returns which discrete choices make a difference, bool (..., N_CHOICES).

    Args:
        is_off: tripped, in safe mode or lost: only the lowest clock, outside, is offered.
        has_unsaved: the gang has work to save; else no wish for a checkpoint is offered.
    """
    outside = (CHOICE_TABLE[:, INDEX["clock"]] == CLOCK_LEVELS[0]) & (
        CHOICE_TABLE[:, INDEX["join"]] < 0.0
    )
    allowed = ~is_off[..., None] | outside
    return allowed & (has_unsaved[..., None] | (CHOICE_TABLE[:, INDEX["checkpoint"]] < 0.0))


def satellite_actions(controls: np.ndarray, compute_share: np.ndarray) -> np.ndarray:
    """Returns the simulator's own actions float32 (..., N_ACTIONS).

    Args:
        controls: (..., N_CONTROLS) in [-1, 1].
        compute_share: (...), share of the step in which a satellite works for the gang.
    """
    actions = np.full((*controls.shape[:-1], N_SATELLITE_ACTIONS), -1.0, np.float32)
    actions[..., _OWN_TARGET] = controls[..., _OWN_SOURCE]
    actions[..., SATELLITE_INDEX["deferrable_energy"]] = 2.0 * compute_share - 1.0
    return actions

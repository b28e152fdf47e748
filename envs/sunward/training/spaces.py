"""Spaces of one satellite of a gang, derived from the tables of controls and features."""

from __future__ import annotations

import numpy as np
from gymnasium import spaces

from sunward.faces.spaces import signed_box
from sunward.training.controls import N_CHOICES, N_CONTROLS
from sunward.training.features import N_FEATURES


def satellite_controls(action: str) -> spaces.Box | spaces.Discrete:
    """Returns the controls of one satellite, continuous or discrete."""
    return signed_box(N_CONTROLS) if action == "continuous" else spaces.Discrete(N_CHOICES)


def satellite_observations(observation: str, action: str) -> spaces.Box | spaces.Dict:
    """Returns what one satellite sees, alone or with the mask of its discrete choices.

    Raises:
        ValueError: a mask is asked for where the actions are continuous.
    """
    seen = signed_box(N_FEATURES)
    if observation == "box":
        return seen
    if action != "discrete":
        raise ValueError(
            f"observation is {observation!r}, which carries a mask of discrete actions, and "
            f"action is {action!r}: use action='discrete' or observation='box'"
        )
    mask = spaces.Box(0, 1, (N_CHOICES,), np.int8)
    return spaces.Dict({"observations": seen, "action_mask": mask})

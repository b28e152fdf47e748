"""Spaces of every face, derived from the tables of actions and observations."""

from __future__ import annotations

import numpy as np
from gymnasium import spaces

from sunward.core.actions import N_ACTIONS, N_DISCRETE
from sunward.core.observations import N_OBS


def signed_box(length: int) -> spaces.Box:
    """Returns the box of float32 vectors of that length with entries from -1 to 1."""
    return spaces.Box(-1.0, 1.0, (length,), np.float32)


def agent_actions(action: str, n_numbers: int, n_choices: int) -> spaces.Box | spaces.Discrete:
    """Returns the actions of one agent, continuous or discrete."""
    return signed_box(n_numbers) if action == "continuous" else spaces.Discrete(n_choices)


def satellite_actions(action: str) -> spaces.Box | spaces.Discrete:
    """Returns the actions of one satellite, continuous or discrete."""
    return agent_actions(action, N_ACTIONS, N_DISCRETE)


def fleet_actions(action: str, n_sats: int) -> spaces.Box | spaces.MultiDiscrete:
    """Returns the actions of all satellites in a row, satellite by satellite."""
    if action == "continuous":
        return signed_box(n_sats * N_ACTIONS)
    return spaces.MultiDiscrete([N_DISCRETE] * n_sats)


def observations(observation: str, action: str, n_sats: int = 1) -> spaces.Box | spaces.Dict:
    """Returns what `n_sats` satellites see in a row, alone or with the mask of discrete actions."""
    return agent_observations(observation, action, n_sats * N_OBS, n_sats * N_DISCRETE)


def agent_observations(
    observation: str, action: str, n_features: int, n_choices: int
) -> spaces.Box | spaces.Dict:
    """Returns what one agent sees, alone or with the mask of its discrete actions.

    Raises:
        ValueError: a mask is asked for where the actions are continuous.
    """
    seen = signed_box(n_features)
    if observation == "box":
        return seen
    if action != "discrete":
        raise ValueError(
            f"observation is {observation!r}, which carries a mask of discrete actions, and "
            f"action is {action!r}: use action='discrete' or observation='box'"
        )
    mask = spaces.Box(0, 1, (n_choices,), np.int8)
    return spaces.Dict({"observations": seen, "action_mask": mask})

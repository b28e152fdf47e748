"""Checks of what a user hands to a face: options by name, actions by shape and value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args

import numpy as np
from gymnasium.vector import AutoresetMode

from sunward.core.actions import ACTIONS, N_DISCRETE, Action
from sunward.core.params import Params
from sunward.scenario.errors import suggestion
from sunward.scenario.suite import Split

ACTION_KINDS = ("continuous", "discrete")
OBSERVATION_KINDS = ("box", "dict")
INFO_KINDS = ("cost", "full")
RENDER_MODES = ("ansi", "rgb_array")
SPLITS = get_args(Split)


def chosen(name: str, value: Any, allowed: Iterable[str]) -> str:
    """Returns `value`, or raises ValueError with the nearest of the allowed ones."""
    allowed = tuple(allowed)
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}: {suggestion(str(value), allowed)}")
    return value


def continuous_actions(
    actions: Any, n_envs: int, n_sats: int, table: Sequence[Action] = ACTIONS
) -> np.ndarray:
    """Returns actions float32 (n_envs, n_sats, len(table)), not clipped to their bounds yet.

    Raises:
        ValueError: entries that are no finite number.
    """
    try:
        array = np.asarray(actions, np.float32)
    except (TypeError, ValueError):
        raise ValueError(
            f"actions are {type(actions).__name__}, expected numbers: {len(table)} a satellite"
        ) from None
    rows = array.reshape(n_envs, n_sats, len(table))
    # Of a few entries `all` takes longer than the look at each.
    if np.count_nonzero(np.isfinite(rows)) < rows.size:
        env, sat, column = np.argwhere(~np.isfinite(rows))[0].tolist()
        raise ValueError(
            f"{table[column].name} of satellite {sat} in environment {env} is "
            f"{rows[env, sat, column]}, expected a finite number from -1 to 1"
        )
    return rows


def discrete_actions(
    actions: Any, n_envs: int, n_sats: int, n_choices: int = N_DISCRETE
) -> np.ndarray:
    """Returns integer actions (n_envs, n_sats), each an index below `n_choices`.

    Raises:
        ValueError: entries that are no whole number, or beyond the table.
    """
    array = np.asarray(actions)
    if array.dtype.kind not in "iu":
        raise ValueError(
            f"discrete actions have type {array.dtype}, expected whole numbers below {n_choices}"
        )
    rows = array.reshape(n_envs, n_sats)
    if rows.min() < 0 or rows.max() >= n_choices:
        env, sat = np.argwhere((rows < 0) | (rows >= n_choices))[0].tolist()
        raise ValueError(
            f"action of satellite {sat} in environment {env} is {rows[env, sat]}, "
            f"must be from 0 to {n_choices - 1}"
        )
    return rows


def shaped(actions: Any, expected: tuple[int, ...] | None, meaning: str) -> Any:
    """Returns the actions if they have the expected shape, else raises ValueError that tells it."""
    shape = actions.shape if isinstance(actions, np.ndarray) else np.shape(actions)
    if shape != expected:
        raise ValueError(f"action has shape {shape}, expected {expected}: {meaning}")
    return actions


def one_satellite(params: Params) -> None:
    """Raises ValueError unless the scenario has one satellite."""
    if params.n_sats != 1:
        raise ValueError(
            f"{params.scenario_id} has {params.n_sats} satellites, sunward/Satellite-v0 takes 1: "
            "use sunward/Constellation-v0 or sunward.constellation_v0"
        )


def at_least_one(name: str, number: Any) -> int:
    """Returns a whole number of at least 1, or raises ValueError."""
    if not isinstance(number, int | np.integer) or number < 1:
        raise ValueError(f"{name} is {number!r}, must be a whole number of at least 1")
    return int(number)


def autoreset_mode(mode: Any) -> AutoresetMode:
    """Returns the mode from itself or from its value, `NextStep`, `SameStep` or `Disabled`."""
    if isinstance(mode, AutoresetMode):
        return mode
    return AutoresetMode(chosen("autoreset_mode", mode, [known.value for known in AutoresetMode]))


def reset_mask(mask: Any, n_envs: int) -> np.ndarray:
    """Returns which environments a reset means, bool (n_envs,); all of them without a mask.

    Raises:
        ValueError: not a boolean array of that shape, or nothing to reset.
    """
    if mask is None:
        return np.ones(n_envs, np.bool_)
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (n_envs,):
        found = f"{getattr(mask, 'dtype', type(mask).__name__)} {np.shape(mask)}"
        raise ValueError(f"reset_mask is {found}, expected a bool array of shape ({n_envs},)")
    if not mask.any():
        raise ValueError("reset_mask is False throughout: set it where a world shall start anew")
    return mask


def unknown_agent(name: Any, known: Sequence[str]) -> ValueError:
    """Returns the error for an agent that is none of the known ones."""
    return ValueError(f"no agent {name!r}: they are {known[0]} to {known[-1]}")

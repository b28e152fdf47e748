"""Checkpoints that hold all a run depends on, so that it goes on as if it never stopped."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sunward_agents.atomic import atomic_path
from sunward_agents.errors import UsageError

#: Newest checkpoints that are kept: should the disk spoil one, the one before still serves.
N_KEPT = 2
FORMAT_VERSION = 1
_COUNTERS = ("num_timesteps", "_n_updates", "_current_progress_remaining")


class CheckpointError(UsageError):
    """A run that cannot be resumed; one clear line."""


def save_checkpoint(folder: Path, model: Any, history: dict[str, Any]) -> Path:
    """Writes the state of `model` and the run's `history` and returns the file.

    The file appears whole or not at all; all but the newest ones are deleted afterwards.
    """
    path = folder / f"step_{model.num_timesteps:012d}.pt"
    content = {"format": FORMAT_VERSION, "model": capture(model), "history": history}
    with atomic_path(path) as temporary:
        torch.save(_encoded(content), temporary)
    for old in _checkpoints(folder)[:-N_KEPT]:
        old.unlink()
    return path


def load_checkpoint(folder: Path) -> dict[str, Any]:
    """Returns the newest checkpoint of `folder`: keys `model` and `history`.

    Nothing but plain values and tensors is ever loaded, so that a file cannot run code.
    """
    files = _checkpoints(folder)
    if not files:
        raise CheckpointError(f"{folder}: holds no checkpoint: give the folder of a run")
    try:
        content = _decoded(torch.load(files[-1], map_location="cpu", weights_only=True))
    except Exception as error:  # torch raises a dozen kinds for a damaged file
        raise CheckpointError(
            f"{files[-1]}: cannot be read ({type(error).__name__}): delete it to resume from the "
            "checkpoint before"
        ) from error
    if content.get("format") != FORMAT_VERSION:
        raise CheckpointError(
            f"{files[-1]}: has format {content.get('format')}, expected {FORMAT_VERSION}: resume "
            "with the version of sunward that wrote it"
        )
    return content


def capture(model: Any) -> dict[str, Any]:
    """Returns everything that the rest of the training depends on."""
    return {
        "counters": {name: getattr(model, name) for name in _COUNTERS},
        "policy": model.policy.state_dict(),
        "optimizer": model.policy.optimizer.state_dict(),
        "environment": model.worlds.get_state(),
        "random_torch": torch.get_rng_state(),
        "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "random_numpy": np.random.get_state(),  # noqa: NPY002 - the stream that SB3 shuffles with
        "random_python": random.getstate(),
    }


def restore(model: Any, state: dict[str, Any]) -> None:
    """Sets `model`, its environment and the random streams to a captured state."""
    for name, value in state["counters"].items():
        setattr(model, name, value)
    model.policy.load_state_dict(state["policy"])
    model.policy.optimizer.load_state_dict(state["optimizer"])
    model._last_obs, model._last_episode_starts = model.worlds.set_state(state["environment"])
    torch.set_rng_state(state["random_torch"])
    if state["random_cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["random_cuda"])
    np.random.set_state(state["random_numpy"])  # noqa: NPY002
    random.setstate(state["random_python"])


def _checkpoints(folder: Path) -> list[Path]:
    return sorted(folder.glob("step_*.pt"))


def _encoded(value: Any) -> Any:
    """Returns `value` with arrays as bytes in tensors: all that a safe load allows."""
    if isinstance(value, dict):
        return {key: _encoded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_encoded(item) for item in value)
    if isinstance(value, np.ndarray | np.generic):
        array = np.ascontiguousarray(value)
        return {
            "__array__": torch.from_numpy(array.reshape(-1).view(np.uint8).copy()),
            "descr": np.lib.format.dtype_to_descr(array.dtype),
            "shape": np.shape(value),
        }
    return value


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        if "__array__" in value:
            kind = np.lib.format.descr_to_dtype(value["descr"])
            return value["__array__"].numpy().view(kind).reshape(value["shape"]).copy()
        return {key: _decoded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_decoded(item) for item in value)
    return value

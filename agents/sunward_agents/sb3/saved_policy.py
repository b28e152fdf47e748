"""A trained policy as plain tensors and JSON: no pickle, so that loading it runs no code."""

from __future__ import annotations

import copy
import hashlib
import io
import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from torch import nn

from sunward_agents.atomic import atomic_path, write_text
from sunward_agents.games import FLEET, Tables
from sunward_agents.policies import PolicyError
from sunward_agents.results import package_version

DESCRIPTION_FILE = "policy.json"
WEIGHTS_FILE = "policy.pt"
ACTIVATIONS: dict[str, type[nn.Module]] = {"tanh": nn.Tanh, "relu": nn.ReLU}


class Description(BaseModel):
    """What the weights are: enough to rebuild the net and to refuse what does not fit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[1] = 1
    package_version: str
    observations: list[str]
    actions: list[str]
    hidden_layers: list[int]
    activation: Literal["tanh", "relu"]
    scenario: str
    steps: int
    weights_sha256: str


class TrainedPolicy:
    """The mean action of a trained actor, clipped to [-1, 1]; keeps no memory."""

    def __init__(self, actor: nn.Sequential, description: Description | None = None) -> None:
        self.actor = actor
        self.description = description

    def reset(self, n_envs: int, seed: int) -> None:
        """Forgets nothing: the policy is deterministic and keeps nothing."""

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        device = next(self.actor.parameters()).device
        with torch.inference_mode():
            # A copy, since the simulator reuses its buffer and torch would share it.
            mean = self.actor(torch.from_numpy(observations.copy()).to(device))
            return mean.clamp_(-1.0, 1.0).cpu().numpy()


def actor_of(policy: Any) -> nn.Sequential:
    """Returns the actor of an SB3 policy as one sequence of layers, sharing its weights."""
    return nn.Sequential(*policy.mlp_extractor.policy_net, policy.action_net)


def save_actor(
    folder: Path,
    actor: nn.Sequential,
    *,
    scenario: str,
    steps: int,
    tables: Tables = FLEET.tables,
) -> None:
    """Writes an actor to `folder`: weights first, then their description."""
    actor = copy.deepcopy(actor).cpu()
    layers = [layer for layer in actor if isinstance(layer, nn.Linear)]
    buffer = io.BytesIO()
    torch.save(actor.state_dict(), buffer)
    description = Description(
        package_version=package_version(),
        observations=tables.observations,
        actions=tables.actions,
        hidden_layers=[layer.out_features for layer in layers[:-1]],
        activation=type(actor[1]).__name__.lower(),  # pyright: ignore[reportArgumentType]
        scenario=scenario,
        steps=steps,
        weights_sha256=hashlib.sha256(buffer.getvalue()).hexdigest(),
    )
    with atomic_path(folder / WEIGHTS_FILE) as temporary:
        temporary.write_bytes(buffer.getvalue())
    write_text(folder / DESCRIPTION_FILE, description.model_dump_json(indent=1) + "\n")


def load_trained_policy(folder: Path, tables: Tables = FLEET.tables) -> TrainedPolicy:
    """Returns the policy that a run left in `folder`, for a game with these tables.

    Raises: PolicyError in one line where a file is missing, damaged or made for other tables.
    """
    try:
        text = (folder / DESCRIPTION_FILE).read_text(encoding="utf-8")
        weights = (folder / WEIGHTS_FILE).read_bytes()
        description = Description.model_validate_json(text)
    except OSError as error:
        raise PolicyError(
            f"{folder}: holds no trained policy ({error.strerror}: {error.filename}): give the "
            "folder of a finished run"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "file"
        raise PolicyError(f"{folder / DESCRIPTION_FILE}: {place}: {first['msg']}") from error
    _check(folder, description, weights, tables)
    actor = _actor(description)
    try:
        actor.load_state_dict(torch.load(io.BytesIO(weights), weights_only=True))
    except (pickle.UnpicklingError, RuntimeError, KeyError) as error:
        raise PolicyError(f"{folder / WEIGHTS_FILE}: holds no plain tensors of this net") from error
    return TrainedPolicy(actor, description)


def _check(folder: Path, description: Description, weights: bytes, tables: Tables) -> None:
    if hashlib.sha256(weights).hexdigest() != description.weights_sha256:
        raise PolicyError(f"{folder / WEIGHTS_FILE}: is not what {DESCRIPTION_FILE} describes")
    if (description.observations, description.actions) != tables:
        raise PolicyError(
            f"{folder}: was trained on other observations or actions, by sunward "
            f"{description.package_version}: use that version or train again"
        )


def _actor(description: Description) -> nn.Sequential:
    sizes = [len(description.observations), *description.hidden_layers, len(description.actions)]
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [nn.Linear(fan_in, fan_out), ACTIVATIONS[description.activation]()]
    return nn.Sequential(*layers[:-1])

"""A trained policy of the build-out as plain tensors and JSON: no pickle."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import nn

from sunward.buildout.params import Params
from sunward_agents.atomic import atomic_path, write_text
from sunward_agents.buildout.tables import tables_of
from sunward_agents.policies import PolicyError
from sunward_agents.results import package_version
from sunward_agents.sb3.saved_policy import ACTIVATIONS, TrainedPolicy

DESCRIPTION_FILE, WEIGHTS_FILE = "policy.json", "policy.pt"


def save_actor(folder: Path, actor: nn.Sequential, params: Params, steps: int) -> None:
    """Writes an actor to `folder`: weights first, then their description."""
    actor = copy.deepcopy(actor).cpu()
    layers = [layer for layer in actor if isinstance(layer, nn.Linear)]
    buffer = io.BytesIO()
    torch.save(actor.state_dict(), buffer)
    description = {
        "task": "sunward/Buildout-v0",
        "package_version": package_version(),
        **tables_of(params)._asdict(),
        "hidden_layers": [layer.out_features for layer in layers[:-1]],
        "activation": type(actor[1]).__name__.lower(),
        "scenario": params.scenario.id,
        "steps": steps,
        "weights_sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
    }
    with atomic_path(folder / WEIGHTS_FILE) as temporary:
        temporary.write_bytes(buffer.getvalue())
    write_text(folder / DESCRIPTION_FILE, json.dumps(description, indent=1) + "\n")


def load_trained_policy(folder: Path, params: Params) -> TrainedPolicy:
    """Returns the policy that a run left in `folder`, for a scenario.

    Raises: PolicyError in one line where a file is missing, damaged or made for other tables.
    """
    try:
        description = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        weights = (folder / WEIGHTS_FILE).read_bytes()
    except (OSError, ValueError) as error:
        raise PolicyError(
            f"{folder}: holds no trained policy ({error}): give the folder of a finished run"
        ) from error
    tables = tables_of(params)._asdict()
    if {name: description.get(name) for name in tables} != tables:
        raise PolicyError(
            f"{folder}: was trained on other observations or levers than {params.scenario.id} has: "
            "train again"
        )
    if hashlib.sha256(weights).hexdigest() != description.get("weights_sha256"):
        raise PolicyError(f"{folder / WEIGHTS_FILE}: is not what {DESCRIPTION_FILE} describes")
    actor = _actor(description)
    try:
        actor.load_state_dict(torch.load(io.BytesIO(weights), weights_only=True))
    except (pickle.UnpicklingError, RuntimeError, KeyError) as error:
        raise PolicyError(f"{folder / WEIGHTS_FILE}: holds no plain tensors of this net") from error
    return TrainedPolicy(actor)


def _actor(description: dict[str, Any]) -> nn.Sequential:
    sizes = [
        len(description["observations"]),
        *description["hidden_layers"],
        len(description["actions"]),
    ]
    layers: list[nn.Module] = []
    for fan_in, fan_out in pairwise(sizes):
        layers += [nn.Linear(fan_in, fan_out), ACTIVATIONS[description["activation"]]()]
    return nn.Sequential(*layers[:-1])

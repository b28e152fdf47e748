"""A batch of gangs behind a face, and how it is built from options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from sunward.faces import checks, spaces
from sunward.faces.loading import lasting, loaded
from sunward.faces.worlds import Worlds
from sunward.training.build import build_training
from sunward.training.controls import CHOICE_TABLE, CONTROLS, N_CHOICES, N_CONTROLS
from sunward.training.features import N_FEATURES
from sunward.training.figures import Training
from sunward.training.load import load_training
from sunward.training.simulator import GangSimulator


def build_gangs(
    scenario: str | Path | Training,
    n_envs: int,
    *,
    overrides: Mapping[str, Any] | None = None,
    max_cycles: int | None = None,
    n_threads: int = 1,
) -> GangSimulator:
    """Returns a simulator of `n_envs` worlds of a training scenario.

    Args:
        scenario: an id, the path of a YAML file, or a scenario that was loaded already.
        n_envs: worlds in the batch.
        overrides: values by dotted path, `{"gang.restart": "2 min"}`; not for a loaded one.
        max_cycles: steps in an episode, in place of the scenario's.
        n_threads: threads of the kernel.

    Raises:
        ValueError: an unknown scenario, key or value; one line each.
    """
    if max_cycles is not None:
        checks.at_least_one("max_cycles", max_cycles)
    played = lasting(loaded(Training, load_training, scenario, overrides), max_cycles)
    return GangSimulator(build_training(played), n_envs, n_threads=n_threads)


class GangWorlds(Worlds):
    """What every face of the gangs steps."""

    simulator: GangSimulator

    def satellite_spaces(self, observation: str = "box") -> tuple[gym.Space[Any], gym.Space[Any]]:
        seen = spaces.agent_observations(observation, self.action, N_FEATURES, N_CHOICES)
        return seen, spaces.agent_actions(self.action, N_CONTROLS, N_CHOICES)

    def _rows(self, actions: Any) -> np.ndarray:
        if self.is_discrete:
            choices = checks.discrete_actions(actions, self.n_envs, self.n_sats, N_CHOICES)
            return CHOICE_TABLE[choices]
        return checks.continuous_actions(actions, self.n_envs, self.n_sats, CONTROLS)

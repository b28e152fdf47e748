"""A batch of gangs behind a face, and how it is built from options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym

from sunward.faces import checks
from sunward.faces.worlds import Worlds
from sunward.training import spaces
from sunward.training.build import build_training
from sunward.training.controls import CHOICE_TABLE, CONTROLS, N_CHOICES
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
    if isinstance(scenario, Training):
        if overrides:
            raise ValueError("overrides need a scenario's name or path: this one is loaded already")
    else:
        scenario = load_training(scenario, **(overrides or {}))
    if max_cycles is not None:
        hours = checks.at_least_one("max_cycles", max_cycles) * scenario.episode.step_s / 3600.0
        episode = scenario.episode.model_copy(update={"hours": hours})
        scenario = scenario.model_copy(update={"episode": episode})
    return GangSimulator(build_training(scenario), n_envs, n_threads=n_threads)


class GangWorlds(Worlds):
    """What every face of the gangs steps."""

    simulator: GangSimulator

    def satellite_spaces(self, observation: str = "box") -> tuple[gym.Space[Any], gym.Space[Any]]:
        seen = spaces.satellite_observations(observation, self.action)
        return seen, spaces.satellite_controls(self.action)

    def step(self, actions: Any) -> None:
        """Advances all worlds by a step; `actions` has an entry a satellite, world by world."""
        if self.is_discrete:
            choices = checks.discrete_actions(actions, self.n_envs, self.n_sats, N_CHOICES)
            self.simulator.step(CHOICE_TABLE[choices])
        else:
            rows = checks.continuous_actions(actions, self.n_envs, self.n_sats, CONTROLS)
            self.simulator.step(rows)
        if self.continuing:
            self.simulator.truncated[:] = False

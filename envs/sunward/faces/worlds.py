"""A batch of worlds of satellites behind a face, and how it is built from options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from sunward.core.actions import discrete_to_continuous
from sunward.core.simulator import Simulator
from sunward.faces import checks, spaces
from sunward.faces.batch import Batch
from sunward.faces.loading import lasting, loaded
from sunward.scenario.build import build_params
from sunward.scenario.load import load_scenario
from sunward.scenario.scenario import Scenario


def build_simulator(
    scenario: str | Path | Scenario,
    n_envs: int,
    *,
    overrides: Mapping[str, Any] | None = None,
    max_cycles: int | None = None,
    n_threads: int = 1,
) -> Simulator:
    """Returns a simulator of `n_envs` worlds of a scenario.

    Args:
        scenario: an id, the path of a YAML file, or a scenario that was loaded already.
        n_envs: worlds in the batch.
        overrides: values by dotted path, `{"demand.interactive_load": 0.6}`; not for a loaded one.
        max_cycles: steps in an episode, in place of the scenario's.
        n_threads: threads of the kernel.

    Raises:
        ValueError: an unknown scenario, key or value; one line each.
    """
    if max_cycles is not None and max_cycles < 1:
        raise ValueError(f"max_cycles is {max_cycles}, must be at least 1 step")
    played = lasting(loaded(Scenario, load_scenario, scenario, overrides), max_cycles)
    return Simulator(build_params(played), n_envs, n_threads=n_threads)


class Worlds(Batch[Simulator]):
    """What every face of the satellites steps."""

    def __init__(
        self,
        simulator: Simulator,
        *,
        action: str = "continuous",
        split: str = "train",
        continuing: bool = False,
    ) -> None:
        super().__init__(simulator, split=split)
        self.continuing = continuing
        self.n_sats: int = simulator.n_sats
        self.action = action
        self.is_discrete = checks.chosen("action", action, checks.ACTION_KINDS) == "discrete"

    def step(self, actions: Any) -> None:
        """Advances all worlds by a step; `actions` has an entry a satellite, world by world."""
        self.simulator.step(self._rows(actions))
        if self.continuing:
            self.simulator.truncated[:] = False

    def _rows(self, actions: Any) -> np.ndarray:
        """Returns checked actions as the simulator takes them, float32 (n_envs, n_sats, ...)."""
        if self.is_discrete:
            choices = checks.discrete_actions(actions, self.n_envs, self.n_sats)
            return discrete_to_continuous(choices)
        return checks.continuous_actions(actions, self.n_envs, self.n_sats)

    def satellite_spaces(self, observation: str = "box") -> tuple[gym.Space[Any], gym.Space[Any]]:
        """Returns new spaces of what one satellite sees and of what it does."""
        return spaces.observations(observation, self.action), spaces.satellite_actions(self.action)

    def masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, bool (n_envs, n_sats, N_DISCRETE)."""
        return self.simulator.discrete_masks()

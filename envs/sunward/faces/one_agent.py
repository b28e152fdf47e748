"""One world steered by one agent, behind the Gymnasium interface, whatever it simulates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded

from sunward.faces import checks
from sunward.faces.seeding import SeedStreams, checked_seed

Observation = np.ndarray | dict[str, np.ndarray]


class OneAgentWorlds(Protocol):
    """A batch of worlds with one agent each. What its methods return is new, a row a world."""

    n_envs: int
    streams: SeedStreams

    @property
    def observation_space(self) -> gym.Space[Any]: ...

    @property
    def action_space(self) -> gym.Space[Any]: ...

    @property
    def terminated(self) -> np.ndarray:
        """Whether the last step ended the episode, bool (n_envs,): of the simulator's own."""
        ...

    @property
    def truncated(self) -> np.ndarray:
        """Whether its time limit cut it, bool (n_envs,): of the simulator's own."""
        ...

    def reset(
        self, seeds: int | Sequence[int | None] | None = None, envs: np.ndarray | None = None
    ) -> None: ...

    def step(self, actions: Any) -> None: ...

    def observations(self) -> Observation: ...

    def rewards(self) -> np.ndarray: ...

    def infos(self) -> dict[str, np.ndarray]: ...

    def flat_masks(self) -> np.ndarray: ...

    def frame(self, env: int, mode: str) -> Any: ...

    def get_state(self) -> dict[str, Any]: ...

    def set_state(self, state: Mapping[str, Any]) -> None: ...


Played = TypeVar("Played", bound=OneAgentWorlds)


class OneAgentEnv(gym.Env[Any, Any], Generic[Played]):
    """The first world of a batch of one."""

    def __init__(self, worlds: Played, render_mode: str | None) -> None:
        if render_mode is not None:
            checks.chosen("render_mode", render_mode, self.metadata["render_modes"])
        self.render_mode = render_mode
        self.worlds = worlds
        self.observation_space = worlds.observation_space
        self.action_space = worlds.action_space
        self._action_shape = self.action_space.shape
        self._needs_reset = "reset() comes before the first step()"

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        self.worlds.reset(None if seed is None else checked_seed(seed))
        if seed is not None or self._np_random_seed is None:
            # The generator of the base class draws nothing here, but tells the seed being played.
            super().reset(seed=self.worlds.streams.seeds[0])
        self._needs_reset = ""
        return self._observe()

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        if self._needs_reset:
            raise ResetNeeded(self._needs_reset)
        worlds = self.worlds
        worlds.step(checks.shaped(action, self._action_shape, "one row for the world"))
        terminated, truncated = bool(worlds.terminated[0]), bool(worlds.truncated[0])
        if terminated or truncated:
            self._needs_reset = "the episode is over: call reset()"
        reward = float(worlds.rewards()[0])
        observation, info = self._observe()
        return observation, reward, terminated, truncated, info

    def _observe(self) -> tuple[Observation, dict[str, Any]]:
        return row(self.worlds.observations(), 0), info_row(self.worlds.infos(), 0)

    def action_masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, bool (n_choices,)."""
        return self.worlds.flat_masks()[0].copy()

    def render(self) -> Any:
        return None if self.render_mode is None else self.worlds.frame(0, self.render_mode)

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        return {"worlds": self.worlds.get_state(), "needs_reset": self._needs_reset}

    def set_state(self, state: dict[str, Any]) -> None:
        self.worlds.set_state(state["worlds"])
        self._needs_reset = state["needs_reset"]


def row(observations: Observation, env: int) -> Observation:
    """Returns the observation of one world."""
    if isinstance(observations, dict):
        return {name: values[env] for name, values in observations.items()}
    return observations[env]


def info_row(infos: dict[str, np.ndarray], env: int) -> dict[str, Any]:
    """Returns the info of one world: Python floats, and its own row of the mask."""
    return {
        name: values[env] if values.ndim > 1 else float(values[env])
        for name, values in infos.items()
    }

"""One company behind the Gymnasium interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded

from sunward.buildout import render
from sunward.buildout.figures import Buildout
from sunward.buildout.worlds import DEFAULT, RENDER_MODES, BuildoutWorlds, Observation
from sunward.faces import checks
from sunward.faces.seeding import checked_seed


class BuildoutEnv(gym.Env[Any, Any]):
    """Fifteen years of building data centres in orbit, a month a step, `sunward/Buildout-v0`.

    The page of this environment is docs/environments/buildout.md; its tables are those of
    `simulator.levers` and `simulator.features`.

    ## Description
    A company orders satellites, launches them into shells on a launcher that slips, fails and gets
    cheaper, borrows, sells GPU-hours in markets that its own supply fills, and takes old satellites
    down. What a satellite gives in each shell, season and age was measured with the simulator of
    the other tasks.

    ## Action Space
    `action="continuous"`: `Box(-1, 1, (n_levers,), float32)` in the order of `LeverTable.levers`;
    values beyond the bounds are clipped. `action="discrete"`: `MultiDiscrete`: one pair of shell
    and design for all the lift, or hold (the last); then none, half or all of each order, the debt
    and the age of retirement.

    ## Observation Space
    `Box(-1, 1, (n_features,), float32)` in the order of `FeatureTable.features`.
    `observation="dict"` adds the mask of discrete actions.

    ## Rewards
    The month's dollars by term (`sunward.buildout.books.TERMS`), discounted to the first month, in
    billions.

    ## Starting State
    Cash, and nothing in orbit, in January of the first year. A world follows from scenario, split,
    seed and episode number: `reset(seed=s)` plays episode 0 of seed `s`, each later `reset()` the
    next one.

    ## Episode End
    Terminated after the last month, whose reward holds what is left, so that nothing is cut off;
    or when the company can neither pay nor borrow. Never truncated.

    ## Info
    The same keys on reset and step: `cost` (1 in the month of insolvency), `action_mask` for
    discrete actions, and with `info="full"` each `reward_<term>` and `metric_<name>`.

    ## Arguments
    `scenario` (id, path or loaded), `overrides` (values by dotted path), `action`, `observation`,
    `info`, `split` ("train", "validation", "test"), `render_mode` ("ansi").

    ## Version History
    v0: first version.
    """

    metadata: ClassVar[dict[str, Any]] = {  # pyright: ignore[reportIncompatibleVariableOverride]
        "render_modes": list(RENDER_MODES),
        "render_fps": 10,
    }

    def __init__(
        self,
        scenario: str | Path | Buildout = DEFAULT,
        *,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        if render_mode is not None:
            checks.chosen("render_mode", render_mode, RENDER_MODES)
        self.render_mode = render_mode
        self.worlds = BuildoutWorlds(scenario, 1, **options)
        self.observation_space = self.worlds.observation_space
        self.action_space = self.worlds.action_space
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
        self.worlds.step(checks.shaped(action, self.action_space.shape, "one entry a lever"))
        simulator = self.worlds.simulator
        terminated = bool(simulator.terminated[0])
        if terminated:
            self._needs_reset = "the episode is over: call reset()"
        observation, info = self._observe()
        return observation, float(simulator.rewards[0]), terminated, False, info

    def _observe(self) -> tuple[Observation, dict[str, Any]]:
        worlds = self.worlds
        return worlds.row(worlds.observations(), 0), worlds.info_row(worlds.infos(), 0)

    def action_masks(self) -> np.ndarray:
        """Returns which discrete choices make a difference, bool (sum of choices,)."""
        return self.worlds.masks()[0].copy()

    def render(self) -> Any:
        return None if self.render_mode is None else render.text(self.worlds.simulator, 0)

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        return {"worlds": self.worlds.get_state(), "needs_reset": self._needs_reset}

    def set_state(self, state: dict[str, Any]) -> None:
        self.worlds.set_state(state["worlds"])
        self._needs_reset = state["needs_reset"]

"""What every face of the build-out holds: a simulator, seed streams, options, infos."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import spaces

from sunward.buildout import render
from sunward.buildout.books import TERMS
from sunward.buildout.figures import Buildout
from sunward.buildout.load import load_buildout
from sunward.buildout.params import build_params
from sunward.buildout.simulator import BuildoutSimulator
from sunward.faces import checks
from sunward.faces.batch import Batch
from sunward.faces.loading import loaded
from sunward.faces.one_agent import Observation
from sunward.faces.spaces import agent_observations, signed_box

DEFAULT = "buildout-medium-v0"
RENDER_MODES = ("ansi",)


class BuildoutWorlds(Batch[BuildoutSimulator]):
    """A batch of worlds behind a face. Every array that a method returns is new.

    Args:
        scenario: Id, path of a YAML file, or a loaded scenario.
        n_envs: Worlds in the batch.
        overrides: Values by dotted path, `{"finance.cash": "2 BUSD"}`; not for a loaded one.
        action, observation, info, split: As for the faces.

    Raises:
        ValueError: an unknown scenario, key, option or value; one line each.
    """

    def __init__(
        self,
        scenario: str | Path | Buildout,
        n_envs: int,
        *,
        overrides: Mapping[str, Any] | None = None,
        action: str = "continuous",
        observation: str = "box",
        info: str = "cost",
        split: str = "train",
    ) -> None:
        self.is_discrete = checks.chosen("action", action, checks.ACTION_KINDS) == "discrete"
        checks.chosen("observation", observation, checks.OBSERVATION_KINDS)
        self.tells_all = checks.chosen("info", info, checks.INFO_KINDS) == "full"
        self.observes_mask = observation == "dict"
        params = build_params(loaded(Buildout, load_buildout, scenario, overrides))
        super().__init__(BuildoutSimulator(params, n_envs), split=split)
        #: An episode has no time limit: it ends with the last month or with the company.
        self.truncated = np.zeros(n_envs, np.bool_)
        self.action_space = self._actions()
        n_features, n_choices = len(self.simulator.features), sum(self.simulator.levers.choices)
        self.observation_space = agent_observations(observation, action, n_features, n_choices)

    def _actions(self) -> spaces.Box | spaces.MultiDiscrete:
        levers = self.simulator.levers
        if self.is_discrete:
            return spaces.MultiDiscrete(list(levers.choices))
        return signed_box(len(levers))

    def step(self, actions: Any) -> None:
        """Plays a month; `actions` has a row a world.

        Raises:
            ValueError: entries that are no finite number, or no choice of the table.
        """
        self.simulator.step(self._chosen(actions) if self.is_discrete else self._finite(actions))

    def _finite(self, actions: Any) -> np.ndarray:
        try:
            rows = np.asarray(actions, np.float32).reshape(self.n_envs, -1)
        except (TypeError, ValueError):
            raise ValueError(
                f"actions are {type(actions).__name__}, expected numbers: "
                f"{len(self.simulator.levers)} a world"
            ) from None
        if not np.isfinite(rows).all():
            env, column = np.argwhere(~np.isfinite(rows))[0].tolist()
            raise ValueError(
                f"{self.simulator.levers.names[column]} in environment {env} is "
                f"{rows[env, column]}, expected a finite number from -1 to 1"
            )
        return rows

    def _chosen(self, actions: Any) -> np.ndarray:
        rows, choices = np.asarray(actions), np.array(self.simulator.levers.choices)
        if rows.dtype.kind not in "iu":
            raise ValueError(f"discrete actions have type {rows.dtype}, expected whole numbers")
        rows = rows.reshape(self.n_envs, -1)
        if (rows < 0).any() or (rows >= choices).any():
            env, column = np.argwhere((rows < 0) | (rows >= choices))[0].tolist()
            raise ValueError(
                f"choice {column} in environment {env} is {rows[env, column]}, "
                f"must be from 0 to {choices[column] - 1}"
            )
        return self.simulator.levers.from_choices(rows.astype(np.int64))

    def observations(self) -> Observation:
        seen = self.simulator.observations.copy()
        if self.observes_mask:
            return {"observations": seen, "action_mask": self.flat_masks().astype(np.int8)}
        return seen

    @property
    def terminated(self) -> np.ndarray:
        """Which companies' episodes are over, bool (n_envs,)."""
        return self.simulator.terminated

    def rewards(self) -> np.ndarray:
        """Returns the month's reward of each world, float64 (n_envs,)."""
        return self.simulator.rewards.copy()

    def flat_masks(self) -> np.ndarray:
        """Returns which discrete choices make a difference, bool (n_envs, sum of choices)."""
        return self.simulator.discrete_masks()

    def infos(self) -> dict[str, np.ndarray]:
        """Returns the cost (1: insolvent), the mask and, if asked for, terms and metrics."""
        cost = self.simulator.company.is_insolvent.astype(np.float64)
        infos: dict[str, np.ndarray] = {"cost": cost}
        if self.is_discrete:
            infos["action_mask"] = self.flat_masks().astype(np.int8)
        if self.tells_all:
            for place, term in enumerate(TERMS):
                infos[f"reward_{term.name}"] = self.simulator.terms[:, place].copy()
            for name, values in self.simulator.metrics().items():
                infos[f"metric_{name}"] = values
        return infos

    def frame(self, env: int, mode: str) -> str:
        """Returns a panel of text on a world, the only mode there is."""
        return render.text(self.simulator, env)

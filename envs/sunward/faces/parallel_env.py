"""One world behind PettingZoo's parallel interface: an agent for each satellite."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from gymnasium.error import ResetNeeded
from pettingzoo import ParallelEnv

from sunward.core.reward import REWARD_TERMS
from sunward.faces import checks, render, spaces
from sunward.faces.worlds import Worlds, build_simulator
from sunward.scenario.scenario import Scenario

Infos = dict[str, dict[str, Any]]


class SunwardParallelEnv(ParallelEnv[str, Any, Any]):
    """A fleet of orbital data centres, `sunward.constellation_v0`, agents `sat_0`, `sat_1`, ...

    ## Description
    As `ConstellationEnv`, with an agent on every satellite: it sees its own state, its light and
    demand ahead and a summary of its four neighbours, and hands work to them by its price.

    ## Action Space
    `action="continuous"`: `Box(-1, 1, (N_ACTIONS,), float32)`; `action="discrete"`:
    `Discrete(N_DISCRETE)`, its mask in `info["action_mask"]` and in `observation="dict"`.

    ## Observation Space
    `Box(-1, 1, (N_OBS,), float32)`, the table `sunward.core.observations.OBSERVATIONS`; `state()`
    is that of all agents in a row.

    ## Rewards
    The satellite's own terms, with credit for what becomes of work that it handed over.

    ## Episode End
    All agents are truncated together at the time limit. None leaves before: a lost satellite stays
    with `alive` at -1 in its observation, because learners stumble over agents that end early;
    `sunward.faces.removal.RemovesLost` removes it.

    ## Info
    Flat and numeric, the same keys on reset and step: `cost`, `action_mask` for discrete actions,
    and with `info="full"` each `reward_<term>` of the satellite and `metric_<name>` of the world.

    ## Arguments
    As for `ConstellationEnv`, and `max_cycles`: steps in an episode, in place of the scenario's.
    `render_mode="human"` writes the panel of "ansi" to the terminal.

    ## Version History
    v0: first version.
    """

    metadata: ClassVar[dict[str, Any]] = {  # pyright: ignore[reportIncompatibleVariableOverride]
        "name": "sunward_constellation_v0",
        "render_modes": list(checks.RENDER_MODES),
        "render_fps": 10,
        "is_parallelizable": True,
    }

    def __init__(
        self,
        scenario: str | Path | Scenario = "walker-53-66-v0",
        *,
        overrides: dict[str, Any] | None = None,
        max_cycles: int | None = None,
        action: str = "continuous",
        observation: str = "box",
        info: str = "cost",
        split: str = "train",
        continuing: bool = False,
        render_mode: str | None = None,
    ) -> None:
        if render_mode is not None:
            checks.chosen("render_mode", render_mode, (*checks.RENDER_MODES, "human"))
        self.render_mode = render_mode
        checks.chosen("observation", observation, checks.OBSERVATION_KINDS)
        simulator = build_simulator(scenario, 1, overrides=overrides, max_cycles=max_cycles)
        self.worlds = Worlds(simulator, action=action, split=split, continuing=continuing)
        self._observes_mask = observation == "dict"
        self._tells_all = checks.chosen("info", info, checks.INFO_KINDS) == "full"
        self.possible_agents = [f"sat_{sat}" for sat in range(simulator.n_sats)]
        self.agents: list[str] = []
        self.observation_spaces: dict[str, gym.Space[Any]] = {
            agent: spaces.observations(observation, action) for agent in self.possible_agents
        }
        self.action_spaces: dict[str, gym.Space[Any]] = {
            agent: spaces.satellite_actions(action) for agent in self.possible_agents
        }
        self.state_space = spaces.observations("box", action, simulator.n_sats)
        self._action_shape = self.action_spaces["sat_0"].shape
        self._was_reset = False

    def observation_space(self, agent: str) -> gym.Space[Any]:
        return self._of(agent, self.observation_spaces)

    def action_space(self, agent: str) -> gym.Space[Any]:
        return self._of(agent, self.action_spaces)

    def _of(self, agent: str, spaces: dict[str, gym.Space[Any]]) -> gym.Space[Any]:
        if agent not in spaces:
            raise checks.unknown_agent(agent, self.possible_agents)
        return spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], Infos]:
        self.worlds.reset(None if seed is None else [seed])
        self.agents = list(self.possible_agents)
        self._was_reset = True
        return self._observe()

    def step(
        self, actions: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        if not self.agents:
            if self._was_reset and not actions:
                return {}, {}, {}, {}, {}
            raise ResetNeeded("no agent is at work: call reset() before step()")
        self.worlds.step(self._in_a_row(actions))
        agents, simulator = self.agents, self.worlds.simulator
        rewards = dict(zip(agents, simulator.rewards[0].tolist(), strict=True))
        truncated = bool(simulator.truncated[0])
        observations, infos = self._observe()
        if truncated:
            self.agents = []
        terminations, truncations = dict.fromkeys(agents, False), dict.fromkeys(agents, truncated)
        return observations, rewards, terminations, truncations, infos

    def _in_a_row(self, actions: Mapping[str, Any]) -> np.ndarray:
        """Returns the actions of all agents as one array; raises ValueError that names an agent."""
        for agent in actions.keys() - self.action_spaces.keys():
            raise checks.unknown_agent(agent, self.possible_agents)
        try:
            rows = [actions[agent] for agent in self.agents]
        except KeyError as missing:
            raise ValueError(f"no action for {missing}: every agent acts in every step") from None
        for agent, row in zip(self.agents, rows, strict=True):
            if np.shape(row) != self._action_shape:
                raise ValueError(
                    f"action of {agent} has shape {np.shape(row)}, expected {self._action_shape}"
                )
        return np.array(rows)

    def _observe(self) -> tuple[dict[str, Any], Infos]:
        """Returns every agent's own row of one new array, and its info."""
        agents, simulator = self.agents, self.worlds.simulator
        rows = simulator.observations[0].copy()
        observations: dict[str, Any] = dict(zip(agents, rows, strict=True))
        infos: Infos = {
            agent: {"cost": cost}
            for agent, cost in zip(agents, simulator.costs[0].tolist(), strict=True)
        }
        if self.worlds.is_discrete:
            for agent, mask in zip(agents, self.worlds.masks()[0].astype(np.int8), strict=True):
                infos[agent]["action_mask"] = mask
                if self._observes_mask:
                    observations[agent] = {
                        "observations": observations[agent],
                        "action_mask": mask.copy(),
                    }
        if self._tells_all:
            metrics = {f"metric_{name}": float(v[0]) for name, v in simulator.metrics().items()}
            names = [f"reward_{term.name}" for term in REWARD_TERMS]
            for agent, terms in zip(agents, simulator.reward_terms[0].tolist(), strict=True):
                infos[agent] |= dict(zip(names, terms, strict=True)) | metrics
        return observations, infos

    def state(self) -> np.ndarray:
        """Returns what all satellites see, float32 (n_sats * N_OBS,), for central critics."""
        return self.worlds.simulator.central_state()[0].copy()

    def action_masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, bool (n_sats, N_DISCRETE)."""
        return self.worlds.masks()[0].copy()

    def render(self) -> Any:
        if self.render_mode is None:
            return None
        if self.render_mode == "human":
            sys.stdout.write(render.frame(self.worlds.simulator, 0, "ansi") + "\n")
            return None
        return render.frame(self.worlds.simulator, 0, self.render_mode)

    def close(self) -> None:
        """Does nothing: there is no window and no process to close."""

    def get_state(self) -> dict[str, Any]:
        """Returns all that decides what follows; `set_state` takes it up exactly there."""
        own = {"agents": list(self.agents), "was_reset": self._was_reset}
        return {"worlds": self.worlds.get_state(), **own}

    def set_state(self, state: dict[str, Any]) -> None:
        self.worlds.set_state(state["worlds"])
        self.agents = list(state["agents"])
        self._was_reset = state["was_reset"]

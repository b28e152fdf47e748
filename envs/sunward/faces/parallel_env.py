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

    #: Terms of a satellite's reward in an info, in the simulator's order.
    _term_names: ClassVar[tuple[str, ...]] = tuple(f"reward_{term.name}" for term in REWARD_TERMS)

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
            checks.chosen("render_mode", render_mode, (*self.metadata["render_modes"], "human"))
        self.render_mode = render_mode
        checks.chosen("observation", observation, checks.OBSERVATION_KINDS)
        self.worlds = self._worlds(
            scenario,
            overrides=overrides,
            max_cycles=max_cycles,
            action=action,
            split=split,
            continuing=continuing,
        )
        self._observes_mask = observation == "dict"
        self._tells_all = checks.chosen("info", info, checks.INFO_KINDS) == "full"
        self.possible_agents = [f"sat_{sat}" for sat in range(self.worlds.n_sats)]
        self.agents: list[str] = []
        self._all = {told: dict.fromkeys(self.possible_agents, told) for told in (False, True)}
        self._make_spaces(observation)
        self._was_reset = False

    def _make_spaces(self, observation: str) -> None:
        """Gives each agent spaces of its own, as each has a generator of its own."""
        self.observation_spaces: dict[str, gym.Space[Any]] = {}
        self.action_spaces: dict[str, gym.Space[Any]] = {}
        for agent in self.possible_agents:
            seen, acts = self.worlds.satellite_spaces(observation)
            self.observation_spaces[agent], self.action_spaces[agent] = seen, acts
        self.state_space = spaces.signed_box(self.worlds.simulator.central_state().shape[1])
        self._action_shape = self.action_spaces["sat_0"].shape

    def _worlds(
        self,
        scenario: Any,
        *,
        overrides: dict[str, Any] | None,
        max_cycles: int | None,
        **options: Any,
    ) -> Worlds:
        """Returns the one world of this face; `options` are those of `Worlds`."""
        simulator = build_simulator(scenario, 1, overrides=overrides, max_cycles=max_cycles)
        return Worlds(simulator, **options)

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
        return observations, rewards, self._all[False].copy(), self._all[truncated].copy(), infos

    def _in_a_row(self, actions: Mapping[str, Any]) -> np.ndarray:
        """Returns the actions of all agents as one array; raises ValueError that names an agent."""
        try:
            rows = [actions[agent] for agent in self.agents]
        except KeyError as missing:
            raise ValueError(f"no action for {missing}: every agent acts in every step") from None
        if len(actions) > len(rows):
            stranger = next(agent for agent in actions if agent not in self.action_spaces)
            raise checks.unknown_agent(stranger, self.possible_agents)
        if self.worlds.is_discrete:
            return self._checked(rows)
        try:
            # A third of the time of `np.array`, which looks into every row.
            in_a_row = np.concatenate(rows)
        except ValueError:
            return self._checked(rows)
        fits = in_a_row.ndim == 1 and {len(row) for row in rows} == set(self._action_shape or ())
        return in_a_row if fits else self._checked(rows)

    def _checked(self, rows: list[Any]) -> np.ndarray:
        """Returns the actions as one array; raises ValueError for the first of another shape."""
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
        costs = simulator.costs[0].tolist()
        infos: Infos = {agent: {"cost": cost} for agent, cost in zip(agents, costs, strict=True)}
        if self.worlds.is_discrete:
            self._add_masks(observations, infos)
        if self._tells_all:
            self._add_terms(infos)
        return observations, infos

    def _add_masks(self, observations: dict[str, Any], infos: Infos) -> None:
        masks = self.worlds.masks()[0].astype(np.int8)
        for agent, mask in zip(self.agents, masks, strict=True):
            infos[agent]["action_mask"] = mask
        if self._observes_mask:
            for agent, mask in zip(self.agents, masks.copy(), strict=True):
                seen = observations[agent]
                observations[agent] = {"observations": seen, "action_mask": mask}

    def _add_terms(self, infos: Infos) -> None:
        simulator = self.worlds.simulator
        metrics = {f"metric_{name}": float(v[0]) for name, v in simulator.metrics().items()}
        terms = simulator.reward_terms[0].tolist()
        for agent, own in zip(self.agents, terms, strict=True):
            infos[agent].update(zip(self._term_names, own, strict=True))
            infos[agent].update(metrics)

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
            sys.stdout.write(self._frame("ansi") + "\n")
            return None
        return self._frame(self.render_mode)

    def _frame(self, mode: str) -> Any:
        return render.frame(self.worlds.simulator, 0, mode)

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

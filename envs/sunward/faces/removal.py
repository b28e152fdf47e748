"""Agents that leave for good when their satellite is lost, as PettingZoo allows."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from pettingzoo.utils.wrappers import BaseParallelWrapper

from sunward.core.actions import N_ACTIONS
from sunward.faces import checks
from sunward.faces.parallel_env import SunwardParallelEnv

Value = TypeVar("Value")
Step = tuple[
    dict[str, Any],
    dict[str, float],
    dict[str, bool],
    dict[str, bool],
    dict[str, dict[str, Any]],
]


class RemovesLost(BaseParallelWrapper[str, Any, Any]):
    """Terminates the agent of a lost satellite, and leaves it out until the next reset.

    The fleet plays on as it does behind `SunwardParallelEnv`: a satellite that has lost its agent
    is sent the lowest of every action, and does nothing with it. `lose` is the option that takes
    satellites out of service; no scenario loses any by itself.
    """

    env: SunwardParallelEnv

    def __init__(self, env: SunwardParallelEnv) -> None:
        super().__init__(env)
        self.agents: list[str] = []
        lowest = np.int64(0) if env.worlds.is_discrete else np.full(N_ACTIONS, -1.0)
        self._lowest = dict.fromkeys(env.possible_agents, lowest)

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        observations, infos = self.env.reset(seed=seed, options=options)
        self.agents = list(self.env.agents)
        return observations, infos

    def lose(self, agent: str) -> None:
        """Takes a satellite out of service; its agent is terminated by the next step."""
        if agent not in self.possible_agents:
            raise checks.unknown_agent(agent, self.possible_agents)
        self.env.worlds.simulator.lose(0, [self.possible_agents.index(agent)])

    def step(self, actions: dict[str, Any]) -> Step:
        if not self.agents:
            return self.env.step(actions) if not self.env.agents else ({}, {}, {}, {}, {})
        self._check(actions)
        acting = self.agents
        observations, rewards, _, truncations, infos = self.env.step({**self._lowest, **actions})
        alive = dict(
            zip(self.possible_agents, self.env.worlds.simulator.alive[0].tolist(), strict=True)
        )
        terminations = {agent: not alive[agent] for agent in acting}
        self.agents = [agent for agent in acting if alive[agent] and not truncations[agent]]
        return (
            _of(acting, observations),
            _of(acting, rewards),
            terminations,
            _of(acting, truncations),
            _of(acting, infos),
        )

    def _check(self, actions: dict[str, Any]) -> None:
        """Raises ValueError where an agent at work has no action, or another one has."""
        for agent in self.agents:
            if agent not in actions:
                raise ValueError(f"no action for {agent!r}: every agent acts in every step")
        for agent in actions:
            if agent not in self.agents:
                raise ValueError(f"{agent!r} acts, and is not at work: its satellite is lost")


def _of(agents: list[str], values: dict[str, Value]) -> dict[str, Value]:
    return {agent: values[agent] for agent in agents}

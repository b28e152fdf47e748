"""Other people's environments, and what of ours stands beside each: one table.

All are asked for the same: random actions drawn beforehand, every observation read, episodes that
go on. Models differ, so a ratio tells what a step of an agent costs, not which model is better.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from itertools import cycle
from typing import Any, NamedTuple

import numpy as np

from sunward_agents.bench.fleets import LONE, N_BATCHES, fleet, options, stepper
from sunward_agents.results import n_cores

Step = Callable[[], object]


class Peer(NamedTuple):
    """An environment, its shape, and how it and ours of the same shape are built.

    Of 256, 1,024, 4,096 and 16,384 worlds a batch has those with which the peer is fastest.

    Both builders take agents a world and worlds, and return a call that steps all of them once.
    """

    name: str
    module: str
    install: str
    agents: int
    worlds: int
    ours: str
    build: Callable[[int, int], Step]
    build_ours: Callable[[int, int], Step]

    @property
    def is_installed(self) -> bool:
        """Whether its package can be imported, without importing it."""
        return find_spec(self.module) is not None

    @property
    def version(self) -> str:
        """The version of its package."""
        return version(self.module)


def our_core(n_agents: int, n_worlds: int) -> Step:
    """Steps the batched core."""
    return stepper(fleet(n_agents, n_worlds, n_cores()), looks=True)


def our_parallel(n_agents: int, n_worlds: int) -> Step:
    """Steps the PettingZoo face of one world."""
    from sunward import constellation_v0

    env: Any = constellation_v0.parallel_env(continuing=True, **options(n_agents))
    return _parallel_stepper(env)


def our_vector(n_agents: int, n_worlds: int) -> Step:
    """Steps the Gymnasium vector face of lone satellites."""
    from sunward.faces.vector_env import SatelliteVectorEnv

    return _gymnasium_stepper(SatelliteVectorEnv(n_worlds, LONE, n_threads=n_cores()))


def our_single(n_agents: int, n_worlds: int) -> Step:
    """Steps the Gymnasium face of a lone satellite."""
    from sunward.faces.gym_env import SatelliteEnv

    return _gymnasium_stepper(SatelliteEnv(LONE, continuing=True))


def vmas(n_agents: int, n_worlds: int) -> Step:
    """Steps VMAS's simple_spread in PyTorch, on as many threads as there are cores."""
    import torch
    import vmas  # pyright: ignore[reportMissingImports] - the extra `bench`

    torch.set_num_threads(n_cores())
    env: Any = vmas.make_env(
        "simple_spread", num_envs=n_worlds, device="cpu", n_agents=n_agents, seed=0
    )
    batches = cycle(
        [[env.get_random_action(agent) for agent in env.agents] for _ in range(N_BATCHES)]
    )

    def step() -> None:
        for seen in env.step(next(batches))[0]:
            seen.sum().item()

    return step


def mpe(n_agents: int, n_worlds: int) -> Step:
    """Steps simple_spread of PettingZoo's MPE, now a package of its own."""
    from mpe2 import simple_spread_v3  # pyright: ignore[reportMissingImports] - the extra `bench`

    return _parallel_stepper(simple_spread_v3.parallel_env(N=n_agents, max_cycles=10**9))


def cartpole(n_agents: int, n_worlds: int) -> Step:
    """Steps Gymnasium's CartPole by its own NumPy batch."""
    import gymnasium as gym

    mode = gym.VectorizeMode.VECTOR_ENTRY_POINT
    return _gymnasium_stepper(gym.make_vec("CartPole-v1", n_worlds, vectorization_mode=mode))


def jaxmarl(n_agents: int, n_worlds: int) -> Step:
    """Steps JaxMARL's simple_spread, mapped over worlds and compiled by XLA."""
    import jax  # pyright: ignore[reportMissingImports]
    import jaxmarl  # pyright: ignore[reportMissingImports]

    env: Any = jaxmarl.make("MPE_simple_spread_v3", num_agents=n_agents, num_landmarks=n_agents)
    keys = jax.random.split(jax.random.PRNGKey(0), n_worlds)
    _, states = jax.vmap(env.reset)(keys)
    draws = np.random.default_rng(0)
    batches = cycle(
        [
            {
                agent: jax.numpy.asarray(draws.integers(env.action_space(agent).n, size=n_worlds))
                for agent in env.agents
            }
            for _ in range(N_BATCHES)
        ]
    )

    @jax.jit
    def advance(states: Any, actions: Any) -> tuple[Any, Any]:
        seen, states, *_ = jax.vmap(env.step)(keys, states, actions)
        return states, sum(rows.sum() for rows in seen.values())

    def step() -> None:
        nonlocal states
        states, read = advance(states, next(batches))
        float(read)

    return step


def _parallel_stepper(env: Any) -> Step:
    env.reset(seed=0)
    batches = cycle(
        [
            {agent: env.action_space(agent).sample() for agent in env.agents}
            for _ in range(N_BATCHES)
        ]
    )

    def step() -> None:
        for seen in env.step(next(batches))[0].values():
            seen.sum()

    return step


def _gymnasium_stepper(env: Any) -> Step:
    env.reset(seed=0)
    env.action_space.seed(0)
    batches = cycle([env.action_space.sample() for _ in range(N_BATCHES)])

    def step() -> None:
        env.step(next(batches))[0].sum()

    return step


_EXTRA = 'pip install "sunward[bench]"'
PEERS = {
    "vmas": Peer(
        "VMAS simple_spread", "vmas", _EXTRA, 8, 16384, "simulator", vmas, our_core
    ),
    "jaxmarl": Peer(
        "JaxMARL simple_spread", "jaxmarl", "pip install jaxmarl", 8, 1024, "simulator",
        jaxmarl, our_core,
    ),
    "cartpole": Peer(
        "Gymnasium CartPole-v1, NumPy batch", "gymnasium", "pip install gymnasium", 1, 1024,
        "Satellite-v0, make_vec", cartpole, our_vector,
    ),
    "mpe": Peer(
        "PettingZoo MPE simple_spread", "mpe2", _EXTRA, 8, 1, "parallel_env", mpe, our_parallel
    ),
}  # fmt: skip

"""What importing costs and brings, in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import gymnasium as gym
import pettingzoo
import pytest

from sunward import constellation_v0


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_gymnasium_finds_the_id_without_an_import():
    told = run(
        "import gymnasium as gym\n"
        "env = gym.make('sunward:sunward/Satellite-v0')\n"
        "observation, info = env.reset(seed=1)\n"
        "print(env.spec.id, env.observation_space.contains(observation))"
    )
    assert told == "sunward/Satellite-v0 True"


def test_an_import_brings_no_learner_and_no_drawing_library():
    # Numba itself takes a look at scipy, where it is installed, but at none of its parts.
    heavy = ["torch", "stable_baselines3", "scipy.linalg", "matplotlib", "sunward_agents", "rich"]
    told = run(
        "import sys, sunward, sunward.constellation_v0, sunward.faces.gym_env, "
        "sunward.faces.vector_env\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert told == "[]"


def test_registering_twice_is_silent():
    run("import sunward.faces.registration as r; r.register_all(); r.register_all()")


#: Ways to both faces of the fleet, agents at once and in turn; the registry came with 1.27.
WAYS = {"module": (constellation_v0.parallel_env, constellation_v0.env)}
if hasattr(pettingzoo, "make"):
    WAYS["registry"] = tuple(
        partial(pettingzoo.make, kind, "sunward/Constellation-v0") for kind in ("parallel", "aec")
    )


@pytest.mark.parametrize("way", WAYS)
def test_pettingzoo_finds_the_fleet(fleet, way):
    parallel, in_turn = WAYS[way]
    env = parallel(max_cycles=3, **fleet)
    env.reset(seed=1)
    assert env.possible_agents[0] == "sat_0"
    turns = in_turn(**fleet)
    turns.reset(seed=1)
    assert turns.agent_selection == "sat_0"


@pytest.mark.parametrize("name", ["sunward/Satellite-v0", "sunward/Constellation-v0"])
def test_a_made_environment_can_be_described_in_json_and_made_again(name):
    env = gym.make(name, overrides={"episode.hours": 1}, split="test")
    again = gym.make(gym.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.worlds.split == "test"
    assert again.unwrapped.worlds.simulator.episode_steps == 60
    assert env.spec.max_episode_steps is None

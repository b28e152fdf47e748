"""What importing costs and brings, in an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys

import gymnasium as gym
import pytest


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


def test_pettingzoo_finds_the_fleet_in_its_registry(fleet):
    pettingzoo = pytest.importorskip("pettingzoo")
    if not hasattr(pettingzoo, "make"):
        pytest.skip("PettingZoo has a registry since 1.27")
    env = pettingzoo.make("parallel", "sunward/Constellation-v0", max_cycles=3, **fleet)
    env.reset(seed=1)
    assert env.possible_agents[0] == "sat_0"
    in_turn = pettingzoo.make("aec", "sunward/Constellation-v0", **fleet)
    in_turn.reset(seed=1)
    assert in_turn.agent_selection == "sat_0"


@pytest.mark.parametrize("name", ["sunward/Satellite-v0", "sunward/Constellation-v0"])
def test_a_made_environment_can_be_described_in_json_and_made_again(name):
    env = gym.make(name, overrides={"episode.hours": 1}, split="test")
    again = gym.make(gym.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.fleet.split == "test"
    assert again.unwrapped.fleet.simulator.episode_steps == 60
    assert env.spec.max_episode_steps is None

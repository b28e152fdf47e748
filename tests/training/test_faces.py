"""The gang behind PettingZoo, beside what `tests/faces` asks of every game."""

from __future__ import annotations

import pettingzoo
import pytest

from sunward import training_v0


def test_importing_sunward_registers_the_gang_where_pettingzoo_has_a_registry():
    has_registry = hasattr(pettingzoo, "register")  # from 1.27
    for kind in ("parallel_registry", "aec_registry"):
        assert ("sunward/Training-v0" in getattr(pettingzoo, kind, {})) == has_registry


@pytest.mark.parametrize("scenario", ["training-easy-v0", "training-plane-24-v0"])
def test_observations_stay_in_their_space_over_a_whole_episode_of_random_play(scenario):
    env = training_v0.parallel_env(scenario=scenario)
    observations, _ = env.reset(seed=3)
    while env.agents:
        for agent, seen in observations.items():
            assert env.observation_space(agent).contains(seen)
        actions = {agent: env.action_space(agent).sample() for agent in env.agents}
        observations, *_ = env.step(actions)

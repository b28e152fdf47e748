"""Tells Gymnasium and PettingZoo which environments there are; classes load when one is made."""

from __future__ import annotations

import gymnasium as gym
import pettingzoo

#: id, class of one world, class of many.
_GYMNASIUM = (
    ("sunward/Satellite-v0", "faces.gym_env:SatelliteEnv", "faces.vector_env:SatelliteVectorEnv"),
    (
        "sunward/Constellation-v0",
        "faces.gym_env:ConstellationEnv",
        "faces.vector_env:ConstellationVectorEnv",
    ),
    (
        "sunward/Buildout-v0",
        "buildout.gym_env:BuildoutEnv",
        "buildout.vector_env:BuildoutVectorEnv",
    ),
)
#: id, class with a vector reward, by MO-Gymnasium's convention.
_MULTI_OBJECTIVE = (
    ("sunward/MultiObjectiveSatellite-v0", "MultiObjectiveSatelliteEnv"),
    ("sunward/MultiObjectiveConstellation-v0", "MultiObjectiveConstellationEnv"),
)
#: id, module with `parallel_env` for agents that act at once and `env` for agents that take turns.
_PETTINGZOO = (
    ("sunward/Constellation-v0", "constellation_v0"),
    ("sunward/Training-v0", "training_v0"),
)


def register_all() -> None:
    """Registers every id that is not registered yet.

    Without `max_episode_steps`: the simulator truncates, so that all faces end at the same step.
    """
    for name, single, vector in _GYMNASIUM:
        if name not in gym.registry:
            gym.register(
                name,
                entry_point=f"sunward.{single}",
                vector_entry_point=f"sunward.{vector}",
            )
    for name, kind in _MULTI_OBJECTIVE:
        if name not in gym.registry:
            # The checker knows scalar rewards only, and would warn in each first step.
            point = f"sunward.faces.multi_objective:{kind}"
            gym.register(name, entry_point=point, disable_env_checker=True)
    if not hasattr(pettingzoo, "register"):  # before PettingZoo 1.27
        return
    for name, module in _PETTINGZOO:
        if name not in pettingzoo.parallel_registry:
            point = f"sunward.{module}:parallel_env"
            pettingzoo.register("parallel", name, entry_point=point)
        if name not in pettingzoo.aec_registry:
            pettingzoo.register("aec", name, entry_point=f"sunward.{module}:env")

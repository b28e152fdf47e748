"""PettingZoo's names for the gang: `parallel_env`, `env` (agents in turn) and `raw_env`."""

from __future__ import annotations

from typing import Any

from pettingzoo import AECEnv
from pettingzoo.utils import parallel_to_aec

from sunward.training.parallel_env import GangParallelEnv


def parallel_env(**options: Any) -> GangParallelEnv:
    """Returns the gang with all agents acting at once; options of `GangParallelEnv`."""
    return GangParallelEnv(**options)


def env(**options: Any) -> AECEnv[str, Any, Any]:
    """Returns the gang with agents acting in turn, and errors for calls out of order."""
    return parallel_to_aec(parallel_env(**options))


def raw_env(**options: Any) -> AECEnv[str, Any, Any]:
    """Returns the gang with agents acting in turn, without the check of the order of calls."""
    ordered = env(**options)
    inner = getattr(ordered, "env", ordered)
    assert isinstance(inner, AECEnv)
    return inner

"""Many companies in one call, behind Gymnasium's vector interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gymnasium.vector import AutoresetMode

from sunward.buildout.figures import Buildout
from sunward.buildout.gym_env import BuildoutEnv
from sunward.buildout.worlds import DEFAULT, BuildoutWorlds
from sunward.faces import checks
from sunward.faces.one_agent_vector import OneAgentVectorEnv


class BuildoutVectorEnv(OneAgentVectorEnv[BuildoutWorlds]):
    """What a `SyncVectorEnv` of `BuildoutEnv` returns, to the bit, from one call.

    `gym.make_vec("sunward/Buildout-v0", n)` builds it. All three autoreset modes are native; in
    mode `DISABLED` worlds are reset by `options={"reset_mask": mask}`. World `i` plays seed
    `s + i`. Arguments are those of `BuildoutEnv`.
    """

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str | Path | Buildout = DEFAULT,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        worlds = BuildoutWorlds(scenario, checks.at_least_one("num_envs", num_envs), **options)
        super().__init__(worlds, BuildoutEnv.metadata, autoreset_mode, render_mode)

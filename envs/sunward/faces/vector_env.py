"""Many worlds of satellites in one call, behind Gymnasium's vector interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from gymnasium.vector import AutoresetMode

from sunward.faces import checks
from sunward.faces.fleet import Fleet, LoneSatellite
from sunward.faces.gym_env import ConstellationEnv
from sunward.faces.one_agent_vector import OneAgentVectorEnv
from sunward.faces.worlds import build_simulator
from sunward.scenario.scenario import Scenario


class ConstellationVectorEnv(OneAgentVectorEnv[Fleet]):
    """What a `SyncVectorEnv` of `ConstellationEnv` returns, to the bit, from one kernel call.

    `gym.make_vec("sunward/Constellation-v0", n)` builds it. All three autoreset modes are native;
    in mode `DISABLED` worlds are reset by `options={"reset_mask": mask}`. World `i` plays seed
    `s + i`. Arguments are those of `ConstellationEnv`, and `n_threads` for the kernel.
    """

    _kind: ClassVar[type[Fleet]] = Fleet

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str | Path | Scenario = "walker-53-66-v0",
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        overrides: dict[str, Any] | None = None,
        action: str = "continuous",
        observation: str = "box",
        info: str = "cost",
        split: str = "train",
        continuing: bool = False,
        render_mode: str | None = None,
        n_threads: int = 1,
    ) -> None:
        n_worlds = checks.at_least_one("num_envs", num_envs)
        fleet = self._kind(
            build_simulator(scenario, n_worlds, overrides=overrides, n_threads=n_threads),
            action=action,
            observation=observation,
            info=info,
            split=split,
            continuing=continuing,
        )
        super().__init__(fleet, ConstellationEnv.metadata, autoreset_mode, render_mode)


class SatelliteVectorEnv(ConstellationVectorEnv):
    """What a `SyncVectorEnv` of `SatelliteEnv` returns, to the bit, from one kernel call."""

    _kind = LoneSatellite

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str | Path | Scenario = "single-dawn-dusk-v0",
        **options: Any,
    ) -> None:
        super().__init__(num_envs, scenario, **options)

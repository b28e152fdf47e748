"""One world behind the Gymnasium interface, steered by one agent."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from sunward.faces import checks
from sunward.faces.fleet import Fleet, LoneSatellite
from sunward.faces.one_agent import OneAgentEnv
from sunward.faces.worlds import build_simulator
from sunward.scenario.scenario import Scenario


class ConstellationEnv(OneAgentEnv[Fleet]):
    """One agent for a whole fleet of orbital data centres, `sunward/Constellation-v0`.

    ## Description
    Each satellite turns sunlight into computing and must get rid of the heat. In each step of a
    minute the agent sets, for every satellite, how fast the accelerators run, how much capacity
    work with a deadline may take, how the coolant flows, how many accelerators are on, and at
    which price neighbours may send work here.

    ## Action Space
    `action="continuous"`: `Box(-1, 1, (n_sats * N_ACTIONS,), float32)`, satellite by satellite in
    the order of `sunward.core.actions.ACTIONS`; values beyond the bounds are clipped.
    `action="discrete"`: `MultiDiscrete([N_DISCRETE] * n_sats)`, one level each of clock, deferrable
    work and price.

    ## Observation Space
    `Box(-1, 1, (n_sats * N_OBS,), float32)`, satellite by satellite in the order of
    `sunward.core.observations.OBSERVATIONS` (name, bounds, unit, meaning). `observation="dict"`
    adds the mask of discrete actions: `{"observations": ..., "action_mask": ...}`.

    ## Rewards
    The mean over the satellites of the terms in `sunward.core.reward.REWARD_TERMS`.

    ## Starting State
    A world follows from scenario, split, seed and episode number: `reset(seed=s)` plays episode 0
    of seed `s`, each later `reset()` the next one. Without a seed one is drawn, and told by
    `np_random_seed`.

    ## Episode End
    Truncated at the scenario's time limit; it never terminates. With `continuing=True` it is never
    truncated either, and `episode_progress` stays at 1 once the limit has passed. A lost satellite
    stays in the observation with `alive` at -1.

    ## Info
    The same keys on reset and step: `cost` (constraint violations), `action_mask` for discrete
    actions, and with `info="full"` each `reward_<term>` and `metric_<name>` of the episode so far.

    ## Arguments
    `scenario` (id, path or loaded), `overrides` (values by dotted path), `action`, `observation`,
    `info`, `split` ("train", "validation", "test"), `continuing` (no time limit), `render_mode`
    ("ansi", "rgb_array").

    ## Version History
    v0: first version.
    """

    metadata: ClassVar[dict[str, Any]] = {  # pyright: ignore[reportIncompatibleVariableOverride]
        "render_modes": list(checks.RENDER_MODES),
        "render_fps": 10,
    }
    _kind: ClassVar[type[Fleet]] = Fleet

    def __init__(
        self,
        scenario: str | Path | Scenario = "walker-53-66-v0",
        *,
        overrides: dict[str, Any] | None = None,
        action: str = "continuous",
        observation: str = "box",
        info: str = "cost",
        split: str = "train",
        continuing: bool = False,
        render_mode: str | None = None,
    ) -> None:
        fleet = self._kind(
            build_simulator(scenario, 1, overrides=overrides),
            action=action,
            observation=observation,
            info=info,
            split=split,
            continuing=continuing,
        )
        super().__init__(fleet, render_mode)


class SatelliteEnv(ConstellationEnv):
    """One orbital data centre on its own, `sunward/Satellite-v0`.

    ## Description
    Pace the accelerators through eclipse and heat, meet the deadlines, and spare the battery.
    Everything is as in `ConstellationEnv` for a scenario of one satellite, without neighbours.

    ## Action Space
    `action="continuous"`: `Box(-1, 1, (N_ACTIONS,), float32)`.
    `action="discrete"`: `Discrete(N_DISCRETE)`.

    ## Observation Space
    `Box(-1, 1, (N_OBS,), float32)`, or the dictionary with the mask of discrete actions.

    ## Arguments
    As for `ConstellationEnv`; `scenario` is `single-dawn-dusk-v0` unless told otherwise, and
    `single-walker-v0` flies on a 53 degree orbit.

    ## Version History
    v0: first version.
    """

    _kind = LoneSatellite

    def __init__(
        self, scenario: str | Path | Scenario = "single-dawn-dusk-v0", **options: Any
    ) -> None:
        super().__init__(scenario, **options)

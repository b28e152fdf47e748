"""One company behind the Gymnasium interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from sunward.buildout.figures import Buildout
from sunward.buildout.worlds import DEFAULT, RENDER_MODES, BuildoutWorlds
from sunward.faces.one_agent import OneAgentEnv


class BuildoutEnv(OneAgentEnv[BuildoutWorlds]):
    """Fifteen years of building data centres in orbit, a month a step, `sunward/Buildout-v0`.

    The page of this environment is docs/environments/buildout.md; its tables are those of
    `simulator.levers` and `simulator.features`.

    ## Description
    A company orders satellites, launches them into shells on a launcher that slips, fails and gets
    cheaper, borrows, sells GPU-hours in markets that its own supply fills, and takes old satellites
    down. What a satellite gives in each shell, season and age was measured with the simulator of
    the other tasks.

    ## Action Space
    `action="continuous"`: `Box(-1, 1, (n_levers,), float32)` in the order of `LeverTable.levers`;
    values beyond the bounds are clipped. `action="discrete"`: `MultiDiscrete`: one pair of shell
    and design for all the lift, or hold (the last); then none, half or all of each order, the debt
    and the age of retirement.

    ## Observation Space
    `Box(-1, 1, (n_features,), float32)` in the order of `FeatureTable.features`.
    `observation="dict"` adds the mask of discrete actions.

    ## Rewards
    The month's dollars by term (`sunward.buildout.books.TERMS`), discounted to the first month, in
    billions.

    ## Starting State
    Cash, and nothing in orbit, in January of the first year. A world follows from scenario, split,
    seed and episode number: `reset(seed=s)` plays episode 0 of seed `s`, each later `reset()` the
    next one.

    ## Episode End
    Terminated after the last month, whose reward holds what is left, so that nothing is cut off;
    or when the company can neither pay nor borrow. Never truncated.

    ## Info
    The same keys on reset and step: `cost` (1 in the month of insolvency), `action_mask` for
    discrete actions, and with `info="full"` each `reward_<term>` and `metric_<name>`.

    ## Arguments
    `scenario` (id, path or loaded), `overrides` (values by dotted path), `action`, `observation`,
    `info`, `split` ("train", "validation", "test"), `render_mode` ("ansi").

    ## Version History
    v0: first version.
    """

    metadata: ClassVar[dict[str, Any]] = {  # pyright: ignore[reportIncompatibleVariableOverride]
        "render_modes": list(RENDER_MODES),
        "render_fps": 10,
    }

    def __init__(
        self,
        scenario: str | Path | Buildout = DEFAULT,
        *,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(BuildoutWorlds(scenario, 1, **options), render_mode)

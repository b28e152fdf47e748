"""One gang behind PettingZoo's parallel interface: an agent for each satellite."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from sunward.faces.parallel_env import SunwardParallelEnv
from sunward.training import render
from sunward.training.books import TERMS
from sunward.training.figures import Training
from sunward.training.worlds import GangWorlds, build_gangs

DEFAULT = "training-easy-v0"


class GangParallelEnv(SunwardParallelEnv):
    """One training job over many satellites, `sunward.training_v0`, agents `sat_0`, `sat_1`, ...

    ## Description
    Jobs come one after another, with sizes and durations of a real cluster. A job's gang advances
    at the pace of its slowest member: what the others do beyond it is waiting at a barrier. An
    upset, a trip or a brown-out of any member takes back all work since the last checkpoint and
    costs a restart; a checkpoint stops the gang while its state goes over a laser. Members may
    leave and others take their places, which stops the gang for a shorter while; where all leave,
    nobody holds the work that was not saved. Orbits, light, heat, batteries, upsets and failures
    are those of the other tasks, to the bit.

    ## Action Space
    `action="continuous"`: `Box(-1, 1, (N_CONTROLS,), float32)`; `action="discrete"`:
    `Discrete(N_CHOICES)`, its mask in `info["action_mask"]` and in `observation="dict"`.

    A job has places for part of the satellites or all of them. Members keep theirs until they wish
    to leave or go down; vacant ones go to those who most wish to join, the first of equals. The
    gang begins a checkpoint where the mean wish of its members is above 0, it has work to save and
    waits for nothing.

    ## Observation Space
    `Box(-1, 1, (N_FEATURES,), float32)`: own state, light ahead, and what the gang shares: its
    pace, its job, its unsaved work, the upsets to expect, and its weakest members. `state()` is
    that of all agents in a row.

    ## Rewards
    The gang's progress less what it lost, part to its members and part to all alike
    (`reward.team_share`), less the satellite's own wear, brown-outs and trips.

    ## Starting State
    As of the other tasks: date, hour and turn of the orbit, charge and hardware of each satellite
    are drawn. The first job waits for its gang: nobody is a member before the first step.

    ## Episode End
    All agents are truncated together at the time limit. Unsaved work then counts for nothing in the
    score. None leaves before: a lost satellite stays with `alive` at -1 in its observation.

    ## Info
    Flat and numeric, the same keys on reset and step: `cost`, `action_mask` for discrete actions,
    and with `info="full"` each `reward_<term>` of the satellite and `metric_<name>` of the world.

    ## Arguments
    `scenario`: id or YAML file. `overrides`: values by dotted path. `max_cycles`: steps in an
    episode, in place of the scenario's. `action`, `observation`, `info`, `split`, `continuing`,
    `render_mode` ("ansi", "human"): as for `sunward.constellation_v0`.

    ## Version History
    v0: first version.
    """

    metadata: ClassVar[dict[str, Any]] = {  # pyright: ignore[reportIncompatibleVariableOverride]
        "name": "sunward_training_v0",
        "render_modes": ["ansi"],
        "render_fps": 10,
        "is_parallelizable": True,
    }
    _term_names: ClassVar[tuple[str, ...]] = tuple(f"reward_{term.name}" for term in TERMS)
    worlds: GangWorlds

    def __init__(self, scenario: str | Path | Training = DEFAULT, **options: Any) -> None:
        super().__init__(scenario, **options)  # pyright: ignore[reportArgumentType]

    def _worlds(
        self,
        scenario: Any,
        *,
        overrides: dict[str, Any] | None,
        max_cycles: int | None,
        **options: Any,
    ) -> GangWorlds:
        simulator = build_gangs(scenario, 1, overrides=overrides, max_cycles=max_cycles)
        return GangWorlds(simulator, **options)

    def _frame(self, mode: str) -> str:
        return render.text(self.worlds.simulator, 0)

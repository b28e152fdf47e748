"""What a policy is, and the one table of those that come with the package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from sunward.core.simulator import Simulator
from sunward.scenario.errors import suggestion
from sunward_agents import heuristics
from sunward_agents.errors import UsageError


class PolicyError(UsageError):
    """A policy that does not exist or cannot be read; one clear line."""


class Policy(Protocol):
    """Acts for every agent of a batch of worlds from what each of them sees itself."""

    def reset(self, n_envs: int, seed: int) -> None:
        """Starts new episodes in `n_envs` worlds; `seed` feeds whatever the policy draws."""
        ...

    def act(self, observations: np.ndarray) -> np.ndarray:
        """Returns actions float32 (n, numbers of an action) in [-1, 1].

        Args:
            observations: float32 (n, features), scaled to [-1, 1] as their table says; rows are
                the agents of all worlds, world by world: satellites, or one company a world.
        """
        ...


@runtime_checkable
class Planner(Policy, Protocol):
    """A policy that also looks at the simulator that it acts in."""

    def attach(self, simulator: Simulator, seeds: Sequence[int], split: str) -> None:
        """Is shown the worlds that are about to be played, after `reset`."""
        ...


class Entry(NamedTuple):
    """A policy of a table; of gangs and companies it is made for the parameters of a scenario."""

    factory: Callable[..., Policy]
    description: str


def _mpc(*, foresees: bool = False) -> Policy:
    from sunward_agents.planners.mpc import Mpc  # SciPy takes a moment

    return Mpc(foresees=foresees)


POLICIES: dict[str, Entry] = {
    "idle": Entry(heuristics.Idle, "lowest clock and flow, nothing deferrable: the safe floor"),
    "random": Entry(heuristics.Random, "every action drawn evenly in each step"),
    "flat_out": Entry(heuristics.FlatOut, "full clock, full flow, everything switched on"),
    "thermostat": Entry(heuristics.Thermostat, "clock by chip temperature and charge"),
    "deadline_pacing": Entry(
        heuristics.DeadlinePacing, "just the accelerators that what is due asks for"
    ),
    "energy_pacing": Entry(
        heuristics.EnergyPacing, "clock by battery and demand, the battery rationed in the dark"
    ),
    "load_balancing": Entry(
        heuristics.LoadBalancing, "thermostat, and a price that sends work to sunlit neighbours"
    ),
    "energy_balancing": Entry(heuristics.EnergyBalancing, "energy pacing, and the same price"),
}
#: Policies that look into the simulator itself; they take minutes a world.
PLANNERS: dict[str, Entry] = {
    "mpc": Entry(_mpc, "plans on a linear model, with demand at its expectation"),
    "mpc_foresight": Entry(
        partial(_mpc, foresees=True), "the same, with demand and faults foreseen exactly"
    ),
}
#: The rules that a trained policy is compared with.
RULES = tuple(POLICIES)


def load_policy(name_or_path: str | Path) -> Policy:
    """Returns the policy of that name, or the trained one in the folder of a run.

    Raises: PolicyError naming the nearest known policy.
    """
    named = POLICIES | PLANNERS
    if str(name_or_path) in named:
        return named[str(name_or_path)].factory()
    path = Path(name_or_path)
    if not path.exists():
        raise PolicyError(
            f"policy {str(name_or_path)!r} is neither a known name nor a folder: "
            f"{suggestion(str(name_or_path), named)}"
        )
    return _trained(path)


def _trained(folder: Path) -> Policy:
    """Returns the policy that a run for satellites left in `folder`."""
    from sunward_agents.games import FLEET  # it knows the policies itself
    from sunward_agents.refine.saved import is_refined, load

    if is_refined(folder):
        from sunward_agents.tuning import tuned_policy

        return load(folder, tuned_policy, FLEET.tables)
    from sunward_agents.sb3.saved_policy import load_trained_policy  # torch takes a second

    return load_trained_policy(folder)


def made_for(params: Any, name: str, table: Mapping[str, Entry], kind: str) -> Policy:
    """Returns the policy of that name for a scenario.

    Raises: UsageError naming the nearest of the table, and the table as `kind`.
    """
    if name not in table:
        raise UsageError(f"no {kind} policy {name!r}: {suggestion(name, table)}")
    return table[name].factory(params)


def run_folder(name_or_path: str, table: Mapping[str, Entry]) -> Path | None:
    """Returns the folder of a run, or None for what is meant as a name of the table."""
    path = Path(name_or_path)
    if name_or_path in table or not path.exists():
        return None
    if not path.is_dir():
        raise PolicyError(f"{path}: is a file: give the folder of a finished run")
    return path

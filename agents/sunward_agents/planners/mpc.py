"""Planning over a receding horizon, on the linear model of the bound.

Every few steps the rest of the episode is planned anew from where the world stands: short blocks
first, longer ones later, so that nothing has to be guessed about what is worth what at the end of
a horizon. What the world will bring is either foreseen exactly, which shows how much of the
distance to the bound can be closed, or forecast: demand at its expectation, no faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sunward.core.observations import in_units
from sunward.core.params import Hardware
from sunward.core.rows import ROW
from sunward.core.simulator import Simulator
from sunward_agents.heuristics import LoadBalancing, action_rows, ramp
from sunward_agents.planners.fleet_plan import single_plan
from sunward_agents.planners.foresight import Foresight, foresee, read_state, without_chance
from sunward_agents.planners.model import Outlook, Satellite, World
from sunward_agents.planners.operating_points import power_fraction

#: The model knows the coolant at full flow only: the pump follows the chips on this ramp.
FLOW_RAMP_C = (35.0, 35.0)
LEAST_FLOW = 0.2


@dataclass(frozen=True)
class Horizon:
    """How far apart plans are, and how their blocks grow."""

    replan_steps: int = 5
    fine_steps: int = 15  # blocks of one step
    growth: float = 1.3  # of each block over the one before, after that
    longest_steps: int = 15

    def lengths(self, n_steps: int) -> np.ndarray:
        """Returns the blocks of a plan of `n_steps` steps."""
        lengths = [1] * min(self.fine_steps, n_steps)
        size = 1.0
        while (left := n_steps - sum(lengths)) > 0:
            size = min(size * self.growth, self.longest_steps)
            lengths.append(min(round(size), left))
        return np.array(lengths)


@dataclass
class Mpc:
    """Plans each satellite by itself; needs the simulator that it acts in.

    In a fleet each satellite plans for the work that enters at it, and states the price of the
    balancing rule: what neighbours will send is not planned for until it has come.
    """

    foresees: bool = False
    horizon: Horizon = field(default_factory=Horizon)
    outlook: Outlook = field(default_factory=Outlook)

    def attach(self, simulator: Simulator, seeds: Sequence[int], split: str) -> None:
        """Looks at the worlds that are about to be played; they have just been reset."""
        self._simulator = simulator
        params = simulator.params
        known = params if self.foresees else without_chance(params)
        self._futures = [foresee(known, seed, split=split)[0] for seed in seeds]
        self._plans: list[list[np.ndarray]] = [[] for _ in seeds]
        self._clocks = ClockTable(params.hardware)
        self._balancing = LoadBalancing()

    def reset(self, n_envs: int, seed: int) -> None:
        """Forgets all plans."""
        self._plans = [[] for _ in range(n_envs)]

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        """Returns actions float32 (n, N_ACTIONS)."""
        levels = [self._next(env) for env in range(len(self._plans))]
        clock, deferrable, share = np.concatenate(levels).T
        chip_c = in_units(observations, "chip_temperature")
        start_c, width_c = FLOW_RAMP_C
        return action_rows(
            len(observations),
            clock=clock,
            deferrable_energy=deferrable,
            coolant_flow=LEAST_FLOW + (1.0 - LEAST_FLOW) * ramp(chip_c, start_c, width_c),
            active_share=share,
            price=self._balancing.price(observations),
        )

    def _next(self, env: int) -> np.ndarray:
        """Returns the levels (n_sats, 3) of clock, deferrable energy and active share."""
        if not self._plans[env]:
            self._plans[env] = self._replanned(env)
        return self._plans[env].pop(0)

    def _replanned(self, env: int) -> list[np.ndarray]:
        state = read_state(self._simulator, env)
        future = self._futures[env].since(state.step)
        if not self.foresees:
            future = _as_now(future, self._simulator, env)
        lengths = self.horizon.lengths(future.n_steps)
        world = World(future, state, lengths, outlook=self.outlook)
        n = min(self.horizon.replan_steps, future.n_steps)
        levels = [self._planned(world, sat, n) for sat in range(future.n_sats)]
        return list(np.stack(levels, axis=1))

    def _planned(self, world: World, sat: int, n: int) -> np.ndarray:
        """Returns the levels (n, 3) of a satellite's next steps."""
        program, satellite = single_plan(world, sat)
        return self._levels(satellite, program.solve().columns, n)

    def _levels(self, satellite: Satellite, solution: np.ndarray, n: int) -> np.ndarray:
        interactive = solution[satellite.interactive[:n]]
        deferrable = solution[satellite.deferrable[:n]]
        points = satellite.design
        power = interactive @ points.interactive.power + deferrable @ points.deferrable.power
        busy = interactive.sum(axis=1) + deferrable.sum(axis=1)
        clock = self._clocks.level(power / np.maximum(busy, 1e-6))
        is_deferring = deferrable.sum(axis=1) > 1e-4
        low = satellite.hardware.min_active_share
        share = (np.clip(busy, low, 1.0) - low) / (1.0 - low)
        return np.stack([clock, is_deferring, share], axis=1)


class ClockTable:
    """The clock action for the power of a full accelerator."""

    def __init__(self, hardware: Hardware) -> None:
        self._levels = np.linspace(0.0, 1.0, 201)
        clocks = hardware.min_clock + (1.0 - hardware.min_clock) * self._levels
        self._power = np.array([power_fraction(clock, hardware) for clock in clocks])

    def level(self, power: np.ndarray) -> np.ndarray:
        """Returns levels in [0, 1] of the clock action."""
        return np.interp(power, self._power, self._levels)


def _as_now(future: Foresight, simulator: Simulator, env: int) -> Foresight:
    """Returns a forecast in which accelerators and pumps stay as they are."""
    return replace(
        future,
        available=np.broadcast_to(simulator.row(ROW.available)[env], future.available.shape),
        pump_health=np.broadcast_to(simulator.row(ROW.pump_health)[env], future.pump_health.shape),
    )

"""Planning over a receding horizon, on the linear model of the bound.

Every few steps the rest of the episode is planned anew from where the world stands: short blocks
first, longer ones later, so that nothing has to be guessed about what is worth what at the end of
a horizon. What the world will bring is either foreseen exactly, which shows how much of the
distance to the bound can be closed, or forecast: demand at its expectation, no faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sunward.core.observations import in_units
from sunward.core.rows import ROW
from sunward.core.simulator import Simulator
from sunward_agents.heuristics import action_rows, ramp
from sunward_agents.planners.control import ClockTable
from sunward_agents.planners.foresight import Foresight, foresee, read_state, without_chance
from sunward_agents.planners.horizon import ALONE, FLEET, Horizon
from sunward_agents.planners.plan import plan_alone, plan_together
from sunward_agents.planners.world import FLEET_OUTLOOK, Outlook, World

#: The model knows the coolant at full flow only: the pump follows the chips on this ramp.
FLOW_RAMP_C = (35.0, 35.0)
LEAST_FLOW = 0.2


@dataclass
class Mpc:
    """Plans a satellite, or a fleet with the work that its satellites hand over.

    It needs the simulator that it acts in.
    """

    foresees: bool = False
    horizon: Horizon | None = None  # that of a fleet, or of a satellite alone, if None
    outlook: Outlook | None = None  # likewise

    def attach(self, simulator: Simulator, seeds: Sequence[int], split: str) -> None:
        """Looks at the worlds that are about to be played; they have just been reset."""
        params = simulator.params
        known = params if self.foresees else without_chance(params)
        self._simulator = simulator
        self._futures = [foresee(known, seed, split=split)[0] for seed in seeds]
        self._plans: list[list[np.ndarray]] = [[] for _ in seeds]
        self._is_fleet = bool((params.neighbours >= 0).any())
        self._horizon = self.horizon or (FLEET if self._is_fleet else ALONE)
        self._outlook = self.outlook or (FLEET_OUTLOOK if self._is_fleet else Outlook())
        self._clocks = ClockTable(params.hardware)

    def reset(self, n_envs: int, seed: int) -> None:
        """Forgets all plans."""
        self._plans = [[] for _ in range(n_envs)]

    def act(self, observations: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray:
        """Returns actions float32 (n, N_ACTIONS)."""
        steps = [self._next(env) for env in range(len(self._plans))]
        clock, deferrable, share, price = np.concatenate(steps).T
        chip_c = in_units(observations, "chip_temperature")
        start_c, width_c = FLOW_RAMP_C
        return action_rows(
            len(observations),
            clock=clock,
            deferrable_energy=deferrable,
            coolant_flow=LEAST_FLOW + (1.0 - LEAST_FLOW) * ramp(chip_c, start_c, width_c),
            active_share=share,
            price=price,
        )

    def _next(self, env: int) -> np.ndarray:
        """Returns the levels (n_sats, 4) of clock, deferrable energy, active share and price."""
        if not self._plans[env]:
            self._plans[env] = self._planned(env)
        return self._plans[env].pop(0)

    def _planned(self, env: int) -> list[np.ndarray]:
        state = read_state(self._simulator, env)
        future = self._futures[env].since(state.step)
        if not self.foresees:
            future = as_now(future, self._simulator, env)
        lengths = self._horizon.lengths(future.n_steps)
        world = World(future.until(int(lengths.sum())), state, lengths, outlook=self._outlook)
        plan = plan_together if self._is_fleet else plan_alone
        return list(plan(world, self._clocks)[: self._horizon.replan_steps])


def as_now(future: Foresight, simulator: Simulator, env: int) -> Foresight:
    """Returns a forecast in which accelerators and pumps stay as they are."""
    return replace(
        future,
        available=np.broadcast_to(simulator.row(ROW.available)[env], future.available.shape),
        pump_health=np.broadcast_to(simulator.row(ROW.pump_health)[env], future.pump_health.shape),
    )

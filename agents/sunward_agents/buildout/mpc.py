"""Planning over a receding horizon, on the linear program of the bound.

Every half year the rest of the episode is planned anew from where the company stands: single
months first, then half years. What the world will bring is foreseen exactly or forecast. What own
orders do to the price of later ones is taken from the plan before (successive linearisation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sunward.buildout.month import debt_limit_usd
from sunward.buildout.params import Params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout.company_plan import BUSD, THOUSAND, Blocks, CompanyPlan
from sunward_agents.buildout.forecast import forecast
from sunward_agents.buildout.future import Future, foreseen
from sunward_agents.buildout.money import limit_money
from sunward_agents.buildout.retirement import retire_age_months
from sunward_agents.buildout.rules import View
from sunward_agents.buildout.standing import (
    groups_of,
    likely_prices,
    order_prices_usd,
    purse_of,
    start_of,
)
from sunward_agents.planners.linear import DUAL_SIMPLEX, Program


@dataclass(frozen=True)
class Pace:
    """How often a company is planned, and in which blocks."""

    replan_months: int = 6
    single_months: int = 24  # planned one by one: what is ordered now comes half a year later
    block_months: int = 6  # those after them
    first_rounds: int = 3  # linearisations of the first plan; later ones begin from the last

    def blocks(self, n_months: int) -> Blocks:
        """Returns the blocks of a plan of `n_months`."""
        return Blocks.of(n_months, self.block_months, self.single_months)


class Move(NamedTuple):
    """What a plan does in one month."""

    launched: np.ndarray  # (S, D) satellites
    ordered: np.ndarray  # (D,)
    debt_usd: float
    lift_kg: float  # that the plan counts on
    expected_lift_kg: float


class Mpc:
    """Plans a batch of companies, each by itself. It needs the simulator that it acts in."""

    def __init__(self, params: Params, *, foresees: bool = False, pace: Pace = Pace()) -> None:
        self._params, self._foresees, self._pace = params, foresees, pace
        self._view = View(params)
        self._moves: list[list[Move]] = []
        self._orders: list[np.ndarray | None] = []

    def attach(self, simulator: BuildoutSimulator) -> None:
        """Looks at the worlds that are about to be played; they have just been reset."""
        self._simulator = simulator

    def reset(self, n_envs: int, seed: int) -> None:
        """Forgets all plans."""
        self._moves = [[] for _ in range(n_envs)]
        self._orders = [None] * n_envs

    def act(self, observations: np.ndarray) -> np.ndarray:
        """Returns actions float32 (n, levers)."""
        return np.concatenate([self._action(env) for env in range(len(observations))])

    def _action(self, env: int) -> np.ndarray:
        if self._simulator.terminated[env]:
            return np.full((1, len(self._view.levers)), -1.0, np.float32)
        if not self._moves[env]:
            self._moves[env] = self._planned(env)
        return self._levers(env, self._moves[env].pop(0))

    def _levers(self, env: int, move: Move) -> np.ndarray:
        params, company = self._params, self._simulator.company
        mass_kg = move.launched * params.launch_mass_kg
        limit_usd = debt_limit_usd(params, company)[env]
        orders = move.ordered * params.launch_mass_kg.mean(axis=0) / move.expected_lift_kg
        return self._view.actions(
            min(mass_kg.sum() / max(move.lift_kg, 1.0) * self._margin(), 1.0),
            (mass_kg / max(mass_kg.max(), 1.0))[None],
            orders[None],
            min(move.debt_usd / max(limit_usd, 1.0), 1.0),
            retire_age_months(self._simulator, env),
        )

    def _margin(self) -> float:
        """More lift than planned is used where lift is not known: what is in store may fly."""
        return 1.0 if self._foresees else 1.25

    def _planned(self, env: int) -> list[Move]:
        """Returns the moves of the months up to the next plan."""
        future = self._future(env)
        plan, found = self._solved(env, future)
        n = min(self._pace.replan_months, future.n_months)
        shape = (len(plan.blocks), -1, *self._view.shape)
        launched = THOUSAND * found["launched"].reshape(shape).sum(axis=1)
        return [
            Move(
                launched[t],
                THOUSAND * found["ordered"][t],
                BUSD * float(found["debt"][t]),
                float(future.lift_kg[t]),
                float(future.expected_lift_kg[t]),
            )
            for t in range(n)
        ]

    def _future(self, env: int) -> Future:
        told = foreseen if self._foresees else forecast
        month = int(self._simulator.company.month[env])
        return told(self._params, self._simulator.outlook, env, month)

    def _solved(self, env: int, future: Future) -> tuple[CompanyPlan, dict[str, np.ndarray]]:
        """Returns the plan, and its columns by name; the first is linearised several times."""
        orders = self._orders[env]
        if orders is None:
            orders = np.zeros((future.n_months, self._params.n_designs))
            for _ in range(self._pace.first_rounds - 1):
                orders = self._solved_once(env, future, orders)[2]
        plan, found, orders = self._solved_once(env, future, orders)
        self._orders[env] = orders[self._pace.replan_months :]
        return plan, found

    def _solved_once(
        self, env: int, future: Future, orders: np.ndarray
    ) -> tuple[CompanyPlan, dict[str, np.ndarray], np.ndarray]:
        """Returns the plan where orders are about `orders` (H, D), its columns, and its orders."""
        plan, program = self._program(env, future, orders)
        columns = program.solve(DUAL_SIMPLEX).columns
        found = {name: columns[program[name]] for name in ("launched", "ordered", "debt")}
        return plan, found, plan.blocks.spread(THOUSAND * found["ordered"])

    def _program(self, env: int, future: Future, orders: np.ndarray) -> tuple[CompanyPlan, Program]:
        """Returns a plan, and its program, where orders are about `orders` (H, D)."""
        params, simulator = self._params, self._simulator
        made = simulator.company.made[env]
        order_usd = order_prices_usd(params, made, orders)
        blocks = self._pace.blocks(future.n_months)
        plan = CompanyPlan(
            params,
            future,
            start_of(simulator, env, future),
            likely_prices(params, future, made, orders, order_usd),
            groups_of(simulator, env, future),
            blocks,
            sales=blocks,
        )
        program = plan.program()
        limit_money(program, plan, purse_of(simulator, env, future, order_usd))
        return plan, program

"""The bound: no policy exceeds it, it is reached where nothing is in the way, each step holds."""

from __future__ import annotations

import numpy as np
import pytest

from sunward.buildout import model
from sunward.buildout.load import list_buildouts, load_buildout
from sunward.buildout.params import Params, build_params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout import bound
from sunward_agents.buildout.cohorts import survival
from sunward_agents.buildout.company_plan import BUSD, Blocks
from sunward_agents.buildout.future import Future, foreseen
from sunward_agents.buildout.market import revenue_pieces
from sunward_agents.buildout.play import play
from sunward_agents.buildout.rules import POLICIES, View, make_policy
from sunward_agents.planners.linear import DUAL_SIMPLEX

#: Launches as planned, of which none fails; buses that stay as dear; markets that never fill.
PLAIN = {
    "months": 30,
    "launch.first_flights": "40 1/month",
    "launch.slip_rate": "0 1/yr",
    "launch.first_failure_fraction": 0.0,
    "launch.lowest_failure_fraction": 0.0,
    "fleet.bus_learning_fraction": 0.0,
    "market.dawn_dusk_demand": "1e7 MGPU-h/month",
    "market.inclined_demand": "1e7 MGPU-h/month",
    "market.batch_demand": "1e7 MGPU-h/month",
}


class BangBang:
    """Every lever at one of its ends, drawn anew each year."""

    def __init__(self, n_levers: int) -> None:
        self.n_levers = n_levers

    def reset(self, n_envs: int, seed: int) -> None:
        self._rng, self._months = np.random.default_rng(seed), 0

    def act(self, observations: np.ndarray) -> np.ndarray:
        if self._months % 12 == 0:
            shape = (len(observations), self.n_levers)
            self._levels = self._rng.choice([-1.0, 1.0], shape).astype(np.float32)
        self._months += 1
        return self._levels


def made_params(scenario: str = "buildout-medium-v0", **overrides) -> Params:
    return build_params(load_buildout(scenario, **overrides))


def world(params: Params, seed: int = 0) -> Future:
    simulator = BuildoutSimulator(params, 1)
    simulator.reset([(seed, 0)], split="test")
    return foreseen(params, simulator.outlook, 0)


@pytest.mark.parametrize("scenario", list_buildouts())
def test_no_policy_exceeds_the_bound_in_any_world(scenario):
    params = made_params(scenario, months=96)
    simulator = BuildoutSimulator(params, 2)
    bounds = bound.bounds(params, range(2))
    assert (bounds > 0.0).all()
    policies = {name: make_policy(name, params) for name in POLICIES}
    policies["bang-bang"] = BangBang(len(View(params).levers))
    broke = 0.0
    for name, policy in policies.items():
        metrics = play(policy, simulator, split="test")
        assert (metrics["value"] <= bounds).all(), name
        broke += metrics["insolvent"].sum()
    assert broke > 0.0, "nobody went broke, so that was not tested"


def test_bounds_of_worlds_do_not_depend_on_each_other():
    params = made_params(months=24)
    both = bound.bounds(params, [3, 4])
    assert bound.bounds(params, [4])[0] == both[1]
    shares = []
    bound.bounds(params, [3], progress=shares.append)
    assert shares == [1.0]


def test_where_markets_never_fill_each_month_sends_up_what_is_worth_most_a_kilogram():
    params = made_params(**PLAIN)
    future = world(params)
    by_hand = sum(
        max(0.0, _best_usd_per_kg(params, future, month)) * future.lift_kg[month]
        for month in range(params.lead_months, params.months)
    )
    assert by_hand > 1e9
    most = bound._most_by_levers(params, future)
    solution = bound.relaxation(params, future, most).program().solve(DUAL_SIMPLEX)
    assert solution.value == pytest.approx(by_hand / BUSD, rel=1e-6)
    # Markets so large make the most of what the solver leaves of a reduced cost.
    assert by_hand / BUSD <= bound.world_bound(params, future) <= 1.05 * by_hand / BUSD


def _best_usd_per_kg(params: Params, future: Future, launched: int) -> float:
    """Returns the most that a kilogram launched in a month is worth; all is kept to the end."""
    usd = np.zeros((params.n_shells, params.n_designs))
    finance, alive = params.scenario.finance, survival(params)
    discount = model.discount(finance.discount_rate_per_month, np.arange(params.months))
    ordered = launched - params.lead_months
    price_usd = params.accelerators_usd + params.bus_usd
    usd -= discount[ordered] * price_usd
    usd -= discount[launched] * future.launch_usd_per_kg[launched] * params.launch_mass_kg
    for month in range(launched, params.months):
        age = month - launched
        work = params.gpu_h[month % 12, :, :, :, age] * params.price_shares[:, None, None]
        sales = work.sum(axis=0) * future.price_usd_per_gpu_h[month] * future.performance[ordered]
        dies = (alive[age - 1] if age else 1.0) * params.loss_rate[age]
        costs = params.operations_usd * alive[age] + params.removal_usd * dies
        usd += discount[month] * (alive[age] * sales - costs)
    left = params.worth[params.months - 1 - launched] * alive[params.months - 1 - launched]
    usd += discount[-1] * finance.residual_fraction * left * price_usd
    return float((usd / params.launch_mass_kg).max())


def test_pieces_lie_above_revenue_and_near_it():
    pieces = revenue_pieces()
    supply = np.concatenate([np.linspace(0.0, 5.0, 5001), np.geomspace(5.0, 1e6, 500)])
    before = np.cumsum(pieces.width) - pieces.width
    used = np.clip(supply[:, None] - before, 0.0, pieces.width)
    above, revenue = used @ pieces.slope, supply / (1.0 + supply)
    assert (np.diff(pieces.slope) < 0.0).all()
    assert (above >= revenue - 1e-15).all()
    assert (above[1:] <= 1.006 * revenue[1:]).all()


def test_the_chord_charges_no_more_than_orders_cost_whatever_their_order():
    params = made_params()
    future, rng = world(params), np.random.default_rng(0)
    finance, fleet = params.scenario.finance, params.scenario.fleet
    discount = model.discount(finance.discount_rate_per_month, np.arange(params.months))[:, None]
    for _ in range(20):
        orders = rng.exponential(300.0, (params.months, 2)) * (rng.random((params.months, 1)) < 0.3)
        before = np.cumsum(orders, axis=0) - orders
        price = params.accelerators_usd + model.learnt(
            params.bus_usd, 0.0, before, fleet.past_satellites, fleet.bus_learning_fraction
        )
        paid = (discount * orders * price).sum(axis=0)
        most = (before + orders) * rng.uniform(1.0, 2.0)
        charged = bound.least_prices(params, future, most).order_value_usd
        assert ((orders * charged).sum(axis=0) <= paid).all()
        assert ((orders * charged).sum(axis=0) >= 0.8 * paid).all()


def test_the_mean_price_of_buses_is_the_integral_of_their_learning():
    params = made_params()
    fleet = params.scenario.fleet
    made = np.linspace(0.0, 30_000.0, 300_001)
    price = model.learnt(1.0, 0.0, made, fleet.past_satellites, fleet.bus_learning_fraction)
    whole = np.trapezoid(price, made) / made[-1]
    mean = bound._mean_bus_usd(params, np.array([0.0, made[-1]])) / params.bus_usd
    np.testing.assert_allclose(mean, [1.0, whole], rtol=1e-8)


def test_few_ages_of_retirement_bound_all_of_them(monkeypatch):
    # The old die often, and each has to be removed, so that it matters when they go.
    params = made_params("buildout-easy-v0", months=84)
    params = params._replace(
        removal_usd=np.full_like(params.removal_usd, 20e6),
        loss_rate=np.where(np.arange(params.n_ages) > 30, 0.05, params.loss_rate),
    )
    future = world(params)
    most = np.minimum(bound._most_by_levers(params, future), 5000.0)
    monkeypatch.setattr(bound, "KEPT_MONTHS", ())
    plan = bound.relaxation(params, future, most)
    few_bound, few = bound._bound_of(plan, plan.program(), most), plan.program().solve(DUAL_SIMPLEX)
    monkeypatch.setattr(bound, "KEPT_MONTHS", tuple(range(3, 84, 3)))
    many = bound.relaxation(params, future, most).program().solve(DUAL_SIMPLEX)
    assert many.value > 1.001 * few.value, "nobody is better off by retiring: nothing was tested"
    assert few_bound >= many.value


def test_what_is_gained_goes_to_the_best_first_and_no_further_than_all_together():
    gain, most_each = np.array([[1.0, 3.0], [-2.0, 2.0]]), np.array([[5.0, 1.0], [9.0, 2.0]])
    assert bound._most_gained(gain, most_each, 4.0) == pytest.approx(3.0 + 2.0 * 2.0 + 1.0 * 1.0)
    assert bound._most_gained(gain, most_each, 0.5) == pytest.approx(1.5)
    assert bound._most_gained(gain, most_each, 100.0) == pytest.approx(3.0 + 4.0 + 5.0)


def test_a_course_above_the_target_makes_no_more_than_is_proven():
    params = made_params(months=96)
    future = world(params)
    most = bound._most_by_levers(params, future)
    plan = bound.relaxation(params, future, most, decide_months=bound.SALE_MONTHS)
    program = plan.program()
    solution = program.solve(DUAL_SIMPLEX)
    made = 1e3 * solution.columns[program["ordered"]].sum(axis=0)
    assert made.max() > 100.0
    for design in range(params.n_designs):
        proven = bound._most_above(params, future, most, design, 0.9 * solution.value)
        assert made[design] <= proven < most[-1, design]


@pytest.mark.parametrize("n_months", [1, 7, 30])
def test_blocks_keep_sums_and_spread_them_again(n_months):
    blocks = Blocks.of(n_months, 6)
    monthly = np.random.default_rng(0).random((n_months, 2))
    assert blocks.lengths.sum() == n_months
    np.testing.assert_allclose(blocks.total(monthly).sum(axis=0), monthly.sum(axis=0))
    np.testing.assert_allclose(
        blocks.total(blocks.spread(blocks.total(monthly))), blocks.total(monthly)
    )
    np.testing.assert_allclose(
        blocks.mean(monthly) * blocks.lengths[:, None], blocks.total(monthly)
    )

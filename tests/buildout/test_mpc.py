"""Planning a company: forecasts of what has been seen, plans that hold, never above the bound."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from sunward.buildout.load import load_buildout
from sunward.buildout.params import Params, build_params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout import bound
from sunward_agents.buildout.cohorts import fleet_of
from sunward_agents.buildout.company_plan import Blocks, CompanyPlan
from sunward_agents.buildout.evaluate import PLANNERS, load_policy
from sunward_agents.buildout.forecast import forecast
from sunward_agents.buildout.future import foreseen
from sunward_agents.buildout.money import limit_money
from sunward_agents.buildout.mpc import Mpc, Pace
from sunward_agents.buildout.play import play
from sunward_agents.buildout.retirement import retire_age_months
from sunward_agents.buildout.rules import make_policy
from sunward_agents.buildout.standing import (
    groups_of,
    likely_prices,
    order_prices_usd,
    purse_of,
    start_of,
)
from sunward_agents.cli import main

#: Six years: long enough to earn.
SHORT = {"months": 72}


@pytest.fixture(scope="module")
def easy() -> Params:
    return build_params(load_buildout("buildout-easy-v0", **SHORT))


def after(params: Params, months: int, rule: str = "paced", seed: int = 0) -> BuildoutSimulator:
    """Returns one test world that a rule has played for some months."""
    simulator = BuildoutSimulator(params, 1)
    simulator.reset([(seed, 0)], split="test")
    policy = make_policy(rule, params)
    policy.reset(1, 0)
    for _ in range(months):
        simulator.step(policy.act(simulator.observations))
    return simulator


def test_a_forecast_knows_no_more_than_has_been_seen(params):
    simulator, month = after(params, 0), 40
    before = forecast(params, simulator.outlook, 0, month)
    for field in simulator.outlook:
        field[month + 1 :] = np.random.default_rng(0).permutation(field[month + 1 :])
    for told in ("lift_kg", "lost_share"):  # what only the month itself brings
        getattr(simulator.outlook, told)[month] = 0.0
    again = forecast(params, simulator.outlook, 0, month)
    for one, other in zip(before[1:], again[1:], strict=True):
        np.testing.assert_array_equal(one, other)


def test_without_chance_a_forecast_is_what_comes():
    calm = {
        "launch.slip_rate": "0 1/yr",
        "launch.first_failure_fraction": 0.0,
        "launch.lowest_failure_fraction": 0.0,
        "market.swing_std_fraction": 0.0,
        "progress.price_swing_std_fraction": 0.0,
    }
    params = build_params(load_buildout("buildout-medium-v0", **calm))
    simulator = after(params, 0)
    real, told = (make(params, simulator.outlook, 0, 30) for make in (foreseen, forecast))
    assert real.first_month == told.first_month == 30
    for name in ("performance", "price_usd_per_gpu_h", "demand_gpu_h", "expected_lift_kg"):
        np.testing.assert_allclose(getattr(told, name), getattr(real, name), rtol=1e-9)
    assert told.lift_kg.sum() == pytest.approx(real.lift_kg.sum(), rel=0.01)  # whole flights
    np.testing.assert_allclose(told.launch_usd_per_kg, real.launch_usd_per_kg, rtol=0.05)


def test_forecasts_of_many_worlds_are_right_on_average(params):
    simulator = BuildoutSimulator(params, 60)
    simulator.reset([(seed, 0) for seed in range(60)])
    for name in ("lift_kg", "launch_usd_per_kg", "price_usd_per_gpu_h"):
        real, told = (
            np.mean(
                [getattr(make(params, simulator.outlook, env, 36), name)[:60] for env in range(60)]
            )
            for make in (foreseen, forecast)
        )
        assert told == pytest.approx(real, rel=0.12), name


def test_a_fleet_that_is_left_alone_does_and_costs_what_it_is_told_to(easy):
    simulator = after(easy, 60)
    company = simulator.company
    future = foreseen(easy, simulator.outlook, 0, 60)
    told = fleet_of(easy, company, 0, future)
    assert told.gpu_h.min() > 0.0
    company.store[:], company.on_order[:], company.on_order_skill[:] = 0.0, 0.0, 0.0
    idle = np.full((1, len(simulator.levers)), -1.0, np.float32)
    idle[0, -1] = 1.0  # all are kept
    for month in range(future.n_months):
        before = simulator.account["operations_usd"][0]
        simulator.step(idle)
        np.testing.assert_allclose(company.supply_gpu_h[0], told.gpu_h[month], rtol=1e-12)
        paid_usd = simulator.account["operations_usd"][0] - before
        assert paid_usd == pytest.approx(told.paid_usd[month])


def test_what_is_in_hand_gets_no_better_by_waiting(easy):
    simulator = after(easy, 30)
    future = foreseen(easy, simulator.outlook, 0, 30)
    *ordered, in_hand = groups_of(simulator, 0, future)
    assert in_hand.is_in_hand
    assert not any(group.is_in_hand for group in ordered)
    assert (np.diff(in_hand.performance, axis=0) == 0.0).all()
    assert (in_hand.performance < simulator.outlook.performance[30, 0]).all()
    late = easy.lead_months
    np.testing.assert_array_equal(ordered[0].performance[late:, 0], future.performance[:-late])


def test_an_order_is_charged_less_for_what_it_saves_those_after_it(easy):
    future, rng = foreseen(easy, after(easy, 0).outlook, 0), np.random.default_rng(0)
    made, orders = np.array([300.0, 900.0]), rng.uniform(50.0, 400.0, (easy.months, 2))
    discount = np.exp(-easy.scenario.finance.discount_rate_per_month * future.months)[:, None]

    def paid(orders: np.ndarray) -> np.ndarray:
        return (discount * orders * order_prices_usd(easy, made, orders)).sum(axis=0)

    charged = likely_prices(
        easy, future, made, orders, order_prices_usd(easy, made, orders)
    ).order_value_usd
    for month in (0, 20, 71):
        one_more = orders.copy()
        one_more[month] += 1e-3
        np.testing.assert_allclose(
            (paid(one_more) - paid(orders)) / 1e-3, charged[month], rtol=1e-4
        )


@pytest.mark.parametrize("loan_fraction", [0.0, 0.5])
def test_a_plan_spends_no_more_than_cash_and_what_is_lent(loan_fraction):
    poor = {"finance.cash": "0.1 BUSD", "finance.loan_to_book_fraction": loan_fraction}
    params = build_params(load_buildout("buildout-easy-v0", **SHORT, **poor))
    simulator = after(params, 0)
    future = foreseen(params, simulator.outlook, 0)
    orders = np.zeros((params.months, params.n_designs))
    order_usd = order_prices_usd(params, np.zeros(params.n_designs), orders)
    blocks = Blocks.of(params.months, 1)
    plan = CompanyPlan(
        params,
        future,
        start_of(simulator, 0, future),
        likely_prices(params, future, np.zeros(params.n_designs), orders, order_usd),
        groups_of(simulator, 0, future),
        blocks,
        sales=blocks,
    )
    free, paid = plan.program(), plan.program()
    limit_money(paid, plan, purse_of(simulator, 0, future, order_usd))
    in_time = slice(0, params.lead_months + 1)  # nothing sells as early as that
    spent = {
        name: 1e3 * (program.solve().columns[program["ordered"]] * order_usd)[in_time].sum() / 1e9
        for name, program in (("free", free), ("paid", paid))
    }
    # Each dollar spent on satellites brings `loan_fraction` of it back.
    most = 0.1 / (1.0 - loan_fraction)
    assert spent["free"] > 1.5 * most
    assert 0.4 * most < spent["paid"] <= most * (1.0 + 1e-6)


def test_satellites_go_when_all_of_their_age_and_above_lose_money(easy):
    simulator = after(easy, 66)
    assert retire_age_months(simulator, 0) == easy.n_ages - 1.0
    oldest = int(np.flatnonzero(simulator.company.sats[0].sum(axis=(0, 1))).max())
    assert oldest > 30
    simulator.company.skill[0, :, :, 30:] = 0.0  # they do nothing and still cost
    assert retire_age_months(simulator, 0) == 31.0
    simulator.company.skill[0] = 0.0
    assert retire_age_months(simulator, 0) <= 2.0


@pytest.mark.parametrize("n_months", [1, 24, 25, 180])
def test_blocks_of_a_plan_add_up_to_what_is_left(n_months):
    lengths = Pace().blocks(n_months).lengths
    assert lengths.sum() == n_months
    assert (lengths[: min(24, n_months)] == 1).all()
    assert lengths.max() <= 6


def test_foresight_beats_forecasts_and_these_the_best_rule_and_none_the_bound(easy):
    simulator = BuildoutSimulator(easy, 2)
    bounds = bound.bounds(easy, range(2))
    names = ("paced", *PLANNERS)
    value = {
        name: play(load_policy(name, easy), simulator, split="test")["value"] for name in names
    }
    assert (value["mpc_foresight"] <= bounds).all()
    assert value["mpc_foresight"].sum() > 0.85 * bounds.sum()
    assert value["paced"].sum() < value["mpc"].sum() < value["mpc_foresight"].sum()


def test_a_plan_is_the_same_again_and_whatever_the_batch(easy):
    brief = Pace(replan_months=12, single_months=12, block_months=12)
    played = {}
    for n in (1, 2):
        policy = Mpc(easy, pace=brief)
        played[n] = play(policy, BuildoutSimulator(easy, n), split="test")
        again = play(policy, BuildoutSimulator(easy, n), split="test")
        np.testing.assert_array_equal(played[n]["value"], again["value"])
    assert played[1]["value"][0] == played[2]["value"][0] != 0.0


def test_the_command_plays_a_planner(capsys, tmp_path):
    path = tmp_path / "brief.yaml"
    path.write_text(yaml.safe_dump({"base": "buildout-easy-v0", "id": "brief-v0", "months": 18}))
    args = ["--policy", "mpc", "--scenario", str(path), "--worlds", "1", "--json", "-"]
    assert main(["evaluate", *args]) == 0
    assert '"value"' in capsys.readouterr().out
    assert main(["evaluate", *args[:1], "mpc_forsight", *args[2:]]) == 2
    assert "did you mean mpc_foresight" in capsys.readouterr().err

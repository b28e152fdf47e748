"""Nothing is lost: satellites, dollars, tonnes; terms add up to the reward and the score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.buildout.conftest import random_actions, started

from sunward.buildout.books import DOLLARS_PER_REWARD, TERMS
from sunward.buildout.params import Params
from sunward.buildout.simulator import BuildoutSimulator

CLOSE = {"rel": 1e-9, "abs": 1e-6}


def played(params: Params, seed: int, bold: float, n_months: int) -> BuildoutSimulator:
    """Returns worlds after months of random decisions, ordering and owing `bold` on the whole."""
    simulator = started(params, n=3, first_seed=seed)
    rng = np.random.default_rng(seed)
    levers = simulator.levers
    for _ in range(n_months):
        actions = random_actions(simulator, rng)
        for name in (*(f"order_{design}" for design in params.designs), "debt"):
            actions[:, levers.index[name]] = 2.0 * bold * rng.random() - 1.0
        simulator.step(actions)
        check(simulator)
    return simulator


def check(simulator: BuildoutSimulator) -> None:
    """Asserts that every book is closed."""
    company, account = simulator.company, simulator.account
    in_orbit = company.sats.sum(axis=(1, 2, 3))
    on_ground = company.store.sum(axis=1) + company.on_order.sum(axis=(1, 2))
    assert account["ordered"] == pytest.approx(on_ground + account["launched"], **CLOSE)
    gone = account["lost_in_launch"] + account["died"] + account["retired"]
    assert account["launched"] == pytest.approx(in_orbit + gone, **CLOSE)
    costs = sum(account[f"{name}_usd"] for name in COSTS)
    first = simulator.params.scenario.finance.cash_usd
    balance = first + account["revenue_usd"] - costs
    assert company.cash_usd - company.debt_usd == pytest.approx(balance, rel=1e-9, abs=1.0)
    assert company.made.sum(axis=1) == pytest.approx(account["ordered"], **CLOSE)
    for values in (company.sats, company.skill, company.store, company.on_order):
        assert (values >= 0.0).all()
    assert (company.debt_usd >= 0.0).all()
    assert (company.cash_usd[~company.is_insolvent] >= -0.01).all()


COSTS = ("orders", "launches", "operations", "interest", "removal")


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    bold=st.floats(0.0, 1.0),
    n_months=st.integers(1, 60),
)
def test_the_books_close_after_every_month(params, seed, bold, n_months):
    played(params, seed, bold, n_months)


def test_no_more_is_launched_than_flights_carry(params):
    simulator = started(params)
    rng = np.random.default_rng(3)
    before = simulator.account["launched_kg"].copy()
    for month in range(60):
        simulator.step(random_actions(simulator, rng))
        launched = simulator.account["launched_kg"] - before
        assert (launched <= simulator.outlook.lift_kg[month] * (1.0 + 1e-12)).all()
        before = simulator.account["launched_kg"].copy()


def test_tonnes_are_satellites_times_their_launch_mass(params):
    simulator = started(params)
    levers = simulator.levers
    actions = np.full((4, len(levers)), -1.0)
    for name in ("lift_used", "manifest_dusk-650_suncatcher", "order_suncatcher"):
        actions[:, levers.index[name]] = 0.0
    for _ in range(36):
        simulator.step(actions)
    mass_kg = params.launch_mass_kg[params.shells.index("dusk-650"), 1]
    assert simulator.account["launched"].min() > 10.0
    launched_kg = simulator.account["launched"] * mass_kg
    assert simulator.account["launched_kg"] == pytest.approx(launched_kg)
    assert simulator.metrics()["launched_t"] == pytest.approx(launched_kg / 1e3)


def test_terms_add_up_to_the_reward_and_rewards_to_the_score(params):
    simulator = started(params)
    rng = np.random.default_rng(1)
    total = np.zeros(4)
    for _ in range(params.months):
        simulator.step(0.5 * random_actions(simulator, rng) - 0.5)
        assert simulator.rewards == pytest.approx(simulator.terms.sum(axis=1))
        assert simulator.terms.shape == (4, len(TERMS))
        total += simulator.rewards
    assert simulator.metrics()["value"] == pytest.approx(total)


def test_borrowing_costs_cash_its_interest_and_value_what_is_above_the_discount_rate(params):
    one, other = started(params), started(params)
    levers = one.levers
    steady = np.full((4, len(levers)), -1.0)
    steady[:, levers.index["order_ai1"]] = -0.8
    indebted = steady.copy()
    indebted[:, levers.index["debt"]] = 1.0
    for _ in range(10):
        one.step(steady)
        other.step(indebted)
    paid = other.account["interest_usd"]
    assert (paid > 0.0).all()
    finance = params.scenario.finance
    share = 1.0 - finance.discount_rate_per_month / finance.interest_rate_per_month
    cost = one.metrics()["value"] - other.metrics()["value"]
    assert cost == pytest.approx(share * paid / 1e9, rel=0.1)
    assert (cost < share * paid / 1e9).all()
    assert one.company.cash_usd - (other.company.cash_usd - other.company.debt_usd) == (
        pytest.approx(paid, rel=1e-6)
    )


def test_who_can_neither_pay_nor_borrow_is_out_and_nothing_is_left_of_it(params):
    simulator = started(params)
    levers = simulator.levers
    reckless = np.full((4, len(levers)), -1.0)
    for name in ("order_ai1", "order_suncatcher", "debt"):
        reckless[:, levers.index[name]] = 1.0
    first = np.full(4, -1)
    for month in range(params.months):
        simulator.step(reckless)
        first = np.where(simulator.terminated & (first < 0), month, first)
    assert (first > 0).all()
    assert (first < params.months - 1).all()
    assert (simulator.metrics()["insolvent"] == 1.0).all()
    assert (simulator.terms[:, -1] == 0.0).all()


def test_holding_is_worth_nothing_and_costs_nothing(params):
    simulator = started(params)
    for _ in range(params.months):
        assert not simulator.terminated.any()
        simulator.step(np.full((4, len(simulator.levers)), -1.0))
    assert simulator.terminated.all()
    assert (simulator.metrics()["value"] == 0.0).all()
    assert (simulator.company.cash_usd == params.scenario.finance.cash_usd).all()


def test_what_is_left_is_counted_in_the_last_month_only(params):
    simulator = started(params)
    levers, residual = simulator.levers, [term.name for term in TERMS].index("residual")
    actions = np.full((4, len(levers)), -1.0)
    for month in range(params.months):
        actions[:, levers.index["order_ai1"]] = -0.9 if month == params.months - 1 else -1.0
        simulator.step(actions)
        if month < params.months - 1:
            assert (simulator.terms[:, residual] == 0.0).all()
    share = params.scenario.finance.residual_fraction
    spent = -simulator.terms[:, [term.name for term in TERMS].index("orders")]
    assert (spent > 0.0).all()
    # Orders cost what a satellite costs before they are made; the bus is cheaper after them.
    assert simulator.terms[:, residual] == pytest.approx(share * spent, rel=0.2)
    assert DOLLARS_PER_REWARD == 1e9

"""More of what is good never hurts, on the same worlds and with the same decisions."""

from __future__ import annotations

import numpy as np
import pytest
from tests.buildout.conftest import started

from sunward.buildout.load import load_buildout
from sunward.buildout.params import Params, build_params


def steady(params: Params, n_months: int = 120, **levers: float) -> dict[str, np.ndarray]:
    """Returns metrics after months of the same decision."""
    simulator = started(params, n=8)
    chosen = {"lift_used": 1.0, "manifest_dusk-650_ai1": 1.0, "order_ai1": -0.9, "retire_age": 1.0}
    actions = np.full((8, len(simulator.levers)), -1.0)
    for name, level in (chosen | levers).items():
        actions[:, simulator.levers.index[name]] = level
    for _ in range(n_months):
        simulator.step(actions)
    return simulator.metrics()


def changed(**overrides: object) -> Params:
    return build_params(load_buildout("buildout-medium-v0", **overrides))


@pytest.mark.parametrize(
    ("figure", "worse", "better"),
    [
        ("progress.first_price", 4.0, 12.0),
        ("market.batch_demand", 20, 100),
        ("launch.first_price", 3000, 1200),
        ("fleet.loss_rate", 0.05, 0.0),
        ("launch.slip_rate", 1.5, 0.0),
        ("fleet.half_dose", 2, 20),
        ("fleet.design_life", 4, 6),
    ],
)
def test_a_kinder_world_is_worth_more(figure, worse, better):
    low, high = (steady(changed(**{figure: value}))["revenue"] for value in (worse, better))
    if figure in ("launch.first_price",):
        low, high = (-steady(changed(**{figure: value}))["launches"] for value in (worse, better))
    assert (high > low).mean() > 0.85
    assert high.mean() > low.mean()


def test_more_failures_lose_more_satellites():
    few, many = (
        steady(changed(**{"launch.first_failure_fraction": share}))["lost_in_launch"].sum()
        for share in (0.01, 0.3)
    )
    assert many > few


def test_supply_presses_the_price_in_its_own_market_only(params):
    simulator = started(params)
    features = simulator.features
    before = {name: features.in_units(simulator.observations, name) for name in features.names}
    levers = simulator.levers
    actions = np.full((4, len(levers)), -1.0)
    for name in ("lift_used", "order_ai1", "manifest_dawn-650_ai1"):
        actions[:, levers.index[name]] = 0.9
    for _ in range(30):
        simulator.step(actions)
    after = {name: features.in_units(simulator.observations, name) for name in features.names}
    assert (after["glut_dawn_dusk"] > before["glut_dawn_dusk"]).all()
    assert (after["glut_batch"] > before["glut_batch"]).all()
    assert (after["glut_inclined"] == before["glut_inclined"]).all()


def test_later_satellites_do_more_work_for_the_same_money(params):
    simulator = started(params)
    actions = np.full((4, len(simulator.levers)), -1.0)
    actions[:, simulator.levers.index["order_ai1"]] = 0.0
    skill = []
    for _ in range(13):
        simulator.step(actions)
        company = simulator.company
        skill.append(company.on_order_skill[:, -1, 0] / company.on_order[:, -1, 0])
    assert (skill[12] > skill[0]).all()
    assert skill[0] == pytest.approx(1.0)


def test_a_satellite_that_waits_on_the_ground_ages_in_skill_only(params):
    simulator = started(params)
    levers = simulator.levers
    actions = np.full((4, len(levers)), -1.0)
    actions[:, levers.index["order_ai1"]] = 0.0
    simulator.step(actions)
    actions[:, levers.index["order_ai1"]] = -1.0
    for _ in range(18):
        simulator.step(actions)
    told = simulator.features.in_units(simulator.observations, "store_skill_ai1")
    held = 1.0 / simulator.outlook.performance[19]
    assert told == pytest.approx(held, abs=1e-6)
    assert (told < 0.95).all()


def test_old_satellites_are_taken_down_at_the_age_decided_on(params):
    young = steady(params, retire_age=-1.0)
    old = steady(params, retire_age=1.0)
    assert (young["retired"] > old["retired"]).all()
    assert (young["died"] < old["died"]).all()

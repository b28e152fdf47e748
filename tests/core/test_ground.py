"""The ground takes what prices send it, within its limit, and is paid for it."""

import numpy as np
import pytest
from tests.core.worlds import GROUND, random_actions, small_params

from sunward import Simulator, build_params, load_scenario
from sunward.core.actions import INDEX, PRICE_LEVELS, discrete_to_continuous
from sunward.core.params import N_SLOTS
from sunward.core.reward import TERM_INDEX
from sunward.core.rows import ROW
from sunward.core.width import LANES

PRICE, COST, LIMIT_MIN = 0.5, 0.8, 0.4
DEAR, CHEAP = 1.0, -1.0


def alone(**changes) -> Simulator:
    """Returns a satellite without neighbours over a data centre, in float64."""
    params = build_params(load_scenario("single-walker-v0", **(GROUND | changes)))
    simulator = Simulator(params, 2, dtype=np.float64)
    simulator.reset([(0, 0), (1, 0)])
    return simulator


def fleet(**changes) -> Simulator:
    """Returns a small fleet over a data centre, in float64."""
    simulator = Simulator(small_params(**(GROUND | changes)), 2, dtype=np.float64)
    simulator.reset([(0, 0), (1, 0)])
    return simulator


def asking(simulator: Simulator, price: float, step: int = 0) -> np.ndarray:
    actions = random_actions(simulator, step)
    actions[..., INDEX["price"]] = price
    return actions


def offered(simulator: Simulator) -> tuple[np.ndarray, np.ndarray]:
    """Returns the requests and the urgent work that the coming step starts with, in GPU-s."""
    share = np.asarray(simulator.params.deadline_share)[0]
    urgent = simulator.row(ROW.queue) + share * simulator.row(ROW.deferrable_new)
    return simulator.row(ROW.interactive_new) + simulator.row(ROW.interactive_in), urgent


def sent_down(simulator: Simulator) -> np.ndarray:
    return simulator.satellite_sums("interactive_ground") + simulator.satellite_sums(
        "deferrable_ground"
    )


@pytest.mark.parametrize("action", [-1.0, -0.2, 0.0, 0.02, 0.1, 0.5, 1.0])
def test_the_share_sent_down_is_gain_times_the_price_difference_within_the_limit(action):
    wide = {"ground.limit_satellite_min": 1e6, "network.transfer_gain": 4.0}
    simulator = alone(**wide, **{"demand.ingress_radius_km": 20_000})
    requests, urgent = offered(simulator)
    assert requests.min() > 0.0
    simulator.step(asking(simulator, action))
    share = np.clip(4.0 * ((1.0 + action) / 2.0 - PRICE), 0.0, 1.0)
    np.testing.assert_allclose(
        simulator.satellite_sums("interactive_ground"), share * requests, rtol=1e-6
    )
    np.testing.assert_allclose(
        simulator.satellite_sums("deferrable_ground"), share * urgent, rtol=1e-6
    )


def test_no_satellite_sends_down_more_than_the_limit():
    simulator = fleet(**{"demand.interactive_load": 3.0, "network.neighbours": "none"})
    sums = [sent_down(simulator)]
    for step in range(60):
        simulator.step(asking(simulator, DEAR, step))
        sums.append(sent_down(simulator))
    most = LIMIT_MIN * 60.0 * simulator.params.hardware.accelerators
    assert np.diff(sums, axis=0).max() == pytest.approx(most)


def test_of_the_queue_only_the_urgent_slot_goes_down():
    simulator = alone(**{"network.transfer_gain": 100.0, "ground.limit_satellite_min": 1e6})
    for _ in range(40):
        before = [simulator.row(ROW.queue + slot * LANES) for slot in range(N_SLOTS)]
        ends = simulator.row(ROW.slot_ends) > 0
        idle = np.full((2, 1, 5), -1.0, np.float32)
        idle[..., INDEX["price"]] = DEAR
        new = simulator.row(ROW.deferrable_new)
        simulator.step(idle)
        if not ends.any():
            after = [simulator.row(ROW.queue + slot * LANES) for slot in range(N_SLOTS)]
            shares = np.asarray(simulator.params.deadline_share)
            assert after[0].max() == 0.0
            for slot in range(1, N_SLOTS):
                np.testing.assert_allclose(after[slot], before[slot] + shares[slot] * new)
    metrics = simulator.metrics()
    assert metrics["deferrable_ground"].min() > 0.0
    assert metrics["deferrable_missed"].max() == 0.0
    assert metrics["interactive_missed"].max() == 0.0  # all of it was answered below


def done_anywhere(simulator: Simulator, kind: str) -> np.ndarray:
    """Returns the work of a class done in orbit and on the ground so far, (n_envs, n_sats)."""
    sums = [simulator.satellite_sums(f"{kind}_{where}") for where in ("done", "ground")]
    return sums[0] + sums[1]


@pytest.mark.parametrize("kind", ["interactive", "deferrable"])
def test_work_on_the_ground_earns_the_value_of_its_class(kind):
    simulator = alone()
    worth = getattr(simulator.params.weights, f"value_{kind}")
    earned = np.zeros((2, 1))
    for step in range(60):
        simulator.step(random_actions(simulator, step))
        earned += simulator.reward_terms[..., TERM_INDEX[f"value_{kind}"]]
    work = done_anywhere(simulator, kind) / simulator.params.service.capacity_work
    np.testing.assert_allclose(earned, worth * work)
    assert simulator.metrics()[f"{kind}_ground"].min() > 0.0


def test_the_value_of_a_satellite_alone_is_the_sum_of_its_rewards():
    """No credit and no share of a fleet's: score and reward know the same ground."""
    simulator = alone()
    total = np.zeros(2)
    for step in range(60):
        simulator.step(random_actions(simulator, step))
        np.testing.assert_allclose(simulator.rewards, simulator.reward_terms.sum(axis=2))
        total += simulator.rewards[:, 0]
    value = simulator.metrics()["value"]
    np.testing.assert_allclose(value, total / simulator.episode_steps, rtol=1e-6)


def test_the_ground_asks_its_cost():
    simulator = alone()
    simulator.step(asking(simulator, DEAR))
    paid = simulator.reward_terms[..., TERM_INDEX["ground"]]
    capacity = simulator.params.service.capacity_work
    np.testing.assert_allclose(paid, -COST * sent_down(simulator) / capacity)
    assert paid.max() < 0.0


def test_a_cheap_satellite_sends_nothing_down_and_pays_nothing():
    simulator = fleet()
    for step in range(20):
        simulator.step(asking(simulator, CHEAP, step))
    assert sent_down(simulator).max() == 0.0
    assert not simulator.reward_terms[..., TERM_INDEX["ground"]].any()


def test_a_lost_satellite_sends_nothing_down():
    simulator = fleet()
    simulator.lose(0, [3])
    for step in range(20):
        simulator.step(asking(simulator, DEAR, step))
    assert sent_down(simulator)[0, 3] == 0.0
    assert sent_down(simulator)[1, 3] > 0.0


def credits_at(cost: float) -> np.ndarray:
    """Returns credits (n_sats,): odd satellites hand over, then all send down what is urgent."""
    changes = {"network.carries_interactive": False, "reward.sender_credit": 0.5}
    simulator = fleet(**changes, **{"ground.cost": cost, "ground.limit_satellite_min": 1e6})
    is_odd = np.arange(simulator.n_sats) % 2
    credits = np.zeros(simulator.n_sats)
    for step in range(30):
        actions = random_actions(simulator, step)
        actions[..., INDEX["price"]] = np.where(is_odd, DEAR, CHEAP) if step < 10 else DEAR
        simulator.step(actions)
        credits += simulator.reward_terms[0, :, TERM_INDEX["credit"]]
    return credits


def test_who_handed_over_pays_its_share_of_the_cost_of_what_went_down():
    more = credits_at(100.0) - credits_at(0.0)
    assert more[1::2].max() < 0.0
    assert more[::2].min() >= 0.0
    assert more.sum() == pytest.approx(0.0, abs=1e-9)
    assert more[::2].sum() > 1.0


def test_what_was_handed_over_is_credited_once_wherever_it_is_answered():
    """Half of the requests that even satellites got are answered in orbit, half on the ground."""
    quiet = {"demand.interactive_load": 0.05, "demand.deferrable_load": 0.0}
    quiet["start.queue_max_fraction"] = 0.0
    changes = {"reward.sender_credit": 1.0, "network.transfer_gain": 1.0, "ground.cost": 0.0}
    simulator = fleet(**quiet, **changes)
    flat_out = np.ones((2, simulator.n_sats, 5), np.float32)
    flat_out[..., INDEX["price"]] = np.where(np.arange(simulator.n_sats) % 2, DEAR, CHEAP)
    simulator.step(flat_out)
    received = simulator.row(ROW.interactive_in)
    before = simulator.metrics()["interactive_ground"]
    flat_out[..., INDEX["price"]] = DEAR
    simulator.step(flat_out)
    assert (simulator.metrics()["interactive_ground"] > before).all()
    has_answered_all = simulator.satellite_sums("interactive_missed") < 1e-6
    chosen = has_answered_all & (np.arange(simulator.n_sats) % 2 == 0)
    assert received[chosen].max() > 0.0
    credit = simulator.reward_terms[..., TERM_INDEX["credit"]]
    capacity = simulator.params.service.capacity_work
    worth = simulator.params.weights.value_interactive * received / capacity
    np.testing.assert_allclose(-credit[chosen], worth[chosen], rtol=1e-6)


def test_what_neighbours_handed_over_is_never_more_than_what_waits():
    simulator = fleet()
    for step in range(60):
        simulator.step(random_actions(simulator, step))
        foreign, queue = waiting(simulator, ROW.foreign, 4), waiting(simulator, ROW.queue, N_SLOTS)
        assert (foreign <= queue * (1.0 + 1e-9) + 1e-6).all()
    assert waiting(simulator, ROW.foreign, 4).max() > 0.0


def waiting(simulator: Simulator, row: int, n_rows: int) -> np.ndarray:
    """Returns the sum of some rows of every satellite, (n_envs, n_sats)."""
    return np.sum([simulator.row(row + index * LANES) for index in range(n_rows)], axis=0)


def test_lasers_take_power_for_what_goes_down():
    plain, dear = alone(), alone(**{"hardware.links.energy": "15 J/Gb"})
    used = []
    for simulator in (plain, dear):
        for step in range(10):
            simulator.step(asking(simulator, DEAR, step))
        used.append(simulator.metrics()["bus_energy"])
    np.testing.assert_array_less(used[0], used[1])


def test_the_price_is_offered_to_a_satellite_alone_where_there_is_a_ground():
    masks = {name: alone(**changes).discrete_masks() for name, changes in _WITH_AND_WITHOUT}
    prices = (discrete_to_continuous(np.arange(masks["with"].shape[-1]))[:, INDEX["price"]],)
    offered_prices = {name: set(prices[0][mask[0, 0]].tolist()) for name, mask in masks.items()}
    assert offered_prices == {"with": set(PRICE_LEVELS), "without": {0.0}}


_WITH_AND_WITHOUT = (("with", {}), ("without", {"ground": None}))


def test_a_state_holds_what_was_sent_down():
    simulator = fleet()
    for step in range(10):
        simulator.step(random_actions(simulator, step))
    state = simulator.get_state()
    simulator.step(random_actions(simulator, 10))
    expected = simulator.metrics()
    simulator.set_state(state)
    simulator.step(random_actions(simulator, 10))
    for name, values in simulator.metrics().items():
        np.testing.assert_array_equal(values, expected[name])

"""Nothing is lost: work, electricity and heat, under random actions in float64."""

import numpy as np
import pytest
from tests.core.worlds import GROUND, random_actions, small_params

from sunward import Simulator
from sunward.core.actions import INDEX
from sunward.core.reward import TERM_INDEX
from sunward.core.rows import ROW
from sunward.core.width import LANES

N_STEPS = 90
RELATIVE = 1e-9


def total(simulator, offset, n_rows=1):
    """Returns the sum over satellites of some rows, (n_envs,)."""
    rows = [simulator.row(offset + row * LANES) for row in range(n_rows)]
    return np.sum(rows, axis=(0, 2))


def stored_heat_j(simulator):
    """Returns the heat in chips, loops and radiators, (n_envs,)."""
    hardware = simulator.params.hardware
    return (
        hardware.chip_capacity_j_k * total(simulator, ROW.chip_k)
        + hardware.loop_capacity_j_k * total(simulator, ROW.loop_k)
        + hardware.radiator_capacity_j_k * total(simulator, ROW.radiator_k)
    )


CASES = {
    "cool": {},
    "hot and starved": {
        "hardware.thermal.radiator_area": 60,
        "hardware.battery.capacity": 6,
        "demand.deferrable_load": 1.2,
        "hardware.faults.upset_rate": 4000,
        "hardware.faults.pump_failure_rate": 90,
    },
    "requests stay": {"network.carries_interactive": False},
    "ground takes work": GROUND,
    "requests stay or go down": {"network.carries_interactive": False} | GROUND,
}


@pytest.fixture(scope="module", params=CASES)
def episode(request):
    """Returns (simulator after random actions, charge before, heat before)."""
    params = small_params(**CASES[request.param])
    simulator = Simulator(params, 3, dtype=np.float64)
    simulator.reset([(seed, 0) for seed in range(3)])
    before = total(simulator, ROW.charge_j), stored_heat_j(simulator)
    for step in range(N_STEPS):
        simulator.step(random_actions(simulator, step))
    return simulator, *before


def test_interactive_work_in_is_done_missed_under_way_or_sent_down(episode):
    simulator, _, _ = episode
    m = simulator.metrics()
    out = m["interactive_done"] + m["interactive_missed"] + m["interactive_ground"]
    out += total(simulator, ROW.interactive_in)
    np.testing.assert_allclose(out, m["interactive_arrived"], rtol=RELATIVE)


def test_deferrable_work_in_is_done_missed_queued_or_sent_down(episode):
    simulator, _, _ = episode
    m = simulator.metrics()
    waiting = total(simulator, ROW.queue, 12)
    out = m["deferrable_done"] + m["deferrable_missed"] + m["deferrable_ground"] + waiting
    np.testing.assert_allclose(out, m["deferrable_arrived"], rtol=RELATIVE)


def test_electricity_in_is_stored_used_or_lost(episode):
    simulator, charge_before, _ = episode
    m = simulator.metrics()
    stored = total(simulator, ROW.charge_j) - charge_before
    used = m["bus_energy"] + m["compute_energy"]
    lost = m["battery_loss"] + m["curtailed_energy"]
    np.testing.assert_allclose(stored + used + lost, m["array_energy"], rtol=RELATIVE)


def test_heat_in_is_stored_or_radiated(episode):
    simulator, _, heat_before = episode
    m = simulator.metrics()
    stored = stored_heat_j(simulator) - heat_before
    heat_in = m["compute_energy"] + m["absorbed_heat"]
    np.testing.assert_allclose(stored + m["radiated_heat"], heat_in, rtol=RELATIVE)


def test_credits_between_satellites_sum_to_zero(episode):
    simulator, _, _ = episode
    credits = simulator.reward_terms[..., TERM_INDEX["credit"]]
    assert np.abs(credits).max() > 0
    np.testing.assert_allclose(credits.sum(axis=1), 0, atol=1e-12)


def test_the_hard_case_reaches_what_it_is_to_test():
    params = small_params(
        **{
            "hardware.thermal.radiator_area": 60,
            "hardware.battery.capacity": 6,
            "hardware.faults.upset_rate": 4000,
        }
    )
    simulator = Simulator(params, 2)
    simulator.reset([(0, 0), (1, 0)])
    full = np.ones((2, simulator.n_sats, 5), np.float32)
    for _ in range(N_STEPS):
        simulator.step(full)
    m = simulator.metrics()
    assert m["brownouts"].min() > 0
    assert m["upsets"].min() > 0
    assert m["handed_over"].max() == 0  # equal prices send nothing


def test_a_request_is_handed_over_once():
    simulator = Simulator(small_params(**{"demand.deferrable_load": 0.01}), 2, dtype=np.float64)
    simulator.reset([(0, 0), (1, 0)])
    side = np.where(np.arange(simulator.n_sats) % 2, 1.0, -1.0)
    most_under_way = 0.0
    for step in range(N_STEPS):
        actions = random_actions(simulator, step)
        actions[..., INDEX["price"]] = side * (-1) ** step  # throw back what came
        entered = total(simulator, ROW.interactive_new)
        simulator.step(actions)
        under_way = total(simulator, ROW.interactive_in)
        most_under_way = max(most_under_way, *(under_way / entered))
    assert 0.3 < most_under_way <= 1.0


def test_requests_stay_where_links_take_none():
    params = small_params(**{"network.carries_interactive": False})
    simulator = Simulator(params, 2, dtype=np.float64)
    simulator.reset([(0, 0), (1, 0)])
    for step in range(N_STEPS):
        entered = simulator.row(ROW.interactive_new).copy()
        simulator.step(random_actions(simulator, step))
        np.testing.assert_array_equal(simulator.row(ROW.interactive_offered), entered)
        assert total(simulator, ROW.interactive_in).max() == 0
    assert simulator.metrics()["handed_over"].min() > 0  # queues still move

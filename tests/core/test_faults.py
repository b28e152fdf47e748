"""What goes wrong with a satellite: upsets, failures, outages, safe mode, trips."""

import numpy as np
import pytest
from tests.core.worlds import run, small_params

from sunward import Simulator
from sunward.core.rows import ROW
from sunward.core.satellite import (
    outage_after,
    permanent_failures,
    safe_mode,
    trip_outcome,
    upset_outcome,
)
from sunward.core.width import LANES

PARAMS = small_params()
HARDWARE, SERVICE = PARAMS.hardware, PARAMS.service
NEVER, ALWAYS = 2.0**24 - 1.0, 0.0


def test_a_hit_takes_one_accelerator_and_it_comes_back():
    hit, events = upset_outcome(ALWAYS, 1.0, 1.0, 1.0, HARDWARE, SERVICE)
    assert (hit, events) == (pytest.approx(71 / 72), 1.0)
    later, events = upset_outcome(NEVER, 1.0, hit, 1.0, HARDWARE, SERVICE)
    assert hit < later < 1.0
    assert events == 0.0


def test_upsets_follow_the_protons_above_a_floor():
    word = 2.0**24 * SERVICE.upset_rate * HARDWARE.accelerators
    assert upset_outcome(word, 0.0, 1.0, 1.0, HARDWARE, SERVICE)[1] == 0.0
    assert upset_outcome(word, 2.0, 1.0, 1.0, HARDWARE, SERVICE)[1] == 1.0
    assert upset_outcome(ALWAYS, 0.0, 1.0, 1.0, HARDWARE, SERVICE)[1] == 1.0


def test_a_failed_pump_loop_and_a_lost_accelerator_stay_lost():
    sure = SERVICE._replace(pump_failure_probability=1.0, failure_probability=0.0)
    assert permanent_failures(0.5, 1.0, 1.0, HARDWARE, sure)[1] == HARDWARE.pump_failure_factor
    healthy = SERVICE._replace(pump_failure_probability=0.0)
    assert permanent_failures(0.5, 0.9, 0.5, HARDWARE, healthy) == (0.9, 0.5)
    sure = healthy._replace(failure_probability=1.0)
    assert permanent_failures(NEVER, 1.0, 1.0, HARDWARE, sure)[0] == pytest.approx(71 / 72)


def test_a_laser_that_drops_out_waits_its_time():
    sure = SERVICE._replace(outage_probability=1.0, outage_steps=3.0)
    assert outage_after(0.0, ALWAYS, sure) == 3.0
    assert outage_after(3.0, ALWAYS, sure) == 2.0
    assert outage_after(0.0, NEVER, SERVICE) == 0.0


def test_unmet_bus_power_means_safe_mode_until_time_and_charge_allow():
    steps, fell = safe_mode(0.0, 1e5, 0.0, HARDWARE, SERVICE)
    assert (steps, fell) == (SERVICE.safe_steps, 1.0)
    assert safe_mode(5.0, 1e5, 0.0, HARDWARE, SERVICE) == (SERVICE.safe_steps, 0.0)
    assert safe_mode(1.0, 0.0, 0.0, HARDWARE, SERVICE) == (1.0, 0.0)
    assert safe_mode(1.0, 0.0, HARDWARE.safe_exit, HARDWARE, SERVICE) == (0.0, 0.0)


def test_a_trip_is_counted_once_and_holds():
    after, fell, hot_s = trip_outcome(0.0, HARDWARE.trip_k + 1.0, HARDWARE, SERVICE)
    assert (after, fell, hot_s) == (1.0, 1.0, SERVICE.substep_s)
    assert trip_outcome(1.0, HARDWARE.recover_k + 1.0, HARDWARE, SERVICE) == (1.0, 0.0, 0.0)
    assert trip_outcome(1.0, HARDWARE.recover_k - 1.0, HARDWARE, SERVICE) == (0.0, 0.0, 0.0)


def test_outages_cut_links_for_both_ends_and_nothing_flows_over_them():
    params = small_params(**{"hardware.links.outage_rate": 0.0})
    sound = run(started(params), 10)
    broken = run(started(small_params(**{"hardware.links.outage_rate": 1e6})), 10)
    links = [s.row(ROW.link + side * LANES) for s in (sound, broken) for side in (0, 1)]
    assert links[0].mean() > 0.9
    assert links[2].max() == 0.0
    assert links[3].max() == 0.0
    # Fore links are worked out by one satellite and copied to the one before it.
    neighbours = params.neighbours
    np.testing.assert_array_equal(links[0][0], links[1][0][neighbours[:, 0]])


def test_hardware_differs_between_satellites_by_what_the_scenario_says():
    simulator = Simulator(PARAMS, 40)
    simulator.reset([(seed, 0) for seed in range(40)])
    for row, deviation in (
        (ROW.array_factor, PARAMS.spread.array),
        (ROW.radiator_factor, PARAMS.spread.radiator),
        (ROW.leak_factor, PARAMS.spread.leak),
    ):
        factors = simulator.row(row)
        assert factors.mean() == pytest.approx(1.0, abs=0.2 * deviation)
        assert factors.std() == pytest.approx(deviation, rel=0.1)


def started(params):
    """Returns one world of a scenario."""
    simulator = Simulator(params, 1)
    simulator.reset([(3, 0)])
    return simulator

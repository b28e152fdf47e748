"""What holds for every gang: its pace, its books, its checkpoints, its places."""

from __future__ import annotations

import numpy as np
import pytest
from tests.training.conftest import STORMY, controls, simulator

from sunward.core.params import N_SLOTS
from sunward.core.rows import ROW
from sunward.core.width import LANES
from sunward.training.books import TERM_INDEX
from sunward.training.controls import N_CONTROLS
from sunward.training.features import in_units


def random_play(worlds, steps, seed=0, low=-1.0):
    """Steps under random controls from `low` to 1; yields after each step."""
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        shape = (worlds.n_envs, worlds.n_sats, N_CONTROLS)
        worlds.step(rng.uniform(low, 1.0, shape).astype(np.float32))
        yield


def test_a_step_brings_forward_what_its_slowest_member_did_times_the_members():
    worlds = simulator(n_envs=4, hours=6.0, **STORMY)
    before, done_before = worlds.metrics(), worlds.satellite_sums("deferrable_done")
    for _ in random_play(worlds, 300):
        now, done = worlds.metrics(), worlds.satellite_sums("deferrable_done")
        goes_on = now["jobs_finished"] == before["jobs_finished"]
        slowest = np.where(worlds.is_member, done - done_before, np.inf).min(axis=1)
        members = worlds.is_member.sum(axis=1)
        most = np.where(members > 0, members * np.where(members > 0, slowest, 0.0), 0.0)
        progress = now["progress_work"] - before["progress_work"]
        np.testing.assert_allclose(progress[goes_on], most[goes_on], rtol=1e-9, atol=1e-6)
        before, done_before = now, done


@pytest.mark.parametrize(
    ("scenario", "upsets"),
    [("training-easy-v0", "4000 1/yr"), ("training-plane-24-v0", "300 1/yr")],
)
def test_the_books_of_work_close_under_random_play(scenario, upsets):
    storm = {**STORMY, "hardware.faults.upset_rate": upsets}
    worlds = simulator(n_envs=8, scenario=scenario, hours=12.0, **storm)
    for _ in random_play(worlds, 700, low=-0.55):
        pass
    now = worlds.metrics()
    assert (now["interruptions"] > 0).any()
    assert (now["checkpoints"] > 0).any()
    assert (now["jobs_finished"] > 0).any()
    kept_or_lost = now["durable_work"] + now["lost_work"] + worlds.gang("unsaved")
    np.testing.assert_allclose(now["progress_work"], kept_or_lost, rtol=1e-9)
    spent = worlds.satellite_sums("deferrable_done").sum(axis=1)
    np.testing.assert_allclose(now["progress_work"] + now["waiting_work"], spent, rtol=1e-9)


def test_the_reward_is_the_sum_of_its_terms_and_the_terms_of_the_gang_are_its_books():
    worlds = simulator(n_envs=3, hours=6.0, **STORMY)
    paid, gained = np.zeros(3), np.zeros(3)
    for _ in random_play(worlds, 360):
        terms = worlds.reward_terms
        np.testing.assert_allclose(worlds.rewards, terms.sum(axis=-1), rtol=1e-5, atol=1e-6)
        paid += terms.sum(axis=(1, 2))
        gained += terms[..., TERM_INDEX["progress"]].sum(axis=1)
        gained += terms[..., TERM_INDEX["lost"]].sum(axis=1)
    now, gang = worlds.metrics(), worlds.params.gang
    net = gang.value_progress * (now["progress_work"] - now["lost_work"]) / gang.capacity_work
    np.testing.assert_allclose(gained, net, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(now["reward"], paid, rtol=1e-9, atol=1e-9)


def test_durable_work_is_that_of_the_finished_jobs_and_of_the_last_checkpoint():
    worlds = simulator(n_envs=8, hours=12.0, **{**STORMY, "hardware.faults.upset_rate": "400 1/yr"})
    finished = np.zeros(8)
    for step in range(700):
        work, before = worlds.gang("work"), worlds.metrics()["jobs_finished"]
        worlds.step(controls(worlds, checkpoint=1.0 if step % 7 == 0 else -1.0))
        finished += work * (worlds.metrics()["jobs_finished"] - before)
        durable = finished + worlds.gang("saved")
        np.testing.assert_allclose(worlds.metrics()["durable_work"], durable, rtol=1e-9)
    assert (finished > 0.0).sum() > 2
    assert (worlds.gang("saved") > 0.0).any()


def test_the_score_is_durable_work_less_wear_and_failures():
    worlds = simulator(n_envs=3, scenario="training-plane-24-v0", hours=8.0)
    for step in range(480):
        worlds.step(controls(worlds, checkpoint=1.0 if step % 10 == 0 else -1.0))
    now, weights, gang = worlds.metrics(), worlds.params.weights, worlds.params.gang
    assert (now["brownouts"] > 0).any()
    assert (now["durable_work"] > 0).any()
    events = (
        weights.wear * now["wear"]
        + weights.brownout * now["brownouts"]
        + weights.trip * now["trips"]
    )
    worth = gang.value_progress * now["durable_work"] / gang.capacity_work - events
    np.testing.assert_allclose(now["value"], worth / (4 * 480), rtol=1e-12)
    np.testing.assert_allclose(
        now["goodput"], now["durable_work"] / (gang.capacity_work * 4 * 480), rtol=1e-12
    )


def test_an_upset_takes_back_exactly_what_was_not_saved_and_creates_nothing():
    worlds = simulator(n_envs=2, hours=6.0, **STORMY)
    n_falls = 0
    for step in range(360):
        before, unsaved = worlds.metrics(), worlds.gang("unsaved")
        worlds.step(controls(worlds, checkpoint=1.0 if step % 20 == 0 else -1.0))
        now = worlds.metrics()
        fell = now["interruptions"] > before["interruptions"]
        lost = now["lost_work"] - before["lost_work"]
        saved = now["durable_work"] - before["durable_work"]
        progress = now["progress_work"] - before["progress_work"]
        np.testing.assert_allclose(
            lost[fell], (unsaved + progress - saved)[fell], rtol=1e-9, atol=1e-6
        )
        assert (worlds.gang("unsaved")[fell] == 0.0).all()
        assert (lost[~fell] == 0.0).all()
        assert (now["durable_work"] >= before["durable_work"]).all()
        n_falls += int(fell.sum())
    assert n_falls > 3


def test_without_checkpoints_only_finished_jobs_are_durable():
    worlds = simulator(n_envs=4, hours=6.0, **STORMY)
    for _ in range(360):
        before = worlds.metrics()
        worlds.step(controls(worlds))
        now = worlds.metrics()
        has_finished = now["jobs_finished"] > before["jobs_finished"]
        assert ((now["durable_work"] > before["durable_work"]) == has_finished).all()
    assert (now["checkpoints"] == 0).all()


def test_a_checkpoint_costs_the_time_of_its_transfer():
    clean = {"hardware.faults.upset_rate": "0 1/yr"}
    saves = simulator(hours=1.0, **clean)
    keeps_on = simulator(hours=1.0, **clean)
    gang = saves.params.gang
    for _ in range(20):
        for worlds in (saves, keeps_on):
            worlds.step(controls(worlds, clock=-0.5))  # too slow to be throttled
    saves.step(controls(saves, clock=-0.5, checkpoint=1.0))
    keeps_on.step(controls(keeps_on, clock=-0.5))
    lost_s = saves.metrics()["paused_time"] - keeps_on.metrics()["paused_time"]
    assert lost_s[0] == pytest.approx(gang.checkpoint_s)
    share = saves.gang("slowest")[0] / keeps_on.gang("slowest")[0]
    assert share == pytest.approx(1.0 - gang.checkpoint_s / gang.step_s, rel=1e-4)
    assert saves.metrics()["checkpoint_energy"][0] == pytest.approx(gang.checkpoint_j)
    # What was saved is the work up to the checkpoint, not what came after it.
    after = saves.gang("unsaved")[0]
    assert after == pytest.approx(saves.gang("slowest")[0] * saves.n_sats)


def test_the_waits_of_a_gang_and_its_work_share_the_steps():
    worlds = simulator(hours=1.0, **{"hardware.faults.upset_rate": "0 1/yr"})
    first = worlds.params.gang.restart_s
    for _ in range(int(first // 60.0)):
        worlds.step(controls(worlds))
        assert worlds.metrics()["progress_work"][0] == 0.0
    worlds.step(controls(worlds))
    assert worlds.metrics()["progress_work"][0] > 0.0
    assert worlds.metrics()["paused_time"][0] == pytest.approx(first)


def test_one_slow_member_sets_the_pace_and_the_others_wait():
    alike, uneven = simulator(hours=1.0), simulator(hours=1.0)
    slow = np.ones((1, 4))
    slow[0, 2] = -1.0
    for _ in range(16):  # while all batteries hold
        alike.step(controls(alike, clock=-1.0))
        uneven.step(controls(uneven, clock=slow))
    assert uneven.metrics()["progress_work"][0] == pytest.approx(
        alike.metrics()["progress_work"][0], rel=0.01
    )
    assert uneven.metrics()["compute_energy"][0] > 1.5 * alike.metrics()["compute_energy"][0]
    assert uneven.metrics()["waiting_work"][0] > uneven.metrics()["progress_work"][0]


def test_members_that_wish_to_leave_do_and_may_come_back_at_the_price_of_a_pause():
    worlds = simulator(hours=1.0, **{"hardware.faults.upset_rate": "0 1/yr"})
    for _ in range(10):
        worlds.step(controls(worlds))
    assert worlds.gang("active")[0] == worlds.gang("size")[0]
    paused = worlds.metrics()["paused_time"][0]
    join = np.ones((1, 4))
    join[0, 1] = -1.0
    worlds.step(controls(worlds, join=join))
    assert not worlds.is_member[0, 1]
    assert worlds.metrics()["paused_time"][0] - paused == worlds.params.gang.regroup_s
    worlds.step(controls(worlds, join=0.0))  # no wish: all stay as they are
    assert not worlds.is_member[0, 1]
    assert worlds.gang("active")[0] == 3
    worlds.step(controls(worlds))
    assert worlds.is_member[0].all() or worlds.gang("active")[0] == worlds.gang("size")[0]
    assert worlds.metrics()["regroupings"][0] == 2
    assert worlds.metrics()["paused_time"][0] - paused == 2 * worlds.params.gang.regroup_s


def test_a_job_takes_no_more_members_than_it_has_places_and_those_who_wish_most_first():
    worlds = simulator(n_envs=8, hours=1.0)
    size = worlds.gang("size").astype(int)
    assert len(set(size.tolist())) > 1
    join = np.tile([0.6, 0.9, 0.7, 0.8], (8, 1))
    worlds.step(controls(worlds, join=join))
    order = [1, 3, 2, 0]
    for env in range(8):
        assert set(np.flatnonzero(worlds.is_member[env])) == set(order[: size[env]])


def test_a_satellite_in_safe_mode_or_tripped_or_lost_is_no_member():
    worlds = simulator(scenario="training-plane-24-v0", n_envs=2, hours=6.0)
    fell = 0
    for _ in range(360):
        worlds.step(controls(worlds))
        down = (worlds.row(ROW.safe_steps) > 0) | (worlds.row(ROW.tripped) > 0)
        fell += int(down.sum())
        was_down = down
        worlds.step(controls(worlds))
        still = was_down & ((worlds.row(ROW.safe_steps) > 0) | (worlds.row(ROW.tripped) > 0))
        assert not (worlds.is_member & still).any()
        if fell > 20:
            break
    assert fell > 0
    worlds.lose(0, [0])
    worlds.step(controls(worlds))
    assert not worlds.is_member[0, 0]


def test_a_gang_that_everybody_leaves_loses_what_it_did_not_save():
    worlds = simulator(hours=2.0, **{"hardware.faults.upset_rate": "0 1/yr"})
    for step in range(40):
        worlds.step(controls(worlds, checkpoint=1.0 if step == 20 else -1.0))
    saved, unsaved = worlds.gang("saved")[0], worlds.gang("unsaved")[0]
    assert min(saved, unsaved) > 0.0
    worlds.step(controls(worlds, join=-1.0))
    assert worlds.metrics()["lost_work"][0] == unsaved
    assert worlds.gang("saved")[0] == saved
    lost = worlds.reward_terms[0, :, TERM_INDEX["lost"]]
    assert lost.sum() == pytest.approx(-unsaved / worlds.params.gang.capacity_work)
    worlds.step(controls(worlds, join=-1.0))
    assert worlds.metrics()["interruptions"][0] == 1  # an empty gang has nothing more to lose


def test_an_interruption_needs_a_member():
    worlds = simulator(n_envs=4, hours=4.0, **STORMY)
    for _ in range(240):
        worlds.step(controls(worlds, join=-1.0))
    assert (worlds.metrics()["upsets"] > 0).any()
    assert (worlds.metrics()["interruptions"] == 0).all()
    assert (worlds.metrics()["progress_work"] == 0).all()


def test_lost_accelerators_make_a_member_the_slowest():
    worlds = simulator(hours=2.0, **STORMY)
    seen = 0
    for _ in range(120):
        available = worlds.row(ROW.available)[0].copy()
        worlds.step(controls(worlds, clock=-0.5))
        if worlds.gang("active")[0] > 1 and available.min() < 0.97 and worlds.gang("slowest")[0]:
            members = np.flatnonzero(worlds.is_member[0])
            lead = in_units(worlds.observations[0], "lead")[members]
            if len(members) and available[members].min() < available[members].max() - 0.02:
                assert lead[np.argmin(available[members])] == pytest.approx(0.0, abs=1e-6)
                seen += 1
    assert seen > 0


def test_the_queue_holds_the_gang_s_work_and_nothing_else():
    worlds = simulator(n_envs=2, hours=1.0)
    for _ in random_play(worlds, 60):
        assert (worlds.satellite_sums("deferrable_arrived") == 0.0).all()
        assert (worlds.satellite_sums("deferrable_missed") == 0.0).all()
        queues = [worlds.row(ROW.queue + slot * LANES) for slot in range(N_SLOTS)]
        assert (np.sum(queues, axis=0)[~worlds.is_member] == 0.0).all()
        assert all((queue == 0.0).all() for slot, queue in enumerate(queues) if slot > 0)

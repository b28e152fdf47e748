"""The gang's rules: scalar functions, and the two passes over worlds that apply them.

A step is decided before the satellites take it (`decide_gangs`: who belongs to the gang, whether it
saves, how much of the step it computes) and settled after it (`settle_gangs`: the slowest member
sets the pace, an upset takes back what was not saved, a finished job makes way for the next).
Functions, columns and passes share this file, since compiled code is kept by the file of the pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.core.compilation import entry, kernel
from sunward.core.reset import uniforms
from sunward.physics.radiation import upset_rate_per_s
from sunward.physics.scalar import scalar

#: Philox stream of the jobs; 0 to 4 are the simulator's, 16 to 18 the build-out's.
STREAM_JOBS = 32
#: How far a wish to join or leave must go.
JOIN_ABOVE, LEAVE_BELOW = 0.0, -0.5
SECONDS_PER_HOUR = 3600.0


class GangColumns(NamedTuple):
    """Columns of a world's gang (n_envs, N), float64: what it is about."""

    job: int = 0  # number of the job, from 0
    size: int = 1  # satellites that the job can use
    work: int = 2  # GPU-s of the whole job
    saved: int = 3  # GPU-s of it that no upset can take
    unsaved: int = 4  # GPU-s done since
    saving: int = 5  # GPU-s of these that a checkpoint under way holds
    pause_s: int = 6  # still to wait before the gang computes
    since_save_s: int = 7  # since the last checkpoint was asked for, or the job began
    active: int = 8  # members in the last step
    slowest: int = 9  # GPU-s of the slowest of them in it
    hazard_per_h: int = 10  # upsets that hit some member, at the flux of now


GANG = GangColumns()


class SumColumns(NamedTuple):
    """Columns of a world's sums."""

    durable_work: int = 0
    progress_work: int = 1
    lost_work: int = 2
    waiting_work: int = 3
    jobs_finished: int = 4
    checkpoints: int = 5
    checkpoint_energy: int = 6
    interruptions: int = 7
    regroupings: int = 8
    paused_time: int = 9
    member_steps: int = 10


SUM = SumColumns()


@scalar
def stays(wish, is_up):
    """Returns whether a member stays in the gang: it works, and does not wish to leave."""
    return is_up and wish >= LEAVE_BELOW


@scalar
def applies(wish, is_up, is_member):
    """Returns whether a satellite outside the gang asks for a place in it."""
    return is_up and not is_member and wish > JOIN_ABOVE


@scalar
def gang_saves(mean_wish, unsaved, saving, pause_s):
    """Returns whether a checkpoint begins: most wish for it, and the gang has work to save.

    A gang that waits for something does not begin one: its state is under way already.
    """
    return mean_wish > 0.0 and unsaved > saving and pause_s <= 0.0


@scalar
def compute_share_of(pause_s, step_s):
    """Returns the share of a step that is left for computing."""
    return 1.0 - min(pause_s, step_s) / step_s


@scalar
def common_work(slowest_work, n_active, work_left):
    """Returns the GPU-s that a gang gets done: each member as much as the slowest, to the end."""
    return min(n_active * slowest_work, work_left)


@scalar
def quantile(uniform, low, high, low_value, high_value):
    """Returns the value at `uniform` on a straight line between two quantiles."""
    return low_value + (high_value - low_value) * (uniform - low) / (high - low)


@kernel
def drawn_duration_s(uniform, probability, duration_s):
    """Returns a job's duration from its class's quantiles."""
    last = 1
    while uniform > probability[last]:
        last += 1
    return quantile(
        uniform, probability[last - 1], probability[last], duration_s[last - 1], duration_s[last]
    )


@kernel
def begin_job(state, number, key, gang, cumulative, members, probability, duration_s):
    """Writes job `number` of a world: a pure function of its key and number."""
    kind_word, length_word, _, _ = uniforms(number, 0, STREAM_JOBS, key)
    kind = 0
    while kind_word >= cumulative[kind]:
        kind += 1
    full_s = drawn_duration_s(length_word, probability, duration_s[kind])
    state[GANG.job] = number
    state[GANG.size] = members[kind]
    state[GANG.work] = members[kind] * gang.accelerators * full_s
    state[GANG.saved] = 0.0
    state[GANG.unsaved] = 0.0
    state[GANG.saving] = 0.0
    state[GANG.since_save_s] = 0.0
    state[GANG.pause_s] = gang.restart_s


@kernel
def best_applicant(wishes, is_up, is_member):
    """Returns the satellite that most wishes to join, the first of equals; -1 where none does."""
    best = -1
    for sat in range(wishes.shape[0]):
        if applies(wishes[sat], is_up[sat], is_member[sat]) and (
            best < 0 or wishes[sat] > wishes[best]
        ):
            best = sat
    return best


@kernel
def regroup(state, wishes, is_up, is_member):
    """Lets members leave and others take the places; returns whether anything changed."""
    changed = False
    count = 0
    for sat in range(wishes.shape[0]):
        if is_member[sat] and not stays(wishes[sat], is_up[sat]):
            is_member[sat] = False
            changed = True
        count += is_member[sat]
    while count < state[GANG.size]:
        best = best_applicant(wishes, is_up, is_member)
        if best < 0:
            break
        is_member[best] = True
        changed = True
        count += 1
    return changed


@kernel
def mean_wish(wishes, is_member):
    """Returns the members' mean wish, -1 where there are none."""
    total, count = 0.0, 0
    for sat in range(wishes.shape[0]):
        if is_member[sat]:
            total += wishes[sat]
            count += 1
    return total / count if count > 0 else -1.0


@kernel
def decide_gang(state, sums, is_member, joins, saves, is_up, gang):
    """Regroups and begins a checkpoint; returns the share of the step that is computed."""
    if regroup(state, joins, is_up, is_member):
        # In a pause there is nothing to interrupt: the longer of the two waits covers both.
        sums[SUM.regroupings] += 1.0 if state[GANG.pause_s] < gang.regroup_s else 0.0
        state[GANG.pause_s] = max(state[GANG.pause_s], gang.regroup_s)
    wish = mean_wish(saves, is_member)
    if gang_saves(wish, state[GANG.unsaved], state[GANG.saving], state[GANG.pause_s]):
        state[GANG.saving] = state[GANG.unsaved]
        state[GANG.since_save_s] = 0.0
        state[GANG.pause_s] = gang.checkpoint_s
    share = compute_share_of(state[GANG.pause_s], gang.step_s)
    sums[SUM.paused_time] += gang.step_s * (1.0 - share)
    state[GANG.pause_s] = max(state[GANG.pause_s] - gang.step_s, 0.0)
    return share


@kernel
def keep(state, sums, amount):
    """Moves work from unsaved to saved."""
    state[GANG.saved] += amount
    state[GANG.unsaved] -= amount
    sums[SUM.durable_work] += amount


@kernel
def end_checkpoint(state, sums, gang):
    """Keeps what a checkpoint holds once its transfer is over."""
    if state[GANG.saving] > 0.0 and state[GANG.pause_s] <= 0.0:
        keep(state, sums, state[GANG.saving])
        state[GANG.saving] = 0.0
        sums[SUM.checkpoints] += 1.0
        sums[SUM.checkpoint_energy] += gang.checkpoint_j


@kernel
def advance(state, sums, is_member, done):
    """Writes the step's common work; returns it, and whether it ends the job."""
    n_active, total, slowest = 0, 0.0, np.inf
    for sat in range(done.shape[0]):
        if is_member[sat]:
            n_active += 1
            total += done[sat]
            slowest = min(slowest, done[sat])
    if n_active == 0:
        slowest = 0.0
    left = state[GANG.work] - state[GANG.saved] - state[GANG.unsaved]
    progress = common_work(slowest, n_active, left)
    state[GANG.active] = n_active
    state[GANG.slowest] = slowest
    state[GANG.unsaved] += progress
    sums[SUM.progress_work] += progress
    sums[SUM.waiting_work] += total - progress
    sums[SUM.member_steps] += n_active
    return progress, progress >= left


@kernel
def is_interrupted(state, is_member, is_hit):
    """Returns whether unsaved work is gone: a member was hit, or nobody is left to hold it."""
    if state[GANG.active] == 0.0:
        return state[GANG.unsaved] > 0.0
    hits = 0
    for sat in range(is_member.shape[0]):
        hits += is_member[sat] and is_hit[sat]
    return hits > 0


@kernel
def fall_back(state, sums, gang):
    """Takes the gang back to its last checkpoint; returns what was lost."""
    lost = state[GANG.unsaved]
    state[GANG.unsaved] = 0.0
    state[GANG.saving] = 0.0
    state[GANG.since_save_s] = 0.0
    state[GANG.pause_s] = gang.restart_s
    sums[SUM.lost_work] += lost
    sums[SUM.interruptions] += 1.0
    return lost


@kernel
def hazard_per_h(is_member, available, flux, gang):
    """Returns the upsets an hour that hit some member, at the flux that its place has now."""
    rate = 0.0
    for sat in range(flux.shape[0]):
        if is_member[sat]:
            one = upset_rate_per_s(flux[sat], gang.upset_rate, 1.0, gang.upset_floor)
            rate += one * available[sat] * gang.accelerators
    return rate * SECONDS_PER_HOUR


@kernel
def pay(terms, is_member, n_active, progress, lost, gang):
    """Writes what the gang's step is worth to each satellite: a member's share, and the team's.

    What a gang that all have left loses is everybody's loss.
    """
    n_sats = terms.shape[0]
    own = (1.0 - gang.team_share) / max(n_active, 1)
    team = (gang.team_share if n_active > 0 else 1.0) / n_sats
    for sat in range(n_sats):
        share = gang.value_progress / gang.capacity_work * (team + own * is_member[sat])
        terms[sat, 0] = share * progress
        terms[sat, 1] = -share * lost


@entry
def begin_gangs(
    states, sums, keys, starting, number, gang, cumulative, members, probability, duration_s
):
    """Starts the gangs of the worlds that `starting` (n_envs,) bool marks, with job `number`."""
    for env in range(starting.shape[0]):
        if starting[env]:
            states[env, :] = 0.0
            sums[env, :] = 0.0
            begin_job(
                states[env], number, keys[env], gang, cumulative, members, probability, duration_s
            )


@entry
def decide_gangs(states, sums, is_member, joins, saves, is_up, shares, gang):
    """Decides a step of every gang.

    Args:
        states, sums: (n_envs, len(GANG)), (n_envs, N_SUMS).
        is_member, is_up: bool (n_envs, n_sats); the first is rewritten.
        joins, saves: wishes in [-1, 1], (n_envs, n_sats).
        shares: (n_envs, n_sats) of the step that each satellite works for the gang; written.
        gang: The `Gang`.
    """
    for env in range(states.shape[0]):
        share = decide_gang(
            states[env], sums[env], is_member[env], joins[env], saves[env], is_up[env], gang
        )
        for sat in range(is_member.shape[1]):
            shares[env, sat] = share if is_member[env, sat] else 0.0


@entry
def settle_gangs(
    states,
    sums,
    is_member,
    done,
    is_hit,
    available,
    flux,
    terms,
    keys,
    gang,
    cumulative,
    members,
    probability,
    duration_s,
):
    """Settles a step of every gang.

    Args:
        states, sums: (n_envs, len(GANG)), (n_envs, N_SUMS).
        is_member, is_hit: bool (n_envs, n_sats): hit by an upset, a trip or a brown-out.
        done: GPU-s of each satellite in the step.
        available, flux: share of its accelerators, proton flux over the mean, for what comes next.
        terms: (n_envs, n_sats, 2) worth of progress and loss to each satellite; written.
        keys: Philox keys (n_envs, 2).
        gang, cumulative, members, probability, duration_s: the `Gang` and the `JobTable`.
    """
    for env in range(states.shape[0]):
        state, total = states[env], sums[env]
        progress, is_finished = advance(state, total, is_member[env], done[env])
        state[GANG.since_save_s] += gang.step_s
        end_checkpoint(state, total, gang)
        lost = 0.0
        if is_finished:
            keep(state, total, state[GANG.unsaved])
            total[SUM.jobs_finished] += 1.0
        elif is_interrupted(state, is_member[env], is_hit[env]):
            lost = fall_back(state, total, gang)
        pay(terms[env], is_member[env], state[GANG.active], progress, lost, gang)
        if is_finished:
            is_member[env, :] = False
            number = np.int64(state[GANG.job]) + 1
            begin_job(state, number, keys[env], gang, cumulative, members, probability, duration_s)
        state[GANG.hazard_per_h] = hazard_per_h(is_member[env], available[env], flux[env], gang)

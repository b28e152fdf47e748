"""Which kernels a call launches, in which order, on what."""

from __future__ import annotations

import numpy as np

from sunward.gpu import kernels
from sunward.gpu.replay import THREADS, Launch
from sunward.gpu.state import State
from sunward.gpu.tables import Tables


def starting(state: State, tables: Tables) -> list[Launch]:
    """Returns what starts the worlds that `state.starting` marks, and shows all."""
    return [
        Launch(
            kernels.start_worlds,
            _blocks(len(state.steps)),
            (
                state.worlds,
                state.keys,
                state.steps,
                state.starting,
                tables.epoch,
                len(tables.trace),
            ),
        ),
        Launch(
            kernels.start_satellites,
            _blocks(state.work.shape[1]),
            (
                state.work,
                state.ints,
                state.books,
                state.worlds,
                state.keys,
                state.starting,
                tables.orbits,
                tables.hardware,
                tables.service,
                tables.spread,
            ),
        ),
        Launch(kernels.show_worlds, _blocks(len(state.steps)), _sky(state, tables)),
        Launch(
            kernels.draw_demand,
            _blocks(len(state.records)),
            (*_demand(state, tables), tables.service),
        ),
        *_showing(state, tables),
    ]


def stepping(state: State, tables: Tables, team_share: float) -> list[Launch]:
    """Returns what takes all worlds through a step by `state.actions`, and shows them.

    Args:
        team_share: How far rewards are drawn towards the mean of a world, 0 to 1.
    """
    n_satellites = _blocks(state.work.shape[1])
    n_worlds, n_sites = _blocks(len(state.steps)), _blocks(len(state.records))
    return [
        Launch(
            kernels.decide_and_show_worlds,
            n_worlds + n_satellites,
            (
                state.work,
                tables.neighbours,
                state.actions,
                tables.deadline_share,
                tables.hardware,
                tables.service,
                *_sky(state, tables),
                n_worlds * THREADS,
            ),
        ),
        Launch(
            kernels.advance_and_draw_demand,
            n_sites + n_satellites,
            (
                state.work,
                state.ints,
                state.books,
                tables.neighbours,
                tables.hardware,
                tables.service,
                tables.weights,
                *_demand(state, tables),
                n_sites * THREADS,
            ),
        ),
        *_paying(state, tables, np.float32(team_share)),
        *_showing(state, tables),
    ]


def _paying(state: State, tables: Tables, team_share: np.float32) -> list[Launch]:
    n_satellites = _blocks(state.work.shape[1])
    is_shared = bool(team_share > 0)
    pay = Launch(
        kernels.pay, n_satellites, (state.work, tables.neighbours, state.books, not is_shared)
    )
    share = [
        Launch(kernels.mean_rewards, len(state.steps), (state.work, state.means), kernels.ADDERS),
        Launch(
            kernels.mix_rewards, n_satellites, (state.work, state.means, team_share, state.books)
        ),
    ]
    return [pay, *share] if is_shared else [pay]


def _showing(state: State, tables: Tables) -> list[Launch]:
    n_satellites = _blocks(state.work.shape[1])
    return [
        Launch(
            kernels.place,
            n_satellites,
            (
                state.work,
                state.ints,
                state.skies,
                state.records,
                state.steps,
                tables.hardware,
                tables.service,
                tables.layout,
            ),
        ),
        Launch(kernels.find_links, n_satellites, (state.work, tables.neighbours, tables.service)),
        Launch(
            kernels.describe,
            n_satellites,
            (state.work, tables.neighbours, tables.hardware, tables.service, tables.scaling),
        ),
        Launch(kernels.look_round, n_satellites, (state.work, tables.neighbours)),
    ]


def _sky(state: State, tables: Tables) -> tuple:
    return (
        state.skies,
        state.hours,
        state.worlds,
        state.steps,
        tables.trace,
        tables.layout,
    )


def _demand(state: State, tables: Tables) -> tuple:
    return (
        state.records,
        tables.sites,
        state.knots,
        state.hours,
        state.keys,
        state.steps,
        tables.layout,
    )


def _blocks(n_threads: int) -> int:
    """Returns how many blocks make at least so many threads."""
    return -(-n_threads // THREADS)

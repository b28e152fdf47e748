"""What one satellite gives and costs in each month after its launch, whatever else is done.

A cohort is what is launched in one month into one shell with one design, to be kept for one life.
Everything of it but the price of its work is known beforehand, as work and costs are proportional
to the number of satellites.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sunward.buildout.company import Company
from sunward.buildout.params import N_MARKETS, Params
from sunward_agents.buildout.future import Future


class Group(NamedTuple):
    """Cohorts that are kept alike and do alike."""

    kept_months: int  # they are taken down at this age
    performance: np.ndarray  # (H, D) of what is launched in each month
    is_in_hand: bool = False  # launched from what is in store or on order already


class Cohorts(NamedTuple):
    """One satellite launched in month t, as it is in month u; P pairs, G groups; H months.

    A share of it that a failed launch or age has destroyed is left out.
    """

    gpu_h: np.ndarray  # (H, G * P, H, N_MARKETS) by t, then u
    paid_usd: np.ndarray  # (H, G * P, H) operations, and removal of the dead
    worth: np.ndarray  # (H, G * P) after the last month, over that of a new satellite


def cohorts(params: Params, future: Future, groups: Sequence[Group]) -> Cohorts:
    """Returns what a satellite of every month, group and pair gives and costs."""
    each = [_of_group(params, future, group) for group in groups]
    return Cohorts(*(np.concatenate(parts, axis=1) for parts in zip(*each, strict=True)))


def _of_group(params: Params, future: Future, group: Group) -> tuple[np.ndarray, ...]:
    """Returns the fields of `Cohorts` of one group."""
    months = np.arange(future.n_months)
    age = months[None, :] - months[:, None]  # (t, u)
    held = np.clip(age, 0, params.n_ages - 1)
    is_there = (age >= 0) & (age < group.kept_months)
    arrives = 1.0 - future.lost_share
    alive = survival(params)[held] * is_there * arrives[:, None]
    gpu_h = params.gpu_h[future.months % 12, :, :, :, held]  # (t, u, N_MARKETS, S, D)
    gpu_h = gpu_h * group.performance[:, None, None, None, :] * alive[:, :, None, None, None]
    gpu_h = gpu_h.reshape(*age.shape, N_MARKETS, params.n_pairs).transpose(0, 3, 1, 2)
    paid_usd = _paid_usd(params)[:, held].transpose(1, 0, 2)  # (t, P, u)
    paid_usd = paid_usd * (is_there * arrives[:, None])[:, None, :]
    worth = params.worth[held[:, -1]] * alive[:, -1]
    return gpu_h, paid_usd, np.repeat(worth[:, None], params.n_pairs, axis=1)


def survival(params: Params) -> np.ndarray:
    """Returns the share of arrived satellites that are alive after the month of each age, (A,)."""
    return np.cumprod(1.0 - params.loss_rate)


def _paid_usd(params: Params) -> np.ndarray:
    """Returns operations and removal in the month of each age of one that arrived, (P, A)."""
    alive = survival(params)
    dies = np.append(1.0, alive[:-1]) * params.loss_rate
    operations = np.tile(params.operations_usd, params.n_shells)
    return operations[:, None] * alive + params.removal_usd.reshape(-1)[:, None] * dies


class Fleet(NamedTuple):
    """What is in orbit now, kept to the last age, month by month; H months."""

    gpu_h: np.ndarray  # (H, N_MARKETS)
    paid_usd: np.ndarray  # (H,) operations
    worth: np.ndarray  # (H, D) in new satellites


def fleet_of(params: Params, company: Company, env: int, future: Future) -> Fleet:
    """Returns what the satellites of company `env` do and cost in the months that are left."""
    sats, skill = company.sats[env], company.skill[env]
    gpu_h, paid_usd, worth = [], [], []
    for month in future.months % 12:
        sats, skill = _older(params, sats), _older(params, skill)
        gpu_h.append(np.einsum("sda,msda->m", skill, params.gpu_h[month]))
        paid_usd.append(sats.sum(axis=(0, 2)) @ params.operations_usd)
        worth.append((sats @ params.worth).sum(axis=0))
    return Fleet(np.array(gpu_h), np.array(paid_usd), np.array(worth))


def _older(params: Params, fleet: np.ndarray) -> np.ndarray:
    """Returns a fleet (S, D, A) a month later; nothing outlives the last age."""
    older = np.zeros_like(fleet)
    older[..., 1:-1] = fleet[..., :-2] * (1.0 - params.loss_rate[1:-1])
    return older

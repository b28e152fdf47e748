"""The one stateful class of the build-out: a batch of companies, a month a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sunward.buildout import model
from sunward.buildout.books import DOLLARS_PER_REWARD, METRICS, N_TERMS, SUM_INDEX, Account
from sunward.buildout.company import new_company
from sunward.buildout.features import FeatureTable
from sunward.buildout.levers import LEVELS, LeverTable
from sunward.buildout.month import Conditions, by_design, debt_limit_usd, play_month
from sunward.buildout.outlook import draw_outlook
from sunward.buildout.params import Params
from sunward.core.batch import check_state, chosen_worlds, world_keys


class BuildoutSimulator:
    """Plays `n_envs` independent worlds; results are attributes that the next call overwrites.

    observations: float32 (n_envs, len(features)), in [-1, 1]
    rewards: float64 (n_envs,), billions of the first month's dollars
    terms: float64 (n_envs, N_TERMS), which add up to the reward
    terminated: bool (n_envs,), the company is insolvent or the last month is over

    Args:
        params: The scenario.
        n_envs: Worlds, at least 1.
    """

    def __init__(self, params: Params, n_envs: int) -> None:
        if n_envs < 1:
            raise ValueError(f"n_envs is {n_envs}, expected at least 1: the number of worlds")
        self.params = params
        self.n_envs = n_envs
        self.episode_steps = params.months
        self.levers = LeverTable(params)
        self.features = FeatureTable(params)
        self.company = new_company(params, n_envs)
        self.account = Account(n_envs)
        self._keys = np.zeros((n_envs, 2), np.uint64)
        self.outlook = draw_outlook(params, self._keys)
        self.observations = np.zeros((n_envs, len(self.features)), np.float32)
        self.rewards = np.zeros(n_envs)
        self.terms = np.zeros((n_envs, N_TERMS))
        self.terminated = np.zeros(n_envs, np.bool_)

    def reset(
        self,
        seeds: Sequence[tuple[int, int]],
        *,
        envs: Sequence[int] | np.ndarray | None = None,
        split: str = "train",
    ) -> None:
        """Starts worlds anew.

        Args:
            seeds: One (seed, episode) a world to start; with scenario and split it names the world.
            envs: Indices of the worlds to start; all where None.
            split: Namespace of worlds: those of one split never appear in another.
        """
        chosen = chosen_worlds(envs, self.n_envs)
        self._keys[chosen] = world_keys(seeds, len(chosen), split)
        started = draw_outlook(self.params, self._keys[chosen])
        for kept, new in zip(self.outlook, started, strict=True):
            kept[:, chosen] = new
        self.company.start(chosen, self.params.scenario.finance.cash_usd)
        for results in (self.account.sums, self.rewards, self.terms):
            results[chosen] = 0.0
        self.terminated[chosen] = False
        self._observe()

    def step(self, actions: np.ndarray) -> None:
        """Plays a month in every world.

        Args:
            actions: (n_envs, len(levers)) in [-1, 1]; beyond is clipped.
        """
        expected = (self.n_envs, len(self.levers))
        if actions.shape != expected:
            raise ValueError(
                f"actions have shape {actions.shape}, expected {expected}: one row a world, one "
                "column a lever"
            )
        # A world past its end is played on, with nothing to come, until it is started anew.
        month = np.minimum(self.company.month, self.params.months)
        now = self._conditions(month)
        decided = self.levers.decisions(actions)
        dollars = play_month(self.params, self.company, self.account, now, decided)
        worth = model.discount(self.params.scenario.finance.discount_rate_per_month, month)
        self.terms = dollars * (worth / DOLLARS_PER_REWARD)[:, None]
        self.rewards = self.terms.sum(axis=1)
        self.terminated = self.company.is_insolvent | (self.company.month >= self.params.months)
        self._observe()

    def _conditions(self, month: np.ndarray) -> Conditions:
        worlds = np.arange(self.n_envs)
        return Conditions(
            *(getattr(self.outlook, name)[month, worlds] for name in Conditions._fields)
        )

    def _observe(self) -> None:
        self.observations = self.features.observations(self.company, self.outlook)

    def discrete_masks(self) -> np.ndarray:
        """Returns which discrete choices make a difference, bool (n_envs, sum of choices).

        Holding back and ordering nothing always do; a pair does while its design is in store or
        arrives this month, orders while there is cash, debt while somebody lends.
        """
        company, shape = self.company, self.levers.shape
        at_hand = company.store + company.on_order[:, 0] > 0.0
        pairs = np.broadcast_to(at_hand[:, None, :], (self.n_envs, *shape))
        can_pay = company.cash_usd > 0.0
        can_borrow = debt_limit_usd(self.params, company) + company.debt_usd > 0.0
        flies = company.sats.sum(axis=(1, 2, 3)) > 0.0
        first = [pairs.reshape(self.n_envs, -1), np.ones((self.n_envs, 1), np.bool_)]
        rest = [can_pay] * shape[1] + [can_borrow, flies]
        for allowed in rest:
            levels = np.ones((self.n_envs, len(LEVELS)), np.bool_)
            levels[:, 1:] = allowed[:, None]
            first.append(levels)
        return np.concatenate(first, axis=1)

    def metrics(self) -> dict[str, np.ndarray]:
        """Returns the metrics of the episode so far, each float64 (n_envs,)."""
        company, account = self.company, self.account
        billions = {
            name: account[f"{name}_usd"] / 1e9
            for name in ("revenue", "orders", "launches", "operations", "interest", "removal")
        }
        sold = account["discounted_gpu_h"]
        per_gpu_h = np.divide(1.0, sold, out=np.zeros_like(sold), where=sold > 0.0)
        own = {
            "value": account["net_usd"] / DOLLARS_PER_REWARD,
            "power_gw": by_design(company, self.params.power_w) / 1e9,
            "peak_power_gw": account["peak_power_w"] / 1e9,
            "launched_t": account["launched_kg"] / 1e3,
            "retired_t": account["retired_kg"] / 1e3,
            "cost_per_gpu_h": account["discounted_cost_usd"] * per_gpu_h,
            "terrestrial_per_gpu_h": account["discounted_terrestrial_usd"] * per_gpu_h,
            "in_orbit": company.sats.sum(axis=(1, 2, 3)),
            "on_ground": company.store.sum(axis=1) + company.on_order.sum(axis=(1, 2)),
            "cash": company.cash_usd / 1e9,
            "debt": company.debt_usd / 1e9,
            "peak_debt": account["peak_debt_usd"] / 1e9,
            "insolvent": company.is_insolvent.astype(float),
        }
        same = {metric.name: account[metric.name] for metric in METRICS if metric.name in SUM_INDEX}
        found = same | billions | own
        return {metric.name: found[metric.name].copy() for metric in METRICS}

    def get_state(self) -> dict[str, Any]:
        """Returns a copy of everything that `set_state` needs to go on exactly from here."""
        arrays = self.company.arrays() | self._arrays()
        return {name: values.copy() for name, values in arrays.items()}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes back to a state of a simulator of the same scenario and number of worlds."""
        kept = self.company.arrays() | self._arrays()
        check_state(state, kept)
        for name, array in kept.items():
            array[...] = state[name]
        self.outlook = draw_outlook(self.params, self._keys)

    def _arrays(self) -> dict[str, np.ndarray]:
        return {
            "sums": self.account.sums,
            "keys": self._keys,
            "observations": self.observations,
            "rewards": self.rewards,
            "terms": self.terms,
            "terminated": self.terminated,
        }

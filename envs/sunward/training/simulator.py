"""The satellites of `sunward.core`, unchanged, under gangs: the work of each world is one job's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sunward.core.reward import TERM_INDEX as SATELLITE_TERM_INDEX
from sunward.core.rows import KEPT_START, ROW
from sunward.core.score import value
from sunward.core.simulator import Simulator
from sunward.core.width import LANES
from sunward.training.books import (
    KEPT,
    METRICS,
    N_SUMS,
    N_TERMS,
    SUMS,
    TERM_INDEX,
    scored,
)
from sunward.training.controls import INDEX as CONTROL_INDEX
from sunward.training.controls import N_CONTROLS, choice_masks, satellite_actions
from sunward.training.features import N_FEATURES, observe
from sunward.training.gang import GANG, begin_gangs, decide_gangs, settle_gangs
from sunward.training.params import TrainingParams

#: Steps of full work that wait at a member: more than a step can take.
OFFERED_STEPS = 2.0
#: Terms of the simulator's own reward that each satellite pays by itself.
_OWN_TERMS = ("wear", "brownout", "trip")


class GangSimulator(Simulator):
    """Steps `n_envs` independent worlds of a gang; results are those of `Simulator`, but for two.

    observations: float32 (n_envs, n_sats, N_FEATURES), in [-1, 1]
    rewards: float32 (n_envs, n_sats), the sum of `reward_terms`

    Each satellite's deferrable queue holds the gang's work while it is a member, and nothing else;
    orbit, power, heat and faults are the simulator's own.

    Args:
        params: The scenario, from `build_training`.
        n_envs, n_threads, dtype: As for `Simulator`.
    """

    params: TrainingParams

    def _allocate(self) -> None:
        super()._allocate()
        shape = (self.n_envs, self.n_sats)
        self.observations = np.zeros((*shape, N_FEATURES), np.float32)
        self.rewards = np.zeros(shape, np.float32)
        self.is_member = np.zeros(shape, np.bool_)
        self._states = np.zeros((self.n_envs, len(GANG)))
        self._sums = np.zeros((self.n_envs, N_SUMS))
        self._done = np.zeros(shape)
        self._terms = np.zeros((*shape, N_TERMS))
        self._gang_terms = np.zeros((*shape, 2))
        self._shares = np.zeros(shape)
        self._earned = np.zeros(self.n_envs)

    def reset(
        self,
        seeds: Sequence[tuple[int, int]],
        *,
        envs: Sequence[int] | np.ndarray | None = None,
        split: str = "train",
    ) -> None:
        super().reset(seeds, envs=envs, split=split)
        starting = np.zeros(self.n_envs, np.bool_)
        starting[slice(None) if envs is None else np.asarray(envs, np.int64)] = True
        for results in (self.rewards, self.is_member, self._done, self._terms, self._earned):
            results[starting] = 0
        gang, jobs = self.params.gang, self.params.jobs
        begin_gangs(self._states, self._sums, self._keys, starting, 0, gang, *jobs)
        self._observe()

    def step(self, actions: np.ndarray) -> None:
        """Takes every world through one control step.

        Args:
            actions: float32 (n_envs, n_sats, N_CONTROLS) in [-1, 1]; beyond is clipped.
        """
        expected = (self.n_envs, self.n_sats, N_CONTROLS)
        if actions.shape != expected:
            raise ValueError(
                f"actions have shape {actions.shape}, expected {expected}: one row per world, "
                "one column per satellite, one number per control"
            )
        controls = np.clip(actions, -1.0, 1.0)
        self._decide(controls)
        self._offer_work()
        done, upsets = self.satellite_sums("deferrable_done"), self.satellite_sums("upsets")
        super().step(satellite_actions(controls, self._shares))
        self._done[:] = self.satellite_sums("deferrable_done") - done
        self._settle(self.satellite_sums("upsets") > upsets)
        self._pay()
        self._observe()

    def _decide(self, controls: np.ndarray) -> None:
        joins, saves = (
            np.ascontiguousarray(controls[..., CONTROL_INDEX[name]], np.float64)
            for name in ("join", "checkpoint")
        )
        decide_gangs(
            self._states,
            self._sums,
            self.is_member,
            joins,
            saves,
            self._is_up(),
            self._shares,
            self.params.gang,
        )

    def _is_up(self) -> np.ndarray:
        """Returns which satellites can compute at all, bool (n_envs, n_sats)."""
        return self.alive & (self.row(ROW.tripped) <= 0.0) & (self.row(ROW.safe_steps) <= 0.0)

    def _offer_work(self) -> None:
        """Fills the members' queues, and empties all others.

        One slot is enough, the most urgent: nothing arrives, so the others stay empty.
        """
        offered = self.is_member * (OFFERED_STEPS * self.params.gang.capacity_work)
        self._write_row(ROW.queue, offered)

    def _write_row(self, offset: int, values: np.ndarray) -> None:
        """Writes one kept row for every satellite, as `row` reads it; values (n_envs, n_sats)."""
        row = (offset - KEPT_START) // LANES
        self._lanes[:, :, row] = self._chunks.by_lane(values)

    def _settle(self, is_upset: np.ndarray) -> None:
        fell = (self.row(ROW.trip) > 0.0) | (self.row(ROW.brownout) > 0.0)
        settle_gangs(
            self._states,
            self._sums,
            self.is_member,
            self._done,
            is_upset | fell,
            self.row(ROW.available).astype(np.float64),
            self.row(ROW.proton_flux).astype(np.float64),
            self._gang_terms,
            self._keys,
            self.params.gang,
            *self.params.jobs,
        )

    def _pay(self) -> None:
        own = super().reward_terms
        self._terms[..., :2] = self._gang_terms
        for name in _OWN_TERMS:
            self._terms[..., TERM_INDEX[name]] = own[..., SATELLITE_TERM_INDEX[name]]
        total = self._terms.sum(axis=-1)
        self.rewards[:] = total
        self._earned += np.add.reduce(total, axis=1)

    def _observe(self) -> None:
        seen = self._observation_rows.reshape(self.n_envs, self.n_sats, -1)
        observe(self.observations, seen, self._states, self.is_member, self._done, self.params.gang)

    @property
    def reward_terms(self) -> np.ndarray:
        """Terms of the last step's reward, float64 (n_envs, n_sats, N_TERMS)."""
        return self._terms.copy()

    def gang(self, name: str) -> np.ndarray:
        """Returns one column of `GANG` for every world, float64 (n_envs,)."""
        return self._states[:, getattr(GANG, name)].copy()

    def discrete_masks(self) -> np.ndarray:
        """Returns which discrete choices make a difference, (n_envs, n_sats, N_CHOICES)."""
        has_unsaved = self._states[:, GANG.unsaved] > 0.0
        return choice_masks(~self._is_up(), np.broadcast_to(has_unsaved[:, None], self._done.shape))

    def central_state(self) -> np.ndarray:
        """Returns what all satellites of a world see, (n_envs, n_sats * N_FEATURES)."""
        return self.observations.reshape(self.n_envs, -1).copy()

    def metrics(self) -> dict[str, np.ndarray]:
        """Returns the metrics of the episode so far, each float64 (n_envs,)."""
        found = {metric.name: self.satellite_sums(metric.name).sum(axis=1) for metric in KEPT} | {
            entry.name: self._sums[:, column].copy() for column, entry in enumerate(SUMS)
        }
        most = self.params.gang.capacity_work * self.n_sats * self.episode_steps
        found["reward"] = self._earned.copy()
        found["goodput"] = found["durable_work"] / most
        found["value"] = value(scored(found), self.params)
        return {metric.name: found[metric.name] for metric in METRICS}

    _STATE = (
        *Simulator._STATE,
        "observations",
        "rewards",
        "is_member",
        "_states",
        "_sums",
        "_done",
        "_terms",
        "_earned",
    )

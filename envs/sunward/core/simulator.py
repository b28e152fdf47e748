"""The one stateful class: a batch of worlds of satellites, stepped together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sunward.core.actions import N_ACTIONS, discrete_masks
from sunward.core.demand import KNOT_FLOATS, site_blocks
from sunward.core.driver import N_PHASES, reset_worlds, step_chunks
from sunward.core.ledger import ENTRIES, N_LEDGER
from sunward.core.links import chunk_wiring, wired_addresses
from sunward.core.memory import aligned, aligned_zeros
from sunward.core.metrics import METRICS
from sunward.core.observations import N_OBS
from sunward.core.observe import scaling_table
from sunward.core.orbit_step import PHASE_RAD
from sunward.core.params import Params
from sunward.core.random import world_key
from sunward.core.reset import ORBIT, orbit_rows, orbit_table
from sunward.core.reward import N_TERMS
from sunward.core.rows import BLOCK_INTS, INT_ROW, KEPT_FLOATS, KEPT_START, LANES, ROW
from sunward.core.world import SECONDS_PER_DAY
from sunward.physics.orbit import orbit_position
from sunward.physics.sun import greenwich_sidereal_angle_rad

#: Satellites a chunk aims at: its state then stays in a core's second-level cache.
CHUNK_SATELLITES = 512
#: Threads share the blocks of a world with more satellites than this.
SHARED_SATELLITES = 8192
#: Nothing is being started: `step_chunks` takes a step.
_A_STEP = np.zeros(0, bool)


def pieces_of(count: int, n_pieces: int) -> np.ndarray:
    """Returns (n_pieces, 2): first and last (not included) of ranges that make up `count`."""
    bounds = np.linspace(0, count, n_pieces + 1).astype(np.int64)
    return np.stack([bounds[:-1], bounds[1:]], axis=1)


class Simulator:
    """Steps `n_envs` independent worlds of `params.n_sats` satellites.

    Results are attributes that the next call overwrites:

    observations: float32 (n_envs, n_sats, N_OBS), in [-1, 1]
    rewards: float32 (n_envs, n_sats)
    truncated: bool (n_envs,), the time limit was reached
    step_count: int64 (n_envs,)

    Args:
        params: The scenario.
        n_envs: Worlds, at least 1.
        n_threads: Threads that share the worlds, at least 1; no result depends on it.
        dtype: Width of the state: float32, or float64 as an oracle of its accuracy.
    """

    def __init__(
        self, params: Params, n_envs: int, *, n_threads: int = 1, dtype: type = np.float32
    ) -> None:
        if n_envs < 1:
            raise ValueError(f"n_envs is {n_envs}, expected at least 1: the number of worlds")
        if n_threads < 1:
            raise ValueError(f"n_threads is {n_threads}, expected at least 1")
        self.params = params
        self.n_envs = n_envs
        self.n_sats = params.n_sats
        self.n_threads = n_threads
        self.episode_steps = params.episode_steps
        self.dtype = np.dtype(dtype)
        self._chunk_worlds = max(1, min(n_envs, CHUNK_SATELLITES // params.n_sats))
        self._chunk_blocks = -(-self._chunk_worlds * params.n_sats // LANES)
        self._n_chunks = -(-n_envs // self._chunk_worlds)
        self._shares_blocks = params.n_sats > SHARED_SATELLITES
        self._allocate()
        self._freeze_params()
        self._pool = ThreadPoolExecutor(n_threads) if n_threads > 1 else None

    def _allocate(self) -> None:
        n_blocks = self._n_chunks * self._chunk_blocks
        n_slots = self.n_envs * self.n_sats
        self._arena = aligned_zeros(n_blocks * KEPT_FLOATS, self.dtype)
        self._ints = aligned_zeros(n_blocks * BLOCK_INTS, np.int32)
        self._ledger = aligned_zeros(n_blocks * N_LEDGER * LANES, np.float64)
        self._worlds = np.zeros((self.n_envs, 4))
        self._keys = np.zeros((self.n_envs, 2), np.int64)
        self.step_count = np.zeros(self.n_envs, np.int64)
        n_site_blocks = -(-len(self.params.sites.latitude_rad) // LANES)
        self._knots = np.zeros((self.n_envs, n_site_blocks, KNOT_FLOATS), self.dtype)
        self._observation_rows = aligned_zeros((n_slots, N_OBS), self.dtype)
        self._reward_rows = np.zeros(n_slots, self.dtype)
        self.observations = self._observation_rows.reshape(self.n_envs, self.n_sats, N_OBS)
        self.rewards = self._reward_rows.reshape(self.n_envs, self.n_sats)
        self.truncated = np.zeros(self.n_envs, bool)

    def _freeze_params(self) -> None:
        params = self.params
        wiring = chunk_wiring(params.neighbours, self._chunk_worlds)
        self._tables = (
            aligned(site_blocks(params.sites, self.dtype.type)),
            wiring,
            wired_addresses(wiring),
            np.asarray(params.deadline_share, dtype=self.dtype),
            np.ascontiguousarray(params.trace, dtype=np.float64).reshape(-1, 2),
            scaling_table(self.dtype.type),
            np.asarray(params.hardware, dtype=self.dtype),
            np.asarray(params.service, dtype=self.dtype),
        )
        self._weights = np.asarray(params.weights, dtype=self.dtype)
        self._spread = np.asarray(params.spread, np.float64)
        self._orbits = orbit_table(params.orbits)
        work = orbit_rows(
            self._orbits, self._chunk_worlds, params.service.substep_s, self.dtype.type
        )
        n_works = 1 if self._shares_blocks else self.n_threads
        self._works = [aligned(work) for _ in range(n_works)]
        self._epoch = np.array(
            [
                params.epoch_days,
                params.epoch_spread_days,
                params.orbits.node_spread_rad,
                float(params.trace_starts_at_random),
            ]
        )
        self._layout = np.array(
            [
                self._chunk_worlds,
                self._chunk_blocks,
                params.slot_steps,
                params.episode_steps,
                round(params.service.step_s),
                *params.knot_steps,
                params.n_sats,
            ],
            np.int64,
        )

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
        chosen = np.arange(self.n_envs) if envs is None else np.asarray(envs, np.int64)
        if len(seeds) != len(chosen):
            raise ValueError(f"{len(seeds)} seeds for {len(chosen)} worlds: give one a world")
        starting = np.zeros(self.n_envs, bool)
        starting[chosen] = True
        for env, (seed, episode) in zip(chosen, seeds, strict=True):
            self._keys[env] = world_key(split, int(seed), int(episode))
        self.truncated[chosen] = False
        self._reward_rows.reshape(self.n_envs, -1)[chosen] = 0
        *_, trace, _, hardware, service = self._tables
        reset_worlds(
            self._arena,
            self._ints,
            self._ledger,
            self._worlds,
            self._keys,
            self.step_count,
            hardware,
            service,
            self._spread,
            self._orbits,
            self._epoch,
            len(trace),
            self._layout,
            starting,
        )
        no_actions = np.zeros((0, N_ACTIONS), self.dtype)
        self._run(self._works[0], no_actions, self._whole_span(), starting)

    def step(self, actions: np.ndarray) -> None:
        """Takes every world through one control step.

        Args:
            actions: float32 (n_envs, n_sats, N_ACTIONS) in [-1, 1]; beyond is clipped.
        """
        expected = (self.n_envs, self.n_sats, N_ACTIONS)
        if actions.shape != expected:
            raise ValueError(
                f"actions have shape {actions.shape}, expected {expected}: one row per world, "
                "one column per satellite, one number per action"
            )
        rows = np.ascontiguousarray(actions, self.dtype).reshape(-1, N_ACTIONS)
        self.step_count += 1
        if self._pool is None:
            self._run(self._works[0], rows, self._whole_span(), _A_STEP)
        elif self._shares_blocks:
            self._step_block_ranges(self._pool, rows)
        else:
            self._step_chunk_ranges(self._pool, rows)
        np.greater_equal(self.step_count, self.episode_steps, out=self.truncated)

    def _run(
        self, work: np.ndarray, actions: np.ndarray, span: np.ndarray, starting: np.ndarray
    ) -> None:
        step_chunks(
            work,
            self._arena,
            self._ints,
            self._ledger,
            self._worlds,
            self._keys,
            self.step_count,
            self._knots,
            actions,
            self._observation_rows,
            self._reward_rows,
            *self._tables,
            self._weights,
            self._layout,
            span,
            starting,
        )

    def _whole_span(self) -> np.ndarray:
        """Returns all chunks, all phases and all blocks, as `step_chunks` takes them."""
        return np.array([0, self._n_chunks, 0, N_PHASES, 0, self._chunk_blocks])

    def _step_chunk_ranges(self, pool: ThreadPoolExecutor, actions: np.ndarray) -> None:
        """Gives each thread a range of chunks, which share nothing."""
        spans = np.tile(self._whole_span(), (self.n_threads, 1))
        spans[:, 0:2] = pieces_of(self._n_chunks, self.n_threads)
        runs = [
            pool.submit(self._run, work, actions, span, _A_STEP)
            for work, span in zip(self._works, spans, strict=True)
        ]
        for run in runs:
            run.result()

    def _step_block_ranges(self, pool: ThreadPoolExecutor, actions: np.ndarray) -> None:
        """Gives each thread a range of a chunk's blocks; all wait between phases."""
        spans = np.tile(self._whole_span(), (self.n_threads, 1))
        spans[:, 4:6] = pieces_of(self._chunk_blocks, self.n_threads)
        for chunk in range(self._n_chunks):
            for phase in range(N_PHASES):
                spans[:, 0:4] = chunk, chunk + 1, phase, phase + 1
                runs = [
                    pool.submit(self._run, self._works[0], actions, span, _A_STEP) for span in spans
                ]
                for run in runs:
                    run.result()

    def row(self, offset: int) -> np.ndarray:
        """Returns a copy of one kept row of `ROW` for every satellite, shape (n_envs, n_sats)."""
        low = offset - KEPT_START
        if not 0 <= low < KEPT_FLOATS:
            raise ValueError(
                f"row {offset} is not kept between steps, expected {KEPT_START} to "
                f"{KEPT_START + KEPT_FLOATS - LANES}: use a row of the kept part of ROW"
            )
        lanes = self._arena.reshape(-1, KEPT_FLOATS)[:, low : low + LANES]
        return self._by_world(lanes)

    def positions(self) -> np.ndarray:
        """Returns Earth-fixed unit vectors to the satellites, float64 (n_envs, n_sats, 3)."""
        argument, node = self._phase("argument"), self._phase("node")
        inclination = self._orbits[:, ORBIT.inclination_rad]
        # The scalar formulas hold for arrays as well; their annotations do not say so.
        sidereal: Any = greenwich_sidereal_angle_rad
        position: Any = orbit_position
        west = node - sidereal(self.days())[:, None]
        place = position(
            np.sin(argument),
            np.cos(argument),
            np.sin(west),
            np.cos(west),
            np.sin(inclination),
            np.cos(inclination),
        )
        return np.stack(place, axis=-1)

    def days(self) -> np.ndarray:
        """Returns the date of every world, float64 days since J2000 (n_envs,)."""
        elapsed_s = self.step_count * self.params.service.step_s
        return self._worlds[:, 0] + elapsed_s / SECONDS_PER_DAY

    def _phase(self, name: str) -> np.ndarray:
        """Returns an orbital angle in rad, (n_envs, n_sats)."""
        rows = self._ints.reshape(-1, BLOCK_INTS // LANES, LANES)
        start, rate = (
            self._by_world(rows[:, getattr(INT_ROW, f"{name}_{what}") // LANES])
            for what in ("start", "rate")
        )
        turns = start.astype(np.int64) + self.step_count[:, None] * rate.astype(np.int64)
        return turns.astype(np.int32) * PHASE_RAD

    def _sum_of_sides(self, offset: int) -> np.ndarray:
        """Returns the sum of the four rows that start at `offset`, (n_envs, n_sats)."""
        return np.sum([self.row(offset + side * LANES) for side in range(4)], axis=0)

    def _by_world(self, lanes: np.ndarray) -> np.ndarray:
        """Returns (n_blocks, LANES) without padding, as (n_envs, n_sats)."""
        chunks = lanes.reshape(self._n_chunks, -1)[:, : self._chunk_worlds * self.n_sats]
        return chunks.reshape(-1, self.n_sats)[: self.n_envs].copy()

    @property
    def alive(self) -> np.ndarray:
        """Which satellites work, bool (n_envs, n_sats)."""
        return self.row(ROW.alive) > 0

    def lose(self, env: int, sats: Sequence[int] | np.ndarray) -> None:
        """Ends the service of satellites of a world for the rest of its episode.

        From the next step on they compute nothing and their links are down; what they hold, and
        the requests that they would have taken, miss their deadlines.
        """
        lanes = self._arena.reshape(-1, KEPT_FLOATS)[:, ROW.alive - KEPT_START :]
        chunk, world = divmod(env, self._chunk_worlds)
        slots = world * self.n_sats + np.asarray(sats, np.int64)
        lanes[chunk * self._chunk_blocks + slots // LANES, slots % LANES] = 0

    @property
    def reward_terms(self) -> np.ndarray:
        """Terms of the last step's reward, (n_envs, n_sats, N_TERMS)."""
        rows = [self.row(ROW.terms + term * LANES) for term in range(N_TERMS)]
        return np.stack(rows, axis=-1)

    @property
    def costs(self) -> np.ndarray:
        """Constraint cost of the last step (n_envs, n_sats): hot share of it, trip, brown-out."""
        hot = self.row(ROW.hot_s) / self.params.service.step_s
        return (hot + self.row(ROW.trip) + self.row(ROW.brownout)).astype(self.dtype)

    def discrete_masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, (n_envs, n_sats, N_DISCRETE)."""
        is_off = (self.row(ROW.tripped) > 0) | (self.row(ROW.safe_steps) > 0)
        links = self._sum_of_sides(ROW.link)
        waiting = self.row(ROW.deferrable_left) + self.row(ROW.deferrable_new)
        waiting += self.row(ROW.deferrable_in)
        return discrete_masks(is_off, links > 0, waiting > 0)

    def central_state(self) -> np.ndarray:
        """Returns what all satellites of a world see, (n_envs, n_sats * N_OBS)."""
        return self._observation_rows.reshape(self.n_envs, -1).copy()

    def satellite_sums(self, name: str) -> np.ndarray:
        """Returns one running sum of the episode a satellite, float64 (n_envs, n_sats)."""
        index = [entry for entry, _ in ENTRIES].index(name)
        books = self._ledger.reshape(-1, N_LEDGER, LANES)[:, index]
        return self._by_world(books)

    def metrics(self) -> dict[str, np.ndarray]:
        """Returns the metrics of the episode so far, each float64 (n_envs,)."""
        sums = {name: self.satellite_sums(name).sum(axis=1) for name, _ in ENTRIES}
        sums["value"] = self._value(sums)
        return {metric.name: sums[metric.name] for metric in METRICS}

    def _value(self, sums: dict[str, np.ndarray]) -> np.ndarray:
        weights, capacity = self.params.weights, self.params.service.capacity_work
        work = (
            weights.value_interactive * sums["interactive_done"]
            + weights.value_deferrable * sums["deferrable_done"]
            - weights.missed_interactive * sums["interactive_missed"]
            - weights.missed_deferrable * sums["deferrable_missed"]
        )
        events = (
            weights.wear * sums["wear"]
            + weights.brownout * sums["brownouts"]
            + weights.trip * sums["trips"]
        )
        return (work / capacity - events) / (self.n_sats * self.episode_steps)

    _STATE = (
        "_arena",
        "_ints",
        "_ledger",
        "_worlds",
        "_keys",
        "step_count",
        "_knots",
        "_observation_rows",
        "_reward_rows",
        "truncated",
    )

    def get_state(self) -> dict[str, np.ndarray]:
        """Returns a copy of everything that `set_state` needs to go on exactly from here."""
        return {name: getattr(self, name).copy() for name in self._STATE}

    def set_state(self, state: dict[str, np.ndarray]) -> None:
        """Goes back to a state of a simulator of the same scenario and number of worlds."""
        for name in self._STATE:
            target = getattr(self, name)
            if state[name].shape != target.shape:
                raise ValueError(
                    f"state {name} has shape {state[name].shape}, expected {target.shape}: "
                    "it is of another scenario or number of worlds"
                )
            target[...] = state[name]

    def __getstate__(self) -> dict:
        return {
            "params": self.params,
            "n_envs": self.n_envs,
            "n_threads": self.n_threads,
            "dtype": self.dtype.type,
            "state": self.get_state(),
        }

    def __setstate__(self, pickled: dict) -> None:
        self.__init__(
            pickled["params"],
            pickled["n_envs"],
            n_threads=pickled["n_threads"],
            dtype=pickled["dtype"],
        )
        self.set_state(pickled["state"])

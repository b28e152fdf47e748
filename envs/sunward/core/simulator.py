"""The one stateful class: a batch of worlds of satellites, stepped together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sunward.physics.orbit import orbit_position
from sunward.physics.sun import greenwich_sidereal_angle_rad

from .actions import N_ACTIONS, discrete_masks
from .batch import check_state, chosen_worlds, world_keys
from .bundle import Arrays, packed
from .chunks import chunks_of
from .demand import KNOT_FLOATS, site_blocks
from .driver import PHASES, reset_worlds, step_chunks
from .ledger import ENTRIES, N_LEDGER
from .memory import aligned, aligned_zeros
from .observations import N_OBS
from .observe import scaling_table
from .orbit_step import PHASE_RAD
from .params import Params
from .reset import ORBIT, orbit_rows, orbit_table
from .reward import N_TERMS
from .rows import BLOCK_FLOATS, BLOCK_INTS, INT_ROW, KEPT_FLOATS, KEPT_START, ROW
from .score import episode_metrics
from .spans import block_spans, chunk_spans, whole_span
from .tables import epoch_table, layout_table, trace_table
from .width import LANES
from .wiring import chunk_wiring, wired_pieces
from .world import SECONDS_PER_DAY

#: Threads share the blocks of a world with more satellites than this; in a smaller one waiting for
#: each other costs what they gain.
SHARED_SATELLITES = 16_384
#: A batch with fewer satellites is stepped before a second thread has woken up (`sunward bench`).
SERIAL_SATELLITES = 3_000
#: Nothing is being started: `step_chunks` takes a step.
_A_STEP = np.zeros(0, bool)
#: Which discrete actions make a difference, by is off, has a link, has a queue.
_MASKS = discrete_masks(*np.indices((2, 2, 2)).reshape(3, -1).astype(bool))


class Simulator:
    """Steps `n_envs` independent worlds of `params.n_sats` satellites.

    Results are attributes that the next call overwrites:

    observations: float32 (n_envs, n_sats, N_OBS), in [-1, 1]
    rewards: float32 (n_envs, n_sats)
    costs: float32 (n_envs, n_sats), of constraints: hot share of the step, trip, brown-out
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
        self._chunks = chunks_of(n_envs, params.n_sats)
        self._shares_blocks = params.n_sats > SHARED_SATELLITES
        self._n_workers = self._worthwhile(n_threads)
        self._allocate()
        self._bind()
        self._pool = ThreadPoolExecutor(self._n_workers - 1) if self._n_workers > 1 else None

    def _worthwhile(self, n_threads: int) -> int:
        """Returns how many threads gain time: a chunk that is not shared has no work for two."""
        if self._shares_blocks:
            return n_threads
        if self.n_envs * self.n_sats < SERIAL_SATELLITES:
            return 1
        return min(n_threads, self._chunks.n_chunks)

    def _allocate(self) -> None:
        n_blocks = self._chunks.total_blocks
        n_slots = self.n_envs * self.n_sats
        self._ints = aligned_zeros(n_blocks * BLOCK_INTS, np.int32)
        self._ledger = aligned_zeros(n_blocks * N_LEDGER * LANES, np.float64)
        self._worlds = np.zeros((self.n_envs, 4))
        self._keys = np.zeros((self.n_envs, 2), np.int64)
        self.step_count = np.zeros(self.n_envs, np.int64)
        n_site_blocks = -(-len(self.params.sites.latitude_rad) // LANES)
        self._knots = np.zeros((self.n_envs, n_site_blocks, KNOT_FLOATS), self.dtype)
        self._observation_rows = aligned_zeros((n_slots, N_OBS), self.dtype)
        self._reward_rows = np.zeros(n_slots, self.dtype)
        self._cost_rows = np.zeros(n_slots, self.dtype)
        self.observations = self._observation_rows.reshape(self.n_envs, self.n_sats, N_OBS)
        self.rewards = self._reward_rows.reshape(self.n_envs, self.n_sats)
        self.costs = self._cost_rows.reshape(self.n_envs, self.n_sats)
        self.truncated = np.zeros(self.n_envs, bool)

    def _bind(self) -> None:
        """Puts together once what each call hands to the kernels."""
        params = self.params
        wiring = chunk_wiring(params.neighbours, self._chunks.n_worlds)
        orbits = orbit_table(params.orbits)
        work = orbit_rows(orbits, wiring, params.service.substep_s, self.dtype.type)
        n_works = 1 if self._shares_blocks else self._n_workers
        self._works = [aligned(work) for _ in range(n_works)]
        arena, stride = self._arena()
        self._arrays = Arrays(
            arena,
            self._ints,
            self._ledger,
            self._worlds,
            self._keys,
            self.step_count,
            self.truncated,
            self._knots,
            self._observation_rows.reshape(-1),
            self._reward_rows,
            self._cost_rows,
            aligned(np.tile(site_blocks(params.sites, self.dtype.type), (self._n_workers, 1))),
            wiring,
            wired_pieces(wiring),
            np.asarray(params.deadline_share, dtype=self.dtype),
            trace_table(params),
            scaling_table(self.dtype.type),
            np.asarray(params.hardware, dtype=self.dtype),
            np.asarray(params.service, dtype=self.dtype),
            np.asarray(params.weights, dtype=self.dtype),
            np.asarray(params.spread, np.float64),
            orbits,
            epoch_table(params),
            layout_table(params, self._chunks.n_worlds, self._chunks.n_blocks, stride),
        )
        self._packed = packed(self._arrays)
        self._whole = whole_span(self._chunks.n_chunks, self._chunks.n_blocks)
        self._action_shape = (self.n_envs, self.n_sats, N_ACTIONS)
        self._row_shape = (self.n_envs * self.n_sats, N_ACTIONS)

    def _arena(self) -> tuple[np.ndarray, int]:
        """Makes `_lanes`, what is kept: (n_chunks, chunk_blocks, kept rows, LANES).

        A chunk without others keeps it within its working array, where no step has to fetch it.

        Returns: all of it as a flat array, and how many floats a block is apart from the next.
        """
        if self._chunks.n_chunks == 1:
            arena, stride = self._works[0][KEPT_START:], BLOCK_FLOATS
            blocks = self._chunks.by_block(self._works[0])
            first = KEPT_START // LANES
            self._lanes = blocks[:, :, first : first + KEPT_FLOATS // LANES]
        else:
            arena = aligned_zeros(self._chunks.total_blocks * KEPT_FLOATS, self.dtype)
            stride = KEPT_FLOATS
            self._lanes = self._chunks.by_block(arena)
        return arena, stride

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
        starting = np.zeros(self.n_envs, bool)
        starting[chosen] = True
        reset_worlds(self._packed, self._works[0], starting)
        no_actions = np.zeros((0, N_ACTIONS), self.dtype)
        self._run(self._works[0], no_actions, self._whole, starting)

    def step(self, actions: np.ndarray) -> None:
        """Takes every world through one control step.

        Args:
            actions: float32 (n_envs, n_sats, N_ACTIONS) in [-1, 1]; beyond is clipped.
        """
        rows = self._action_rows(actions)
        if self._pool is None:
            self._run(self._works[0], rows, self._whole, _A_STEP)
        elif self._shares_blocks:
            self._step_block_ranges(self._pool, rows)
        else:
            self._step_chunk_ranges(self._pool, rows)

    def step_in_phases(self, actions: np.ndarray) -> Iterator[int]:
        """Takes every world through one control step, by one thread, stopping after each phase.

        Args:
            actions: As of `step`.

        Returns: the number in `driver.PHASES` of the phase just taken, chunk by chunk. Beside these
            comes `len(PHASES)` for a call that has none to take: what calling costs.
        """
        rows = self._action_rows(actions)
        spans = [span.copy() for (span,) in block_spans(self._whole, 1, len(PHASES) + 1)]
        return (self._phase_taken(rows, span) for span in spans)

    def _phase_taken(self, rows: np.ndarray, span: np.ndarray) -> int:
        self._run(self._works[0], rows, span, _A_STEP)
        return int(span[2])

    def _action_rows(self, actions: np.ndarray) -> np.ndarray:
        """Returns a row a satellite, in the width of the state."""
        if actions.shape != self._action_shape:
            raise ValueError(
                f"actions have shape {actions.shape}, expected {self._action_shape}: one row per "
                "world, one column per satellite, one number per action"
            )
        return np.ascontiguousarray(actions, self.dtype).reshape(self._row_shape)

    def _run(
        self, work: np.ndarray, actions: np.ndarray, span: np.ndarray, starting: np.ndarray
    ) -> None:
        step_chunks(work, actions, self._packed, span, starting)

    def _step_chunk_ranges(self, pool: ThreadPoolExecutor, actions: np.ndarray) -> None:
        """Gives each thread a range of chunks, which share nothing."""
        self._share(pool, self._works, actions, chunk_spans(self._whole, self._n_workers))

    def _step_block_ranges(self, pool: ThreadPoolExecutor, actions: np.ndarray) -> None:
        """Gives each thread a range of a chunk's blocks; all wait between phases."""
        works = self._works * self._n_workers
        for spans in block_spans(self._whole, self._n_workers):
            self._share(pool, works, actions, spans)

    def _share(
        self, pool: ThreadPoolExecutor, works: list[np.ndarray], actions: np.ndarray, spans: Any
    ) -> None:
        """Runs a span a thread; the first in this one, which would only wait for the others."""
        (own_work, *others), (own_span, *other_spans) = works, spans
        runs = [
            pool.submit(self._run, work, actions, span, _A_STEP)
            for work, span in zip(others, other_spans, strict=True)
        ]
        self._run(own_work, actions, own_span, _A_STEP)
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
        return self._rows(offset, 1)[0].copy()

    def _rows(self, offset: int, n_rows: int) -> np.ndarray:
        """Returns kept rows from `offset` on, (n_rows, n_envs, n_sats); may share their memory."""
        first = (offset - KEPT_START) // LANES
        return self._chunks.by_world(self._lanes[:, :, first : first + n_rows])

    def positions(self) -> np.ndarray:
        """Returns Earth-fixed unit vectors to the satellites, float64 (n_envs, n_sats, 3)."""
        argument, node = self._phase("argument"), self._phase("node")
        inclination = self._arrays.orbits[:, ORBIT.inclination_rad]
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
        rows = self._chunks.by_block(self._ints)
        first = getattr(INT_ROW, f"{name}_start") // LANES  # and the row after it is the rate
        start, rate = self._chunks.by_world(rows[:, :, first : first + 2]).astype(np.int64)
        turns = start + self.step_count[:, None] * rate
        return turns.astype(np.int32) * PHASE_RAD

    @property
    def alive(self) -> np.ndarray:
        """Which satellites work, bool (n_envs, n_sats)."""
        return self.row(ROW.alive) > 0

    def lose(self, env: int, sats: Sequence[int] | np.ndarray) -> None:
        """Ends the service of satellites of a world for the rest of its episode.

        From the next step on they compute nothing and their links are down; what they hold, and
        the requests that they would have taken, miss their deadlines.
        """
        alive = (ROW.alive - KEPT_START) // LANES
        chunk, blocks, lanes = self._chunks.place_of(env, np.asarray(sats, np.int64))
        self._lanes[chunk, blocks, alive, lanes] = 0

    @property
    def reward_terms(self) -> np.ndarray:
        """Terms of the last step's reward, (n_envs, n_sats, N_TERMS)."""
        return self._rows(ROW.terms, N_TERMS).copy().transpose(1, 2, 0)

    def discrete_masks(self) -> np.ndarray:
        """Returns which discrete actions make a difference, (n_envs, n_sats, N_DISCRETE)."""
        is_off = (self.row(ROW.tripped) > 0) | (self.row(ROW.safe_steps) > 0)
        has_link = self._rows(ROW.link, 4).sum(axis=0) > 0
        has_link |= self.params.service.ground_work > 0
        waiting = self.row(ROW.deferrable_left) + self.row(ROW.deferrable_new)
        waiting += self.row(ROW.deferrable_in)
        case = 4 * is_off + 2 * has_link + (waiting > 0)
        return _MASKS[case]

    def central_state(self) -> np.ndarray:
        """Returns what all satellites of a world see, (n_envs, n_sats * N_OBS)."""
        return self._observation_rows.reshape(self.n_envs, -1).copy()

    def satellite_sums(self, name: str) -> np.ndarray:
        """Returns one running sum of the episode a satellite, float64 (n_envs, n_sats)."""
        index = [entry for entry, _ in ENTRIES].index(name)
        books = self._chunks.by_block(self._ledger)
        return self._chunks.by_world(books[:, :, index : index + 1])[0].copy()

    def metrics(self) -> dict[str, np.ndarray]:
        """Returns the metrics of the episode so far, each float64 (n_envs,)."""
        return episode_metrics(self.satellite_sums, self.params)

    _STATE = (
        "_lanes",
        "_ints",
        "_ledger",
        "_worlds",
        "_keys",
        "step_count",
        "_knots",
        "_observation_rows",
        "_reward_rows",
        "_cost_rows",
        "truncated",
    )

    def get_state(self) -> dict[str, np.ndarray]:
        """Returns a copy of everything that `set_state` needs to go on exactly from here."""
        return {name: getattr(self, name).copy() for name in self._STATE}

    def set_state(self, state: dict[str, np.ndarray]) -> None:
        """Goes back to a state of a simulator of the same scenario and number of worlds."""
        kept = {name: getattr(self, name) for name in self._STATE}
        check_state(state, kept)
        for name, array in kept.items():
            array[...] = state[name]

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

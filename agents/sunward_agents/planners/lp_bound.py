"""The upper bound of one world: what no policy can beat, whatever it knows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sunward.core.params import Params
from sunward_agents.planners.fleet_plan import fleet_plan, single_plan
from sunward_agents.planners.foresight import Foresight, State, foresee
from sunward_agents.planners.linear import Program
from sunward_agents.planners.prices import coarse_prices, complete
from sunward_agents.planners.world import Relaxations, World, closing_blocks, even_blocks

#: Called with the share of the work that is done.
Progress = Callable[[float], None]
#: Satellite-blocks of a program that is solved as a whole; a minute or two.
WHOLE = 2400
#: Share of the time that goes into the coarse program, for the progress bar.
_COARSE_SHARE = 0.4


@dataclass(frozen=True)
class Bound:
    """What no policy exceeds in one world."""

    value: float  # in the units of the metric `value`: a satellite-step
    wall_time_s: float


def world_bound(
    params: Params,
    seed: int,
    *,
    split: str = "test",
    block_steps: int = 1,
    relaxations: Relaxations | None = None,
    progress: Progress | None = None,
) -> Bound:
    """Returns the bound of a world of a scenario.

    Args:
        seed, split: of the world.
        block_steps: steps that the model sums up, 1 or 2; shorter is tighter.
        relaxations: limits that the model keeps; all if None.
        progress: is told how much of the work is done.
    """
    started = time.perf_counter()
    foresight, start = foresee(params, seed, split=split)
    kept = relaxations or Relaxations()
    total = total_bound(foresight, start, block_steps, kept, progress)
    value = total / (params.n_sats * params.episode_steps)
    return Bound(value, time.perf_counter() - started)


def total_bound(
    foresight: Foresight,
    start: State,
    block_steps: int,
    relaxations: Relaxations,
    progress: Progress | None = None,
) -> float:
    """Returns the bound in satellite-steps, summed over satellites and steps."""
    world = World(foresight, start, even_blocks(foresight.n_steps, block_steps), relaxations)
    if foresight.n_sats * len(world.lengths) <= WHOLE:
        return program_of(world).solve().bound
    program = program_of(world)
    duals = complete(program, _prices(world, program), _after_coarse(progress))
    return program.dual_bound(duals)


def program_of(world: World) -> Program:
    """Returns the program of a world: that of its satellite, or of its fleet."""
    return single_plan(world)[0] if world.params.n_sats == 1 else fleet_plan(world)[0]


def _prices(world: World, program: Program) -> np.ndarray:
    """Returns duals of the shared rows from blocks so long that the world is solved whole."""
    n_steps = world.foresight.n_steps
    coarse_steps = -(-world.params.n_sats * n_steps // WHOLE)
    lengths = closing_blocks(n_steps, world.params.slot_steps, coarse_steps)
    coarse = World(world.foresight, world.start, lengths, world.relaxations)
    coarse_program = program_of(coarse)
    solution = coarse_program.solve()
    return coarse_prices(program, world.lengths, coarse_program, solution.duals, coarse.lengths)


def _after_coarse(progress: Progress | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(_COARSE_SHARE + (1.0 - _COARSE_SHARE) * done / total)

"""What no policy of a gang can exceed in a world, whatever it knows: a linear relaxation of it.

`gang_program` argues the rows of the gang, `sunward_agents.planners` those of its satellites. The
bound is proved by the duals of the solution (`Program.dual_bound`), so it holds whatever the solver
did. The throttle is left out, which only raises the bound: energy is what gangs are short of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from sunward.core.random import world_key
from sunward.training.params import TrainingParams
from sunward_agents.planners.foresight import foresee
from sunward_agents.planners.lp_bound import Bound
from sunward_agents.planners.world import Relaxations, World, even_blocks
from sunward_agents.training.gang_program import GangProgram
from sunward_agents.training.jobs_ahead import jobs_ahead

#: Steps of a block. Light and pace change slowly: shorter ones lower the bound by little.
BLOCK_STEPS = 15
KEPT = Relaxations(throttle=False)


def world_bound(
    params: TrainingParams, seed: int, *, split: str = "test", block_steps: int = BLOCK_STEPS
) -> Bound:
    """Returns the bound of a world in the units of the metric `value`: a satellite-step.

    Args:
        params: The scenario.
        seed, split: of the world.
        block_steps: steps that the model sums up; shorter is tighter, and takes longer.
    """
    started = time.perf_counter()
    foresight, start = foresee(params, seed, split=split)
    world = World(foresight, start, even_blocks(foresight.n_steps, block_steps), KEPT)
    jobs = jobs_ahead(params, world_key(split, seed, 0))
    gang = GangProgram(world, jobs, params.gang.value_progress)
    value = gang.program.solve().bound / (params.n_sats * params.episode_steps)
    return Bound(value, time.perf_counter() - started)


def bounds(
    params: TrainingParams,
    seeds: Sequence[int],
    split: str,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Returns the bounds of worlds, (len(seeds),); `progress` is told those done, and all."""
    found = []
    for seed in seeds:
        found.append(world_bound(params, seed, split=split).value)
        if progress is not None:
            progress(len(found), len(seeds))
    return np.array(found)

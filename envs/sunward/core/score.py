"""What an episode was worth: the value that results rank, apart from the reward."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .ledger import ENTRIES
from .metrics import METRICS
from .params import Params


def value(sums: Mapping[str, np.ndarray], params: Params) -> np.ndarray:
    """Returns the value a satellite-step of each world, in steps of full work, (n_envs,).

    Args:
        sums: of the books' entries over an episode's steps and satellites so far.
        params: the scenario, for its weights.
    """
    weights, capacity = params.weights, params.service.capacity_work
    work = (
        weights.value_interactive * sums["interactive_done"]
        + weights.value_deferrable * sums["deferrable_done"]
        - weights.missed_interactive * sums["interactive_missed"]
        - weights.missed_deferrable * sums["deferrable_missed"]
    )
    ground = (weights.value_interactive - weights.ground_cost) * sums["interactive_ground"] + (
        weights.value_deferrable - weights.ground_cost
    ) * sums["deferrable_ground"]
    events = (
        weights.wear * sums["wear"]
        + weights.brownout * sums["brownouts"]
        + weights.trip * sums["trips"]
    )
    return ((work + ground) / capacity - events) / (params.n_sats * params.episode_steps)


def episode_metrics(
    satellite_sums: Callable[[str], np.ndarray], params: Params
) -> dict[str, np.ndarray]:
    """Returns the metrics of the episode so far, each float64 (n_envs,).

    Args:
        satellite_sums: Gives one running sum of the books a satellite, (n_envs, n_sats).
        params: the scenario, for its weights.
    """
    sums = {name: satellite_sums(name).sum(axis=1) for name, _ in ENTRIES}
    sums["value"] = value(sums, params)
    return {metric.name: sums[metric.name] for metric in METRICS}

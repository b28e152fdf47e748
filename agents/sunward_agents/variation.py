"""Domain randomisation: variants of a scenario, drawn from ranges that a configuration gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import sunward
from sunward.core.params import Params
from sunward.scenario import load_scenario

#: Of the draws, beside the seed of a run: other draws from that seed are others.
_STREAM = 1


def varied_params(
    scenario: str,
    ranges: Mapping[str, tuple[float, float]],
    n_variants: int,
    seed: int,
    overrides: Mapping[str, Any],
) -> list[Params]:
    """Returns variants of a scenario; each value is drawn once from each of `n_variants` even parts
    of its range, so that a few variants cover it (McKay et al., A comparison of three methods for
    selecting values of input variables, Technometrics 21, 1979: Latin hypercube).

    Args:
        scenario: id or path of a YAML file.
        ranges: lowest and highest value by dotted path, in the unit of the file.
        n_variants: how many, at least 1.
        seed: of the draws.
        overrides: values by dotted path that all variants share.

    Raises:
        ScenarioError: an unknown path, or a value out of its bounds; one line each.
    """
    rng = np.random.default_rng([_STREAM, seed])
    drawn = {
        path: low
        + (high - low) * (rng.permutation(n_variants) + rng.uniform(size=n_variants)) / n_variants
        for path, (low, high) in sorted(ranges.items())
    }
    return [
        sunward.build_params(
            load_scenario(
                scenario,
                **dict(overrides),
                **{path: float(values[variant]) for path, values in drawn.items()},
            )
        )
        for variant in range(n_variants)
    ]


def _shares(rng: np.random.Generator, count: int) -> np.ndarray:
    """Returns a number in each of `count` even parts of [0, 1), shuffled."""
    return (rng.permutation(count) + rng.uniform(size=count)) / count

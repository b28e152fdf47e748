"""A refined rule as plain JSON: its name and constants, and the weights of the correction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sunward_agents.atomic import write_text
from sunward_agents.games import Tables
from sunward_agents.policies import Policy, PolicyError
from sunward_agents.random_search import Constants
from sunward_agents.refine.correction import Correction
from sunward_agents.results import Record, package_version, read_record

FILE = "refined.json"
#: Observations and actions reach from -1 to 1; larger weights could only come from a damaged file,
#: and sums of them might be no numbers.
Weight = Annotated[float, Field(ge=-1.0e6, le=1.0e6)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Refined(Record):
    """All that the policy is."""

    format_version: Literal[1] = 1
    package_version: str
    scenario: str
    rule: str
    constants: dict[str, Number]
    observations: list[str]
    actions: list[str]
    weights: list[list[Weight]]  # (observations + 1, actions), the last row constant

    @property
    def weights_sha256(self) -> str:
        """Identity of the policy, for results."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class RefinedRule(Correction):
    """A refined rule that was read from a file."""

    def __init__(self, rule: Policy, description: Refined) -> None:
        super().__init__(rule, np.array(description.weights)[None])
        self.description = description


def save(
    folder: Path,
    weights: np.ndarray,
    *,
    scenario: str,
    rule: str,
    constants: Constants,
    tables: Tables,
) -> None:
    """Writes weights (observations + 1, actions) to `folder`; `tables` name both."""
    description = Refined(
        package_version=package_version(),
        scenario=scenario,
        rule=rule,
        constants=constants,
        observations=tables.observations,
        actions=tables.actions,
        weights=weights.tolist(),
    )
    write_text(folder / FILE, description.model_dump_json(indent=1) + "\n")


def is_refined(folder: Path) -> bool:
    """Returns whether a folder holds a refined rule."""
    return (folder / FILE).is_file()


def load(
    folder: Path,
    make_rule: Callable[[str, Constants], Policy],
    tables: Tables,
) -> RefinedRule:
    """Returns the refined rule in `folder`, for a task with these observations and actions.

    Raises: PolicyError in one line where it is damaged or made for others; ResultError likewise.
    """
    path = folder / FILE
    found = read_record(path, Refined)
    if (found.observations, found.actions) != tables:
        raise PolicyError(
            f"{path}: was made for other observations or actions, by sunward "
            f"{found.package_version}: use that version or refine again"
        )
    shape = (len(found.observations) + 1, len(found.actions))
    if [len(row) for row in found.weights] != [shape[1]] * shape[0]:
        raise PolicyError(f"{path}: weights are not {shape[0]} rows of {shape[1]}: refine again")
    try:
        rule = make_rule(found.rule, found.constants)
    except (KeyError, TypeError) as error:
        raise PolicyError(f"{path}: no rule {found.rule!r} with such constants ({error})") from None
    return RefinedRule(rule, found)

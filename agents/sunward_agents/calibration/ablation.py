"""What each resource is worth: the best rule, tuned anew, where one of them binds no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np

from sunward import build_params, load_scenario
from sunward.core.params import Params
from sunward.core.simulator import Simulator
from sunward.scenario import Scenario
from sunward_agents.calibration.measure import SPLIT, Progress
from sunward_agents.evaluate import play
from sunward_agents.policies import load_policy
from sunward_agents.statistics import Estimate, ratio_interval
from sunward_agents.tables import SCORE
from sunward_agents.tuning import tune, tuned_policy

#: Per cent of (best rule - idle) by which a resource must move the best rule.
LEAST_SHIFT = 5.0
HALF_A_YEAR = timedelta(days=182)
#: Values by dotted path.
Overrides = Mapping[str, Any]


class Removal(NamedTuple):
    """How a resource is made to bind no more; None where a scenario cannot do without it."""

    overrides: Callable[[Scenario], Overrides | None]
    description: str


def _eclipse(scenario: Scenario) -> Overrides | None:
    patterns = getattr(scenario.constellation, "shells", None) or [scenario.constellation]
    if not all(getattr(pattern, "sun_synchronous", False) for pattern in patterns):
        return None
    return {"start.date": (scenario.start.date + HALF_A_YEAR).isoformat()}


def _links(scenario: Scenario) -> Overrides | None:
    alone = scenario.network.neighbours == "none"
    return None if alone else {"network.neighbours": "none"}


def _deadlines(scenario: Scenario) -> Overrides:
    whole_min = 60.0 * scenario.episode.hours
    return {"demand.longest_deadline_min": whole_min, "demand.shortest_deadline_min": whole_min}


#: Ten times the assumed pack, and the plate that keeps it cool.
LARGE_BATTERY = {
    "hardware.battery.capacity": "400 kWh",
    "hardware.battery.pack_heat_capacity": "2.7 MJ/K",
    "hardware.battery.pack_conductance": "4 kW/K",
}
LARGE_RADIATOR = {"hardware.thermal.radiator_area": "500 m2"}
NO_UPSETS = {"hardware.faults.upset_rate": 0.0}

#: The table of resources.
REMOVALS: dict[str, Removal] = {
    "heat": Removal(lambda _: LARGE_RADIATOR, "a radiator of 500 m2"),
    "battery": Removal(lambda _: LARGE_BATTERY, "a battery of 400 kWh"),
    "eclipse": Removal(_eclipse, "half a year later, where the plane is in light all day"),
    "links": Removal(_links, "no neighbours"),
    "upsets": Removal(lambda _: NO_UPSETS, "none"),
    "deadlines": Removal(_deadlines, "at the end of the episode"),
}


@dataclass(frozen=True)
class Ablation:
    """What became of the best rule in one scenario without each resource."""

    scenario: str
    content_hash: str
    rule: str
    idle: np.ndarray  # (n_worlds,) values
    best: np.ndarray
    without: dict[str, np.ndarray]  # resource -> values

    def shift(self, resource: str) -> Estimate | None:
        """Returns the change in per cent of (best rule - idle), in pairs; None if not removed."""
        if resource not in self.without:
            return None
        return ratio_interval(100.0 * (self.without[resource] - self.best), self.best - self.idle)


def ablate(
    name_or_path: str, *, rule: str | None, n_worlds: int, candidates: int, progress: Progress
) -> Ablation:
    """Returns the ablation of a scenario.

    Args:
        rule: that is tuned; the best that there is for one satellite or for a fleet if None.
        n_worlds: test worlds.
        candidates: sets of constants that are tried in each search.
    """
    scenario = load_scenario(name_or_path)
    params = build_params(scenario)
    has_links = bool((params.neighbours >= 0).any())
    rule = rule or ("energy_balancing" if has_links else "energy_pacing")

    def tuned_value(params: Params, what: str) -> np.ndarray:
        found = tune(
            rule,
            [params],
            candidates=candidates,
            progress=lambda done, _: progress(what, done / candidates),
        )
        policy = tuned_policy(rule, found.constants)
        return play(policy, Simulator(params, n_worlds), split=SPLIT)[SCORE]

    without = {
        resource: tuned_value(
            build_params(load_scenario(name_or_path, **overrides)), f"no {resource}"
        )
        for resource, removal in REMOVALS.items()
        if (overrides := removal.overrides(scenario)) is not None
    }
    idle = play(load_policy("idle"), Simulator(params, n_worlds), split=SPLIT)[SCORE]
    best = tuned_value(params, "as it is")
    return Ablation(params.scenario_id, params.content_hash, rule, idle, best, without)


def matters(ablations: list[Ablation], resource: str) -> bool:
    """Returns whether a resource moves the best rule enough in one scenario at least."""
    shifts = [ablation.shift(resource) for ablation in ablations]
    return any(shift is not None and abs(shift.mean) > LEAST_SHIFT for shift in shifts)
